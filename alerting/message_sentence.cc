// Writes a sentence from its template (alerting/sentences/): each slot in braces names a figure
// and, behind a colon, how it is written: {minutes:span} -> "2 小时" / "2 hours"; see
// write_figure().
#include <algorithm>
#include <array>

#include "alerting/message.h"
#include "alerting/sentences/sentences.h"
#include "core/level.h"

namespace alerting {

namespace {

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

// "li.si", "wecom:qa": written as it is, though it may look like a host.
bool looks_like_id(std::string_view text) {
  return text.size() <= 40 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  std::string_view("._:-").find(c) != std::string_view::npos;
         });
}

// What somebody wrote: no address in it becomes a link.
std::string words_of(const core::Figure& f, Language language) {
  if (!f.text.empty()) return quotable(f.text, kFigureRoom);
  return language == Language::Chinese ? "无" : "none";
}

std::string text_of(const core::Figure& f, Language language) {
  return !f.text.empty() && looks_like_id(f.text) ? f.text : words_of(f, language);
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
  if (style == "words") return words_of(f, language);
  if (style == "level") return word(kLevels, text_of(f, language), language);
  if (style == "kind") return word(kKinds, text_of(f, language), language);
  if (style == "state") return word(kStates, text_of(f, language), language);
  if (style == "waiting") return word(kWaiting, text_of(f, language), language);
  if (style == "span") return span(f.number, language);
  if (style == "chance") return chance(f.number);
  if (style == "milli") return decimal((f.number + 50) / 100, 1);
  if (style == "fen") return decimal(f.number, 2);
  if (style == "cost" && f.number < 0) return language == Language::Chinese ? "未知" : "unknown";
  if (style == "authority" && f.number < 0)
    return language == Language::Chinese ? "不限" : "unlimited";
  if (style == "cost" || style == "authority") return with_separators(f.number);
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
  std::string out = quotable(because.code, kFigureRoom);
  for (size_t i = 0; i < std::min(because.figures.size(), kFiguresMax); ++i)
    out += (i == 0 ? ": " : ", ") + quotable(because.figures[i].name, kFigureRoom) + "=" +
           write_figure(because.figures[i], "", language);
  return out;
}

}  // namespace

std::string sentence(const core::Because& because, Language language) {
  for (const std::span<const sentences::Row> rows : sentences::all())
    for (const sentences::Row& row : rows)
      if (row.code == because.code)
        return filled(language == Language::Chinese ? row.chinese : row.english, because, language);
  return listed(because, language);
}

std::vector<std::string_view> because_codes() {
  std::vector<std::string_view> codes;
  for (const std::span<const sentences::Row> rows : sentences::all())
    for (const sentences::Row& row : rows) codes.push_back(row.code);
  return codes;
}

std::string_view chinese_of(core::IncidentState state) {
  return kStates.at(static_cast<size_t>(state)).chinese;
}

}  // namespace alerting
