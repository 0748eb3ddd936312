#pragma once
// A Teams Workflows webhook, as CHANNELS 4 describes it: 202 and nothing more; a message that is
// too large once written in ASCII is taken and dropped without a word.
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"

namespace fakes {

class TeamsWorkflow {
 public:
  explicit TeamsWorkflow(core::Clock& clock);

  HttpServer& server() { return server_; }
  std::string url() const {
    return server_.url("/workflows/w1/triggers/manual/paths/invoke?sig=signature-of-teams");
  }
  std::vector<std::string> posted() const;
  size_t dropped() const;

 private:
  Reply handle(const Request& request);

  core::Clock& clock_;
  mutable std::mutex mutex_;  // guards all below
  Pace pace_;
  std::vector<std::string> posted_;
  size_t dropped_ = 0;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
