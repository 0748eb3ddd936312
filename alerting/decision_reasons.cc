#include "alerting/decision_reasons.h"

#include <string>

namespace alerting::reasons {

namespace {

core::Figure text(std::string name, std::string_view value) {
  return {std::move(name), 0, std::string(value)};
}
core::Figure number(std::string name, int64_t value) { return {std::move(name), value, ""}; }
core::Figure minutes(core::Millis span) { return number("minutes", span.count() / 60'000); }

}  // namespace

core::Because unknown_option(std::string_view by, std::string_view option, std::string_view known) {
  return {"unknown_option", {text("by", by), text("option", option), text("known", known)}};
}

core::Because no_authority_at_all(std::string_view by) {
  return {"no_authority_at_all", {text("by", by)}};
}

core::Because question_changed(std::string_view by, uint32_t seen, uint32_t revision) {
  return {"question_changed", {text("by", by), number("seen", seen), number("revision", revision)}};
}

core::Because already_decided(std::string_view by, std::string_view option, core::Millis since) {
  return {"already_decided", {text("by", by), text("option", option), minutes(since)}};
}

core::Because already_proposed(std::string_view by, std::string_view option) {
  return {"already_proposed", {text("by", by), text("option", option)}};
}

core::Because above_every_rung(std::string_view option, int64_t cost_cny, int64_t authority_cny) {
  return {"above_every_rung",
          {text("option", option), number("cost_cny", cost_cny),
           number("authority_cny", authority_cny)}};
}

core::Because may_not(std::string_view by, std::string_view option, int64_t authority_cny) {
  return {"may_not",
          {text("by", by), text("option", option), number("authority_cny", authority_cny)}};
}

core::Because same_person(std::string_view by, std::string_view option) {
  return {"same_person", {text("by", by), text("option", option)}};
}

core::Because no_second_person(std::string_view by, std::string_view option) {
  return {"no_second_person", {text("by", by), text("option", option)}};
}

core::Because nothing_proposed(std::string_view by) {
  return {"nothing_proposed", {text("by", by)}};
}

core::Because no_reason(std::string_view by) { return {"no_reason", {text("by", by)}}; }

core::Because unknown_action(std::string_view by, std::string_view action, std::string_view known) {
  return {"unknown_action", {text("by", by), text("action", action), text("known", known)}};
}

core::Because bad_result(std::string_view by, std::string_view value) {
  return {"bad_result", {text("by", by), text("value", value)}};
}

core::Because result_known(std::string_view action, std::string_view by) {
  return {"result_known", {text("action", action), text("by", by)}};
}

core::Because needs_authority(std::string_view by, std::string_view option, int64_t cost_cny,
                              int64_t authority_cny, std::string_view rung) {
  return {"needs_authority",
          {text("by", by), text("option", option), number("cost_cny", cost_cny),
           number("authority_cny", authority_cny), text("rung", rung)}};
}

core::Because needs_second(std::string_view by, std::string_view option, int64_t cost_cny,
                           int64_t bound_cny) {
  return {"needs_second",
          {text("by", by), text("option", option), number("cost_cny", cost_cny),
           number("bound_cny", bound_cny)}};
}

core::Because rejected(std::string_view by, std::string_view option, std::string_view reason) {
  return {"rejected", {text("by", by), text("option", option), text("reason", reason)}};
}

core::Because overruled(std::string_view by, std::string_view option, std::string_view over,
                        std::string_view over_option, std::string_view undo) {
  return {"overruled",
          {text("by", by), text("option", option), text("over", over),
           text("over_option", over_option), text("undo", undo)}};
}

core::Because action(std::string_view action, std::string_view option, std::string_view by) {
  return {"action", {text("action", action), text("option", option), text("by", by)}};
}

core::Because action_done(std::string_view action, std::string_view by, int64_t open) {
  return {"action_done", {text("action", action), text("by", by), number("open", open)}};
}

core::Because action_failed(std::string_view action, std::string_view by, std::string_view reason) {
  return {"action_failed", {text("action", action), text("by", by), text("reason", reason)}};
}

core::Because action_not_delivered(std::string_view action, std::string_view channel) {
  return {"action_not_delivered", {text("action", action), text("channel", channel)}};
}

core::Because action_late(std::string_view action, core::Millis within) {
  return {"action_late", {text("action", action), minutes(within)}};
}

core::Because briefing(int64_t day) { return {"briefing", {number("day", day)}}; }

core::Because review(core::Millis lasted) { return {"review", {minutes(lasted)}}; }

}  // namespace alerting::reasons
