#pragma once
// What the readers of ladders.yaml share: ladders.cc, people.cc, responses.cc. Private to them.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/policy_files.h"
#include "rules/zones.h"

namespace rules {

inline constexpr int64_t kMoneyMax = 1'000'000'000'000;
inline constexpr size_t kOptionsMax = 64, kInhibitionsMax = 32, kMuteTimesMax = 32;
inline constexpr size_t kPersonsMax = 200;  // of a list of people

// What the schema says of a time of day, of "2026-03-02 09:00" and of a channel.
inline constexpr std::string_view kTimeOfDay = "^([01][0-9]|2[0-3]):[0-5][0-9]$";
inline constexpr std::string_view kLocalTime =
    "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]$";
inline constexpr std::string_view kChannel = "^[a-z0-9_-]([a-z0-9_:-]*[a-z0-9_-])?$";

// The file as it is read, and what its parts name of each other.
struct LaddersFile {
  explicit LaddersFile(Zones& known) : zones(known) {}

  Zones& zones;
  LaddersAndPeople result;
  std::vector<Reference> persons, roles, rotas, actions;
  std::vector<std::pair<std::string, Place>> rota_places;
};

// "terminal", "wecom:qa".
std::optional<std::string> read_channel(Reading& r, const Node& node);
// "09:30" -> 570.
std::optional<int> read_minute_of_day(Reading& r, const Node& node);
// "2026-03-02 09:00", in the time of `zone`.
std::optional<core::Time> read_local_time(Reading& r, const Node& node, const core::Zone& zone);
std::optional<core::QuietHours> read_quiet_hours(Reading& r, const Node& node);

// Ids of people, 1 to 200, and where each one stands.
void read_persons(Reading& r, const Node& node, std::vector<std::string>& people,
                  std::vector<Reference>& references);
void read_people(Reading& r, const Node& node, LaddersFile& out);
void read_roles(Reading& r, const Node& node, LaddersFile& out);
void read_rotas(Reading& r, const Node& node, LaddersFile& out);
void check_rotas(Findings& findings, const LaddersFile& file);
void read_options(Reading& r, const Node& node, LaddersFile& out);
void read_actions(Reading& r, const Node& node, LaddersFile& out);
void read_inhibitions(Reading& r, const Node& node, LaddersFile& out);
void read_mute_times(Reading& r, const Node& node, LaddersFile& out);

void append_people_schema(Schema& schema);
void append_responses_schema(Schema& schema);
void append_words_schema(Schema& schema);

}  // namespace rules
