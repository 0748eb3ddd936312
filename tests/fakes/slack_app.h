#pragma once
// A Slack bot's workspace, as CHANNELS 2.5 and 4 describe it: HTTP 200 with ok false for what is
// wrong, one message a second in each channel with short bursts and then 429, nothing deduplicated,
// presses that are signed and may come twice.
#include <map>
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"
#include "tests/fakes/pusher.h"

namespace fakes {

struct SlackAppRules {
  std::string token = "xoxb-of-the-slack-app", signing_secret = "slacksigningsecret";
  std::vector<std::string> channels = {"U1", "C1"};
  int busy_seconds = 30;  // Retry-After
  size_t burst = 3;
};

enum class SlackSignature { Good, Bad, Old };

class SlackApp {
 public:
  struct Posted {
    core::Time at{};
    std::string channel, ts, body;
    std::vector<std::string> changes = {};
  };

  explicit SlackApp(core::Clock& clock, SlackAppRules rules = {});

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url("/api"); }
  void busy_next() { busy_next_ = true; }  // one message is answered with 429
  std::vector<Posted> posted() const;
  std::vector<std::string> secrets() const { return {rules_.token, rules_.signing_secret}; }

  // The same `action` again is the same press, delivered twice.
  Push press(const std::string& person, const Posted& message, const std::string& value,
             const std::string& action, SlackSignature signature = SlackSignature::Good) const;
  Pusher pusher() { return {clock_, core::Millis(3'000), {}}; }

 private:
  Reply handle(const Request& request);
  Reply message(const std::string& body, const std::string& channel);
  Reply change(const std::string& body, const std::string& channel, const std::string& ts);

  core::Clock& clock_;
  SlackAppRules rules_;
  std::atomic<bool> busy_next_ = false;
  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, Pace> paces_;
  std::vector<Posted> posted_;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
