// The sentences of all because codes. A template names each figure in braces, with how it is
// written behind a colon: {minutes:span} -> "2 小时" / "2 hours"; see write_figure().
#include <algorithm>
#include <array>

#include "alerting/message.h"
#include "core/level.h"

namespace alerting {

namespace {

struct Row {
  std::string_view code, chinese, english;
};

constexpr std::array<Row, 23> kRows = {{
    {"rule_groups", "{within_minutes:span}内有 {groups} 个不同的群命中规则“{rule:text}”",
     "{groups:distinct group} hit rule {rule:text} within {within_minutes:span}"},
    {"mention_scan",
     "{within_minutes:span}内有 {groups} 个不同的群提到它，平时每天约 {usual_per_day_milli:milli} "
     "次；若属偶然，概率约 {p_e9:chance}",
     "{groups:distinct group} named it within {within_minutes:span}, usual are about "
     "{usual_per_day_milli:milli} mentions a day; by chance about {p_e9:chance}"},
    {"first_message", "第一条消息就须告知：{kind:kind}，{level:level}预警，规则“{rule:text}”",
     "told at the first message: {kind:kind}, level {level:level}, rule {rule:text}"},
    {"level", "预警级别由{from:level}变为{to:level}，规则“{rule:text}”",
     "level changed from {from:level} to {to:level} by rule {rule:text}"},
    {"issue", "主要问题由“{from:text}”变为“{to:text}”",
     "main issue changed from {from:text} to {to:text}"},
    {"subject", "涉及对象由“{from:text}”变为“{to:text}”",
     "subject changed from {from:text} to {to:text}"},
    {"groups_doubled", "波及的群由 {before} 个增加到 {groups} 个",
     "grew from {before:group} to {groups:group}"},
    {"rung_always", "每起事件都告知本级", "this rung is told of every incident"},
    {"rung_level", "预警级别达到{level:level}", "the level reached {level:level}"},
    {"rung_groups", "已波及 {groups} 个群，达到 {bound} 个群的界限",
     "{groups:group} reached, the bound is {bound}"},
    {"rung_people", "约 {people} 人看到，超过 {bound} 人的界限",
     "about {people} people exposed, above the bound of {bound}"},
    {"rung_loss",
     "预期损失约 {loss_cny} 元，超过 {bound_cny} 元的界限（估算：{sku:text} 近 7 天售出 {units} 件 "
     "× 单价 {price_fen:fen} 元 × 假定 {share_permille:share} 须赔付）",
     "expected loss about CNY {loss_cny}, above the bound of {bound_cny} (estimate: {units} units "
     "of {sku:text} sold in 7 days x price {price_fen:fen} x assumed share "
     "{share_permille:share})"},
    {"missed_ack", "“{rung:text}”级的 {person:text} 未在 {minutes:span}内确认",
     "{person:text} of rung {rung:text} did not acknowledge within {minutes:span}"},
    {"missed_decide", "“{rung:text}”级的 {person:text} 未在 {minutes:span}内作出决定",
     "{person:text} of rung {rung:text} did not decide within {minutes:span}"},
    {"not_delivered", "不能证明消息已送达 {person:text}（渠道 {channel:text}）",
     "no proof that the message reached {person:text} by {channel:text}"},
    {"reminder", "已过 {minutes:span}，仍在等待{waiting_for:waiting}",
     "still waiting for {waiting_for:waiting} after {minutes:span}"},
    {"acknowledged", "{by:text} 已确认接手", "acknowledged by {by:text}"},
    {"decided", "{by:text} 已决定：{option:text}（理由：{reason:text}）",
     "{by:text} decided: {option:text} (reason: {reason:text})"},
    {"closed_by", "{by:text} 已关闭事件（理由：{reason:text}）",
     "closed by {by:text} (reason: {reason:text})"},
    {"quiet", "{minutes:span}内没有新的证据，事件自行结束",
     "no new evidence for {minutes:span}, it ended by itself"},
    {"already", "未生效：事件的状态已是“{state:state}”（{by:text}）",
     "no effect: the incident is already {state:state} ({by:text})"},
    {"unknown_person", "未生效：人员名单里没有“{by:text}”",
     "no effect: there is no person {by:text}"},
    {"no_option", "未生效：{by:text} 没有写明决定采取的方案",
     "no effect: {by:text} did not say which option was decided"},
}};

struct Word {
  std::string_view name, chinese;
};
constexpr std::array<Word, 10> kKinds = {{{"ticket", "工单"},
                                          {"agent_report", "坐席上报"},
                                          {"chat", "群聊"},
                                          {"post", "帖子"},
                                          {"repost", "转发"},
                                          {"comment", "评论"},
                                          {"review", "评价"},
                                          {"complaint", "投诉"},
                                          {"survey", "调查问卷"},
                                          {"tip", "线索"}}};
constexpr std::array<Word, 4> kLevels = {
    {{"blue", "蓝色"}, {"yellow", "黄色"}, {"orange", "橙色"}, {"red", "红色"}}};
constexpr std::array<Word, 4> kStates = {
    {{"open", "待确认"}, {"acknowledged", "已确认"}, {"decided", "已决定"}, {"closed", "已关闭"}}};
constexpr std::array<Word, 2> kWaiting = {{{"ack", "确认"}, {"decide", "决定"}}};

constexpr Room kFigureRoom = {80, 320};

template <size_t N>
std::string word(const std::array<Word, N>& words, std::string_view name, Language language) {
  if (language == Language::English) return std::string(name);
  const auto it = std::ranges::find(words, name, &Word::name);
  return std::string(it != words.end() ? it->chinese : name);
}

std::string text_of(const core::Figure& f, Language language) {
  if (!f.text.empty()) return clipped(one_line(f.text), kFigureRoom);
  return language == Language::Chinese ? "无" : "none";
}

std::string counted(int64_t count, std::string_view noun) {
  return with_separators(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string span(int64_t minutes, Language language) {
  const bool hours = minutes >= 60 && minutes % 60 == 0;
  if (language == Language::English)
    return hours ? counted(minutes / 60, "hour") : counted(minutes, "minute");
  return hours ? with_separators(minutes / 60) + " 小时" : with_separators(minutes) + " 分钟";
}

// p in units of 1e-9, said as "1 in so many": nobody reads 1e-06.
std::string chance(int64_t p_e9) {
  constexpr int64_t kWhole = 1'000'000'000;
  const std::string bound = p_e9 <= 0 ? "< " : "";
  return bound + "1/" + with_separators(kWhole / std::clamp<int64_t>(p_e9, 1, kWhole));
}

// How a figure is written; without a style: its text, else its number; any other style is the
// noun that is counted.
std::string write_figure(const core::Figure& f, std::string_view style, Language language) {
  if (style.empty()) return f.text.empty() ? with_separators(f.number) : text_of(f, language);
  if (style == "text") return text_of(f, language);
  if (style == "level") return word(kLevels, text_of(f, language), language);
  if (style == "kind") return word(kKinds, text_of(f, language), language);
  if (style == "state") return word(kStates, text_of(f, language), language);
  if (style == "waiting") return word(kWaiting, text_of(f, language), language);
  if (style == "span") return span(f.number, language);
  if (style == "chance") return chance(f.number);
  if (style == "milli") return decimal((f.number + 50) / 100, 1);
  if (style == "fen") return decimal(f.number, 2);
  if (style == "share") return decimal(f.number, 1) + '%';
  return counted(f.number, style);
}

std::string filled(std::string_view form, const core::Because& because, Language language) {
  std::string out;
  while (!form.empty()) {
    const size_t open = form.find('{');
    out += form.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = form.find('}', open);
    const std::string_view slot = form.substr(open + 1, close - open - 1);
    const size_t colon = std::min(slot.find(':'), slot.size());
    const std::string_view style = colon < slot.size() ? slot.substr(colon + 1) : "";
    const auto it =
        std::ranges::find(because.figures, slot.substr(0, colon),
                          [](const core::Figure& f) { return std::string_view(f.name); });
    out += it != because.figures.end() ? write_figure(*it, style, language) : "?";
    form.remove_prefix(close + 1);
  }
  return out;
}

std::string listed(const core::Because& because, Language language) {
  constexpr size_t kFiguresMax = 16;
  std::string out = clipped(one_line(because.code), kFigureRoom);
  for (size_t i = 0; i < std::min(because.figures.size(), kFiguresMax); ++i)
    out += (i == 0 ? ": " : ", ") + one_line(because.figures[i].name) + "=" +
           write_figure(because.figures[i], "", language);
  return out;
}

}  // namespace

std::string sentence(const core::Because& because, Language language) {
  const auto row = std::ranges::find(kRows, std::string_view(because.code), &Row::code);
  if (row == kRows.end()) return listed(because, language);
  return filled(language == Language::Chinese ? row->chinese : row->english, because, language);
}

std::vector<std::string_view> because_codes() {
  std::vector<std::string_view> codes;
  for (const Row& row : kRows) codes.push_back(row.code);
  return codes;
}

std::string_view chinese_of(core::IncidentState state) {
  return kStates.at(static_cast<size_t>(state)).chinese;
}

}  // namespace alerting
