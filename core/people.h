#pragma once
// People of the Policy: who they are, how they are reached, and who is on duty when (core/rota.h
// reads it).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"

namespace core {

// A daily span of local time; `from` after `to` spans midnight. Minutes of the day, 0..1439.
struct QuietHours {
  int from_minute = 0, to_minute = 0;
  // Gives way, at once, when the expected loss is greater. -1: never for money.
  int64_t unless_loss_over_cny = -1;
};

// What a person is called by on one kind of channel: "wecom" -> userid, "dingtalk" -> mobile,
// "feishu" -> open_id, "slack" -> member id, "email" -> address. Never in a log.
using Contacts = std::map<std::string, std::string, std::less<>>;

struct Person {
  std::string id, name;
  // In order: the first that can be proved wins, the rest are fail-overs.
  std::vector<std::string> channels;
  std::string zone = "Asia/Shanghai";
  Contacts contacts;
  std::string pin_hash;               // argon2id in its encoded form; "" = no PIN, links refuse
  std::vector<std::string> may = {};  // sorted: "audit" "reveal" "silence"
  std::optional<QuietHours> quiet_hours;
};

struct RoleHolders {
  std::string id, name;
  std::vector<std::string> people;  // all of them are told
};

// Local time of a zone as a table, so that judging needs no time-zone data of the machine.
struct Zone {
  std::string name;
  // From when which offset holds, ascending; the first one also holds before.
  std::vector<std::pair<Time, int>> offsets;  // minutes east of Greenwich
  int offset_minutes(Time at) const;          // 480 when the table is empty
};

// One layer of a rota: people take turns. The first layer is on duty, the others stand by.
struct RotaLayer {
  std::vector<std::string> people;  // in turn
  Time start{};                     // of the first turn; its local time of day is the hand-over
  int turn_days = 7;                // 1: daily; 7: weekly
};

// For a span of time somebody else, on the first layer. Later ones win over earlier ones.
struct RotaOverride {
  Time from{}, to{};   // to exclusive
  std::string person;  // "" = nobody (a holiday): the next layer takes over
};

struct Rota {
  std::string id, name, zone = "Asia/Shanghai";
  std::vector<RotaLayer> layers;
  std::vector<RotaOverride> overrides;
};

}  // namespace core
