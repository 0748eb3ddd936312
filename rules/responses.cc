// Responses of ladders.yaml: what may be decided and what it costs, and what is then carried out.
#include <algorithm>

#include "rules/ladder_files.h"

namespace rules {

namespace {

constexpr size_t kOptionsMax = 64, kActionsMax = 16;
constexpr int64_t kPermilleMax = 10'000, kUnitCnyMax = 1'000'000;

void read_take_up(Reading& r, const Node& node, core::OptionCost& cost) {
  if (!r.is_list(node)) return;
  constexpr size_t kFigures = std::size(core::OptionCost{}.take_up_permille);
  bool good = node.items.size() == kFigures;
  for (size_t i = 0; i < node.items.size() && good; ++i) {
    const auto share = r.integer(node.items[i], 0, 1000);
    if (!share) return;
    cost.take_up_permille[i] = *share;
    good = i == 0 || *share >= cost.take_up_permille[i - 1];
  }
  if (!good)
    r.error(node, "contradiction",
            both("take_up 写三个由小到大的千分比：[低, 预期, 高]",
                 "take_up is three ascending permille: [low, expected, high]"));
}

constexpr Field<core::OptionCost> kCost[] = {
    {{"refund", Shape::Number, Presence::Optional, "permille of the price: 2000 = twice"},
     [](Reading& r, const Node& n, core::OptionCost& o) {
       keep(r.integer(n, 0, kPermilleMax), o.refund_permille);
     }},
    {{"per_unit", Shape::Number, Presence::Optional, "CNY a unit: a coupon, return freight"},
     [](Reading& r, const Node& n, core::OptionCost& o) {
       if (const auto cny = r.integer(n, 0, kUnitCnyMax)) o.per_unit_fen = *cny * 100;
     }},
    {{"fixed", Shape::Number, Presence::Optional, "CNY once"},
     [](Reading& r, const Node& n, core::OptionCost& o) {
       keep(r.integer(n, 0, kMoneyMax), o.fixed_cny);
     }},
    {{"take_up", Shape::List, Presence::Optional,
      "share of the units sold that takes it up, permille: [low, expected, high]"},
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
    {{"issues", Shape::List, Presence::Optional, "for which issues; none: for all"}, read_issues},
    {{"cost", Shape::Object, Presence::Optional, "how it is estimated; none: nothing"},
     [](Reading& r, const Node& n, OptionText& o) {
       read_object(r, n, "cost", kCost, o.option.cost);
     }},
    {{"actions", Shape::List, Presence::Optional, "carried out once it is decided"},
     read_action_ids},
};

constexpr Field<core::ResponseAction> kAction[] = {
    {{"name", Shape::Text, Presence::Required, "what messages call it"},
     [](Reading& r, const Node& n, core::ResponseAction& o) { keep(r.text(n), o.name); }},
    {{"channel", Shape::Text, Presence::Required, "the webhook of the system that does it"},
     [](Reading& r, const Node& n, core::ResponseAction& o) {
       keep(read_channel(r, n), o.channel);
     }},
    {{"undo", Shape::Text, Presence::Optional, "how it is taken back, for people"},
     [](Reading& r, const Node& n, core::ResponseAction& o) { keep(r.text(n), o.undo); }},
    {{"confirm", Shape::Duration, Presence::Optional, "a result is expected within, default 30m"},
     [](Reading& r, const Node& n, core::ResponseAction& o) { keep(r.duration(n), o.confirm); }},
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

void append_responses_schema(Schema& schema) {
  schema.emplace_back("option", keys_of(kOption));
  schema.emplace_back("cost", keys_of(kCost));
  schema.emplace_back("action", keys_of(kAction));
}

}  // namespace rules
