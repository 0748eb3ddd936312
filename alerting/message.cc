#include "alerting/message.h"

#include <algorithm>

#include "core/level.h"

namespace alerting {

namespace {

using core::Cause;
using core::IncidentState;

constexpr Room kNameRoom = {30, 120};  // names of products, issues, groups of people
constexpr Room kWhoRoom = {20, 80};    // names and ids of persons and rungs
constexpr Room kIdRoom = {60, 160};
struct Quoting {
  size_t count;
  Room room;
};
constexpr Quoting kFullQuotes = {3, {140, 420}};
constexpr Quoting kShortQuotes = {1, {40, 160}};

// Writes one message; every function adds the lines that its name says, or none.
class Writer {
 public:
  Writer(const core::Notification& n, const Reading& reading) : n_(n), reading_(reading) {}

  std::vector<Block> write();

 private:
  bool neutral() const { return reading_.level == Degrade::Neutral; }
  bool ends() const { return n_.cause == Cause::AllClear; }
  bool decided() const { return n_.cause == Cause::Decided; }
  bool short_form() const { return n_.decide_by != core::Time{} || decided() || ends(); }
  bool informed() const { return n_.rung < n_.incident.rung; }  // a higher rung must act
  std::string id() const { return clipped(one_line(n_.incident.incident), kIdRoom); }
  std::string who() const { return clipped(one_line(n_.person), kWhoRoom); }
  std::string rung_name() const { return clipped(one_line(n_.incident.rung_name), kWhoRoom); }
  std::string what() const;
  std::string what_happened() const;
  std::string what_happened_in_english() const;

  void add(Part part, std::string label, std::string text) {
    blocks_.push_back({part, std::move(label), std::move(text)});
  }
  void title();
  void reference();
  void spread();
  void money();
  void others();
  void deadlines();
  void authority();
  void quotes();
  void answers();
  void english();

  const core::Notification& n_;
  const Reading& reading_;
  size_t quoted_ = 0;
  std::vector<Block> blocks_;
};

std::vector<Block> Writer::write() {
  title();
  reference();
  if (!neutral()) {
    add(Part::Fact, decided() ? "决定" : "原因", sentence(n_.because, Language::Chinese));
    spread();
    money();
    others();
  }
  deadlines();
  if (!neutral()) {
    authority();
    quotes();
  }
  answers();
  english();
  return std::move(blocks_);
}

std::string Writer::what() const {
  return clipped(one_line(n_.subject_name), kNameRoom) + " " +
         clipped(one_line(n_.issue_name), kNameRoom);
}

std::string Writer::what_happened() const {
  const std::string rung = "第 " + with_separators(n_.incident.rung) + " 级";
  switch (n_.cause) {
    case Cause::Opened:
      return "新事件";
    case Cause::Escalated:
      return informed() ? "已升级到" + rung + "，供您知悉" : "升级到" + rung;
    case Cause::Updated:
      return "有变化";
    case Cause::Reminder:
      return n_.incident.state == IncidentState::Open && n_.decide_by == core::Time{}
                 ? "催办，待确认"
                 : "催办，待决定";
    case Cause::Decided:
      return "已作决定";
    case Cause::AllClear:
      return "警报解除";
    case Cause::Reopened:
      return "再次发生";
  }
  return "";
}

std::string Writer::what_happened_in_english() const {
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
  }
  return "";
}

void Writer::title() {
  std::string text = reading_.resend ? "（重发）" : "";
  text += "【" + std::string(core::chinese_of(n_.incident.level)) + "】" + what_happened();
  text += neutral() ? "：舆情事件" : "：" + what();
  add(Part::Title, "", std::move(text));
}

void Writer::reference() {
  std::string text = id() + " · r" + std::to_string(n_.incident.revision) + " · " +
                     std::string(chinese_of(n_.incident.state));
  if (neutral()) return add(Part::Reference, "事件", std::move(text));
  text += " · 致 " + clipped(one_line(n_.person_name), kWhoRoom) + "（第 " +
          with_separators(n_.rung) + " 级）";
  add(Part::Reference, "事件", std::move(text));
}

void Writer::spread() {
  const core::IncidentChange& i = n_.incident;
  std::string text = with_separators(i.groups) + " 个群，约 " + with_separators(i.people) +
                     " 人看到（按 250 定律估算）";
  if (!short_form()) {
    text += "；证据 " + with_separators(i.messages) + " 条，其中转发 " + with_separators(i.copies) +
            " 条";
    if (i.first_at != core::Time{})
      text += "；首发 " + moment(i.first_at, reading_.zone_offset_minutes);
  }
  add(Part::Fact, ends() ? "最终范围" : "范围", std::move(text));
  if (ends() || decided()) return;
  add(Part::Fact, "速度",
      i.doubling_minutes > 0 ? "约 " + with_separators(i.doubling_minutes) + " 分钟翻一番"
                             : std::string("尚未看出持续增长"));
}

void Writer::money() {
  const int64_t loss = n_.incident.loss_cny;
  if (ends()) return;
  if (loss <= 0) return add(Part::Fact, "损失", "未能估算（尚未锁定到有销量的商品）");
  add(Part::Fact, "损失",
      "预期约 " + with_separators(loss) + " 元（估算：近 7 天销量 × 单价 × 假定赔付比例）");
}

// A rung is never skipped silently: whoever is above and below is named.
void Writer::others() {
  if (ends() || decided()) return;
  const std::string rung = "第 " + with_separators(n_.incident.rung) + " 级";
  if (informed()) {
    const std::string name = rung_name();
    add(Part::Fact, "负责", rung + (name.empty() ? "" : "（" + name + "）"));
  } else if (n_.rung > 1) {
    add(Part::Fact, "知会",
        (n_.rung == 2 ? "第 1 级" : "第 1–" + with_separators(n_.rung - 1) + " 级") +
            std::string("已同时告知"));
  }
}

void Writer::deadlines() {
  const bool ack = n_.ack_by != core::Time{}, decide = n_.decide_by != core::Time{};
  if ((!ack && !decide) || ends() || decided()) return;
  const int zone = reading_.zone_offset_minutes;
  std::string text = "请在 ";
  if (ack) text += moment(n_.ack_by, zone) + " 前确认";
  if (ack && decide) text += "、";
  if (decide) text += moment(n_.decide_by, zone) + " 前作出决定";
  text += "（" + zone_name(zone, Language::Chinese) + "），逾期将升级或再次催办";
  add(Part::Deadline, "期限", std::move(text));
}

void Writer::authority() {
  if (ends() || decided() || informed()) return;
  const int64_t limit = n_.authority_cny;
  if (limit < 0) return add(Part::Fact, "权限", "可决定任何金额的方案");
  if (limit == 0) return add(Part::Fact, "权限", "不能决定支出，可确认、补充情况");
  std::string text = "可决定 " + with_separators(limit) + " 元以内的方案";
  if (n_.incident.loss_cny > limit) text += "；预期损失已超出，超出部分须由上一级决定";
  add(Part::Fact, "权限", std::move(text));
}

void Writer::quotes() {
  const bool none = reading_.level >= Degrade::NoQuotes || short_form();
  const Quoting how = reading_.level == Degrade::Full ? kFullQuotes : kShortQuotes;
  const int zone = reading_.zone_offset_minutes;
  const std::string today = core::format_date(n_.at, zone);
  for (const core::Evidence& e : n_.evidence) {
    if (none || quoted_ == how.count) break;
    const bool same_day = core::format_date(e.at, zone) == today;
    const std::string when = same_day ? core::format_clock(e.at, zone) : moment(e.at, zone);
    add(Part::Quote, "",
        when + " " + quotable(e.channel_name, kWhoRoom) + "：“" + quotable(e.excerpt, how.room) +
            "”");
    ++quoted_;
  }
  const int64_t rest = n_.incident.messages - static_cast<int64_t>(quoted_);
  if (rest <= 0 || ends() || decided()) return;
  add(Part::More, quoted_ > 0 ? "其余证据" : "证据",
      with_separators(rest) + " 条，见 qingyu show " + id());
}

void Writer::answers() {
  if (ends()) return;
  const std::string whom = id() + " --by " + who();
  const IncidentState state = n_.incident.state;
  if (decided()) return add(Part::Answer, "结束", "qingyu close " + whom);
  if (state == IncidentState::Open) add(Part::Answer, "确认", "qingyu ack " + whom);
  const bool undecided = state == IncidentState::Open || state == IncidentState::Acknowledged;
  if (undecided && n_.decide_by != core::Time{})
    add(Part::Answer, "决定", "qingyu decide " + whom + " --option 方案");
}

void Writer::english() {
  const core::IncidentChange& i = n_.incident;
  const int zone = reading_.zone_offset_minutes;
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
  const bool asks = !ends() && !decided();
  const std::string zone_text = std::string(" ").append(zone_name(zone, Language::English));
  if (asks && n_.ack_by != core::Time{})
    text += "; acknowledge by " + moment(n_.ack_by, zone) + zone_text;
  if (asks && n_.decide_by != core::Time{})
    text += "; decide by " + moment(n_.decide_by, zone) + zone_text;
  add(Part::English, "", text + ". " + id() + " r" + std::to_string(i.revision));
}

}  // namespace

std::vector<Block> blocks_of(const core::Notification& n, const Reading& reading) {
  return Writer(n, reading).write();
}

std::string plain_text(const std::vector<Block>& blocks) {
  std::string text;
  for (const Block& b : blocks) {
    if (!text.empty()) text += '\n';
    if (b.part == Part::Quote) text += "  ";
    if (!b.label.empty()) text += b.label + "：";
    text += b.text;
  }
  return text;
}

}  // namespace alerting
