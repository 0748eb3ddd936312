#include <set>

#include "rules/policy_files.h"

namespace rules {

namespace {

constexpr int64_t kMoneyMax = 1'000'000'000'000;
constexpr size_t kRungsMax = 12;
constexpr size_t kChannelsMax = 8;

struct Over {
  std::optional<int64_t> over;
};

constexpr Field<Over> kOver[] = {
    {{"over", Shape::Number, Presence::Required, "crossed when the figure is greater"},
     [](Reading& r, const Node& n, Over& o) {
       if (const auto value = r.integer(n, 0, kMoneyMax)) o.over = value;
     }},
    {{"chance", Shape::Number, Presence::Later, "with at least this probability"}, nullptr},
    {{"within", Shape::Duration, Presence::Later, "forecast so far ahead"}, nullptr},
};

constexpr Field<core::Bounds> kEnter[] = {
    {{"always", Shape::Flag, Presence::Optional, "entered at opening"},
     [](Reading& r, const Node& n, core::Bounds& o) { keep(r.flag(n), o.always); }},
    {{"level", Shape::Level, Presence::Optional, "the incident's level is at least this"},
     [](Reading& r, const Node& n, core::Bounds& o) {
       if (const auto value = r.level(n)) o.level = value;
     }},
    {{"groups", Shape::Number, Presence::Optional, "at least so many groups"},
     [](Reading& r, const Node& n, core::Bounds& o) {
       if (const auto value = r.integer(n, 1, 1'000'000)) o.groups = value;
     }},
    {{"people", Shape::Object, Presence::Optional, "people exposed"},
     [](Reading& r, const Node& n, core::Bounds& o) {
       Over over;
       read_object(r, n, "people", kOver, over);
       o.people = over.over;
     }},
    {{"loss", Shape::Object, Presence::Optional, "expected loss in CNY"},
     [](Reading& r, const Node& n, core::Bounds& o) {
       Over over;
       read_object(r, n, "loss", kOver, over);
       o.loss_cny = over.over;
     }},
    {{"speed", Shape::Object, Presence::Later, "new groups an hour"}, nullptr},
};

struct Who {
  std::optional<Reference> person;
};

constexpr Field<Who> kWho[] = {
    {{"person", Shape::Id, Presence::Required, "an id of `people`"},
     [](Reading& r, const Node& n, Who& o) {
       if (auto id = r.id(n)) o.person = Reference{std::move(*id), r.place(n)};
     }},
    {{"rota", Shape::Id, Presence::Later, "whoever is on duty"}, nullptr},
    {{"role", Shape::Id, Presence::Later, "whoever holds the role"}, nullptr},
};

struct RungText {
  core::Rung rung;
  Place enter_place, authority_place;
  std::optional<Reference> person;
};

void read_authority(Reading& r, const Node& n, RungText& o) {
  o.authority_place = r.place(n);
  if (n.kind == Node::Kind::Scalar && n.text == "unlimited")
    o.rung.authority_cny = -1;
  else
    keep(r.integer(n, 0, kMoneyMax), o.rung.authority_cny);
}

constexpr Field<RungText> kRung[] = {
    {{"name", Shape::Id, Presence::Required, "what messages and the ledger call it"},
     [](Reading& r, const Node& n, RungText& o) { keep(r.id(n), o.rung.name); }},
    {{"who", Shape::Object, Presence::Required, "who is told"},
     [](Reading& r, const Node& n, RungText& o) {
       Who who;
       read_object(r, n, "who", kWho, who);
       o.person = std::move(who.person);
     }},
    {{"enter", Shape::Object, Presence::Required, "entered when any one bound is crossed"},
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
    {{"authority", Shape::Number, Presence::Required, "may decide up to so many CNY, or unlimited"},
     read_authority},
    {{"quiet_hours", Shape::Object, Presence::Later, "not told at night"}, nullptr},
};

constexpr Field<core::OpenBounds> kOpen[] = {
    {{"rule_groups", Shape::Number, Presence::Optional, "groups with a rule hit"},
     [](Reading& r, const Node& n, core::OpenBounds& o) {
       keep(r.integer(n, 1, 1000), o.rule_groups);
     }},
    {{"category_groups", Shape::Number, Presence::Optional, "the same, only a category named"},
     [](Reading& r, const Node& n, core::OpenBounds& o) {
       keep(r.integer(n, 1, 1000), o.category_groups);
     }},
    {{"mention_groups", Shape::Number, Presence::Optional, "groups that name the family"},
     [](Reading& r, const Node& n, core::OpenBounds& o) {
       keep(r.integer(n, 1, 1000), o.mention_groups);
     }},
    {{"within", Shape::Duration, Presence::Optional, "both within this time"},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.duration(n), o.within); }},
    {{"p", Shape::Number, Presence::Optional, "the mentions' p must be at most this"},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.real(n, 1e-12, 0.1), o.p); }},
    {{"evidence_p", Shape::Number, Presence::Optional, "a mention is evidence at most at this p"},
     [](Reading& r, const Node& n, core::OpenBounds& o) {
       keep(r.real(n, 1e-12, 1), o.evidence_p);
     }},
    {{"quiet", Shape::Duration, Presence::Optional, "closes by itself without evidence for"},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.duration(n), o.quiet); }},
    {{"reopen", Shape::Duration, Presence::Optional, "new evidence reopens within"},
     [](Reading& r, const Node& n, core::OpenBounds& o) { keep(r.duration(n), o.reopen); }},
};

struct LadderText {
  core::Ladder ladder;
  std::vector<RungText> rungs;
  std::vector<Place> rung_places;
};

constexpr Field<LadderText> kLadder[] = {
    {{"open", Shape::Object, Presence::Optional, "when an incident opens"},
     [](Reading& r, const Node& n, LadderText& o) {
       read_object(r, n, "open", kOpen, o.ladder.open);
     }},
    {{"remind", Shape::Duration, Presence::Optional, "reminders at the top rung"},
     [](Reading& r, const Node& n, LadderText& o) { keep(r.duration(n), o.ladder.remind); }},
    {{"rungs", Shape::List, Presence::Required, "from the first to be told to the last"},
     [](Reading& r, const Node& n, LadderText& o) {
       if (!r.is_list(n)) return;
       if (n.items.empty() || n.items.size() > kRungsMax)
         r.error(n, "rung-bounds", both("要 1 到 12 级", "expected 1 to 12 rungs"));
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
  const bool empty = !b.always && !b.level && !b.groups && !b.people && !b.loss_cny;
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

void read_channels(Reading& r, const Node& node, core::Person& person) {
  if (!r.is_list(node)) return;
  if (node.items.empty() || node.items.size() > kChannelsMax)
    r.error(node, "empty-list", both("要 1 到 8 个通道", "expected 1 to 8 channels"));
  for (const Node& item : node.items) {
    std::optional<std::string> channel = r.text(item);
    if (!channel) continue;
    bool good = !channel->starts_with(':') && !channel->ends_with(':');
    for (const char c : *channel)
      good = good &&
             ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':');
    if (good)
      person.channels.push_back(std::move(*channel));
    else
      r.error(item, "wrong-type",
              both("通道写成 terminal 或 wecom:qa", "a channel is `terminal` or `wecom:qa`"));
  }
}

void read_zone(Reading& r, const Node& node, core::Person& out) {
  keep(r.text(node), out.zone);
  if (out.zone != core::Person{}.zone)
    r.error(node, "not-yet",
            both("目前只支持 Asia/Shanghai", "only Asia/Shanghai is there in this version"));
}

constexpr Field<core::Person> kPerson[] = {
    {{"name", Shape::Text, Presence::Required, "what messages call them"},
     [](Reading& r, const Node& n, core::Person& o) { keep(r.text(n), o.name); }},
    {{"channels", Shape::List, Presence::Required, "in order: the rest are fail-overs"},
     read_channels},
    {{"zone", Shape::Text, Presence::Optional, "time zone: so far only Asia/Shanghai"}, read_zone},
    {{"quiet_hours", Shape::Object, Presence::Later, "not told at night"}, nullptr},
};

struct LaddersFile {
  LaddersAndPeople result;
  std::vector<Reference> persons;  // named by rungs
};

void read_ladder_map(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    const std::optional<std::string> id = r.id(node.keys[i]);
    LadderText text;
    read_object(r, node.items[i], "ladder", kLadder, text);
    check_ladder(r.findings(), text);
    for (RungText& rung : text.rungs) {
      if (rung.person) {
        rung.rung.person = rung.person->name;
        out.persons.push_back(*rung.person);
      }
      text.ladder.rungs.push_back(std::move(rung.rung));
    }
    if (!id || text.ladder.rungs.empty()) continue;
    text.ladder.id = *id;
    out.result.ladders.emplace(*id, std::move(text.ladder));
  }
  if (node.value("default") == nullptr)
    r.error(node, "missing-key", both("缺少 default 阶梯", "there must be a ladder `default`"));
}

constexpr Field<LaddersFile> kLaddersFile[] = {
    {{"ladders", Shape::Object, Presence::Required, "ladders by id, `default` among them"},
     read_ladder_map},
    {{"people", Shape::Object, Presence::Required, "people by id"},
     [](Reading& r, const Node& n, LaddersFile& o) {
       if (!r.is_map(n)) return;
       for (size_t i = 0; i < n.keys.size() && i < n.items.size(); ++i) {
         core::Person person;
         read_object(r, n.items[i], "person", kPerson, person);
         if (const auto id = r.id(n.keys[i])) {
           person.id = *id;
           o.result.people.emplace(*id, std::move(person));
         }
       }
     }},
    {{"rotas", Shape::Object, Presence::Later, "who is on duty when"}, nullptr},
    {{"roles", Shape::Object, Presence::Later, "who holds which role"}, nullptr},
};

}  // namespace

LaddersAndPeople read_ladders(const SourceFile& file, Findings& findings) {
  LaddersFile out;
  Reading reading(file, findings);
  const std::optional<Node> root = parse_yaml(file, findings);
  if (!root) return {};
  read_object(reading, *root, "ladders file", kLaddersFile, out);
  std::vector<std::string_view> known;
  for (const auto& [id, person] : out.result.people) known.push_back(id);
  for (const Reference& person : out.persons)
    if (!out.result.people.contains(person.name))
      findings.error(
          person.place, "unknown-person",
          both("people 里没有 " + quoted(person.name), "unknown person " + quoted(person.name)),
          nearest(person.name, known));
  return std::move(out.result);
}

Schema ladders_schema() {
  return {{"ladders file", keys_of(kLaddersFile)},
          {"ladder", keys_of(kLadder)},
          {"open", keys_of(kOpen)},
          {"rung", keys_of(kRung)},
          {"who", keys_of(kWho)},
          {"enter", keys_of(kEnter)},
          {"over", keys_of(kOver)},
          {"person", keys_of(kPerson)}};
}

}  // namespace rules
