#pragma once
// What must survive a crash about the attempts at one notification. It stands behind the vendor's
// words in OutboxState::vendor_answer while the notification is under way:
// "errcode -1 system busy [L1 m0 b2 t1773129600000]". A final state holds the words alone.
//
// Before anything is sent the attempt is kept as begun: Unknown, with `maybe_posted` counted up.
// Whoever finds it so after a crash knows that it may have been posted, and needs no other mark.
#include <cstdint>
#include <string>
#include <string_view>

#include "alerting/channel.h"
#include "core/store.h"
#include "core/time.h"

namespace alerting {

struct AttemptNote {
  Degrade level = Degrade::Full;
  uint32_t maybe_posted = 0;  // attempts that may have been posted without proof
  uint32_t busy = 0;          // answers that allow only so many retries
  core::Time since{};         // when the courier first saw it; Time{}: never attempted
};

// REQUIRES: `answer` holds no square brackets (answer_line() sees to it).
std::string with_note(std::string_view answer, const AttemptNote& note);
// The note behind an answer; an empty one when there is none.
AttemptNote note_of(std::string_view vendor_answer);
// The answer alone, for people.
std::string_view answer_of(std::string_view vendor_answer);

// The state in which an attempt is kept before it is made, and a state to wait in.
core::OutboxState begun(const core::OutboxState& before, const AttemptNote& note,
                        core::Time next_try);
core::OutboxState waiting(const core::OutboxState& before, const AttemptNote& note,
                          std::string_view answer, core::Time next_try);

}  // namespace alerting
