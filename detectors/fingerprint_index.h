#pragma once
// FingerprintIndex: which of the kept messages hold a fingerprint. Messages come and leave in the
// order of their numbers. Owner: the Copies that keeps the messages.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "detectors/queue.h"

namespace detectors {

class FingerprintIndex {
 public:
  // A fingerprint of more messages than this is boilerplate and finds nothing.
  static constexpr uint32_t kCommonAbove = 8;

  // REQUIRES: `message` follows the one added last; fingerprints differ from each other.
  void add(uint32_t message, const std::vector<uint64_t>& fingerprints);
  // Forgets the oldest message, which has `count` fingerprints.
  void drop_oldest(size_t count);
  // The messages that share at least two fingerprints with these, boilerplate left out; each once,
  // ascending.
  std::vector<uint32_t> sharing_two(const std::vector<uint64_t>& fingerprints) const;

 private:
  struct Posting {  // one fingerprint of one message
    uint64_t fingerprint;
    uint32_t message;
    uint32_t next;  // number of the next posting of the same fingerprint, if there is one
  };
  struct Cell {
    uint64_t fingerprint;
    uint32_t oldest, newest;  // numbers of its postings
    uint32_t count;           // 0: the cell is free
  };

  size_t place_of(uint64_t fingerprint) const;  // of its cell, or of the free one for it
  void free_place(size_t place);
  void grow();

  Queue<Posting> postings_;
  std::vector<Cell> cells_;  // open addressing, at most half full
  size_t used_ = 0;
};

}  // namespace detectors
