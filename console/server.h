#pragma once
// The HTTP/1.1 server in front of Console: one thread, bounded in connections, bytes and time.
// There is no TLS: it stands behind a reverse proxy, or listens on the loopback.
#include <cstdint>
#include <memory>
#include <string>

#include "console/console.h"
#include "core/result.h"

namespace console {

struct ServerSettings {
  std::string address = "127.0.0.1";
  uint16_t port = 8686;  // 0: the system picks one
  size_t connections_max = 256;
  size_t header_bytes_max = 8 * 1024, body_bytes_max = 64 * 1024;
  core::Millis read_timeout{10'000};  // of one whole request, in real time
  core::Millis result_wait{5'000};    // for what came of a press
  // The last address of X-Forwarded-For is the caller's. Only behind a proxy that sets it.
  bool behind_proxy = false;
};

// Give run() a thread; stop() and port() may be called from any.
class Server {
 public:
  // BadSettings: no such address. Unavailable: it is taken.
  static core::Result<std::unique_ptr<Server>> listen(const ServerSettings& settings,
                                                      Console& console);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void run();   // returns after stop(); connections are closed then
  void stop();  // may come before run()
  uint16_t port() const;

 private:
  struct Listener;
  explicit Server(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace console
