#pragma once
// Copies: is this message an earlier one of the family over again? (ALGORITHMS 4.) A forward of a
// known message, the same text, the same photo or file, or a near copy by fingerprints. Only the
// first message of a cluster is kept, for 72 hours. Owner: the family's shard thread.
#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "core/signal.h"
#include "detectors/fingerprint_index.h"
#include "detectors/queue.h"
#include "detectors/seen.h"

namespace detectors {

class Copies {
 public:
  static constexpr core::Millis kRemembered{72 * 3600'000};
  static constexpr size_t kMarksMax = 16'384;  // texts, files, forwarded ids
  static constexpr size_t kClustersMax = 2'048;

  // Whether `signal` repeats something, and remembers it. `events` are the ids known in the
  // family. REQUIRES: signal.at never goes back.
  bool observe(const core::Signal& signal, const Seen& events);

  uint64_t evicted() const { return marks_.evicted() + evicted_; }

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);  // REQUIRES: nothing was observed yet

 private:
  struct Cluster {
    core::Time at;
    std::vector<uint64_t> fingerprints;  // of its first message, ascending
  };
  // A few clusters are compared one by one; most families never need the index.
  static constexpr size_t kUnindexedMax = 8;

  bool marked(uint64_t tag, uint64_t hash, core::Time at);
  bool near_copy(const std::vector<uint64_t>& fingerprints) const;
  void keep(const std::vector<uint64_t>& fingerprints, core::Time at);
  void build_index();
  void drop_oldest();

  Seen marks_{kMarksMax};
  Queue<Cluster> clusters_;  // oldest first; the index knows them by number
  FingerprintIndex index_;
  bool indexed_ = false;
  uint64_t evicted_ = 0;
};

}  // namespace detectors
