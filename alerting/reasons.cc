#include "alerting/reasons.h"

namespace alerting::reasons {

namespace {

core::Figure text(std::string name, std::string_view value) {
  return {std::move(name), 0, std::string(value)};
}
core::Figure number(std::string name, int64_t value) { return {std::move(name), value, ""}; }
core::Figure minutes(core::Millis span) { return number("minutes", span.count() / 60'000); }
std::string_view name_of(Waiting what) { return what == Waiting::Ack ? "ack" : "decide"; }

}  // namespace

core::Because level(core::Level from, core::Level to, std::string_view rule) {
  return {"level",
          {text("from", core::name_of(from)), text("to", core::name_of(to)), text("rule", rule)}};
}

core::Because issue(std::string_view from, std::string_view to) {
  return {"issue", {text("from", from), text("to", to)}};
}

core::Because subject(std::string_view from, std::string_view to) {
  return {"subject", {text("from", from), text("to", to)}};
}

core::Because groups_doubled(int64_t groups, int64_t before) {
  return {"groups_doubled", {number("groups", groups), number("before", before)}};
}

core::Because rule_groups(int64_t groups, core::Millis within, std::string_view rule) {
  return {"rule_groups",
          {number("groups", groups), number("within_minutes", within.count() / 60'000),
           text("rule", rule)}};
}

core::Because missed(Waiting what, core::Millis since, std::string_view rung,
                     std::string_view person) {
  return {"missed_" + std::string(name_of(what)),
          {minutes(since), text("rung", rung), text("person", person)}};
}

core::Because reminder(Waiting what, core::Millis since) {
  return {"reminder", {minutes(since), text("waiting_for", name_of(what))}};
}

core::Because not_delivered(std::string_view person, std::string_view channel) {
  return {"not_delivered", {text("person", person), text("channel", channel)}};
}

core::Because acknowledged(std::string_view by) { return {"acknowledged", {text("by", by)}}; }

core::Because decided(std::string_view by, std::string_view option, std::string_view reason) {
  return {"decided", {text("by", by), text("option", option), text("reason", reason)}};
}

core::Because closed_by(std::string_view by, std::string_view reason) {
  return {"closed_by", {text("by", by), text("reason", reason)}};
}

core::Because quiet(core::Millis since) { return {"quiet", {minutes(since)}}; }

core::Because already(core::IncidentState state, std::string_view by) {
  return {"already", {text("state", core::name_of(state)), text("by", by)}};
}

core::Because nobody_on_duty(std::string_view rung) {
  return {"nobody_on_duty", {text("rung", rung)}};
}

core::Because handover(std::string_view from, std::string_view to) {
  return {"handover", {text("from", from), text("to", to)}};
}

core::Because by_hand(std::string_view by, std::string_view rung, std::string_view reason) {
  return {"by_hand", {text("by", by), text("rung", rung), text("reason", reason)}};
}

core::Because deescalated(std::string_view by, core::Level from, core::Level to,
                          std::string_view reason) {
  return {"deescalated",
          {text("by", by), text("from", core::name_of(from)), text("to", core::name_of(to)),
           text("reason", reason)}};
}

core::Because threat_again(int64_t threats) {
  return {"threat_again", {number("threats", threats)}};
}

core::Because no_such_rung(std::string_view by) { return {"no_such_rung", {text("by", by)}}; }

core::Because unknown_person(std::string_view by) { return {"unknown_person", {text("by", by)}}; }

core::Because no_option(std::string_view by) { return {"no_option", {text("by", by)}}; }

}  // namespace alerting::reasons
