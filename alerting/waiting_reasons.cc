#include "alerting/waiting_reasons.h"

namespace alerting::reasons {

namespace {

core::Figure text(std::string name, std::string_view value) {
  return {std::move(name), 0, std::string(value)};
}
core::Figure number(std::string name, int64_t value) { return {std::move(name), value, ""}; }

}  // namespace

core::Because agent_report(std::string_view reporter, int64_t sensitivity) {
  return {"agent_report", {text("reporter", reporter), number("sensitivity", sensitivity)}};
}

core::Because peer_doubts(std::string_view by, std::string_view reason) {
  return {"peer_doubts", {text("by", by), text("reason", reason)}};
}

core::Because peers_confirmed(std::string_view by, std::string_view reason) {
  return {"peers_confirmed", {text("by", by), text("reason", reason)}};
}

core::Because peers_silent(core::Millis after, int64_t asked) {
  return {"peers_silent", {number("minutes", after.count() / 60'000), number("asked", asked)}};
}

core::Because peers_doubted(int64_t asked) { return {"peers_doubted", {number("asked", asked)}}; }

core::Because not_consulted(std::string_view by) { return {"not_consulted", {text("by", by)}}; }

core::Because no_advice(std::string_view by) { return {"no_advice", {text("by", by)}}; }

core::Because silenced(std::string_view by, int64_t minutes, std::string_view reason) {
  return {"silenced", {text("by", by), number("minutes", minutes), text("reason", reason)}};
}

core::Because silence_gives_way(std::string_view by, core::Level level) {
  return {"silence_gives_way", {text("by", by), text("level", core::name_of(level))}};
}

core::Because silence_ended(std::string_view by) { return {"silence_ended", {text("by", by)}}; }

core::Because unsilenced(std::string_view by, std::string_view reason) {
  return {"unsilenced", {text("by", by), text("reason", reason)}};
}

core::Because may_not_silence(std::string_view by) { return {"may_not_silence", {text("by", by)}}; }

core::Because may_not_reveal(std::string_view by) { return {"may_not_reveal", {text("by", by)}}; }

core::Because no_such_member(std::string_view by) { return {"no_such_member", {text("by", by)}}; }

core::Because reveal_needs_reason(std::string_view by) {
  return {"reveal_needs_reason", {text("by", by)}};
}

core::Because no_silence(std::string_view by) { return {"no_silence", {text("by", by)}}; }

core::Because silence_minutes(std::string_view by) { return {"silence_minutes", {text("by", by)}}; }

core::Because quiet_hours_end(std::string_view person) {
  return {"quiet_hours_end", {text("person", person)}};
}

core::Because quiet_gives_way(core::Level level, int64_t loss_cny) {
  return {"quiet_gives_way", {text("level", core::name_of(level)), number("loss_cny", loss_cny)}};
}

}  // namespace alerting::reasons
