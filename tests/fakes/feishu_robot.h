#pragma once
// The 飞书自定义机器人, as CHANNELS 4 describes it: token in the path, signature in the body, five
// calls a second and 100 a minute, and codes in 200 or 400.
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"

namespace fakes {

struct FeishuRules {
  enum class Busy { Code11232, Code9499, Status429 };
  std::string token = "hook-of-feishu", secret = {}, keyword = {};
  bool ip_refused = false;
  Busy busy = Busy::Code11232;
};

class FeishuRobot {
 public:
  FeishuRobot(core::Clock& clock, FeishuRules rules);

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url("/open-apis/bot/v2/hook/" + rules_.token); }
  std::vector<std::string> posted() const;

 private:
  Reply handle(const Request& request);

  core::Clock& clock_;
  FeishuRules rules_;
  mutable std::mutex mutex_;  // guards all below
  Pace second_, minute_;
  std::vector<std::string> posted_;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
