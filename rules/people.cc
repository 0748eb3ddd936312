// People of ladders.yaml: who they are, which roles they hold, and whose turn it is when.
#include <algorithm>
#include <set>

#include "core/rota.h"
#include "rules/ladder_files.h"
#include "rules/pins.h"

namespace rules {

namespace {

constexpr size_t kChannelsMax = 8, kLayersMax = 8, kOverridesMax = 1'000;
constexpr int kTurnDaysMax = 90;
constexpr std::string_view kContactKinds[] = {"wecom", "dingtalk", "feishu",
                                              "slack", "teams",    "email"};
constexpr std::string_view kMay[] = {"audit", "reveal", "silence"};

void read_channels(Reading& r, const Node& node, core::Person& person) {
  if (!r.is_list(node)) return;
  if (node.items.empty() || node.items.size() > kChannelsMax)
    r.error(node, "empty-list", both("要 1 到 8 个通道", "expected 1 to 8 channels"));
  for (const Node& item : node.items)
    if (auto channel = read_channel(r, item)) person.channels.push_back(std::move(*channel));
}

void read_zone(Reading& r, const Node& node, Zones& zones, std::string& zone) {
  auto name = r.text(node);
  if (!name) return;
  if (zones.find(*name) == nullptr && zones.full())
    return r.error(node, "too-many", both("最多 64 个时区", "at most 64 time zones"));
  if (zones.find(*name) == nullptr)
    return r.error(node, "unknown-zone",
                   both("没有时区 " + quoted(*name) + "，写成 Asia/Shanghai 这样",
                        "no time zone " + quoted(*name) + "; one is written like Asia/Shanghai"),
                   zones.suggestion(*name));
  zone = std::move(*name);
}

struct PersonText {
  Zones& zones;
  core::Person person = {};
};

void read_pin(Reading& r, const Node& node, PersonText& o) {
  if (node.kind == Node::Kind::Scalar && is_pin_hash(node.text)) {
    o.person.pin_hash = node.text;
    return;
  }
  r.error(node, "bad-pin",
          both("pin 写 argon2id 的编码文本，m=65536,t=3,p=1，两边加引号；值不显示",
               "`pin` is argon2id's encoded text with m=65536,t=3,p=1, in quotes; its value is "
               "not shown"));
}

void read_contacts(Reading& r, const Node& node, core::Person& person) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    const auto kind = r.choice(node.keys[i]);
    auto id = r.text(node.items[i]);
    if (kind && id) person.contacts[std::string(kContactKinds[*kind])] = std::move(*id);
  }
}

void read_may(Reading& r, const Node& node, core::Person& person) {
  if (!r.is_list(node)) return;
  for (const Node& item : node.items)
    if (const auto word = r.choice(item)) person.may.emplace_back(kMay[*word]);
  std::ranges::sort(person.may);
}

constexpr Field<PersonText> kPerson[] = {
    {{"name", Shape::Text, Presence::Required, "what messages call them"},
     [](Reading& r, const Node& n, PersonText& o) { keep(r.text(n), o.person.name); }},
    {{"channels", Shape::Texts, Presence::Required, "in order: the rest are fail-overs",
      entries_like(1, kChannelsMax, kChannel)},
     [](Reading& r, const Node& n, PersonText& o) { read_channels(r, n, o.person); }},
    {{"zone", Shape::Text, Presence::Optional, "IANA time zone, default Asia/Shanghai"},
     [](Reading& r, const Node& n, PersonText& o) { read_zone(r, n, o.zones, o.person.zone); }},
    {{"contacts", Shape::TextsBy, Presence::Optional, "their id on each kind of channel",
      among(kContactKinds)},
     [](Reading& r, const Node& n, PersonText& o) { read_contacts(r, n, o.person); }},
    {{"may", Shape::Choices, Presence::Optional, "audit, reveal, silence", among(kMay)},
     [](Reading& r, const Node& n, PersonText& o) { read_may(r, n, o.person); }},
    {{"quiet_hours", Shape::Object, Presence::Optional, "not told at night", of("quiet hours")},
     [](Reading& r, const Node& n, PersonText& o) {
       o.person.quiet_hours = read_quiet_hours(r, n);
     }},
    {{"pin", Shape::Text, Presence::Optional, "argon2id hash of the PIN for action links",
      like("^\\$argon2id\\$v=19\\$m=65536,t=3,p=1\\$[A-Za-z0-9+/]+\\$[A-Za-z0-9+/]+$")},
     read_pin},
};

struct RotaText {
  Zones& zones;
  core::Rota rota = {};
  std::vector<Reference> persons = {};

  const core::Zone& zone() const { return *zones.find(rota.zone); }
};

}  // namespace

void read_persons(Reading& r, const Node& node, std::vector<std::string>& people,
                  std::vector<Reference>& references) {
  if (!r.is_list(node)) return;
  if (node.items.empty() || node.items.size() > kPersonsMax)
    r.error(node, "empty-list", both("要 1 到 200 人", "expected 1 to 200 persons"));
  for (const Node& item : node.items)
    if (auto id = r.id(item)) {
      references.push_back({*id, r.place(item)});
      people.push_back(std::move(*id));
    }
}

namespace {

struct LayerText {
  const core::Zone& zone;
  core::RotaLayer layer = {};
  std::vector<Reference> persons = {};
};

void read_turn(Reading& r, const Node& node, LayerText& o) {
  if (node.kind == Node::Kind::Scalar && node.text == "daily") {
    o.layer.turn_days = 1;
  } else if (node.kind == Node::Kind::Scalar && node.text == "weekly") {
    o.layer.turn_days = 7;
  } else if (const auto span = r.duration(node)) {
    const int64_t days = *span / core::Millis(24 * 3'600'000);
    if (days < 1 || days > kTurnDaysMax || *span % core::Millis(24 * 3'600'000) != core::Millis(0))
      return r.error(
          node, "wrong-type",
          both("轮班写 daily、weekly 或 1d 到 90d", "a turn is daily, weekly or 1d..90d"));
    o.layer.turn_days = static_cast<int>(days);
  }
}

constexpr Field<LayerText> kLayer[] = {
    {{"people", Shape::Ids, Presence::Required, "in turn", entries(1, kPersonsMax)},
     [](Reading& r, const Node& n, LayerText& o) {
       read_persons(r, n, o.layer.people, o.persons);
     }},
    {{"start", Shape::Text, Presence::Required, "the first turn: \"2026-03-02 09:00\"",
      like(kLocalTime)},
     [](Reading& r, const Node& n, LayerText& o) {
       keep(read_local_time(r, n, o.zone), o.layer.start);
     }},
    {{"turn", Shape::Text, Presence::Optional, "daily, weekly (default) or a number of days",
      like("^(daily|weekly|[+]?0*([1-9]|[1-8][0-9]|90)d)$")},
     read_turn},
};

struct OverrideText {
  const core::Zone& zone;
  core::RotaOverride rota = {};
  std::optional<Reference> person = {};
};

constexpr Field<OverrideText> kOverride[] = {
    {{"from", Shape::Text, Presence::Required, "\"2026-10-01 00:00\"", like(kLocalTime)},
     [](Reading& r, const Node& n, OverrideText& o) {
       keep(read_local_time(r, n, o.zone), o.rota.from);
     }},
    {{"to", Shape::Text, Presence::Required, "\"2026-10-08 00:00\", not included",
      like(kLocalTime)},
     [](Reading& r, const Node& n, OverrideText& o) {
       keep(read_local_time(r, n, o.zone), o.rota.to);
     }},
    {{"person", Shape::Id, Presence::Optional, "who stands in; none: a holiday"},
     [](Reading& r, const Node& n, OverrideText& o) {
       if (auto id = r.id(n)) {
         o.person = Reference{*id, r.place(n)};
         o.rota.person = std::move(*id);
       }
     }},
};

void read_layers(Reading& r, const Node& node, RotaText& o) {
  if (!r.is_list(node)) return;
  if (node.items.empty() || node.items.size() > kLayersMax)
    r.error(node, "empty-list", both("要 1 到 8 层", "expected 1 to 8 layers"));
  for (const Node& item : node.items) {
    LayerText layer{.zone = o.zone()};
    read_object(r, item, "layer", kLayer, layer);
    o.persons.insert(o.persons.end(), layer.persons.begin(), layer.persons.end());
    o.rota.layers.push_back(std::move(layer.layer));
  }
}

void read_overrides(Reading& r, const Node& node, RotaText& o) {
  if (!r.is_list(node)) return;
  if (node.items.size() > kOverridesMax)
    return r.error(node, "too-many", both("最多 1000 次替班", "at most 1000 overrides"));
  for (const Node& item : node.items) {
    OverrideText text{.zone = o.zone()};
    read_object(r, item, "override", kOverride, text);
    if (text.rota.from >= text.rota.to)
      r.error(item, "contradiction", both("from 必须早于 to", "`from` must be before `to`"));
    if (text.person) o.persons.push_back(*text.person);
    o.rota.overrides.push_back(std::move(text.rota));
  }
}

// The zone first: the times are read in it.
constexpr Field<RotaText> kRota[] = {
    {{"name", Shape::Text, Presence::Optional, "for people"},
     [](Reading& r, const Node& n, RotaText& o) { keep(r.text(n), o.rota.name); }},
    {{"zone", Shape::Text, Presence::Optional, "of its times, default Asia/Shanghai"},
     [](Reading& r, const Node& n, RotaText& o) { read_zone(r, n, o.zones, o.rota.zone); }},
    {{"layers", Shape::Objects, Presence::Required, "the first is on duty, the others stand by",
      of("layer", 1, kLayersMax)},
     read_layers},
    {{"overrides", Shape::Objects, Presence::Optional, "stand-ins and holidays of the first layer",
      of("override", 0, kOverridesMax)},
     read_overrides},
};

struct RoleText {
  core::RoleHolders role;
  std::vector<Reference> persons;
};

constexpr Field<RoleText> kRole[] = {
    {{"name", Shape::Text, Presence::Optional, "for people"},
     [](Reading& r, const Node& n, RoleText& o) { keep(r.text(n), o.role.name); }},
    {{"people", Shape::Ids, Presence::Required, "all of them are told", entries(1, kPersonsMax)},
     [](Reading& r, const Node& n, RoleText& o) { read_persons(r, n, o.role.people, o.persons); }},
};

}  // namespace

void read_people(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    PersonText text{.zones = out.zones};
    read_object(r, node.items[i], "person", kPerson, text);
    if (const auto id = r.id(node.keys[i])) {
      text.person.id = *id;
      out.result.people.emplace(*id, std::move(text.person));
    }
  }
}

void read_roles(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    RoleText text;
    read_object(r, node.items[i], "role", kRole, text);
    const auto id = r.id(node.keys[i]);
    if (!id) continue;
    text.role.id = *id;
    out.persons.insert(out.persons.end(), text.persons.begin(), text.persons.end());
    out.result.roles.emplace(*id, std::move(text.role));
  }
}

void read_rotas(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    RotaText text{.zones = out.zones};
    read_object(r, node.items[i], "rota", kRota, text);
    const auto id = r.id(node.keys[i]);
    if (!id) continue;
    text.rota.id = *id;
    out.persons.insert(out.persons.end(), text.persons.begin(), text.persons.end());
    out.rota_places.emplace_back(*id, r.place(node.items[i]));
    out.result.rotas.emplace(*id, std::move(text.rota));
  }
}

// Layers never end, so a gap can only begin where a holiday begins or the layer below has not
// begun: all such times are known without a clock.
void check_rotas(Findings& findings, const LaddersFile& file) {
  core::Policy policy;
  policy.people = file.result.people;
  policy.rotas = file.result.rotas;
  policy.zones = file.zones.found();
  for (const auto& [id, place] : file.rota_places) {
    const core::Rota& rota = policy.rotas.at(id);
    if (rota.layers.empty()) continue;
    std::set<core::Time> edges;
    for (const core::RotaLayer& layer : rota.layers) edges.insert(layer.start);
    const core::Time first = *edges.begin();
    for (const core::RotaOverride& o : rota.overrides) {
      edges.insert(std::max(o.from, first));
      edges.insert(std::max(o.to, first));
    }
    for (const core::Time at : edges) {
      if (!core::resolve(policy, {core::Who::Kind::Rota, id}, at).now.empty()) continue;
      const std::string when = core::format_time(at, policy.zone(rota.zone).offset_minutes(at));
      findings.error(place, "rota-gap",
                     both("值班表 " + quoted(id) + " 从 " + when + " 起无人值班",
                          "rota " + quoted(id) + " has nobody on duty from " + when));
      break;
    }
  }
}

void append_people_schema(Schema& schema) {
  schema.push_back({"person", keys_of(kPerson)});
  schema.push_back({"role", keys_of(kRole)});
  schema.push_back({"rota", keys_of(kRota)});
  schema.push_back({"layer", keys_of(kLayer)});
  schema.push_back({"override", keys_of(kOverride)});
}

}  // namespace rules
