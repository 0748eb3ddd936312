#pragma once
// BenchFloor: what the machine could do at the least - the fields of an event read by simdjson
// on-demand, and one Hyperscan scan of its UTF-8 text for the same words, nothing folded, nothing
// judged.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace engine {

class BenchFloor {
 public:
  static core::Result<std::unique_ptr<BenchFloor>> create(const std::vector<std::string>& words);
  ~BenchFloor();
  // One line; returns how many words were hit.
  uint64_t take(std::string_view line);

 private:
  struct State;
  explicit BenchFloor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace engine
