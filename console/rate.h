#pragma once
// How often one key (an address, a link) may come: a bucket each, in a table of bounded size.
#include <cstdint>
#include <map>
#include <string>

#include "core/time.h"

namespace console {

// One thread.
class Rate {
 public:
  // At most `burst` at once, and one more every `refill`. REQUIRES: both positive.
  Rate(int64_t burst, core::Millis refill) : burst_(burst), refill_(refill) {}
  bool allows(const std::string& key, core::Time wall);

 private:
  int64_t burst_;
  core::Millis refill_;
  // When the bucket is full again: all that a bucket has to remember.
  std::map<std::string, core::Time> full_at_;
};

}  // namespace console
