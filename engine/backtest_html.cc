// One page without scripts, fonts or pictures from elsewhere; tables become cards on a phone.
#include "console/html.h"
#include "core/level.h"
#include "engine/backtest_report.h"

namespace engine {

namespace {

constexpr const char* kHead = R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>晴雨回测 Qingyu backtest</title>
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:.8rem;
overflow-wrap:anywhere}
h1{font-size:1.3rem}h2{font-size:1.1rem;margin-top:1.6rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #8884}
td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
.new{color:#0a7d32}.gone{color:#b3261e}.earlier{color:#0b57d0}.later{color:#9a5b00}
q,.m{color:#777}.big{font-size:1.1rem;font-weight:600}
@media(max-width:34rem){thead{display:none}tr{display:block;padding:.5rem 0;
border-bottom:1px solid #8886}td{display:block;border:0;padding:.1rem 0}
td[data-l]::before{content:attr(data-l) " ";color:#777}}
@media(prefers-color-scheme:dark){.new{color:#6fdc8c}.gone{color:#ff8a80}.earlier{color:#8ab4f8}
.later{color:#ffc069}}
</style></head><body>
<h1>晴雨回测 <span class="m">Qingyu backtest</span></h1>
)";

using console::escaped;

std::string cell(std::string_view label, const std::string& html, bool number = false) {
  return "<td data-l=\"" + escaped(label) + "\"" + (number ? " class=\"n\">" : ">") + html +
         "</td>";
}

std::string row(std::initializer_list<std::string_view> titles) {
  std::string html("<thead><tr>");
  for (const std::string_view title : titles) html += "<th>" + escaped(title) + "</th>";
  return html + "</tr></thead>\n";
}

std::string numbers(uint64_t before, uint64_t after) {
  return std::to_string(before) + " → " + std::to_string(after);
}

std::string quotes(const std::vector<std::string>& excerpts) {
  std::string html;
  for (const std::string& text : excerpts) html += "<br><q>" + escaped(text) + "</q>";
  return html;
}

std::string side_cell(std::string_view label, const std::optional<PastIncident>& one) {
  if (!one) return cell(label, "–");
  return cell(label, escaped(moment(one->opened)) + "<br>" + escaped(core::chinese_of(one->level)) +
                         " " + escaped(one->rung_name) + " · 通知 pages " +
                         std::to_string(one->pages) + " · 群 groups " +
                         std::to_string(one->groups));
}

std::string incident_row(const IncidentPair& pair) {
  const PastIncident& one = pair.either();
  const std::string fate(name_of(pair.fate));
  const bool alone = !pair.before || !pair.after;
  return "<tr><td class=\"" + fate + "\"><b>" + std::string(chinese_of(pair.fate)) + "</b> " +
         fate + "</td>" +
         cell("事件 incident",
              "<b>" + escaped(one.subject) + "</b> " + escaped(one.issue) +
                  (alone ? "<br>" + escaped(one.because) + quotes(one.excerpts) : std::string())) +
         side_cell("旧 before", pair.before) + side_cell("新 after", pair.after) +
         cell("首次通知 first page", escaped(lead_text(pair.page_minutes()))) + "</tr>\n";
}

void add_incidents(const Comparison& c, std::string& html) {
  html +=
      "<h2>事件 <span class=\"m\">incidents</span></h2>\n<p>" + escaped(summary_line(c)) + "</p>\n";
  std::string rows;
  size_t shown = 0, left_out = 0;
  for (const IncidentPair& pair : c.incidents) {
    if (!pair.differs()) continue;
    if (shown++ < kIncidentsShown)
      rows += incident_row(pair);
    else
      ++left_out;
  }
  if (rows.empty()) return;
  html += "<table>" + row({"", "事件 incident", "旧 before", "新 after", "首次通知 first page"}) +
          "<tbody>\n" + rows + "</tbody></table>\n";
  if (left_out > 0) html += "<p>还有 more: " + std::to_string(left_out) + "</p>\n";
}

void add_pages(const Comparison& c, std::string& html) {
  html += "<h2>通知，每周 <span class=\"m\">pages a week</span></h2>\n<table>" +
          row({"人 person", "级 rung", "旧 before", "新 after", "总数 in all"}) + "<tbody>\n";
  for (const PageLoad& p : c.pages)
    html +=
        "<tr>" +
        cell("人 person",
             "<b>" + escaped(p.name) + "</b> <span class=\"m\">" + escaped(p.person) + "</span>") +
        cell("级 rung", escaped(p.rung)) + cell("旧 before", per_week(p.before, c.weeks()), true) +
        cell("新 after", per_week(p.after, c.weeks()), true) +
        cell("总数 in all", numbers(p.before, p.after), true) + "</tr>\n";
  html += "</tbody></table>\n";
}

std::string messages(const char* mark, const char* kind,
                     const std::vector<HitTally::Message>& all) {
  std::string html;
  for (const HitTally::Message& m : all)
    html += std::string("<br><span class=\"") + kind + "\">" + mark + "</span> <q>" +
            escaped(m.excerpt) + "</q>";
  return html;
}

void add_rules(const Comparison& c, std::string& html) {
  html += "<h2>命中的消息 <span class=\"m\">messages hit</span> " +
          numbers(c.any.before, c.any.after) + "</h2>\n";
  std::string rows;
  for (const RuleChange& r : c.rules)
    if (r.differs())
      rows += "<tr>" +
              cell("规则 rule", "<b>" + escaped(r.name) + "</b> <span class=\"m\">" +
                                    escaped(r.rule) + "</span>" + messages("+", "new", r.appeared) +
                                    messages("−", "gone", r.vanished)) +
              cell("消息 messages", numbers(r.before, r.after), true) + "</tr>\n";
  if (rows.empty()) return;
  html +=
      "<table>" + row({"规则 rule", "消息 messages"}) + "<tbody>\n" + rows + "</tbody></table>\n";
}

std::string side_line(const char* label, const SideResult& side) {
  return std::string("<br>") + label + escaped(side.rules) + " <span class=\"m\">" +
         std::to_string(side.rule_count) + " 条规则 rules, book " + escaped(side.book) + "</span>";
}

}  // namespace

std::string backtest_html(const Comparison& c) {
  std::string html(kHead);
  html += "<p>" + std::to_string(c.after.events) + " 条消息 events";
  if (c.after.events > 0)
    html += ", " + moment(c.after.first) + " – " + moment(c.after.last) + " (UTC+8), " +
            decimal(c.weeks() * 7) + " 天 days";
  html += side_line("旧 before: ", c.before) + side_line("新 after: ", c.after) + "</p>\n";
  if (!c.differs()) html += "<p class=\"big\">没有差别 no difference</p>\n";
  add_incidents(c, html);
  add_pages(c, html);
  add_rules(c, html);
  if (c.after.dead_letters > 0)
    html += "<p>dead letters: " + std::to_string(c.after.dead_letters) + "</p>\n";
  return html + "</body></html>\n";
}

}  // namespace engine
