#include "engine/screen.h"

#include <ostream>

#include "alerting/message.h"

namespace engine {

namespace {

constexpr size_t kIncidentsMax = 1'000;  // beyond, closed ones are forgotten: the store has them

constexpr const char* kBold = "\x1b[1m";
constexpr const char* kDim = "\x1b[2m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kBlue = "\x1b[34m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kOrange = "\x1b[38;5;208m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kPlain = "\x1b[0m";

std::string why(const core::Because& because) {
  return alerting::sentence(because, alerting::Language::Chinese) + " / " +
         alerting::sentence(because, alerting::Language::English);
}

std::string minutes_after(core::Time from, core::Time to) {
  return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(to - from).count());
}

std::string figures(const core::IncidentChange& c) {
  std::string text =
      std::to_string(c.groups) + " 个群 groups, 约 " + std::to_string(c.people) + " 人 people";
  if (c.loss_cny > 0) text += ", 预计损失 expected loss CNY " + std::to_string(c.loss_cny);
  if (c.doubling_minutes > 0)
    text += ", " + std::to_string(c.doubling_minutes) + " 分钟翻倍 min to double";
  return text;
}

}  // namespace

Screen::Screen(ScreenSpec spec, const BookInUse& book, std::ostream& out)
    : spec_(spec), book_(book), out_(out) {}

std::string Screen::paint(const char* colour, const std::string& text) const {
  return spec_.terminal ? colour + text + kPlain : text;
}

const char* Screen::colour_of(core::Level level) const {
  switch (level) {
    case core::Level::Red:
      return kRed;
    case core::Level::Orange:
      return kOrange;
    case core::Level::Yellow:
      return kYellow;
    case core::Level::Blue:
      return kBlue;
  }
  return kPlain;
}

std::string Screen::clock(core::Time at) const {
  return core::format_clock(at, spec_.zone_offset_minutes);
}

void Screen::clear_progress() {
  if (progress_shown_) out_ << "\r\x1b[K";
  progress_shown_ = false;
}

void Screen::line(core::Time at, const std::string& tag, const std::string& text) {
  clear_progress();
  out_ << paint(kBold, clock(at)) << " " << tag << " " << text << '\n' << std::flush;
}

void Screen::remember(const core::IncidentChange& opened, const core::IncidentChange& last) {
  if (earlier_.size() == kIncidentsMax) earlier_.erase(earlier_.begin());  // ids begin with a date
  Seen& seen = earlier_[last.incident];
  seen.opened = opened;
  seen.last = last;
}

Screen::Seen& Screen::seen_of(const std::string& incident) {
  Seen& seen = incidents_[incident];
  auto earlier = earlier_.extract(incident);
  if (!earlier.empty()) seen = std::move(earlier.mapped());
  return seen;
}

void Screen::decided(const alerting::Decisions& decisions) {
  const std::lock_guard lock(mutex_);
  for (const core::IncidentChange& change : decisions.changes) changed(change);
  for (const core::Notification& n : decisions.notifications)
    ++seen_of(n.incident.incident).messages;
  for (const alerting::Refusal& r : decisions.refusals)
    line(r.at, paint(kYellow, "未接受 refused"), r.act + " " + r.incident + ": " + why(r.because));
}

void Screen::changed(const core::IncidentChange& c) {
  if (incidents_.size() >= kIncidentsMax)
    std::erase_if(incidents_, [](const auto& one) { return one.second.closed != core::Time{}; });
  const bool opens = c.revision == 1;
  Seen& seen = seen_of(c.incident);
  if (seen.opened.revision == 0) {
    seen.opened = c;
    if (!opens) seen.last = c;  // nothing is known of what it was
  }
  const core::IncidentChange before = seen.last;
  seen.last = c;
  const std::string level =
      paint(colour_of(c.level), "【" + std::string(core::chinese_of(c.level)) + "】");
  const auto policy = book_.policy();
  const std::string what = policy->subject_name(c.subject) + " " + policy->issue_name(c.issue);
  if (opens)
    line(c.at, paint(kBold, "事件开启 incident opens"),
         level + what + " " + c.incident + " - " + figures(c) + " - " + why(c.because));
  if (c.rung > before.rung) {
    seen.rungs[c.rung] = c.at;
    if (!opens)
      line(c.at,
           paint(colour_of(c.level), "升级 rung " + std::to_string(c.rung) + " " + c.rung_name),
           level + what + " - " + why(c.because));
  } else if (c.because.code == "groups_doubled") {
    line(c.at, paint(kDim, "扩散 spreads"), figures(c));
  }
  if (opens || c.state == before.state) return;
  if (c.state == core::IncidentState::Acknowledged)
    line(c.at, paint(kGreen, "确认 acknowledged"), why(c.because));
  if (c.state == core::IncidentState::Decided) {
    seen.decided = c.at;
    line(c.at, paint(kGreen, "决定 decided"), why(c.because));
  }
  if (c.state == core::IncidentState::Closed) {
    seen.closed = c.at;
    line(c.at, paint(kGreen, "解除 all-clear"), what + " - " + figures(c) + " - " + why(c.because));
  }
  if (c.state == core::IncidentState::Open)
    line(c.at, paint(kBold, "重新开启 reopens"), level + what + " - " + why(c.because));
}

void Screen::told(const core::Notification& n, const std::string& message) {
  const std::lock_guard lock(mutex_);
  line(n.at, "→ 告知 tells",
       paint(kBold, n.person_name) + " (" + n.person + ", " + n.channel + ")");
  size_t begin = 0;
  while (begin <= message.size()) {
    const size_t end = std::min(message.find('\n', begin), message.size());
    out_ << "      " << paint(colour_of(n.incident.level), "│") << " "
         << message.substr(begin, end - begin) << '\n';
    begin = end + 1;
  }
  out_ << std::flush;
}

void Screen::progress(const ScreenFigures& f) {
  if (!spec_.terminal || f.now == core::kTimeMin || f.now == core::kTimeMax) return;
  const std::lock_guard lock(mutex_);
  out_ << "\r\x1b[K"
       << paint(kDim, clock(f.now) + " 消息 events " + std::to_string(f.events) +
                          ", 相关 signals " + std::to_string(f.signals))
       << std::flush;
  progress_shown_ = true;
}

void Screen::summarise(const std::string& incident, const Seen& seen) {
  const core::IncidentChange& first = seen.opened;
  const core::IncidentChange& last = seen.last;
  const auto policy = book_.policy();
  out_ << incident << " " << policy->subject_name(last.subject) << " "
       << policy->issue_name(last.issue) << " 【" << core::chinese_of(last.level) << "】\n"
       << "  首条 first message " << clock(first.first_at) << ", 开启 opened " << clock(first.at)
       << " (" << minutes_after(first.first_at, first.at) << " 分钟后 min later)\n"
       << "  范围 reached " << figures(last) << "; 消息 messages " << last.messages
       << ", 转发 copies " << last.copies << '\n';
  for (const auto& [rung, at] : seen.rungs)
    out_ << "  第 " << rung << " 级 rung " << rung << " " << clock(at) << '\n';
  if (seen.decided != core::Time{})
    out_ << "  决定 decided " << clock(seen.decided) << " (开启后 after opening "
         << minutes_after(first.at, seen.decided) << " min)\n";
  if (seen.closed != core::Time{}) out_ << "  解除 all-clear " << clock(seen.closed) << '\n';
  out_ << "  应发消息 messages owed " << seen.messages << '\n';
}

void Screen::summary(const ScreenFigures& f, double seconds, const std::string& where) {
  const std::lock_guard lock(mutex_);
  clear_progress();
  out_ << "\n" << paint(kBold, "小结 summary") << '\n';
  size_t untold = 0;
  for (const auto& [incident, seen] : incidents_) {
    if (seen.rungs.empty() && seen.messages == 0) {
      ++untold;
    } else {
      summarise(incident, seen);
    }
  }
  if (untold > 0)
    out_ << "另有 " << untold << " 个事件未告知任何人 more incidents, of which nobody was told: "
         << "qingyu incidents --all\n";
  if (incidents_.empty()) out_ << "没有事件 no incidents\n";
  char took[32];
  std::snprintf(took, sizeof took, "%.1f", seconds);
  out_ << "消息 events " << f.events << ", 相关 signals " << f.signals
       << ", dead letters: " << f.dead_letters << ", 用时 took " << took << " s\n"
       << "数据 data: " << where << '\n'
       << std::flush;
}

}  // namespace engine
