// Responses of ladders.yaml: what may be decided and what it costs, what is then carried out, and
// which messages are held back.
#include <algorithm>

#include "rules/ladder_files.h"

namespace rules {

namespace {

constexpr size_t kActionsMax = 16;
constexpr int64_t kPermilleMax = 10'000, kUnitCnyMax = 1'000'000;

constexpr size_t kFigures = std::size(core::OptionCost{}.take_up_permille);

void read_take_up(Reading& r, const Node& node, core::OptionCost& cost) {
  if (!r.is_list(node)) return;
  bool ascending = true;
  for (size_t i = 0; i < node.items.size() && i < kFigures; ++i) {
    const auto share = r.integer(node.items[i]);
    if (!share) return;
    cost.take_up_permille[i] = *share;
    ascending = ascending && (i == 0 || *share >= cost.take_up_permille[i - 1]);
  }
  const bool three = node.items.size() == kFigures;
  if (!three || !ascending)
    r.error(node, three ? "contradiction" : "wrong-type",
            both("take_up 写三个由小到大的千分比：[低, 预期, 高]",
                 "take_up is three ascending permille: [low, expected, high]"));
}

constexpr Field<core::OptionCost> kCost[] = {
    {{"refund", Shape::Number, Presence::Optional, "permille of the price: 2000 = twice",
      in(0, kPermilleMax)},
     [](Reading& r, const Node& n, core::OptionCost& o) { keep(r.integer(n), o.refund_permille); }},
    {{"per_unit", Shape::Number, Presence::Optional, "CNY a unit: a coupon, return freight",
      in(0, kUnitCnyMax)},
     [](Reading& r, const Node& n, core::OptionCost& o) {
       if (const auto cny = r.integer(n)) o.per_unit_fen = *cny * 100;
     }},
    {{"fixed", Shape::Number, Presence::Optional, "CNY once", in(0, kMoneyMax)},
     [](Reading& r, const Node& n, core::OptionCost& o) { keep(r.integer(n), o.fixed_cny); }},
    {{"take_up", Shape::Numbers, Presence::Optional,
      "share of the units sold that takes it up, permille: [low, expected, high]",
      in_each(0, 1000, kFigures)},
     read_take_up},
};

struct OptionText {
  core::ResponseOption option;
  std::vector<Reference> actions;
};

void read_issues(Reading& r, const Node& node, OptionText& o) {
  if (!r.is_list(node)) return;
  for (const Node& item : node.items)
    if (auto id = r.id(item)) o.option.issues.push_back(std::move(*id));
}

void read_action_ids(Reading& r, const Node& node, OptionText& o) {
  if (!r.is_list(node)) return;
  if (node.items.size() > kActionsMax)
    return r.error(node, "too-many", both("最多 16 项处置", "at most 16 actions"));
  for (const Node& item : node.items)
    if (auto id = r.id(item)) {
      o.actions.push_back({*id, r.place(item)});
      o.option.actions.push_back(std::move(*id));
    }
}

constexpr Field<OptionText> kOption[] = {
    {{"id", Shape::Id, Presence::Required, "what is typed to decide it"},
     [](Reading& r, const Node& n, OptionText& o) { keep(r.id(n), o.option.id); }},
    {{"name", Shape::Text, Presence::Required, "what messages call it"},
     [](Reading& r, const Node& n, OptionText& o) { keep(r.text(n), o.option.name); }},
    {{"issues", Shape::Ids, Presence::Optional, "for which issues; none: for all"}, read_issues},
    {{"cost", Shape::Object, Presence::Optional, "how it is estimated; none: nothing", of("cost")},
     [](Reading& r, const Node& n, OptionText& o) {
       read_object(r, n, "cost", kCost, o.option.cost);
     }},
    {{"actions", Shape::Ids, Presence::Optional, "carried out once it is decided",
      entries(0, kActionsMax)},
     read_action_ids},
};

constexpr Field<core::ResponseAction> kAction[] = {
    {{"name", Shape::Text, Presence::Required, "what messages call it"},
     [](Reading& r, const Node& n, core::ResponseAction& o) { keep(r.text(n), o.name); }},
    {{"channel", Shape::Text, Presence::Required, "the webhook of the system that does it",
      like(kChannel)},
     [](Reading& r, const Node& n, core::ResponseAction& o) {
       keep(read_channel(r, n), o.channel);
     }},
    {{"undo", Shape::Text, Presence::Optional, "how it is taken back, for people"},
     [](Reading& r, const Node& n, core::ResponseAction& o) { keep(r.text(n), o.undo); }},
    {{"confirm", Shape::Duration, Presence::Optional, "a result is expected within, default 30m"},
     [](Reading& r, const Node& n, core::ResponseAction& o) { keep(r.duration(n), o.confirm); }},
};

struct InhibitionText {
  std::optional<core::Level> source, target;
  bool same_category = core::Inhibition{}.same_category;
};

constexpr Field<InhibitionText> kInhibition[] = {
    {{"source_at_least", Shape::Level, Presence::Required, "of the greater incident"},
     [](Reading& r, const Node& n, InhibitionText& o) { o.source = r.level(n); }},
    {{"target_at_most", Shape::Level, Presence::Required, "of those that it holds back"},
     [](Reading& r, const Node& n, InhibitionText& o) { o.target = r.level(n); }},
    {{"same_category", Shape::Flag, Presence::Optional, "default true; false: of any category"},
     [](Reading& r, const Node& n, InhibitionText& o) { keep(r.flag(n), o.same_category); }},
};

constexpr std::string_view kWeekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct MuteText {
  std::optional<int> from, to;
  uint8_t weekdays = core::MuteTime{}.weekdays;
  std::vector<std::string> people = {};
  std::vector<Reference> persons = {};
};

void read_weekdays(Reading& r, const Node& node, MuteText& o) {
  if (!r.is_list(node)) return;
  o.weekdays = 0;
  for (const Node& item : node.items)
    if (const auto day = r.choice(item)) o.weekdays |= static_cast<uint8_t>(1u << *day);
  if (node.items.empty())
    r.error(node, "empty-list", both("weekdays 不能是空的", "no day of the week"));
}

// "24:00" too: a day that ends.
void read_mute_end(Reading& r, const Node& node, MuteText& o) {
  constexpr int kDayMinutes = 24 * 60;
  const bool midnight = node.kind == Node::Kind::Scalar && node.text == "24:00";
  o.to = midnight ? kDayMinutes : read_minute_of_day(r, node);
}

constexpr Field<MuteText> kMute[] = {
    {{"from", Shape::Text, Presence::Required, "\"20:00\", local to the person", like(kTimeOfDay)},
     [](Reading& r, const Node& n, MuteText& o) { o.from = read_minute_of_day(r, n); }},
    {{"to", Shape::Text, Presence::Required, "\"08:00\", not included; \"24:00\" too",
      like("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")},
     read_mute_end},
    {{"weekdays", Shape::Choices, Presence::Optional, "of mon tue wed thu fri sat sun; none: daily",
      among(kWeekdays, 1)},
     read_weekdays},
    {{"people", Shape::Ids, Presence::Optional, "ids of `people`; none: everybody",
      entries(1, kPersonsMax)},
     [](Reading& r, const Node& n, MuteText& o) { read_persons(r, n, o.people, o.persons); }},
};

}  // namespace

void read_options(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_list(node)) return;
  if (node.items.size() > kOptionsMax)
    return r.error(node, "too-many", both("最多 64 个方案", "at most 64 options"));
  for (const Node& item : node.items) {
    OptionText text;
    read_object(r, item, "option", kOption, text);
    const auto same = [&](const core::ResponseOption& o) { return o.id == text.option.id; };
    if (!text.option.id.empty() && std::ranges::any_of(out.result.options, same))
      r.error(item, "duplicate-id",
              both("方案 " + quoted(text.option.id) + " 重复",
                   "option " + quoted(text.option.id) + " twice"));
    out.actions.insert(out.actions.end(), text.actions.begin(), text.actions.end());
    out.result.options.push_back(std::move(text.option));
  }
}

void read_actions(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    core::ResponseAction action;
    read_object(r, node.items[i], "action", kAction, action);
    if (const auto id = r.id(node.keys[i])) {
      action.id = *id;
      out.result.actions.emplace(*id, std::move(action));
    }
  }
}

void read_inhibitions(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_list(node)) return;
  if (node.items.size() > kInhibitionsMax)
    return r.error(node, "too-many", both("最多 32 条抑制", "at most 32 inhibitions"));
  for (const Node& item : node.items) {
    InhibitionText text;
    read_object(r, item, "inhibition", kInhibition, text);
    if (!text.source || !text.target) continue;
    if (*text.target >= *text.source)
      r.error(item, "contradiction",
              both("target_at_most 要低于 source_at_least：大的压小的",
                   "`target_at_most` must be below `source_at_least`"));
    out.result.inhibitions.push_back({*text.source, *text.target, text.same_category});
  }
}

void read_mute_times(Reading& r, const Node& node, LaddersFile& out) {
  if (!r.is_list(node)) return;
  if (node.items.size() > kMuteTimesMax)
    return r.error(node, "too-many", both("最多 32 段免打扰", "at most 32 mute times"));
  for (const Node& item : node.items) {
    MuteText text;
    read_object(r, item, "mute time", kMute, text);
    out.persons.insert(out.persons.end(), text.persons.begin(), text.persons.end());
    if (!text.from || !text.to) continue;
    if (*text.from == *text.to)
      r.error(item, "contradiction",
              both("from 和 to 不能相同；整天写 \"00:00\" 到 \"24:00\"",
                   "`from` and `to` are the same; a whole day is \"00:00\" to \"24:00\""));
    out.result.mute_times.push_back({*text.from, *text.to, text.weekdays, std::move(text.people)});
  }
}

void append_responses_schema(Schema& schema) {
  schema.push_back({"option", keys_of(kOption)});
  schema.push_back({"cost", keys_of(kCost)});
  schema.push_back({"action", keys_of(kAction)});
  schema.push_back({"inhibition", keys_of(kInhibition)});
  schema.push_back({"mute time", keys_of(kMute)});
}

}  // namespace rules
