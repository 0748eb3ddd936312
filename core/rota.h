#pragma once
// Rotas: who is on duty when. Pure functions of the Policy and a time, so that the desk, a replay
// of last year and `qingyu oncall` give the same answer.
#include <optional>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/time.h"

namespace core {

struct OnDuty {
  std::vector<std::string> now;      // told at once; empty: nobody, which is never silent
  std::vector<std::string> standby;  // asked, in this order, when none of `now` can be reached
};

// Who `who` means at `at`: a person; all holders of a role; of a rota the first layer that has
// somebody (overrides first), the other layers standing by. Ids of `people`, nobody twice.
OnDuty resolve(const Policy& policy, const Who& who, Time at);

// The person of one layer at `at`: turns are counted in local days, so that a hand-over at 09:00
// stays at 09:00 over a change of the clock. "" before its start or without people.
std::string on_layer(const Rota& rota, const RotaLayer& layer, const Zone& zone, Time at);

// The next time after `at` at which `who` means somebody else, looking at most `horizon` ahead.
std::optional<Time> next_change(const Policy& policy, const Who& who, Time at,
                                Millis horizon = Millis(int64_t{62} * 24 * 3600'000));

// Whether `at` is within the quiet hours, in local time.
bool is_quiet(const QuietHours& quiet, const Zone& zone, Time at);
// When the quiet hours that hold at `at` end. REQUIRES: is_quiet(quiet, zone, at).
Time quiet_until(const QuietHours& quiet, const Zone& zone, Time at);

}  // namespace core
