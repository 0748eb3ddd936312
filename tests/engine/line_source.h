#pragma once
// LineSource: partitions of composed lines in memory. Gives a few messages of a random partition at
// a time, in their order; from a gate on only as far as the gate is open.
#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <vector>

#include "core/hash.h"
#include "ingest/source.h"
#include "tests/engine/composed.h"

namespace tests {

// How many of all lines may be read; opened by another thread than the reader's.
using Gate = std::atomic<size_t>;

class LineSource final : public ingest::Source {
 public:
  LineSource(const std::vector<ComposedLine>& lines, uint32_t partitions, uint64_t seed,
             const Gate* gate = nullptr)
      : all_(lines.data()), lines_(partitions), next_(partitions, 0), random_(seed), gate_(gate) {
    for (uint32_t i = 0; i < partitions; ++i) names_.push_back("lines/" + std::to_string(i));
    for (const ComposedLine& line : lines)
      lines_[core::hash64(line.channel) % partitions].push_back(&line);
  }

  const std::vector<std::string>& partitions() const override { return names_; }
  core::Result<core::Unit> start(std::span<const int64_t> positions) override {
    for (size_t i = 0; i < positions.size(); ++i) next_[i] = std::max<int64_t>(positions[i], 0);
    return core::Unit{};
  }
  core::Result<std::span<const ingest::RawMessage>> poll(core::Millis, size_t limit) override {
    polled_.clear();
    const auto p = static_cast<uint32_t>(random_() % lines_.size());
    const size_t n = std::min<size_t>(limit, random_() % 20);
    while (polled_.size() < n && !ended(p) && open(p)) {
      const int64_t offset = next_[p]++;
      polled_.push_back({lines_[p][static_cast<size_t>(offset)]->json, p, offset, offset + 1, -1});
    }
    return std::span<const ingest::RawMessage>(polled_);
  }
  bool at_end(uint32_t p) const override { return ended(p); }
  bool ended(uint32_t p) const override {
    return next_[p] == static_cast<int64_t>(lines_[p].size());
  }
  int64_t lag(uint32_t p) const override {
    return static_cast<int64_t>(lines_[p].size()) - next_[p];
  }
  std::string place(uint32_t p, int64_t offset) const override {
    return names_[p] + "@" + std::to_string(offset);
  }

 private:
  bool open(uint32_t p) const {
    const ComposedLine* line = lines_[p][static_cast<size_t>(next_[p])];
    return gate_ == nullptr || static_cast<size_t>(line - all_) < gate_->load();
  }

  const ComposedLine* all_;
  std::vector<std::string> names_;
  std::vector<std::vector<const ComposedLine*>> lines_;
  std::vector<int64_t> next_;
  std::vector<ingest::RawMessage> polled_;
  std::mt19937_64 random_;
  const Gate* gate_;
};

}  // namespace tests
