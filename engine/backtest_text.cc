#include <cstdio>

#include "core/level.h"
#include "engine/backtest_report.h"

namespace engine {

namespace {

constexpr int kBeijing = 480;
constexpr double kWeeksMin = 1.0 / (7 * 24);  // an hour

std::string change(uint64_t before, uint64_t after) {
  return std::to_string(before) + " -> " + std::to_string(after);
}

// One line of text, whatever is in it.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return text;
}

std::string state_text(const PastIncident& i) {
  return std::string(core::name_of(i.level)) + ", " + i.rung_name + ", 通知 pages " +
         std::to_string(i.pages);
}

void add_incident(const IncidentPair& pair, std::string& out) {
  const PastIncident& one = pair.either();
  out += "  " + std::string(chinese_of(pair.fate)) + " " + std::string(name_of(pair.fate)) + "  " +
         moment(one.opened) + "  " + one_line(one.subject) + "  " + one.issue;
  if (pair.before && pair.after) {
    out += "\n      旧 before: " + moment(pair.before->opened) + ", " + state_text(*pair.before) +
           "\n      新 after:  " + moment(pair.after->opened) + ", " + state_text(*pair.after) +
           "\n      首次通知 first page: " + lead_text(pair.page_minutes()) + '\n';
    return;
  }
  out += "\n      " + state_text(one) + ", 群 groups " + std::to_string(one.groups) + ", " +
         one.because + '\n';
  if (!one.excerpts.empty()) out += "      > " + one_line(one.excerpts.front()) + '\n';
}

void add_incidents(const Comparison& c, std::string& out) {
  size_t shown = 0, left_out = 0;
  for (const IncidentPair& pair : c.incidents) {
    if (!pair.differs()) continue;
    if (shown++ < kIncidentsShown)
      add_incident(pair, out);
    else
      ++left_out;
  }
  if (left_out > 0) out += "  ... 还有 more: " + std::to_string(left_out) + '\n';
}

void add_pages(const Comparison& c, std::string& out) {
  out += "通知，每周 pages a week（总数 in all）:\n";
  for (const PageLoad& p : c.pages)
    out += "  " + p.name + " " + p.person + " (" + p.rung + "): " + per_week(p.before, c.weeks()) +
           " -> " + per_week(p.after, c.weeks()) + "  (" + change(p.before, p.after) + ")\n";
  if (c.pages.empty()) out += "  没有 none\n";
}

void add_messages(const char* label, const std::vector<HitTally::Message>& messages,
                  std::string& out) {
  for (const HitTally::Message& m : messages)
    out += std::string("      ") + label + " " + m.event + "  " + one_line(m.excerpt) + '\n';
}

void add_rules(const Comparison& c, std::string& out) {
  out += "命中的消息 messages hit: " + change(c.any.before, c.any.after) + '\n';
  for (const RuleChange& rule : c.rules) {
    if (!rule.differs()) continue;
    out += "  " + rule.rule + " " + rule.name + ": " + change(rule.before, rule.after) + '\n';
    add_messages("+", rule.appeared, out);
    add_messages("-", rule.vanished, out);
  }
}

void add_side(const char* label, const SideResult& side, std::string& out) {
  out += std::string(label) + side.rules + " (" + std::to_string(side.rule_count) +
         " 条规则 rules, book " + side.book + ")\n";
}

}  // namespace

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string per_week(uint64_t n, double weeks) {
  return weeks < kWeeksMin ? std::string("-") : decimal(static_cast<double>(n) / weeks);
}

std::string moment(core::Time at) { return core::format_time(at, kBeijing).substr(0, 16); }

std::string lead_text(const std::optional<int64_t>& minutes) {
  if (!minutes) return std::string("-");
  if (*minutes == 0) return std::string("同一分钟 same minute");
  const std::string n = std::to_string(*minutes < 0 ? -*minutes : *minutes);
  return *minutes < 0 ? "提前 " + n + " 分钟 min earlier" : "推迟 " + n + " 分钟 min later";
}

std::string summary_line(const Comparison& c) {
  std::string line;
  for (const Fate fate : {Fate::New, Fate::Gone, Fate::Earlier, Fate::Later, Fate::Same})
    line += (line.empty() ? "" : ", ") + std::string(chinese_of(fate)) + " " +
            std::string(name_of(fate)) + " " + std::to_string(c.count(fate));
  uint64_t before = 0, after = 0;
  for (const IncidentPair& pair : c.incidents) {
    before += pair.before && pair.before->pages > 0 ? 1 : 0;
    after += pair.after && pair.after->pages > 0 ? 1 : 0;
  }
  return line + "；有人被通知的 told to somebody " + change(before, after);
}

std::string backtest_text(const Comparison& c) {
  std::string out = "回测 backtest: " + std::to_string(c.after.events) + " 条消息 events";
  if (c.after.events > 0)
    out += ", " + moment(c.after.first) + " - " + moment(c.after.last) + " (UTC+8), " +
           decimal(c.weeks() * 7) + " 天 days";
  out += '\n';
  add_side("旧 before: ", c.before, out);
  add_side("新 after:  ", c.after, out);
  if (!c.differs()) out += "没有差别 no difference\n";
  out += "事件 incidents: " + summary_line(c) + '\n';
  add_incidents(c, out);
  add_pages(c, out);
  add_rules(c, out);
  if (c.after.dead_letters > 0)
    out += "dead letters: " + std::to_string(c.after.dead_letters) + '\n';
  if (c.before.families_dropped + c.after.families_dropped > 0)
    out += "超限遗忘 families dropped: " +
           change(c.before.families_dropped, c.after.families_dropped) + '\n';
  return out;
}

}  // namespace engine
