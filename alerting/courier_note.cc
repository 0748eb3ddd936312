#include "alerting/courier_note.h"

#include <algorithm>
#include <charconv>

namespace alerting {

namespace {

// Takes " <letter><number>" off the front; false when it is something else.
bool take(std::string_view& text, char letter, int64_t& value) {
  if (text.starts_with(' ')) text.remove_prefix(1);
  if (!text.starts_with(letter)) return false;
  const char* begin = text.data() + 1;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

}  // namespace

std::string with_note(std::string_view answer, const AttemptNote& note) {
  return std::string(answer) + " [L" + std::to_string(static_cast<int>(note.level)) + " m" +
         std::to_string(note.maybe_posted) + " b" + std::to_string(note.busy) + " t" +
         std::to_string(core::to_ms(note.since)) + "]";
}

AttemptNote note_of(std::string_view vendor_answer) {
  const size_t open = vendor_answer.rfind('[');
  if (open == std::string_view::npos) return {};
  std::string_view text = vendor_answer.substr(open + 1);
  int64_t level = 0, maybe = 0, busy = 0, since = 0;
  const bool whole = take(text, 'L', level) && take(text, 'm', maybe) && take(text, 'b', busy) &&
                     take(text, 't', since) && text == "]";
  if (!whole) return {};
  constexpr int64_t kCountMax = 1'000'000;
  return {static_cast<Degrade>(std::clamp<int64_t>(level, 0, 3)),
          static_cast<uint32_t>(std::clamp<int64_t>(maybe, 0, kCountMax)),
          static_cast<uint32_t>(std::clamp<int64_t>(busy, 0, kCountMax)), core::from_ms(since)};
}

std::string_view answer_of(std::string_view vendor_answer) {
  const size_t open = vendor_answer.rfind(" [L");
  return open == std::string_view::npos ? vendor_answer : vendor_answer.substr(0, open);
}

core::OutboxState begun(const core::OutboxState& before, const AttemptNote& note,
                        core::Time next_try) {
  AttemptNote counted = note;
  ++counted.maybe_posted;
  return {core::Delivery::Unknown, before.attempts + 1, core::to_ms(next_try),
          with_note("attempt begun", counted)};
}

core::OutboxState waiting(const core::OutboxState& before, const AttemptNote& note,
                          std::string_view answer, core::Time next_try) {
  const auto delivery = note.maybe_posted > 0 ? core::Delivery::Unknown : core::Delivery::Retry;
  return {delivery, before.attempts, core::to_ms(next_try), with_note(answer, note)};
}

}  // namespace alerting
