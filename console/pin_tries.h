#pragma once
// Wrong PINs of each person, on the store's shelf "pins", so that a restart gives no new tries.
#include <cstdint>
#include <string>

#include "core/result.h"
#include "core/store.h"
#include "core/time.h"

namespace console {

inline constexpr uint64_t kPinTriesMax = 5;
inline constexpr core::Millis kPinLock{15 * 60'000};

// Methods may be called from any thread.
class PinTries {
 public:
  explicit PinTries(core::Store& store) : store_(store) {}

  enum class Answer {
    Go,      // compare; the try is counted already, so that two at once are two
    GoLast,  // the same; if it is wrong, the person is locked out: tell them
    Locked,  // do not compare
  };
  core::Result<Answer> begin(const std::string& person, core::Time wall);
  // It was right: the count starts anew.
  core::Result<core::Unit> right(const std::string& person);

 private:
  core::Store& store_;
};

}  // namespace console
