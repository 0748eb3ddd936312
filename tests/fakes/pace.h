#pragma once
// How often a credential was used: a vendor's quota by the courier's clock.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/time.h"

namespace fakes {

struct Pace {
  std::vector<core::Time> calls;

  // How many calls, this one included, the window that ends at `now` has seen.
  size_t call(core::Time now, core::Millis window) {
    calls.push_back(now);
    return static_cast<size_t>(
        std::ranges::count_if(calls, [&](core::Time t) { return t > now - window; }));
  }
};

}  // namespace fakes
