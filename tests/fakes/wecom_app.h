#pragma once
// An app of 企业微信, as CHANNELS 4 describes it: tokens of two hours, a message to each member
// beyond 30 a minute or 1000 an hour dropped without a word, repeated bytes dropped too, response
// codes for one use within 72 hours, and presses that are signed and encrypted.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/fakes/http_server.h"
#include "tests/fakes/pace.h"
#include "tests/fakes/pusher.h"

namespace fakes {

struct WecomAppRules {
  std::string corp = "ww1234567890abcdef", secret = "secret-of-the-wecom-app";
  int agent = 1000002;
  std::vector<std::string> members = {"wangqing", "zhangsan"};
  std::string callback_token = "testtoken",
              callback_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
};

class WecomApp {
 public:
  struct Posted {  // what a member sees
    core::Time at{};
    std::string member, type, task, text;  // `text`: the message in JSON
  };
  struct Updated {
    std::string code, body;
  };

  explicit WecomApp(core::Clock& clock, WecomAppRules rules = {});

  HttpServer& server() { return server_; }
  std::string url() const { return server_.url(""); }
  void expire_tokens();  // 42001 from now on
  void forget_tokens();  // 40014: as if somebody else had logged in
  // The next messages with a good token get these bodies and are not looked at.
  void say_next(const std::vector<std::string>& bodies);

  std::vector<Posted> posted() const;
  std::vector<Updated> updated() const;
  size_t dropped() const;   // without a word: over a member's pace
  size_t repeated() const;  // the same bytes again
  size_t tokens_issued() const;
  size_t codes_refused() const;
  std::vector<std::string> secrets() const;  // what must be in no log: tokens and codes

  // A member presses a button of a card: what the vendor then calls us with. A new response code
  // is in it.
  Push press(const std::string& member, const std::string& task, const std::string& key);
  // The vendor's question whether we are there; the plain text is to be answered.
  Push question(const std::string& plain) const;
  // It waits 5 s for an answer and calls again twice.
  Pusher pusher() {
    return {clock_, core::Millis(5'000), {core::Millis(5'000), core::Millis(5'000)}};
  }

 private:
  Reply handle(const Request& request);
  std::string token(const Request& request);
  std::string refused_token(const std::string& token) const;
  std::string message(const Request& request);
  std::string update(const Request& request);
  std::string new_code();
  std::string sealed(const std::string& text, std::string& encrypt) const;  // the query

  core::Clock& clock_;
  WecomAppRules rules_;
  mutable std::mutex mutex_;                  // guards all below
  std::map<std::string, core::Time> tokens_;  // until when
  std::map<std::string, core::Time> codes_;   // until when; gone when used
  std::map<std::string, core::Time> bytes_;   // messages: not again until
  std::map<std::string, Pace> paces_;         // by member
  std::set<std::string> tasks_;
  std::deque<std::string> script_;
  std::vector<Posted> posted_;
  std::vector<Updated> updated_;
  std::vector<std::string> secrets_;
  size_t dropped_ = 0, repeated_ = 0, issued_ = 0, codes_refused_ = 0;
  HttpServer server_;  // last: it stops before the rest goes
};

}  // namespace fakes
