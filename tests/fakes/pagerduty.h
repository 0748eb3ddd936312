#pragma once
// PagerDuty's Events API v2, as CHANNELS 2.7 and 4 describe it: alerts by (routing key, dedup key),
// what is for no open alert is taken and dropped.
#include <map>
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"

namespace fakes {

class Pagerduty {
 public:
  struct Alert {
    std::string state;  // triggered acknowledged resolved
    size_t events = 0;
  };

  explicit Pagerduty(core::Clock& clock);

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url("/v2/enqueue"); }
  static std::string routing_key() { return "0123456789abcdef0123456789abcdef"; }
  std::vector<Alert> alerts(const std::string& dedup_key) const;  // oldest first
  size_t dropped() const;

 private:
  Reply handle(const Request& request);
  void take(const std::string& action, std::vector<Alert>& alerts);

  core::Clock& clock_;
  mutable std::mutex mutex_;  // guards all below
  Pace pace_;
  std::map<std::string, std::vector<Alert>> alerts_;
  size_t dropped_ = 0;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
