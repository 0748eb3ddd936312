// What is told of decisions, actions, figures and other incidents.
#include <algorithm>
#include <array>

#include "alerting/message_writer.h"
#include "core/level.h"

namespace alerting {

namespace {

using core::Cause;

struct Word {
  std::string_view name, chinese;
};
constexpr std::array<Word, 19> kFactNames = {{
    {"day", "第几天"},
    {"groups", "波及的群"},
    {"groups_more", "其中新增的群"},
    {"people", "看到的人"},
    {"people_more", "其中新增的人"},
    {"loss_cny", "预期损失"},
    {"cost_cny", "方案费用"},
    {"who_decides", "等谁决定"},
    {"time_to_detect_minutes", "首发到发现"},
    {"time_to_decision_minutes", "发现到决定"},
    {"people_forecast_low", "当时预测的人，下限"},
    {"people_forecast", "当时预测的人"},
    {"people_forecast_high", "当时预测的人，上限"},
    {"messages_undelivered", "未送达的消息"},
    {"actions_done", "已完成的处置"},
    {"actions_open", "等待结果的处置"},
    {"actions_late", "逾期的处置"},
    {"actions_failed", "失败的处置"},
    {"carried_out", "决定已全部执行"},
}};
constexpr size_t kFactsMax = 24;
constexpr size_t kItemsMax = 5;

std::string span_in_words(int64_t minutes) {
  if (minutes < 60) return with_separators(minutes) + " 分钟";
  const std::string hours = with_separators(minutes / 60) + " 小时";
  return minutes % 60 == 0 ? hours : hours + " " + with_separators(minutes % 60) + " 分钟";
}

// Graver first, then whoever must be answered sooner; the id makes it a total order.
bool graver(const core::Notification* a, const core::Notification* b) {
  const auto due = [](const core::Notification& n) {
    core::Time at = core::Time::max();
    for (const core::Time t : {n.ack_by, n.decide_by})
      if (t != core::Time{}) at = std::min(at, t);
    return at;
  };
  if (a->incident.level != b->incident.level) return a->incident.level > b->incident.level;
  if (a->rung != b->rung) return a->rung > b->rung;
  if (due(*a) != due(*b)) return due(*a) < due(*b);
  return a->id < b->id;
}

std::string counted_by_level(const std::vector<core::Notification>& all) {
  std::string text;
  for (const core::Level level :
       {core::Level::Red, core::Level::Orange, core::Level::Yellow, core::Level::Blue}) {
    const auto count = std::ranges::count_if(
        all, [level](const core::Notification& n) { return n.incident.level == level; });
    if (count == 0) continue;
    text += (text.empty() ? "" : "、") + std::string(core::chinese_of(level)) + " " +
            with_separators(count) + " 起";
  }
  return text;
}

}  // namespace

std::pair<std::string, std::string> fact_in_words(const core::Figure& figure,
                                                  int zone_offset_minutes) {
  constexpr std::string_view kOn = "minutes_on:";
  const auto it = std::ranges::find(kFactNames, figure.name, &Word::name);
  std::string label =
      it != kFactNames.end() ? std::string(it->chinese) : quotable(figure.name, kNameRoom);
  if (figure.name.starts_with(kOn))
    return {"停留在“" + quotable(figure.name.substr(kOn.size()), kWhoRoom) + "”级",
            span_in_words(figure.number)};
  if (figure.name == "carried_out") return {label, figure.number != 0 ? "是" : "否"};
  const std::string_view name = figure.name;
  if (!figure.text.empty()) return {label, quotable(figure.text, kIdRoom)};
  if (name.ends_with("_cny")) return {label, with_separators(figure.number) + " 元"};
  if (name.ends_with("_minutes")) return {label, span_in_words(figure.number)};
  if (name.ends_with("_permille")) return {label, decimal(figure.number, 1) + "%"};
  if (name.ends_with("_at"))
    return {label, moment(core::Time(core::Millis(figure.number)), zone_offset_minutes)};
  return {label, with_separators(figure.number)};
}

void MessageWriter::chosen() {
  if (n_.option.empty() && n_.option_name.empty()) return;
  std::string text = quotable(n_.option_name.empty() ? n_.option : n_.option_name, kNameRoom);
  const auto offer = std::ranges::find(n_.options, n_.option, &core::OptionOffer::id);
  if (offer != n_.options.end()) {
    text += "，" + cost_in_words(offer->cost_cny);
    for (size_t a = 0; a < offer->actions.size(); ++a)
      text += (a == 0 ? "，执行 " : "、") + quotable(offer->actions[a], kWhoRoom);
  }
  add(Weight::Chosen, Part::Option, ends() ? "采取的方案" : "方案", std::move(text));
}

void MessageWriter::action() {
  const std::string& name = n_.action_name.empty() ? n_.action : n_.action_name;
  add(Weight::Chosen, Part::Option, "处置",
      quotable(name, kNameRoom) + " " + quotable(n_.subject_name, kNameRoom) + "（" +
          clipped(one_line(n_.incident.subject), kIdRoom) + "）");
  chosen();
  if (!n_.action_undo.empty())
    add(Weight::Waiting, Part::Fact, "撤销办法", quotable(n_.action_undo, {60, 240}));
  if (n_.cause == Cause::Action)
    add(Weight::Ask, Part::Fact, "回报",
        "完成或失败请回报，凭编号 " + clipped(one_line(n_.id), kIdRoom) + " 只执行一次");
}

void MessageWriter::facts() {
  for (size_t i = 0; i < std::min(n_.facts.size(), kFactsMax); ++i) {
    if (n_.facts[i].name == "loss_cny" && n_.cause == Cause::Briefing) continue;  // money() says it
    auto [label, value] = fact_in_words(n_.facts[i], reading_.zone_offset_minutes);
    add(Weight::Unknown, Part::Fact, std::move(label), std::move(value), i);
  }
}

// The others that this message stands for: how many of which level, the gravest by name.
void MessageWriter::digest() {
  if (extras_.digest.empty()) return;
  const auto count = static_cast<int64_t>(extras_.digest.size());
  add(Part::Fact, "另有", with_separators(count) + " 起：" + counted_by_level(extras_.digest));
  std::vector<const core::Notification*> gravest;
  for (const core::Notification& n : extras_.digest) gravest.push_back(&n);
  std::ranges::sort(gravest, graver);
  const size_t shown = neutral() ? 0 : std::min(gravest.size(), kItemsMax);
  for (size_t i = 0; i < shown; ++i) {
    const core::Notification& n = *gravest[i];
    std::string text = "【" + std::string(core::chinese_of(n.incident.level)) + "】" +
                       quotable(n.subject_name, kNameRoom) + " " +
                       quotable(n.issue_name, kNameRoom) + "：" +
                       with_separators(n.incident.groups) + " 个群";
    if (n.decide_by != core::Time{})
      text += "，" + local(n.decide_by) + " 前决定";
    else if (n.ack_by != core::Time{})
      text += "，" + local(n.ack_by) + " 前确认";
    add(Weight::Item, Part::Item, "", text + " · " + quotable(n.incident.incident, kIdRoom), i);
  }
  const int64_t rest = count - static_cast<int64_t>(shown);
  const bool all = rest == 0 || shown == 0;
  add(Weight::Item, Part::More, "",
      all ? std::string("全部见 qingyu incidents")
          : "其余 " + with_separators(rest) + " 起见 qingyu incidents");
}

}  // namespace alerting
