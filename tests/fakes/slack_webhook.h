#pragma once
// A Slack incoming webhook, as CHANNELS 4 describes it: `ok` as text, words for refusals, one call
// a second with bursts of three.
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"

namespace fakes {

class SlackWebhook {
 public:
  explicit SlackWebhook(core::Clock& clock);

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url("/services/T000/B000/hook-of-slack"); }
  std::vector<std::string> posted() const;

 private:
  Reply handle(const Request& request);

  core::Clock& clock_;
  mutable std::mutex mutex_;  // guards all below
  Pace pace_;
  std::vector<std::string> posted_;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
