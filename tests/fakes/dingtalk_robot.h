#pragma once
// The 钉钉自定义机器人, as CHANNELS 4 describes it: HTTP 200 whatever happens; keyword, timestamp,
// signature and moderation; the 21st call in 60 s blocks it for ten minutes.
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"

namespace fakes {

struct DingtalkRules {
  std::string token = "t0ken-of-dingtalk", secret = {}, keyword = {};
  std::vector<std::string> unsafe_words = {}, safe_hosts = {};  // no safe hosts: all are
  bool new_style = false;
  bool ip_refused = false;
};

class DingtalkRobot {
 public:
  DingtalkRobot(core::Clock& clock, DingtalkRules rules);

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url("/robot/send?access_token=" + rules_.token); }
  std::vector<std::string> posted() const;  // bodies that people see

 private:
  std::string verdict(const Request& request);
  std::optional<std::string> security(const Request& request) const;
  std::optional<std::string> moderation(const std::string& body) const;

  core::Clock& clock_;
  DingtalkRules rules_;
  mutable std::mutex mutex_;  // guards all below
  Pace pace_;
  core::Time blocked_until_{};
  std::vector<std::string> posted_;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
