#pragma once
// DeadLetters: what could not be taken in, and why, as JSON lines in a bounded file: source, place,
// reason, a masked excerpt of at most 256 bytes. Keyed by (partition name, position, index,
// reason's code): after a crash the same letter is not written twice. Used by reader threads; a
// mutex inside (cold path).
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace ingest {

struct DeadLetter {
  std::string stream;  // partition name
  int64_t offset = 0;
  uint32_t index = 0;      // event within the message
  std::string place;       // for people
  std::string reason;      // "broken_json: ..." first word is the reason's code
  std::string_view bytes;  // raw; masked and cut here
};

class DeadLetters {
 public:
  // `path` "" keeps nothing but the count. `fresh` truncates; else known keys are read back.
  // `bytes_max` bounds the file; what it drops is counted.
  static core::Result<std::unique_ptr<DeadLetters>> open(const std::string& path, bool fresh,
                                                         size_t bytes_max);
  ~DeadLetters();

  // Returns whether the letter was new.
  bool put(const DeadLetter& letter);
  uint64_t count() const;    // distinct letters, those of an earlier run of the same file included
  uint64_t dropped() const;  // of them not written because the file was full

 private:
  struct State;
  explicit DeadLetters(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ingest
