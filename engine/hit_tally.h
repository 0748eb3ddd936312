#pragma once
// HitTally: how many messages each rule hits, with a sample of them that two tallies of the same
// messages can be compared by: those whose ids hash lowest, so that both would hold the same ones.
// Filled by one lane; merged when the lanes stand still.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/signal.h"

namespace engine {

inline constexpr size_t kTallySampleMax = 256;  // messages a rule

class HitTally {
 public:
  struct Message {
    std::string event, channel, excerpt;
  };
  struct Row {
    uint64_t messages = 0;
    std::map<uint64_t, Message> sample;  // by hash of the id, the lowest ones

    bool whole() const { return sample.size() < kTallySampleMax; }  // the sample has all of them
  };

  // Signals, those of one message side by side; only hits that count.
  void take(std::span<const core::Signal> signals);
  void merge(const HitTally& other);

  // By rule id; "" = hit by any rule.
  const std::map<std::string, Row, std::less<>>& rows() const { return rows_; }

 private:
  void take_message(std::span<const core::Signal> signals);
  static void keep(Row& row, uint64_t hash, const Message& message);

  std::map<std::string, Row, std::less<>> rows_;
  std::vector<std::string_view> seen_;
};

// Messages of `row` that `other` does not have for certain, at most `limit`, in a fixed order.
std::vector<HitTally::Message> only_in(const HitTally::Row& row, const HitTally::Row& other,
                                       size_t limit);

}  // namespace engine
