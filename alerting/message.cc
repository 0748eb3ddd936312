#include "alerting/message.h"

#include <algorithm>

#include "alerting/message_writer.h"
#include "core/level.h"

namespace alerting {

namespace {

using core::Cause;
using core::IncidentState;

size_t graphemes(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i = grapheme_end(text, i)) ++count;
  return count;
}

}  // namespace

std::string rung_in_words(uint32_t rung) { return "第 " + with_separators(rung) + " 级"; }

Block& MessageWriter::add(Part part, std::string label, std::string text) {
  Block& block = blocks_.emplace_back();
  block.part = part;
  block.label = std::move(label);
  block.text = std::move(text);
  block.mandatory = true;
  return block;
}

// `nth` of several of a kind: the later goes first.
void MessageWriter::add(Weight weight, Part part, std::string label, std::string text, size_t nth) {
  Block& block = add(part, std::move(label), std::move(text));
  block.mandatory = false;
  block.priority = static_cast<uint8_t>(static_cast<size_t>(weight) - std::min<size_t>(nth, 6));
}

std::vector<Block> MessageWriter::write() {
  title();
  reference();
  if (!neutral()) {
    reason();
    words();
  }
  deadlines();
  if (!neutral()) {
    golden();
    ask();
    others();
    similar();
    if (extras_.digest.empty()) quotes();
  }
  digest();
  links();
  answers();
  english();
  return std::move(blocks_);
}

// What is said of the incident, by what the message is for.
void MessageWriter::words() {
  switch (n_.cause) {
    case Cause::Test:
    case Cause::Alarm:
      return;
    case Cause::Action:
    case Cause::ActionLate:
      return action();
    case Cause::Review:
      if (n_.facts.empty()) spread();
      return facts();
    case Cause::AllClear:
      chosen();
      return spread();
    case Cause::Consulted:
      spread();
      return unknown();
    case Cause::Decided:
    case Cause::Approval:
      chosen();
      spread();
      return money();
    case Cause::Briefing:
      if (n_.facts.empty()) spread();
      facts();
      speed();
      money();
      unknown();
      return options();
    default:
      spread();
      speed();
      money();
      unknown();
      options();
      return waiting();
  }
}

bool MessageWriter::climbs() const {
  switch (n_.cause) {
    case Cause::Opened:
    case Cause::Escalated:
    case Cause::Updated:
    case Cause::Reminder:
    case Cause::Reopened:
      return true;
    default:
      return false;
  }
}

bool MessageWriter::asks() const {
  return climbs() || n_.cause == Cause::Consulted || n_.cause == Cause::Approval ||
         n_.cause == Cause::ActionLate || n_.cause == Cause::Briefing;
}

// Of a reminder, as its reason says.
bool MessageWriter::waits_for_decision() const {
  for (const core::Figure& f : n_.because.figures)
    if (f.name == "waiting_for") return f.text != "ack";
  return n_.incident.state != IncidentState::Open || decides();
}

std::string MessageWriter::what() const {
  return quotable(n_.subject_name, kNameRoom) + " " + quotable(n_.issue_name, kNameRoom);
}

std::string MessageWriter::what_happened() const {
  const std::string decide = decides() ? "，请您决定" : "";
  switch (n_.cause) {
    case Cause::Opened:
      return "新事件" + decide;
    case Cause::Escalated:
      if (informed()) return "已升级到" + rung_in_words(n_.incident.rung) + "，供您知悉";
      return "升级到" + rung_in_words(n_.incident.rung) + decide;
    case Cause::Updated:
      return "有变化" + decide;
    case Cause::Reminder:
      return waits_for_decision() ? "催办，待决定" : "催办，待确认";
    case Cause::Decided:
      return "已作决定";
    case Cause::AllClear:
      return "警报解除";
    case Cause::Reopened:
      return "再次发生" + decide;
    case Cause::Consulted:
      return "坐席上报，请您研判";
    case Cause::Approval:
      return "待第二人批准";
    case Cause::Action:
      return "执行处置";
    case Cause::ActionLate:
      return "处置未确认";
    case Cause::Briefing:
      return "每日简报";
    case Cause::Review:
      return "复盘报告";
    case Cause::Test:
      return "通道测试";
    case Cause::Alarm:
      return "系统告警";
  }
  return "";
}

std::string MessageWriter::what_happened_in_english() const {
  const std::string rung = "rung " + with_separators(n_.incident.rung);
  switch (n_.cause) {
    case Cause::Opened:
      return "new incident";
    case Cause::Escalated:
      return informed() ? "for your information, escalated to " + rung : "escalated to " + rung;
    case Cause::Updated:
      return "changed";
    case Cause::Reminder:
      return "reminder";
    case Cause::Decided:
      return "decided";
    case Cause::AllClear:
      return "all clear";
    case Cause::Reopened:
      return "reopened";
    case Cause::Consulted:
      return "an agent reports, your judgement is asked";
    case Cause::Approval:
      return "a second person must approve";
    case Cause::Action:
      return "action to carry out";
    case Cause::ActionLate:
      return "an action is not confirmed";
    case Cause::Briefing:
      return "daily briefing";
    case Cause::Review:
      return "after-action report";
    case Cause::Test:
      return "channel test";
    case Cause::Alarm:
      return "system alarm";
  }
  return "";
}

void MessageWriter::title() {
  std::string text = reading_.resend ? "（重发）" : "";
  if (n_.cause == Cause::Test) {
    add(Part::Title, "", text + "【测试】通道测试：不是事件，无需处理");
    return;
  }
  if (n_.cause == Cause::Alarm) {
    add(Part::Title, "", text + "【系统】系统告警：不是舆情事件，需要您处理");
    return;
  }
  text += "【" + std::string(core::chinese_of(n_.incident.level)) + "】" + what_happened();
  if (!extras_.digest.empty())
    text += "，另有 " + with_separators(static_cast<int64_t>(extras_.digest.size())) + " 起";
  text += "：";
  const size_t ours = graphemes(text);
  text += neutral() ? "舆情事件" : what();
  add(Part::Title, "", std::move(text)).shrinks_to = ours + kTextMin;
}

void MessageWriter::reference() {
  if (n_.cause == Cause::Test || n_.cause == Cause::Alarm) {
    add(Part::Reference, "编号", clipped(one_line(n_.id), kIdRoom));
    return;
  }
  std::string text = id() + " · r" + std::to_string(n_.incident.revision) + " · " +
                     std::string(chinese_of(n_.incident.state));
  const std::string name = quotable(n_.person_name, kWhoRoom);
  if (!neutral() && n_.cause != Cause::Action && !name.empty()) {
    text += " · 致 " + name;
    if (n_.rung > 0) text += "（" + rung_in_words(n_.rung) + "）";
  }
  add(Part::Reference, "事件", std::move(text));
}

// The summary: it is cut before the title is, and never left out.
void MessageWriter::reason() {
  if (n_.cause == Cause::Test) return;
  std::string label = "原因";
  if (decided()) label = "决定";
  if (n_.cause == Cause::Consulted) label = "上报";
  if (n_.cause == Cause::Action) label = "依据";
  if (n_.cause == Cause::Alarm) label = "情况";
  add(Part::Fact, label, sentence(n_.because, Language::Chinese)).shrinks_to = kTextMin;
}

void MessageWriter::english() {
  const core::IncidentChange& i = n_.incident;
  if (n_.cause == Cause::Test)
    return add(
        Weight::English, Part::English, "",
        "[TEST] channel test: no incident, nothing to do. " + clipped(one_line(n_.id), kIdRoom));
  if (n_.cause == Cause::Alarm)
    return add(Weight::English, Part::English, "",
               "[SYSTEM] alarm: " + sentence(n_.because, Language::English) + ". " +
                   clipped(one_line(n_.id), kIdRoom));
  std::string level(core::name_of(i.level));
  for (char& c : level) c = static_cast<char>(c - 'a' + 'A');
  std::string text = "[" + level + "] " + what_happened_in_english();
  if (!neutral()) {
    text += ": " + clipped(one_line(i.issue), kIdRoom) + ", " +
            clipped(one_line(i.subject), kIdRoom) + "; " + with_separators(i.groups) +
            (i.groups == 1 ? " group" : " groups") + ", about " + with_separators(i.people) +
            " people";
    const bool said = n_.because.code == "rung_loss";
    if (i.loss_cny > 0 && !ends() && !said)
      text += ", expected loss about CNY " + with_separators(i.loss_cny);
    text += "; " + sentence(n_.because, Language::English);
  }
  if (!extras_.digest.empty())
    text += "; and " + with_separators(static_cast<int64_t>(extras_.digest.size())) + " more";
  const int zone = reading_.zone_offset_minutes;
  const std::string zone_text = std::string(" ").append(zone_name(zone, Language::English));
  if (asks() && n_.ack_by != core::Time{})
    text += (n_.cause == Cause::Consulted ? "; answer by " : "; acknowledge by ") +
            moment(n_.ack_by, zone) + zone_text;
  if (asks() && n_.decide_by != core::Time{})
    text += "; decide by " + moment(n_.decide_by, zone) + zone_text;
  add(Weight::English, Part::English, "", text + ". " + id() + " r" + std::to_string(i.revision));
}

std::vector<Block> blocks_of(const core::Notification& n, const Extras& extras,
                             const Reading& reading) {
  return MessageWriter(n, extras, reading).write();
}

std::vector<Block> blocks_of(const core::Notification& n, const Reading& reading) {
  return blocks_of(n, {}, reading);
}

std::string plain_text(const std::vector<Block>& blocks) {
  std::string text;
  for (const Block& b : blocks) {
    if (!text.empty()) text += '\n';
    if (b.part == Part::Quote || b.part == Part::Item) text += "  ";
    if (!b.label.empty()) text += b.label + "：";
    text += b.text;
    if (b.part == Part::Link) text += "：" + b.url;
  }
  return text;
}

}  // namespace alerting
