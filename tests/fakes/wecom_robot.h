#pragma once
// The 企业微信群机器人 of the vendor, as CHANNELS 4 describes it: HTTP 200 whatever happens, codes
// in the body, 20 calls in 60 s by the courier's clock and then 45009.
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"

namespace fakes {

class WecomRobot {
 public:
  struct Posted {  // what people in the group see
    core::Time at{};
    std::string key, content, type;
    std::vector<std::string> mentioned;  // of a text's list; in markdown it stands in the content
  };

  WecomRobot(core::Clock& clock, std::vector<std::string> keys);

  HttpServer& server() { return server_; }
  std::string url(std::string_view key) const;
  // The next calls with a good key get these bodies and post nothing.
  void say_next(const std::vector<std::string>& bodies);
  std::vector<Posted> posted() const;
  size_t refused_for_pace() const;
  // The most calls that any 60 s have seen by one key, good or bad.
  size_t most_calls_in_a_minute() const;

 private:
  Reply handle(const Request& request);
  std::string verdict(const Request& request, const std::string& key);

  core::Clock& clock_;
  std::vector<std::string> keys_;
  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, std::vector<core::Time>> calls_;
  std::deque<std::string> script_;
  std::vector<Posted> posted_;
  size_t refused_for_pace_ = 0;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
