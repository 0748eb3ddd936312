#pragma once
// ConsoleThread: the HTTP server of a running system (console/), with the keys and grants of its
// action links, in a thread of its own.
#include <memory>
#include <thread>

#include "console/server.h"
#include "engine/settings.h"

namespace engine {

class ConsoleThread {
 public:
  // Opens the port. BadSettings, Unavailable: one line. `store` outlives it, and all that `hooks`
  // reach.
  static core::Result<std::unique_ptr<ConsoleThread>> open(const ConsoleSettings& settings,
                                                           core::Store& store,
                                                           console::Hooks hooks);
  ~ConsoleThread() { stop(); }
  ConsoleThread(const ConsoleThread&) = delete;
  ConsoleThread& operator=(const ConsoleThread&) = delete;

  // Hands over what was pressed before a crash, then serves.
  core::Result<core::Unit> start();
  void stop();
  uint16_t port() const { return server_->port(); }
  console::Grants& grants() { return grants_; }  // any thread

 private:
  ConsoleThread(console::Keys keys, const ConsoleSettings& settings, core::Store& store,
                console::Hooks hooks);

  const console::Keys keys_;
  console::Grants grants_;
  console::Console console_;
  std::unique_ptr<console::Server> server_;
  std::thread thread_;
};

}  // namespace engine
