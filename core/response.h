#pragma once
// Responses of the Policy: what may be decided and what it costs, what is then carried out, and
// which messages are held back.
#include <cstdint>
#include <string>
#include <vector>

#include "core/level.h"
#include "core/time.h"

namespace core {

// How what a response option costs is estimated: units concerned x share that takes it up x
// (price x refund + fixed amount a unit), plus a fixed sum. Three shares: low, expected, high.
struct OptionCost {
  int64_t refund_permille = 0;  // of the unit price; 2000 = refund and the same again
  int64_t per_unit_fen = 0;     // a coupon's face value, return freight
  int64_t fixed_cny = 0;
  int64_t take_up_permille[3] = {0, 0, 0};  // low <= expected <= high
};

struct ResponseOption {
  std::string id, name;             // "return-and-compensate", "全额退货并赔一倍"
  std::vector<std::string> issues;  // empty: any issue
  OptionCost cost;
  std::vector<std::string> actions;  // ids of `actions:`, carried out when this is decided
};

// What is carried out by another system, told by a signed webhook (P10).
struct ResponseAction {
  std::string id, name;         // "off-shelf", "下架"
  std::string channel;          // "webhook:shelf"
  std::string undo;             // how it is taken back, for people
  Millis confirm{30 * 60'000};  // without a result by then the decider is told
};

// Of two incidents open at once, messages of the lesser are held back while the greater lasts.
struct Inhibition {
  Level source_at_least = Level::Red;  // the greater one
  Level target_at_most = Level::Yellow;
  bool same_category = true;  // else of any category
};

// Times at which messages that need no answer are not sent but gathered into a digest.
struct MuteTime {
  int from_minute = 0, to_minute = 0;  // local to the person
  uint8_t weekdays = 0x7f;             // bit 0 Monday
  std::vector<std::string> people;     // empty: everybody
};

}  // namespace core
