#pragma once
// Conversation: a TCP connection to a server under test, with a time limit on every step, and
// until(), the one place where tests wait for a server.
#include <functional>
#include <string>
#include <string_view>

#include "tests/servers/child.h"

namespace tests {

class Conversation {
 public:
  explicit Conversation(int port);  // of 127.0.0.1; nobody there: ok() is false
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  bool ok() const { return ok_; }
  void say(std::string_view bytes);
  std::string hear(size_t bytes);  // exactly as many, or ok() becomes false

 private:
  int fd_ = -1;
  bool ok_ = false;
};

// Asks `ready` again and again until it says yes. Throws when `child` ends first or three
// minutes have gone; `what` names the server in the message.
void until(const std::string& what, Child& child, const std::function<bool()>& ready);

}  // namespace tests
