#include "rules/story.h"

#include <algorithm>

#include "core/notification.h"
#include "rules/ladder_files.h"
#include "rules/story_parts.h"

namespace rules {

namespace {

// --- people ---

template <auto Member>
void act_text(Reading& r, const Node& n, StoryAct& o) {
  keep(r.text(n), o.*Member);
}

void read_what(Reading& r, const Node& n, StoryAct& o) {
  static constexpr std::string_view kWhat[] = {"ack",    "decide",   "approve",    "reject",
                                               "close",  "escalate", "deescalate", "advise",
                                               "result", "handover", "silence",    "unsilence"};
  if (const auto i = r.choice(n, kWhat)) o.what = kWhat[*i];
}

constexpr Field<StoryAct> kAct[] = {
    {{"at", Shape::Duration, Presence::Required, "since the beginning"},
     [](Reading& r, const Node& n, StoryAct& o) { keep(read_offset(r, n), o.after); }},
    {{"do", Shape::Text, Presence::Required, "ack, decide, close ..."}, read_what},
    {{"by", Shape::Id, Presence::Required, "who"}, act_text<&StoryAct::by>},
    {{"incident", Shape::Text, Presence::Optional, "its family, \"brand:汀白\""},
     act_text<&StoryAct::incident>},
    {{"option", Shape::Text, Presence::Optional, "decide: which one"}, act_text<&StoryAct::option>},
    {{"value", Shape::Text, Presence::Optional, "result: done or failed; silence: minutes"},
     act_text<&StoryAct::value>},
    {{"because", Shape::Text, Presence::Optional, "in their words"}, act_text<&StoryAct::because>},
};

void read_people_of_story(Reading& r, const Node& node, Story& story) {
  read_list(r, node, [&](const Node& item) {
    StoryAct act;
    act.place = r.place(item);
    read_object(r, item, "people", kAct, act);
    story.people.push_back(std::move(act));
  });
  std::ranges::stable_sort(story.people, {}, &StoryAct::after);
}

// --- expectations ---

template <auto Member>
void expected_text(Reading& r, const Node& n, StoryExpectation& o) {
  keep(r.text(n), o.*Member);
}

template <auto Member>
void expected_offset(Reading& r, const Node& n, StoryExpectation& o) {
  o.*Member = read_offset(r, n);
}

void read_state(Reading& r, const Node& n, StoryExpectation& o) {
  static constexpr std::string_view kStates[] = {"open", "acknowledged", "decided", "closed"};
  if (const auto i = r.choice(n, kStates)) o.state = kStates[*i];
}

void read_cause(Reading& r, const Node& n, StoryExpectation& o) {
  std::vector<std::string_view> causes;
  for (auto c = core::Cause::Opened; c <= core::Cause::Review;
       c = static_cast<core::Cause>(static_cast<int>(c) + 1))
    causes.push_back(core::name_of(c));
  if (const auto i = r.choice(n, causes)) o.cause = causes[*i];
}

constexpr Field<StoryExpectation> kExpectation[] = {
    {{"at", Shape::Duration, Presence::Optional, "in that minute"},
     expected_offset<&StoryExpectation::at>},
    {{"by", Shape::Duration, Presence::Optional, "then or earlier"},
     expected_offset<&StoryExpectation::by>},
    {{"from", Shape::Duration, Presence::Optional, "then or later"},
     expected_offset<&StoryExpectation::from>},
    {{"incident", Shape::Text, Presence::Optional, "its family, \"brand:汀白\""},
     expected_text<&StoryExpectation::incident>},
    {{"subject", Shape::Text, Presence::Optional, "\"product:TB103\""},
     expected_text<&StoryExpectation::subject>},
    {{"issue", Shape::Id, Presence::Optional, "as the incident shows it then"},
     expected_text<&StoryExpectation::issue>},
    {{"level", Shape::Level, Presence::Optional, "of the incident then"},
     [](Reading& r, const Node& n, StoryExpectation& o) { o.level = r.level(n); }},
    {{"state", Shape::Text, Presence::Optional, "open, acknowledged, decided or closed"},
     read_state},
    {{"rung", Shape::Id, Presence::Optional, "reached by the incident; of who is told"},
     expected_text<&StoryExpectation::rung>},
    {{"because", Shape::Text, Presence::Optional, "code of the reason: missed_ack"},
     expected_text<&StoryExpectation::because>},
    {{"person", Shape::Id, Presence::Optional, "who is told"},
     expected_text<&StoryExpectation::person>},
    {{"channel", Shape::Text, Presence::Optional, "by which channel"},
     expected_text<&StoryExpectation::channel>},
    {{"cause", Shape::Text, Presence::Optional, "opened, escalated, reminder ..."}, read_cause},
    {{"text", Shape::Text, Presence::Optional, "a piece of the message's text"},
     expected_text<&StoryExpectation::text>},
    {{"never", Shape::Flag, Presence::Optional, "true: it must not happen"},
     [](Reading& r, const Node& n, StoryExpectation& o) { keep(r.flag(n), o.never); }},
    {{"none", Shape::Flag, Presence::Optional, "true: no incident at all"},
     [](Reading& r, const Node& n, StoryExpectation& o) { keep(r.flag(n), o.none); }},
};

void read_expectations(Reading& r, const Node& node, Story& story) {
  read_list(r, node, [&](const Node& item) {
    StoryExpectation e;
    e.place = r.place(item);
    const size_t errors = r.findings().errors();
    read_object(r, item, "expect", kExpectation, e);
    const size_t keys = item.keys.size();
    if (e.none ? keys > 1 : keys == (e.never ? 1u : 0u) && r.findings().errors() == errors)
      r.error(item, "contradiction",
              both("`none: true` 单独写；别的要写明期望什么",
                   "`none: true` stands alone; others say what is expected"));
    story.expectations.push_back(std::move(e));
  });
  if (story.expectations.empty())
    r.error(node, "empty-list", both("至少要一个期望", "at least one expectation"));
}

// --- catalogue ---

template <auto Member>
void product_text(Reading& r, const Node& n, StoryProduct& o) {
  keep(r.text(n), o.*Member);
}

constexpr Field<StoryProduct> kProduct[] = {
    {{"sku", Shape::Text, Presence::Required, "its number"}, product_text<&StoryProduct::sku>},
    {{"name", Shape::Text, Presence::Required, "in full"}, product_text<&StoryProduct::name>},
    {{"aliases", Shape::Words, Presence::Optional, "what people call it"},
     [](Reading& r, const Node& n, StoryProduct& o) {
       read_list(r, n, [&](const Node& item) {
         if (auto alias = r.text(item)) o.aliases.push_back(std::move(*alias));
       });
     }},
    {{"brand", Shape::Text, Presence::Optional, "its brand"}, product_text<&StoryProduct::brand>},
    {{"merchant", Shape::Text, Presence::Optional, "who sells it"},
     product_text<&StoryProduct::merchant>},
    {{"department", Shape::Text, Presence::Optional, ""}, product_text<&StoryProduct::department>},
    {{"category", Shape::Text, Presence::Optional, ""}, product_text<&StoryProduct::category>},
    {{"price", Shape::Number, Presence::Optional, "of one, in yuan; default 10"},
     [](Reading& r, const Node& n, StoryProduct& o) { keep(r.real(n, 0, 1e9), o.price); }},
    {{"sold", Shape::Number, Presence::Optional, "a week; default 1000"},
     [](Reading& r, const Node& n, StoryProduct& o) {
       keep(r.integer(n, 0, 1'000'000'000), o.sold);
     }},
};

void read_story_catalogue(Reading& r, const Node& node, Story& story) {
  story.catalogue_place = r.place(node);
  if (node.kind == Node::Kind::Scalar) return keep(r.text(node), story.catalogue);
  read_list(r, node, [&](const Node& item) {
    StoryProduct product;
    read_object(r, item, "product", kProduct, product);
    story.products.push_back(std::move(product));
  });
}

constexpr Field<Story> kStory[] = {
    {{"story", Shape::Text, Presence::Required, "its title"},
     [](Reading& r, const Node& n, Story& o) {
       o.place = r.place(n);
       keep(r.text(n), o.title);
     }},
    {{"at", Shape::Text, Presence::Required, "when it begins: \"2026-03-10 14:00\""},
     [](Reading& r, const Node& n, Story& o) { keep(read_local_time(r, n, core::Zone{}), o.at); }},
    {{"until", Shape::Duration, Presence::Optional, "how long it goes on, after the last message"},
     [](Reading& r, const Node& n, Story& o) { keep(read_offset(r, n), o.until); }},
    {{"catalogue", Shape::Object, Presence::Optional, "a folder, or a list of products"},
     read_story_catalogue},
    {{"messages", Shape::List, Presence::Required, "what is said, and when"}, read_messages},
    {{"people", Shape::List, Presence::Optional, "what people do, and when"}, read_people_of_story},
    {{"expect", Shape::List, Presence::Required, "what must come of it"}, read_expectations},
};

// Acts that name no incident mean the only family that is expected.
void name_incidents(Reading& r, Story& story) {
  std::string only;
  bool several = false;
  for (const StoryExpectation& e : story.expectations) {
    if (e.incident.empty()) continue;
    several = several || (!only.empty() && only != e.incident);
    only = e.incident;
  }
  for (StoryAct& act : story.people) {
    if (!act.incident.empty()) continue;
    act.incident = only;
    if (only.empty() || several)
      r.findings().error(act.place, "missing-key",
                         both("写明 `incident`，如 brand:汀白", "name its `incident`: brand:..."));
  }
}

core::Millis length_of(const Story& story) {
  core::Millis length = story.until;
  const auto reach = [&length](core::Millis to) { length = std::max(length, to); };
  for (const StoryMessage& m : story.messages) reach(m.after);
  for (const StoryAct& act : story.people) reach(act.after);
  for (const StoryExpectation& e : story.expectations)
    for (const auto& time : {e.at, e.by, e.from})
      if (time) reach(*time + core::Millis(59'999));  // to the end of that minute
  return length;
}

}  // namespace

std::optional<Story> read_story(const SourceFile& file, Findings& findings) {
  Story story;
  story.place = {&file, 1, 1};
  Reading reading(file, findings);
  const size_t errors = findings.errors();
  const std::optional<Node> root = parse_yaml(file, findings);
  if (!root) return std::nullopt;
  read_object(reading, *root, "story", kStory, story);
  name_incidents(reading, story);
  if (findings.errors() > errors) return std::nullopt;
  story.until = length_of(story);
  return story;
}

std::string offset_text(core::Millis after) {
  const int64_t seconds = after.count() / 1000;
  std::string text("+");
  if (seconds >= 3'600) text += std::to_string(seconds / 3'600) + "h";
  if (seconds % 3'600 >= 60) text += std::to_string(seconds % 3'600 / 60) + "m";
  if (seconds % 60 > 0 || seconds == 0) text += std::to_string(seconds % 60) + "s";
  return text;
}

std::string to_text(const StoryExpectation& e) {
  if (e.none) return std::string("none: true");
  std::string text;
  const auto say = [&text](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    text.append(text.empty() ? "" : ", ").append(name).append(": ").append(value);
  };
  const auto time = [](const std::optional<core::Millis>& t) {
    return t ? offset_text(*t) : std::string();
  };
  say("never", e.never ? std::string("true") : std::string());
  say("at", time(e.at));
  say("by", time(e.by));
  say("from", time(e.from));
  say("incident", e.incident);
  say("subject", e.subject);
  say("issue", e.issue);
  say("level", e.level ? std::string(core::name_of(*e.level)) : std::string());
  say("state", e.state);
  say("rung", e.rung);
  say("because", e.because);
  say("person", e.person);
  say("channel", e.channel);
  say("cause", e.cause);
  say("text", e.text);
  return text;
}

Schema story_schema() {
  return {{"story", keys_of(kStory)},
          {"message", message_keys()},
          {"people", keys_of(kAct)},
          {"expect", keys_of(kExpectation)},
          {"product", keys_of(kProduct)}};
}

}  // namespace rules
