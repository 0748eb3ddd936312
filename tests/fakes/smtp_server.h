#pragma once
// A mail server on the loopback, as CHANNELS 4 describes it: replies scripted by stage, AUTH and
// STARTTLS where its rules offer them, and a record of every letter that it took. One connection at
// a time is talked to; the others wait.
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"

namespace fakes {

struct SmtpRules {
  std::string user = {}, password = {};  // "" user: AUTH is not offered
  bool starttls = false;                 // offered, with a certificate of its own
  bool tls_at_once = false;              // smtps
};

class SmtpServer {
 public:
  enum class Stage { Greeting, Hello, Login, Sender, Recipient, Begin, End };
  struct Letter {
    core::Time at{};
    std::string id, from, bytes, user;  // `id`: its Message-ID
    std::vector<std::string> to;        // those who were taken
    bool secret = false;                // came over TLS
  };
  // What is said instead of a reply.
  static constexpr const char* kDrop = "drop";    // hangs up; at the End the letter was taken
  static constexpr const char* kStall = "stall";  // says nothing until the client goes; as above

  explicit SmtpServer(core::Clock& clock, SmtpRules rules = {});
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  std::string url() const;
  // The next times that a client comes to `stage` it is told these. A letter is taken when its End
  // is answered with 2xx, or not at all.
  void say_next(Stage stage, const std::vector<std::string>& replies);

  std::vector<Letter> letters() const;
  // Each Message-ID once: what a mailbox that knows a repetition shows.
  size_t shown() const;
  std::vector<std::string> dialogue() const;  // the commands, as they came
  size_t connections() const { return connections_; }
  // The certificate, for a client that is to trust it.
  const std::string& certificate_file() const { return certificate_file_; }

 private:
  class Line;
  void run();
  void converse(Line& line);
  bool say(Line& line, Stage stage, const std::string& usual);
  bool command(Line& line, const std::string& text, Letter& letter);
  bool hello(Line& line);
  bool log_in(Line& line, const std::string& text, Letter& letter);
  bool take(Line& line, Letter& letter);
  std::string next(Stage stage);

  core::Clock& clock_;
  SmtpRules rules_;
  std::string certificate_file_;
  void* tls_ = nullptr;  // SSL_CTX
  int listener_ = -1, stop_ = -1, port_ = 0;
  std::atomic<size_t> connections_ = 0;
  mutable std::mutex mutex_;  // guards the three below
  std::map<Stage, std::deque<std::string>> script_;
  std::vector<Letter> letters_;
  std::vector<std::string> dialogue_;
  std::thread thread_;
};

}  // namespace fakes
