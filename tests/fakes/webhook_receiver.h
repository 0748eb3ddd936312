#pragma once
// A receiver of Standard Webhooks 1.0.0 that does what the specification asks of one: it checks the
// signature with its own code, refuses old timestamps, and shows each webhook-id once.
#include <map>
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"

namespace fakes {

class WebhookReceiver {
 public:
  struct Shown {
    core::Time at{};
    std::string id, body;
  };

  // `key`: the bytes behind "whsec_" in base64.
  WebhookReceiver(core::Clock& clock, std::string key);

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url("/hooks/incidents"); }
  void say_next(const std::vector<Reply>& replies);  // instead of looking at the message
  std::vector<Shown> shown() const;                  // one a webhook-id
  size_t repeated() const;                           // same id and same bytes
  size_t wrong() const;  // bad signatures, old timestamps, other bytes under a known id

 private:
  Reply handle(const Request& request);
  bool genuine(const Request& request) const;

  core::Clock& clock_;
  std::string key_;
  mutable std::mutex mutex_;  // guards all below
  std::deque<Reply> script_;
  std::map<std::string, std::string> bodies_;
  std::vector<Shown> shown_;
  size_t repeated_ = 0, wrong_ = 0;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
