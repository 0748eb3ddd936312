// What is asked of the reader: by when, within which authority, and how to answer.
#include <algorithm>

#include "alerting/message_writer.h"

namespace alerting {

using core::Cause;
using core::IncidentState;

// "decide" also stands for "decide:return-and-compensate", a link an option.
bool MessageWriter::has_link(std::string_view action) const {
  return std::ranges::any_of(extras_.links, [action](const ActionLink& l) {
    return !l.url.empty() && l.action.starts_with(action) &&
           (l.action.size() == action.size() || l.action[action.size()] == ':');
  });
}

// Absolute, with the zone: messages are read late and sent again.
void MessageWriter::deadlines() {
  const bool ack = n_.ack_by != core::Time{}, decide = n_.decide_by != core::Time{};
  if ((!ack && !decide) || ends() || decided()) return;
  const bool peer = n_.cause == Cause::Consulted, second = n_.cause == Cause::Approval;
  std::string text = "请在 ";
  if (ack) text += local(n_.ack_by) + (peer ? " 前回复" : " 前确认");
  if (ack && decide) text += "、";
  if (decide)
    text += local(n_.decide_by) + (peer ? " 前回复" : second ? " 前批准或驳回" : " 前作出决定");
  text += "（" + zone() + "）";
  if (peer)
    text += "，逾期按阶梯上报";
  else if (n_.cause == Cause::Action)
    text += "，逾期将告知决定人";
  else
    text += "，逾期将升级或再次催办";
  add(Part::Deadline, "期限", std::move(text));
}

// Whoever judges is told what to find out; whoever decides, within what; the top, that it is final.
void MessageWriter::ask() {
  const auto say = [this](std::string text) {
    add(Weight::Ask, Part::Fact, "请您", std::move(text));
  };
  if (!asks() || n_.incident.state == IncidentState::Closed) return;
  if (n_.cause == Cause::Consulted)
    return say("凭经验判断：属实就确认，有疑问就说明理由；同时问了其他同事，不必互相等");
  if (n_.cause == Cause::Approval)
    return say("核对方案与金额后批准或驳回；金额超过须两人同意的界限，提出人不能自己批准");
  if (n_.cause == Cause::ActionLate) return say("核实是否已执行，登记结果；未执行就改派或人工处理");
  if (n_.incident.state == IncidentState::Decided) return say("按已作的决定处置，有新情况请补充");
  if (informed()) return say("知悉并配合，有新情况请补充");
  const int64_t limit = n_.authority_cny;
  const bool decide = decides();
  if (limit < 0)
    return say(decide ? "选定一个方案，任何金额均可，选定即执行" : "可决定任何金额的方案");
  if (limit == 0)
    return say("研判是否属实，确认接手，补充情况（谁先说、哪一批货、波及哪里）；不能决定支出");
  std::string text = decide ? "在 " + with_separators(limit) + " 元权限内选定一个方案"
                            : "确认接手，可决定 " + with_separators(limit) + " 元以内的方案";
  if (n_.incident.loss_cny > limit) text += "；预期损失已超出，超出部分须由上一级决定";
  say(std::move(text));
}

void MessageWriter::links() {
  size_t count = 0;
  for (const ActionLink& l : extras_.links) {
    if (count == kLinksMax) break;
    if (l.url.empty()) continue;
    Block& block = add(Part::Link, "", quotable(l.label, kWhoRoom));
    block.url = l.url;
    block.action = l.action;
    if (count++ > 0) {
      block.mandatory = false;
      block.priority = static_cast<uint8_t>(static_cast<size_t>(Weight::Link) - count);
    }
  }
}

// For those who have no link: the command that does the same.
void MessageWriter::answers() {
  const std::string whom = id() + " --by " + who();
  bool first = extras_.links.empty();
  const auto answer = [&](std::string_view action, std::string label, std::string command) {
    if (has_link(action)) return;
    add(Weight::Answer, Part::Answer, std::move(label), "qingyu " + std::move(command));
    blocks_.back().mandatory = std::exchange(first, false);
  };
  switch (n_.cause) {
    case Cause::AllClear:
    case Cause::Action:
    case Cause::Review:
    case Cause::Test:
    case Cause::Alarm:
      return;
    case Cause::Decided:
      return answer("close", "结束", "close " + whom);
    case Cause::Consulted:
      answer("confirm", "属实", "advise " + whom + " --option confirm");
      return answer("doubt", "存疑", "advise " + whom + " --option doubt");
    case Cause::Approval:
      answer("approve", "批准", "approve " + whom);
      return answer("reject", "驳回", "reject " + whom);
    case Cause::ActionLate:
      return answer("result", "登记",
                    "result " + whom + " --option " + clipped(one_line(n_.action), kWhoRoom) +
                        " --value done");
    default:
      break;
  }
  const IncidentState state = n_.incident.state;
  if (state == IncidentState::Open) answer("ack", "确认", "ack " + whom);
  const bool undecided = state == IncidentState::Open || state == IncidentState::Acknowledged;
  if (undecided && n_.decide_by != core::Time{})
    answer("decide", "决定",
           "decide " + whom + " --option " + (n_.options.empty() ? "方案" : "方案代号"));
}

}  // namespace alerting
