#pragma once
// RedisTokens: makes changes that must happen once harmless to send twice. Each call of such a
// script carries a token; the server keeps the result under it for a day. A call that ended in
// Unavailable may have happened: when the same call with the same arguments comes again it gets the
// same token, so that the caller who tries again later does not do it twice. Any thread.
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace store {

class RedisTokens {
 public:
  static constexpr size_t kUnansweredMax = 64;  // the oldest is forgotten first

  RedisTokens();

  // A token for this call: the one kept for it, or a new one that no process has ever had.
  std::string take(const std::vector<std::string>& call);
  // The call was not answered: keep its token for the next time.
  void keep(const std::vector<std::string>& call, const std::string& token);

 private:
  std::mutex mutex_;     // protects everything below
  std::string process_;  // 128 random bits
  uint64_t count_ = 0;
  std::deque<std::pair<std::vector<std::string>, std::string>> unanswered_;
};

}  // namespace store
