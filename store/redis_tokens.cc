#include "store/redis_tokens.h"

#include <sys/random.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/hash.h"

namespace store {

RedisTokens::RedisTokens() {
  std::array<uint64_t, 2> bits = {};
  INVARIANT(getrandom(bits.data(), sizeof bits, 0) == static_cast<ssize_t>(sizeof bits));
  process_ = core::hex16(bits[0]) + core::hex16(bits[1]);
}

std::string RedisTokens::take(const std::vector<std::string>& call) {
  const std::lock_guard lock(mutex_);
  const auto known = std::find_if(unanswered_.begin(), unanswered_.end(),
                                  [&](const auto& kept) { return kept.first == call; });
  if (known == unanswered_.end()) return process_ + "-" + std::to_string(++count_);
  std::string token = std::move(known->second);
  unanswered_.erase(known);
  return token;
}

void RedisTokens::keep(const std::vector<std::string>& call, const std::string& token) {
  const std::lock_guard lock(mutex_);
  if (unanswered_.size() == kUnansweredMax) unanswered_.pop_front();
  unanswered_.emplace_back(call, token);
}

}  // namespace store
