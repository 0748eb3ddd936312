// What people did about an incident, and what came of it.
#include "alerting/sentences/sentences.h"

namespace alerting::sentences {

namespace {

constexpr Row kRows[] = {
    {"acknowledged", "{by:text} 已确认接手", "acknowledged by {by:text}"},
    {"decided", "{by:text} 已决定：{option:words}（理由：{reason:words}）",
     "{by:text} decided: {option:words} (reason: {reason:words})"},
    {"closed_by", "{by:text} 已关闭事件（理由：{reason:words}）",
     "closed by {by:text} (reason: {reason:words})"},
    {"quiet", "{minutes:span}内没有新的证据，事件自行结束",
     "no new evidence for {minutes:span}, it ended by itself"},
    {"already", "未生效：事件的状态已是“{state:state}”（{by:text}）",
     "no effect: the incident is already {state:state} ({by:text})"},
    {"unknown_person", "未生效：人员名单里没有“{by:text}”",
     "no effect: there is no person {by:text}"},
    {"no_option", "未生效：{by:text} 没有写明决定采取的方案",
     "no effect: {by:text} did not say which option was decided"},
};

}  // namespace

std::span<const Row> decisions() { return kRows; }

}  // namespace alerting::sentences
