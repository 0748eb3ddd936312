// Why an incident opened, and what changed of it since.
#include "alerting/sentences/sentences.h"

namespace alerting::sentences {

namespace {

constexpr Row kRows[] = {
    {"rule_groups", "{within_minutes:span}内有 {groups} 个不同的群命中规则“{rule:text}”",
     "{groups:distinct group} hit rule {rule:text} within {within_minutes:span}"},
    {"mention_scan",
     "{within_minutes:span}内有 {groups} 个不同的群提到它，平时每天约 {usual_per_day_milli:milli} "
     "次；若属偶然，概率约 {p_e9:chance}",
     "{groups:distinct group} named it within {within_minutes:span}, usual are about "
     "{usual_per_day_milli:milli} mentions a day; by chance about {p_e9:chance}"},
    {"first_message", "第一条消息就须告知：{kind:kind}，{level:level}预警，规则“{rule:text}”",
     "told at the first message: {kind:kind}, level {level:level}, rule {rule:text}"},
    {"level", "预警级别由{from:level}变为{to:level}，规则“{rule:text}”",
     "level changed from {from:level} to {to:level} by rule {rule:text}"},
    {"issue", "主要问题由“{from:text}”变为“{to:text}”",
     "main issue changed from {from:text} to {to:text}"},
    {"subject", "涉及对象由“{from:text}”变为“{to:text}”",
     "subject changed from {from:text} to {to:text}"},
    {"groups_doubled", "波及的群由 {before} 个增加到 {groups} 个",
     "grew from {before:group} to {groups:group}"},
};

}  // namespace

std::span<const Row> opening() { return kRows; }

}  // namespace alerting::sentences
