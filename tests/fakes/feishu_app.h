#pragma once
// An app of 飞书, as CHANNELS 4 describes it: tenant tokens, messages that are dropped for an hour
// when their uuid comes again, cards that can be changed for 14 days and five times a second,
// presses that must be answered within 3 s and never come again, events that do.
#include <map>
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"
#include "tests/fakes/pusher.h"

namespace fakes {

struct FeishuAppRules {
  std::string app = "cli_qingyu", secret = "secret-of-the-feishu-app";
  std::vector<std::string> people = {"ou_1", "ou_2"}, chats = {"oc_1"};
  std::string callback_token = "vtoken789", callback_key = {};  // "" key: not encrypted
};

class FeishuApp {
 public:
  struct Posted {
    core::Time at{};
    std::string id, receiver, card;
    std::vector<std::string> changes = {};  // the cards that replaced it
  };

  explicit FeishuApp(core::Clock& clock, FeishuAppRules rules = {});

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url(""); }
  void expire_tokens();
  void say_next(const std::vector<Reply>& replies);  // to messages with a good token

  std::vector<Posted> posted() const;
  size_t repeated() const;  // dropped by their uuid
  size_t tokens_issued() const;
  std::vector<std::string> secrets() const;

  Push press(const std::string& person, const std::string& message, const std::string& value,
             const std::string& event) const;
  Push event(const std::string& type, const std::string& event) const;
  Push question(const std::string& challenge) const;
  Pusher press_pusher() { return {clock_, core::Millis(3'000), {}}; }
  // 15 s, 5 min, 1 h, 6 h
  Pusher event_pusher();

 private:
  Reply handle(const Request& request);
  Reply token(const Request& request);
  Reply message(const Request& request);
  Reply change(const Request& request, const std::string& id);
  Push sealed(const std::string& plain) const;

  core::Clock& clock_;
  FeishuAppRules rules_;
  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, core::Time> tokens_;
  std::map<std::string, std::pair<std::string, core::Time>> uuids_;  // -> message, until
  std::map<std::string, Pace> changes_;                              // by message
  Pace second_, minute_;
  std::deque<Reply> script_;
  std::vector<Posted> posted_;
  std::vector<std::string> secrets_;
  size_t repeated_ = 0, issued_ = 0;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
