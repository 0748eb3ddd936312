#include <set>

#include "rules/ladder_files.h"

namespace rules {

namespace {

constexpr size_t kRungsMax = 12;

constexpr Field<std::optional<core::Over>> kOver[] = {
    {{"over", Shape::Number, Presence::Required, "crossed when the figure is greater",
      in(0, kMoneyMax)},
     [](Reading& r, const Node& n, std::optional<core::Over>& o) {
       if (const auto value = r.integer(n)) o = core::Over{.over = *value};
     }},
    {{"chance", Shape::Real, Presence::Optional, "with at least this probability, default 0.5",
      in(0.001, 0.999)},
     [](Reading& r, const Node& n, std::optional<core::Over>& o) {
       if (const auto chance = r.real(n); chance && o)
         o->chance_permille = static_cast<int64_t>(*chance * 1000 + 0.5);
     }},
    {{"within", Shape::Duration, Presence::Optional, "people: forecast so far ahead"},
     [](Reading& r, const Node& n, std::optional<core::Over>& o) {
       if (const auto span = r.duration(n); span && o) o->within = *span;
     }},
};

constexpr Field<std::optional<core::Over>> kSpeed[] = {
    {{"over", Shape::Number, Presence::Required, "crossed when there are more", in(0, 1'000'000)},
     [](Reading& r, const Node& n, std::optional<core::Over>& o) {
       if (const auto value = r.integer(n)) o = core::Over{.over = *value};
     }},
};

constexpr Field<core::Bounds> kEnter[] = {
    {{"always", Shape::Flag, Presence::Optional, "entered at opening"},
     [](Reading& r, const Node& n, core::Bounds& o) { keep(r.flag(n), o.always); }},
    {{"level", Shape::Level, Presence::Optional, "the incident's level is at least this"},
     [](Reading& r, const Node& n, core::Bounds& o) {
       if (const auto value = r.level(n)) o.level = value;
     }},
    {{"groups", Shape::Number, Presence::Optional, "at least so many groups", in(1, 1'000'000)},
     [](Reading& r, const Node& n, core::Bounds& o) {
       if (const auto value = r.integer(n)) o.groups = value;
     }},
    {{"people", Shape::Object, Presence::Optional, "people exposed", of("over")},
     [](Reading& r, const Node& n, core::Bounds& o) {
       read_object(r, n, "people", kOver, o.people);
     }},
    {{"loss", Shape::Object, Presence::Optional, "expected loss in CNY", of("over")},
     [](Reading& r, const Node& n, core::Bounds& o) {
       read_object(r, n, "loss", kOver, o.loss_cny);
     }},
    {{"speed", Shape::Object, Presence::Optional, "new groups of the last hour", of("speed")},
     [](Reading& r, const Node& n, core::Bounds& o) {
       std::optional<core::Over> over;
       read_object(r, n, "speed", kSpeed, over);
       if (over) o.groups_per_hour = over->over;
     }},
    {{"threats", Shape::Number, Presence::Optional,
      "so many threats to go public by one customer or order", in(1, 1000)},
     [](Reading& r, const Node& n, core::Bounds& o) {
       if (const auto value = r.integer(n)) o.exposure_threats = value;
     }},
};

struct Who {
  core::Who who;
  Place place;
  int named = 0;
};

template <core::Who::Kind Kind>
void read_who_id(Reading& r, const Node& n, Who& o) {
  ++o.named;
  o.place = r.place(n);
  o.who.kind = Kind;
  keep(r.id(n), o.who.id);
}

constexpr Field<Who> kWho[] = {
    {{"person", Shape::Id, Presence::Optional, "an id of `people`"},
     read_who_id<core::Who::Kind::Person>},
    {{"rota", Shape::Id, Presence::Optional, "whoever is on duty"},
     read_who_id<core::Who::Kind::Rota>},
    {{"role", Shape::Id, Presence::Optional, "all who hold the role"},
     read_who_id<core::Who::Kind::Role>},
};

Who read_who(Reading& r, const Node& n) {
  Who who;
  read_object(r, n, "who", kWho, who);
  if (who.named != 1)
    r.error(n, "missing-key",
            both("who 里写 person、role、rota 中的一个", "`who` has one of person, role, rota"));
  return who;
}

struct RungText {
  core::Rung rung;
  Place enter_place, authority_place;
  Place who_place;
};

constexpr std::string_view kUnlimited[] = {"unlimited"};

void read_authority(Reading& r, const Node& n, RungText& o) {
  o.authority_place = r.place(n);
  if (n.kind == Node::Kind::Scalar && n.text == kUnlimited[0])
    o.rung.authority_cny = -1;
  else
    keep(r.integer(n), o.rung.authority_cny);
}

constexpr Field<RungText> kRung[] = {
    {{"name", Shape::Id, Presence::Required, "what messages and the ledger call it"},
     [](Reading& r, const Node& n, RungText& o) { keep(r.id(n), o.rung.name); }},
    {{"who", Shape::Object, Presence::Required, "who is told", of("who")},
     [](Reading& r, const Node& n, RungText& o) {
       const Who who = read_who(r, n);
       o.rung.who = who.who;
       o.who_place = who.place;
     }},
    {{"enter", Shape::Object, Presence::Required, "entered when any one bound is crossed",
      of("enter")},
     [](Reading& r, const Node& n, RungText& o) {
       o.enter_place = r.place(n);
       read_object(r, n, "enter", kEnter, o.rung.enter);
     }},
    {{"ack", Shape::Duration, Presence::Optional, "to be acknowledged within"},
     [](Reading& r, const Node& n, RungText& o) {
       if (const auto value = r.duration(n)) o.rung.ack = value;
     }},
    {{"decide", Shape::Duration, Presence::Optional, "to be decided within"},
     [](Reading& r, const Node& n, RungText& o) {
       if (const auto value = r.duration(n)) o.rung.decide = value;
     }},
    {{"authority", Shape::Number, Presence::Required, "may decide up to so many CNY, or unlimited",
      in_or(0, kMoneyMax, kUnlimited)},
     read_authority},
    {{"quiet_hours", Shape::Object, Presence::Optional, "not told at night", of("quiet hours")},
     [](Reading& r, const Node& n, RungText& o) { o.rung.quiet_hours = read_quiet_hours(r, n); }},
};

constexpr Field<core::OpenBounds> kOpen[] = {
    {{"rule_groups", Shape::Number, Presence::Optional, "groups with a rule hit", in(1, 1000)},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.integer(n), o.rule_groups); }},
    {{"category_groups", Shape::Number, Presence::Optional, "the same, only a category named",
      in(1, 1000)},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.integer(n), o.category_groups); }},
    {{"mention_groups", Shape::Number, Presence::Optional, "groups that name the family",
      in(1, 1000)},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.integer(n), o.mention_groups); }},
    {{"within", Shape::Duration, Presence::Optional, "both within this time"},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.duration(n), o.within); }},
    {{"p", Shape::Real, Presence::Optional, "the mentions' p must be at most this", in(1e-12, 0.1)},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.real(n), o.p); }},
    {{"evidence_p", Shape::Real, Presence::Optional, "a mention is evidence at most at this p",
      in(1e-12, 1)},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.real(n), o.evidence_p); }},
    {{"quiet", Shape::Duration, Presence::Optional, "closes by itself without evidence for"},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.duration(n), o.quiet); }},
    {{"reopen", Shape::Duration, Presence::Optional, "new evidence reopens within"},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.duration(n), o.reopen); }},
};

struct ConsultText {
  core::Consult consult;
  Place who_place;
};

constexpr Field<ConsultText> kConsult[] = {
    {{"who", Shape::Object, Presence::Required, "peers of whoever reports", of("who")},
     [](Reading& r, const Node& n, ConsultText& o) {
       const Who who = read_who(r, n);
       o.consult.who = who.who;
       o.who_place = who.place;
     }},
    {{"within", Shape::Duration, Presence::Optional, "then the ladder takes over, default 15m"},
     [](Reading& r, const Node& n, ConsultText& o) { keep(r.duration(n), o.consult.within); }},
    {{"up_to", Shape::Number, Presence::Optional, "reports of at most this sensitivity, default 3",
      in(1, 5)},
     [](Reading& r, const Node& n, ConsultText& o) {
       if (const auto value = r.integer(n)) o.consult.sensitivity_max = static_cast<int>(*value);
     }},
};

void read_briefing(Reading& r, const Node& n, core::Ladder& ladder) {
  ladder.briefing_minute.reset();
  if (n.kind == Node::Kind::Scalar && (n.text == "off" || n.text == "never")) return;
  ladder.briefing_minute = read_minute_of_day(r, n);
}

struct LadderText {
  std::vector<std::pair<core::Who, Place>> named;
  core::Ladder ladder;
  std::vector<RungText> rungs;
  std::vector<Place> rung_places;
};

constexpr Field<LadderText> kLadder[] = {
    {{"open", Shape::Object, Presence::Optional, "when an incident opens", of("open")},
     [](Reading& r, const Node& n, LadderText& o) {
       read_object(r, n, "open", kOpen, o.ladder.open);
     }},
    {{"remind", Shape::Duration, Presence::Optional, "reminders at the top rung"},
     [](Reading& r, const Node& n, LadderText& o) { keep(r.duration(n), o.ladder.remind); }},
    {{"golden", Shape::Duration, Presence::Optional, "a first response is expected within"},
     [](Reading& r, const Node& n, LadderText& o) { keep(r.duration(n), o.ladder.golden); }},
    {{"briefing", Shape::Text, Presence::Optional, "daily while open, \"09:30\" or off",
      like("^(([01][0-9]|2[0-3]):[0-5][0-9]|off|never)$")},
     [](Reading& r, const Node& n, LadderText& o) { read_briefing(r, n, o.ladder); }},
    {{"consult", Shape::Object, Presence::Optional, "peers are asked before the ladder",
      of("consult")},
     [](Reading& r, const Node& n, LadderText& o) {
       ConsultText text;
       read_object(r, n, "consult", kConsult, text);
       o.ladder.consult = text.consult;
       o.named.emplace_back(text.consult.who, text.who_place);
     }},
    {{"rungs", Shape::Objects, Presence::Required, "from the first to be told to the last",
      of("rung", 1, kRungsMax)},
     [](Reading& r, const Node& n, LadderText& o) {
       if (!r.is_list(n)) return;
       if (n.items.empty() || n.items.size() > kRungsMax)
         r.error(n, "empty-list", both("要 1 到 12 级", "expected 1 to 12 rungs"));
       for (const Node& item : n.items) {
         RungText& rung = o.rungs.emplace_back();
         rung.enter_place = rung.authority_place = r.place(item);
         o.rung_places.push_back(r.place(item));
         read_object(r, item, "rung", kRung, rung);
       }
     }},
};

bool falls(const std::optional<int64_t>& before, const std::optional<int64_t>& now) {
  return before && now && *now < *before;
}

bool falls(const std::optional<core::Over>& before, const std::optional<core::Over>& now) {
  return before && now && now->over < before->over;
}

// What makes no sense between a rung and the one below it.
void check_rung(Findings& findings, const RungText& lower, const RungText& rung) {
  const core::Bounds &a = lower.rung.enter, &b = rung.rung.enter;
  const auto bad = [&](const Place& place, std::string_view chinese, std::string_view english) {
    findings.error(place, "rung-bounds", both(chinese, english));
  };
  if (b.always)
    bad(rung.enter_place, "只有第一级可以写 always", "only the first rung is always entered");
  if ((a.level && b.level && *b.level < *a.level) || falls(a.groups, b.groups) ||
      falls(a.people, b.people) || falls(a.loss_cny, b.loss_cny))
    bad(rung.enter_place, "上一级的门槛不能比下一级低",
        "a bound is lower than the one of the rung below");
  const bool empty = !b.always && !b.level && !b.groups && !b.people && !b.loss_cny &&
                     !b.groups_per_hour && !b.exposure_threats;
  if (empty && !lower.rung.ack && !lower.rung.decide)
    bad(rung.enter_place, "这一级永远到不了：没有门槛，下一级也没有期限",
        "never entered: it has no bound and the rung below has no deadline");
  const int64_t have = lower.rung.authority_cny, get = rung.rung.authority_cny;
  if (get != -1 && (have == -1 || get < have))
    bad(rung.authority_place, "权限不能比下一级小", "less authority than the rung below");
}

void check_ladder(Findings& findings, const LadderText& text) {
  std::set<std::string> names;
  for (size_t i = 0; i < text.rungs.size(); ++i) {
    const RungText& rung = text.rungs[i];
    if (i == 0 && !rung.rung.enter.always)
      findings.error(rung.enter_place, "rung-bounds",
                     both("第一级在立案时进入，要写 always: true",
                          "the first rung is entered at opening: write always: true"));
    if (i > 0) check_rung(findings, text.rungs[i - 1], rung);
    if (rung.rung.ack && rung.rung.decide && *rung.rung.decide < *rung.rung.ack)
      findings.error(text.rung_places[i], "rung-bounds",
                     both("decide 不能早于 ack", "decide is due before ack"));
    if (!rung.rung.name.empty() && !names.insert(rung.rung.name).second)
      findings.error(text.rung_places[i], "duplicate-id",
                     both("级名 " + quoted(rung.rung.name) + " 重复",
                          "rung " + quoted(rung.rung.name) + " twice"));
  }
}

void name(LaddersFile& out, const core::Who& who, const Place& place) {
  std::vector<Reference>& references = who.kind == core::Who::Kind::Person ? out.persons
                                       : who.kind == core::Who::Kind::Role ? out.roles
                                                                           : out.rotas;
  if (!who.id.empty()) references.push_back({who.id, place});
}

void read_ladder_map(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    const std::optional<std::string> id = r.id(node.keys[i]);
    LadderText text;
    read_object(r, node.items[i], "ladder", kLadder, text);
    check_ladder(r.findings(), text);
    for (RungText& rung : text.rungs) {
      name(out, rung.rung.who, rung.who_place);
      text.ladder.rungs.push_back(std::move(rung.rung));
    }
    for (const auto& [who, place] : text.named) name(out, who, place);
    if (!id || text.ladder.rungs.empty()) continue;
    text.ladder.id = *id;
    out.result.ladders.emplace(*id, std::move(text.ladder));
  }
  if (node.value("default") == nullptr)
    r.error(node, "missing-key", both("缺少 default 阶梯", "there must be a ladder `default`"));
}

constexpr Field<LaddersFile> kLaddersFile[] = {
    {{"ladders", Shape::ObjectsBy, Presence::Required, "ladders by id, `default` among them",
      of_with("ladder", "default")},
     read_ladder_map},
    {{"people", Shape::ObjectsBy, Presence::Required, "people by id", of("person")}, read_people},
    {{"rotas", Shape::ObjectsBy, Presence::Optional, "who is on duty when", of("rota")},
     read_rotas},
    {{"roles", Shape::ObjectsBy, Presence::Optional, "who holds which role", of("role")},
     read_roles},
    {{"options", Shape::Objects, Presence::Optional, "what may be decided, with its cost",
      of("option", 0, kOptionsMax)},
     read_options},
    {{"actions", Shape::ObjectsBy, Presence::Optional, "what other systems carry out",
      of("action")},
     read_actions},
    {{"four_eyes_over", Shape::Number, Presence::Optional,
      "a decision that costs more CNY needs a second person", in(0, kMoneyMax)},
     [](Reading& r, const Node& n, LaddersFile& o) {
       keep(r.integer(n), o.result.four_eyes_over_cny);
     }},
    {{"fallback", Shape::Id, Presence::Optional, "told when a rung has nobody on duty"},
     [](Reading& r, const Node& n, LaddersFile& o) {
       if (auto id = r.id(n)) {
         o.persons.push_back({*id, r.place(n)});
         o.result.fallback_person = std::move(*id);
       }
     }},
    {{"inhibit", Shape::Objects, Presence::Optional, "a greater incident holds back a lesser",
      of("inhibition", 0, kInhibitionsMax)},
     read_inhibitions},
    {{"mute_times", Shape::Objects, Presence::Optional, "when what can wait is gathered",
      of("mute time", 0, kMuteTimesMax)},
     read_mute_times},
};

// Each reference to one of `known`, or an error with the nearest of them.
template <typename Map>
void check_names(Findings& findings, const std::vector<Reference>& references, const Map& known,
                 std::string_view code, const std::string& chinese, const std::string& english) {
  std::vector<std::string_view> names;
  for (const auto& [id, value] : known) names.push_back(id);
  for (const Reference& reference : references)
    if (!known.contains(reference.name))
      findings.error(reference.place, code,
                     both(chinese + " 里没有 " + quoted(reference.name),
                          "unknown " + english + " " + quoted(reference.name)),
                     nearest(reference.name, names));
}

}  // namespace

LaddersAndPeople read_ladders(const SourceFile& file, Zones& zones, Findings& findings) {
  LaddersFile out(zones);
  Reading reading(file, findings);
  const std::optional<Node> root = parse_yaml(file, findings);
  if (!root) return {};
  read_object(reading, *root, "ladders file", kLaddersFile, out);
  check_names(findings, out.persons, out.result.people, "unknown-person", "people", "person");
  check_names(findings, out.roles, out.result.roles, "unknown-role", "roles", "role");
  check_names(findings, out.rotas, out.result.rotas, "unknown-rota", "rotas", "rota");
  check_names(findings, out.actions, out.result.actions, "unknown-action", "actions", "action");
  check_rotas(findings, out);
  return std::move(out.result);
}

Schema ladders_schema() {
  Schema schema = {{"ladders file", keys_of(kLaddersFile)},
                   {"ladder", keys_of(kLadder)},
                   {"open", keys_of(kOpen)},
                   {"consult", keys_of(kConsult)},
                   {"rung", keys_of(kRung)},
                   {"who", keys_of(kWho), Together::ExactlyOne},
                   {"enter", keys_of(kEnter)},
                   {"over", keys_of(kOver)},
                   {"speed", keys_of(kSpeed)}};
  append_people_schema(schema);
  append_responses_schema(schema);
  append_words_schema(schema);
  return schema;
}

}  // namespace rules
