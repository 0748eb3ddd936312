// What did not come in time: an answer, a decision, the proof of a delivery.
#include "alerting/sentences/sentences.h"

namespace alerting::sentences {

namespace {

constexpr Row kRows[] = {
    {"missed_ack", "“{rung:text}”级的 {person:text} 未在 {minutes:span}内确认",
     "{person:text} of rung {rung:text} did not acknowledge within {minutes:span}"},
    {"missed_decide", "“{rung:text}”级的 {person:text} 未在 {minutes:span}内作出决定",
     "{person:text} of rung {rung:text} did not decide within {minutes:span}"},
    {"not_delivered", "不能证明消息已送达 {person:text}（渠道 {channel:text}）",
     "no proof that the message reached {person:text} by {channel:text}"},
    {"reminder", "已过 {minutes:span}，仍在等待{waiting_for:waiting}",
     "still waiting for {waiting_for:waiting} after {minutes:span}"},
    {"threat_again", "同一客户或订单再次扬言曝光，共 {threats} 次",
     "the same customer or order threatens exposure again, {threats:time} in all"},
    {"nobody_on_duty", "“{rung:text}”级此刻无人值班，由您代为处理",
     "nobody of rung {rung:text} is on duty, so you are told instead"},
    {"handover", "值班由 {from:text} 交给 {to:text}", "handed over from {from:text} to {to:text}"},
    {"by_hand", "{by:text} 手动上报至“{rung:text}”级（理由：{reason:words}）",
     "{by:text} passed it up to rung {rung:text} (reason: {reason:words})"},
    {"deescalated", "{by:text} 将预警由{from:level}降为{to:level}（理由：{reason:words}）",
     "{by:text} lowered it from {from:level} to {to:level} (reason: {reason:words})"},
    {"no_such_rung", "未生效：{by:text} 指定的级别不存在或已经到达",
     "no effect: there is no such rung for {by:text} to go to"},
    {"agent_report", "坐席 {reporter:text} 上报（敏感度 {sensitivity}），先请同组同事判断",
     "reported by agent {reporter:text} (sensitivity {sensitivity}), peers are asked first"},
    {"peer_doubts", "{by:text} 认为情况存疑（理由：{reason:words}）",
     "{by:text} doubts it (reason: {reason:words})"},
    {"peers_confirmed", "同事 {by:text} 确认属实（理由：{reason:words}）",
     "confirmed by peer {by:text} (reason: {reason:words})"},
    {"peers_silent", "{minutes:span}内询问的 {asked} 位同事未能否定，现逐级告知",
     "{asked:peer} asked, not all in doubt within {minutes:span}, so the ladder is told"},
    {"peers_doubted", "询问的 {asked} 位同事都认为不属实，事件关闭",
     "{asked:peer} asked, all in doubt, so it is closed"},
    {"not_consulted", "未生效：此刻没有请 {by:text} 判断",
     "no effect: {by:text} is not asked for advice now"},
    {"no_advice", "未生效：{by:text} 须写明“属实”或“存疑”",
     "no effect: {by:text} must say confirm or doubt"},
    {"silenced", "{by:text} 设为静默 {minutes:span}（理由：{reason:words}）",
     "silenced by {by:text} for {minutes:span} (reason: {reason:words})"},
    {"silence_gives_way", "事态升级，现为{level:level}预警，{by:text} 设的静默即时解除",
     "it grew, the level is {level:level} now, so the silence by {by:text} ends at once"},
    {"silence_ended", "{by:text} 设的静默已到时，仍待处理",
     "the silence by {by:text} is over and somebody is still waited for"},
    {"unsilenced", "{by:text} 解除静默（理由：{reason:words}）",
     "the silence was ended by {by:text} (reason: {reason:words})"},
    {"may_not_silence", "未生效：{by:text} 无权设置或解除静默",
     "no effect: {by:text} may not silence it"},
    {"may_not_reveal", "未生效：{by:text} 无权查看或删除群成员身份",
     "no effect: {by:text} may neither reveal nor erase members"},
    {"no_such_member", "未生效：{by:text} 所指的群成员不存在",
     "no effect: there is no such member for {by:text} to reveal"},
    {"reveal_needs_reason", "未生效：{by:text} 须写明查看群成员身份的理由",
     "no effect: {by:text} must say why the member is revealed"},
    {"no_silence", "未生效：{by:text} 所指的事件此刻没有告知可以静默或恢复",
     "no effect: there is nothing for {by:text} to silence or to end"},
    {"silence_minutes", "未生效：{by:text} 须写明静默 1 至 10080 分钟",
     "no effect: {by:text} must name 1 to 10080 minutes"},
    {"quiet_hours_end", "{person:text} 的免打扰时段已结束",
     "the quiet hours of {person:text} are over"},
    {"quiet_gives_way", "免打扰让位：{level:level}预警，预期损失约 {loss_cny} 元",
     "quiet hours give way: level {level:level}, expected loss about CNY {loss_cny}"},
};

}  // namespace

std::span<const Row> waiting() { return kRows; }

}  // namespace alerting::sentences
