#include "console/pin_tries.h"

#include "core/bytes.h"

namespace console {

namespace {

constexpr uint64_t kVersion = 1;
constexpr int kTurnsMax = 8;  // of others who count at the same moment
const std::string kShelf = "pins";

std::string bytes_of(uint64_t tries) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.u64(tries);
  return out.take();
}

uint64_t tries_of(const std::string& value) {
  core::ByteReader in(value);
  const uint64_t version = in.u64(), tries = in.u64();
  return in.ok() && version == kVersion ? tries : 0;
}

}  // namespace

// Tries lapse a quarter of an hour after the last one that was counted; the fifth is the last one
// counted, so the lock is the same quarter of an hour.
core::Result<PinTries::Answer> PinTries::begin(const std::string& person, core::Time wall) {
  for (int turn = 0; turn < kTurnsMax; ++turn) {
    const auto slot = store_.find(kShelf, person);
    if (!slot) return slot.error();
    const bool counts = *slot && (*slot)->expires > wall;
    const uint64_t tries = counts ? tries_of((*slot)->value) : 0;
    if (tries >= kPinTriesMax) return Answer::Locked;
    const core::Slot next{kShelf, person, bytes_of(tries + 1), wall + kPinLock};
    const auto counted = store_.replace(next, *slot ? (*slot)->value : "");
    if (counted) return tries + 1 == kPinTriesMax ? Answer::GoLast : Answer::Go;
    if (counted.error().code != core::Code::Conflict) return counted.error();
  }
  return Answer::Locked;
}

core::Result<core::Unit> PinTries::right(const std::string& person) {
  return store_.drop(kShelf, person);
}

}  // namespace console
