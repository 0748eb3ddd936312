// What is known of an incident and what is not, what may be done and what it costs.
#include <algorithm>

#include "alerting/message_writer.h"
#include "core/time.h"

namespace alerting {

namespace {

using core::Cause;

struct Quoting {
  size_t count;
  Room room;
};
constexpr Quoting kFullQuotes = {3, {140, 420}};
constexpr Quoting kShortQuotes = {1, {40, 160}};
// Of the votes of an incident's products; below it the product is not settled.
constexpr int64_t kSettledPermille = 700;

bool told(const core::Interval& i) { return i.low != 0 || i.middle != 0 || i.high != 0; }

std::string from_to(const core::Interval& i, std::string_view unit) {
  return with_separators(i.low) + "–" + with_separators(i.high) + std::string(unit);
}

// "TB103 62%、TB104 38%" when no product has most of the votes, else "".
std::string undecided(const std::vector<core::ProductVotes>& products) {
  int64_t sum = 0;
  for (const core::ProductVotes& p : products) sum += std::max<int64_t>(p.votes_permille, 0);
  if (products.size() < 2 || sum <= 0 ||
      products.front().votes_permille * 1000 >= sum * kSettledPermille)
    return "";
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(products.size(), 3); ++i) {
    const int64_t permille = std::max<int64_t>(products[i].votes_permille, 0) * 1000 / sum;
    text += (i > 0 ? "、" : "") + clipped(one_line(products[i].sku), kWhoRoom) + " " +
            with_separators((permille + 5) / 10) + "%";
  }
  return text;
}

}  // namespace

std::string cost_in_words(const core::Interval& cost) {
  if (cost.middle < 0) return "费用未能估算";
  if (!told(cost)) return "不另花钱";
  std::string text = "约 " + with_separators(cost.middle) + " 元";
  if (cost.low != cost.high) text += "（" + from_to(cost, " 元") + "）";
  return text;
}

void MessageWriter::spread() {
  const core::IncidentChange& i = n_.incident;
  std::string text = with_separators(i.groups) + " 个群，约 " + with_separators(i.people) +
                     " 人看到（按 250 定律估算）";
  if (!short_form()) {
    text += "；证据 " + with_separators(i.messages) + " 条，其中转发 " + with_separators(i.copies) +
            " 条";
    if (i.first_at != core::Time{}) text += "；首发 " + local(i.first_at);
  }
  if (i.threats > 0) text += "；同一顾客扬言曝光 " + with_separators(i.threats) + " 次";
  const bool final = ends() || n_.cause == Cause::Review;
  add(Weight::Spread, Part::Fact, final ? "最终范围" : "范围", std::move(text));
}

void MessageWriter::speed() {
  const core::IncidentChange& i = n_.incident;
  std::string text = i.doubling_minutes > 0
                         ? "约 " + with_separators(i.doubling_minutes) + " 分钟翻一番"
                         : std::string("尚未看出持续增长");
  if (told(i.people_in_6h))
    text += "；6 小时后预计约 " + with_separators(i.people_in_6h.middle) + " 人看到（八成可能 " +
            from_to(i.people_in_6h, " 人") + "）";
  add(Weight::Speed, Part::Fact, "速度", std::move(text));
}

void MessageWriter::money() {
  const core::IncidentChange& i = n_.incident;
  if (i.loss_cny <= 0)
    return add(Weight::Money, Part::Fact, "损失", "未能估算（尚未锁定到有销量的商品）");
  const bool said = n_.because.code == "rung_loss";  // what it is estimated from
  std::string how = told(i.loss_range_cny) ? "八成可能 " + from_to(i.loss_range_cny, " 元") : "";
  if (!said) how += how.empty() ? "" : "；";
  if (!said) how += "估算：近 7 天销量 × 单价 × 假定赔付比例";
  add(Weight::Money, Part::Fact, "损失",
      "预期约 " + with_separators(i.loss_cny) + " 元" + (how.empty() ? "" : "（" + how + "）"));
}

// A number that looks firm is worse than none: what it does not rest on is said beside it.
void MessageWriter::unknown() {
  const core::IncidentChange& i = n_.incident;
  std::string text;
  const auto say = [&text](std::string_view what) {
    text += (text.empty() ? "" : "；") + std::string(what);
  };
  if (const std::string products = undecided(i.products); !products.empty())
    say("是哪个商品（" + products + "）");
  else if (i.products.empty())
    say("是哪个商品");
  if (i.issue == "mention" || i.issue.empty()) say("是什么问题（只知被集中提及）");
  if (i.loss_cny <= 0) say("损失多大（没有销量数据）");
  if (!told(i.people_in_6h)) say("会传多远（时间尚短，不足以预测）");
  if (i.messages > 0 && i.messages - i.copies <= 1) say("是否属实（只见一个独立来源）");
  if (text.empty()) text = "各群实际看到的人数（范围按群规模估算）";
  add(Weight::Unknown, Part::Fact, "尚不清楚", std::move(text));
}

void MessageWriter::options() {
  if (informed()) return;
  constexpr size_t kOptionsMax = 6;
  for (size_t i = 0; i < std::min(n_.options.size(), kOptionsMax); ++i) {
    const core::OptionOffer& o = n_.options[i];
    std::string text = quotable(o.name, kNameRoom);
    if (!has_link("decide")) text += "（" + clipped(one_line(o.id), kIdRoom) + "）";
    text += "，" + cost_in_words(o.cost_cny);
    for (size_t a = 0; a < o.actions.size(); ++a)
      text += (a == 0 ? "，执行 " : "、") + quotable(o.actions[a], kWhoRoom);
    text += o.within_authority ? "；您有权决定" : "；超出您的权限，须上一级决定";
    add(Weight::Option, Part::Option, "方案 " + with_separators(static_cast<int64_t>(i) + 1),
        std::move(text), i);
  }
}

void MessageWriter::waiting() {
  if (informed() || n_.wait_cost_cny <= 0) return;
  add(Weight::Waiting, Part::Fact, "等待代价",
      "每推迟 1 小时，预期损失再增加约 " + with_separators(n_.wait_cost_cny) + " 元");
}

void MessageWriter::golden() {
  if (n_.golden_until == core::Time{} || !climbs()) return;
  const bool over = n_.golden_until <= n_.at;
  add(Weight::Golden, Part::Fact, "黄金时间",
      over ? "首次回应的黄金时间已于 " + local(n_.golden_until) + " 结束（" + zone() + "）"
           : "首次回应宜在 " + local(n_.golden_until) + " 前发出（" + zone() + "）");
}

void MessageWriter::similar() {
  if (!asks() || n_.cause == Cause::ActionLate) return;
  const Degrade level = reading_.level;
  const size_t most = level == Degrade::Full ? 3 : level == Degrade::Shorter ? 1 : 0;
  for (size_t i = 0; i < std::min(extras_.similar.size(), most); ++i) {
    const SimilarCase& s = extras_.similar[i];
    std::string text =
        quotable(s.subject_name, kNameRoom) + " " + quotable(s.issue_name, kNameRoom);
    if (s.closed_at != core::Time{})
      text += "（" + core::format_date(s.closed_at, reading_.zone_offset_minutes) + " 结案）";
    text += "：" + (s.option.empty() ? "未作决定" : quotable(s.option, kNameRoom));
    if (!s.outcome.empty()) text += "，" + quotable(s.outcome, kNameRoom);
    add(Weight::Similar, Part::Similar, "相似事件", text + " · " + quotable(s.incident, kIdRoom),
        i);
  }
}

// A rung is never skipped silently: whoever is above and below is named.
void MessageWriter::others() {
  if (!asks() || n_.cause == Cause::ActionLate || n_.rung == 0) return;
  if (informed()) {
    const std::string name = rung_name();
    add(Weight::Ask, Part::Fact, "负责",
        rung_in_words(n_.incident.rung) + (name.empty() ? "" : "（" + name + "）"));
  } else if (n_.rung > 1) {
    add(Weight::Others, Part::Fact, "知会",
        (n_.rung == 2 ? "第 1 级" : "第 1–" + with_separators(n_.rung - 1) + " 级") +
            std::string("已同时告知"));
  }
}

void MessageWriter::quotes() {
  if (!asks() || n_.cause == Cause::ActionLate) return;
  const bool none = reading_.level >= Degrade::NoQuotes || short_form();
  const Quoting how = reading_.level == Degrade::Full ? kFullQuotes : kShortQuotes;
  const int zone = reading_.zone_offset_minutes;
  const std::string today = core::format_date(n_.at, zone);
  size_t quoted = 0;
  for (const core::Evidence& e : n_.evidence) {
    if (none || quoted == how.count) break;
    const bool same_day = core::format_date(e.at, zone) == today;
    const std::string when = same_day ? core::format_clock(e.at, zone) : moment(e.at, zone);
    add(quoted == 0 ? Weight::FirstQuote : Weight::LaterQuotes, Part::Quote, "",
        when + " " + quotable(e.channel_name, kWhoRoom) + "：“" + quotable(e.excerpt, how.room) +
            "”",
        quoted);
    ++quoted;
  }
  const int64_t rest = n_.incident.messages - static_cast<int64_t>(quoted);
  if (rest <= 0) return;
  add(Weight::Evidence, Part::More, quoted > 0 ? "其余证据" : "证据",
      with_separators(rest) + " 条，见 qingyu show " + id());
  blocks_.back().unseen = rest;
}

}  // namespace alerting
