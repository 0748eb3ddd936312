#include "engine/scorecard_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/text/utf8.h"
#include "engine/rule_desk.h"
#include "engine/scorecard.h"

namespace engine {

namespace {

using nlohmann::ordered_json;

constexpr size_t kExcerptShownBytes = 90;

struct ScorecardOptions {
  StoreChoice store;
  std::string rule, format = "text";
  int64_t weeks = 4;
};

// The latest event time that the store knows of: what its shards have drained, or the last hit.
core::Time newest(core::Store& store, const std::vector<RuleDay>& days) {
  int64_t at = 0;
  for (const RuleDay& day : days) at = std::max(at, core::to_ms(day.row.last.at));
  const auto status = store.get("status");
  if (!status || !*status) return core::from_ms(at);
  const auto json = nlohmann::json::parse(**status, nullptr, false);
  if (!json.is_object() || !json.contains("shards")) return core::from_ms(at);
  for (const auto& shard : json["shards"])
    if (shard.is_object() && shard.contains("drained") && shard["drained"].is_number_integer())
      at = std::max(at, shard["drained"].get<int64_t>());
  return core::from_ms(at);
}

ordered_json json_of(const Card& card) {
  const Precision& p = card.precision;
  const auto share = [&](double value) {
    return p.judged() == 0 ? ordered_json() : ordered_json(value);
  };
  ordered_json last;
  if (!card.last.event.empty())
    last = {{"at", core::to_ms(card.last.at)},
            {"event", card.last.event},
            {"family", card.last.family},
            {"excerpt", card.last.excerpt}};
  return {{"rule", card.rule},
          {"name", card.name},
          {"mode", card.mode},
          {"owner", card.owner},
          {"examples", card.examples},
          {"days", card.days},
          {"per_week", card.per_week},
          {"hits", card.hits},
          {"shadow_hits", card.shadow_hits},
          {"groups", card.groups},
          {"precision", share(p.point())},
          {"lower_bound", share(p.lower())},
          {"right", p.right},
          {"wrong", p.wrong},
          {"unsure", p.unsure},
          {"incidents", card.incidents},
          {"pages", card.pages},
          {"silent", card.silent},
          {"noisy", card.noisy},
          {"overlaps", card.overlaps},
          {"dropped", card.dropped},
          {"last", last},
          {"advice", name_of(card.advice)},
          {"reason", card.reason}};
}

const char* in_words(Advice advice) {
  static constexpr const char* kWords[] = {"保留 keep", "调整 tune", "退役 retire"};
  return kWords[static_cast<size_t>(advice)];
}

void print(const Card& card, int zone) {
  char figures[200];
  std::snprintf(figures, sizeof figures,
                "  每周 a week %.1f，群 groups %lld，参与事件 incidents %lld，告警 pages %lld",
                card.per_week, static_cast<long long>(card.groups),
                static_cast<long long>(card.incidents), static_cast<long long>(card.pages));
  std::cout << card.rule << "  " << card.name << "  [" << card.mode << "]  "
            << in_words(card.advice) << "：" << card.reason << '\n'
            << figures << "，" << engine::in_words(card.precision) << '\n';
  std::string marks;
  if (card.silent) marks += "  没有命中 silent";
  if (card.noisy) marks += "  太吵 noisy";
  if (card.examples == 0) marks += "  没有例子 no examples";
  if (card.owner.empty()) marks += "  没有负责人 no owner";
  for (const std::string& other : card.overlaps) marks += "  与 overlaps " + other;
  if (!marks.empty()) std::cout << marks << '\n';
  if (card.last.event.empty()) return;
  const auto shown = core::text::prefix_of(card.last.excerpt, kExcerptShownBytes);
  std::cout << "  最近 last " << core::format_time(card.last.at, zone) << "  " << card.last.family
            << "  “" << shown << (shown.size() < card.last.excerpt.size() ? "…" : "") << "”\n";
}

void print_head(const std::vector<Card>& cards, core::Time now, int zone) {
  std::cout << "截至 up to " << core::format_time(now, zone) << " 的 " << cards.front().days
            << " 天 days：";
  for (const Advice advice : {Advice::Keep, Advice::Tune, Advice::Retire})
    std::cout << in_words(advice) << ' ' << std::ranges::count(cards, advice, &Card::advice)
              << (advice == Advice::Retire ? "\n" : "，");
}

int show_scorecard(const ScorecardOptions& o) {
  auto desk = open_rule_desk(o.store);
  if (!desk) return say_error(desk.error(), 2);
  if (!o.rule.empty() && desk->fact(o.rule) == nullptr)
    return say_error({core::Code::NotFound, "没有这条规则 no rule " + o.rule}, 1);
  const auto days = read_tally(*desk->store);
  if (!days) return say_error(days.error(), 1);
  const auto rows = read_verdicts(*desk->store);
  if (!rows) return say_error(rows.error(), 1);
  const auto incidents = list_incidents(*desk->store, "");
  if (!incidents) return say_error(incidents.error(), 1);
  const auto stand = standing(*rows);
  const core::Time now = newest(*desk->store, *days);
  const auto cards = scorecard({desk->facts, *days, stand, *incidents, now, desk->zone(), o.weeks});
  if (o.format == "text" && !cards.empty()) print_head(cards, now, desk->zone());
  for (const Card& card : cards) {
    if (!o.rule.empty() && card.rule != o.rule) continue;
    if (o.format == "json") {
      std::cout << json_of(card).dump() << '\n';
    } else {
      print(card, desk->zone());
    }
  }
  return 0;
}

}  // namespace

template <typename App>
void add_scorecard(App& app, Todo& todo) {
  const auto o = std::make_shared<ScorecardOptions>();
  App* sub = app.add_subcommand("scorecard", "每条规则的成绩单 (how every rule fares)");
  add_store_choice(*sub, o->store);
  sub->add_option("--weeks", o->weeks, "看几周 (weeks back, default 4)")->check(CLI::Range(1, 8));
  sub->add_option("--rule", o->rule, "只看这条规则 (only this rule)");
  sub->add_option("--format", o->format, "text 或 json")->check(CLI::IsMember({"text", "json"}));
  sub->callback([o, &todo] { todo = [o] { return show_scorecard(*o); }; });
}

template void add_scorecard(CLI::App&, Todo&);

}  // namespace engine
