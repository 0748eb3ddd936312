// The way of a decision that needs somebody else, acts on it that take no effect, and its actions.
#include "alerting/sentences/sentences.h"

namespace alerting::sentences {

namespace {

constexpr Row kRows[] = {
    {"unknown_option", "未生效：没有“{option:words}”这个方案（{by:text}），可选：{known:words}",
     "no effect: {by:text} named the option {option:words}, known are: {known:words}"},
    {"no_authority_at_all", "未生效：{by:text} 不在本事件的任何一级",
     "no effect: {by:text} holds no rung of this incident"},
    {"question_changed",
     "未生效：{by:text} 看到的是第 {seen} 版，要决定的内容已改变，现为第 {revision} 版",
     "no effect: {by:text} saw revision {seen}, what is asked has changed, now it is revision "
     "{revision}"},
    {"already_decided", "未生效：{by:text} 已在 {minutes:span}前决定：{option:words}",
     "no effect: {by:text} decided {minutes:span} ago: {option:words}"},
    {"already_proposed", "未生效：级别更高的 {by:text} 已提出：{option:words}，等待批准",
     "no effect: {by:text} of a higher rung has proposed {option:words}, which waits for approval"},
    {"above_every_rung",
     "未生效：“{option:words}”约需 {cost_cny:cost} 元，超过所有级别的权限（最高 "
     "{authority_cny:authority}）",
     "no effect: {option:words} costs about CNY {cost_cny:cost}, above the authority of every rung "
     "(highest {authority_cny:authority})"},
    {"may_not", "未生效：“{option:words}”超出 {by:text} 的权限（{authority_cny:authority}）",
     "no effect: {option:words} is above the authority of {by:text} ({authority_cny:authority})"},
    {"same_person", "未生效：“{option:words}”由 {by:text} 提出，须由另一人批准",
     "no effect: {by:text} proposed {option:words}, somebody else has to approve it"},
    {"no_second_person", "未生效：“{option:words}”须两人决定，除 {by:text} 外没有人可批准",
     "no effect: {option:words} needs two people and there is nobody but {by:text}"},
    {"nothing_proposed", "未生效：没有等待批准的方案（{by:text}）",
     "no effect: nothing waits for approval ({by:text})"},
    {"no_reason", "未生效：{by:text} 没有写明否决的理由",
     "no effect: {by:text} gave no reason for the rejection"},
    {"unknown_action", "未生效：没有发出过措施“{action:words}”（{by:text}），已发出：{known:words}",
     "no effect: {by:text} reported on action {action:words}, sent were: {known:words}"},
    {"bad_result", "未生效：{by:text} 报告的结果“{value:words}”既不是 done 也不是 failed",
     "no effect: {by:text} reported {value:words}, which is neither done nor failed"},
    {"result_known", "未生效：措施“{action:words}”的结果已由 {by:text} 报告",
     "no effect: {by:text} has reported the result of {action:words} already"},
    {"needs_authority",
     "{by:text} 提出“{option:words}”，约需 {cost_cny:cost} 元，超出其权限 "
     "{authority_cny:authority}，请“{rung:text}”级决定",
     "{by:text} proposes {option:words} at about CNY {cost_cny:cost}, above their authority of "
     "{authority_cny:authority}: rung {rung:text} is asked"},
    {"needs_second",
     "{by:text} 决定采取“{option:words}”，约需 {cost_cny:cost} 元，超过 {bound_cny} "
     "元，须另一人批准",
     "{by:text} decided on {option:words} at about CNY {cost_cny:cost}, above {bound_cny}: a "
     "second "
     "person has to approve"},
    {"rejected", "{by:text} 否决了“{option:words}”（理由：{reason:words}）",
     "{by:text} rejected {option:words} (reason: {reason:words})"},
    {"overruled",
     "{by:text} 改为决定：{option:words}，代替 {over:text} "
     "的“{over_option:words}”；须撤回：{undo:words}",
     "{by:text} decided otherwise: {option:words} instead of {over_option:words} by {over:text}; "
     "to "
     "be taken back: {undo:words}"},
    {"action", "请执行措施“{action:words}”：{by:text} 已决定“{option:words}”",
     "please carry out {action:words}: {by:text} decided on {option:words}"},
    {"action_done", "措施“{action:words}”已完成（{by:text}），尚余 {open} 项",
     "{action:words} is done ({by:text}), still open: {open}"},
    {"action_failed", "措施“{action:words}”失败（{by:text}）：{reason:words}",
     "{action:words} failed ({by:text}): {reason:words}"},
    {"action_not_delivered", "措施“{action:words}”未能送达执行系统（渠道 {channel:text}）",
     "{action:words} could not be delivered to the system that carries it out ({channel:text})"},
    {"action_late", "措施“{action:words}”在 {minutes:span}内没有结果",
     "no result of {action:words} within {minutes:span}"},
    {"briefing", "每日通报：事件第 {day} 天", "daily briefing: day {day} of the incident"},
    {"review", "复盘：事件历时 {minutes:span}",
     "the incident lasted {minutes:span}, this is its review"},
};

}  // namespace

std::span<const Row> responses() { return kRows; }

}  // namespace alerting::sentences
