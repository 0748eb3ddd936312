#pragma once
// A console with everything around it: a store, a desk that takes acts, a real server on the
// loopback, and a client that speaks to it by plain sockets.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "console/console.h"
#include "console/grants.h"
#include "console/server.h"
#include "store/open.h"
#include "tests/fakes/fake_clock.h"
#include "tests/servers/http_client.h"

namespace tests {

inline const std::string kPin = "482913";

class Office {
 public:
  explicit Office(console::ServerSettings settings = {}, console::Limits limits = {});
  ~Office();

  std::string link(const std::string& action, uint32_t revision = 3,
                   const std::string& person = "zhang");  // "/a/<token>"
  Answer ask(const std::string& method, const std::string& target,
             const std::string& more_headers = "", const std::string& body = "");
  // Opens the page, fills the form in and presses, as a browser does.
  Answer press(const std::string& target, const std::string& fields);
  Answer post(const std::string& target, const std::string& body,
              const std::string& origin = "");  // "" = our own
  std::string nonce_of(const std::string& page) const;
  std::string host() const { return "127.0.0.1:" + std::to_string(server->port()); }

  std::vector<core::Act> acts();
  std::vector<std::string> notes();  // kinds
  bool noted(const std::string& kind);

  fakes::FakeClock clock;
  std::unique_ptr<core::Store> store;
  console::Keys keys{{{uint8_t{1}, std::string(32, 'k')}}};
  console::Grants grants;
  console::IncidentView view;  // changed only while nobody asks
  std::atomic<bool> answers = true, refuses = false;
  std::function<std::optional<console::CallbackReading>(const std::string&,
                                                        const console::Request&)>
      callback;
  std::vector<std::string> alarms;
  std::unique_ptr<console::Console> console;
  std::unique_ptr<console::Server> server;

 private:
  console::Hooks hooks();
  std::mutex mutex_;
  std::map<std::string, core::Act> acts_;  // by id
  std::vector<console::Note> notes_;
  std::thread thread_;
};

}  // namespace tests
