#pragma once
// A real HTTP/1.1 server on the loopback, with a queue of faults: each connection takes one from
// its front. The handler is called under a lock, one request at a time; the journal keeps every
// request that was read to its end, faults included. Connections are
// kept alive until a fault ends them.
#include <atomic>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"

namespace fakes {

enum class Fault {
  None,
  CloseBeforeReading,
  CloseAfterReading,  // the handler has run: the message was posted
  Stall,              // posted, then silence until the client goes away
  BadGateway,         // a proxy's 502 in HTML; the handler never saw it. So are the next five:
  EmptyOk,
  NotJson,
  JsonWithoutCode,
  ServerError,  // 500 in JSON
  Moved,        // 301 to another host
  SlowDrip,     // posted, then a byte now and then
  HugeAnswer,   // posted, then 10 MB
};
std::vector<Fault> all_faults();  // without None

struct Request {
  std::string method, target, body;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  core::Time at{};

  std::string header(std::string_view name) const;  // "" when absent
  std::string query(std::string_view name) const;   // of the target; "" when absent
};

struct Reply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

class HttpServer {
 public:
  using Handler = std::function<Reply(const Request&)>;

  HttpServer(core::Clock& clock, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url(std::string_view target) const;  // http://127.0.0.1:<port><target>
  int port() const { return port_; }
  void fail_next(const std::vector<Fault>& faults);  // appends to the queue
  std::vector<Request> journal() const;
  size_t connections() const { return connections_; }

 private:
  struct Connection {
    int socket = -1;
    std::atomic<bool> done = false;
    std::thread thread;
  };

  void accept_all();
  void serve(Connection& connection, Fault fault);
  void converse(int socket, Fault fault);
  void answer(int socket, Fault fault, const Request& request);
  void wait_for_peer_to_go(int socket, std::string_view drip);
  Fault next_fault();
  void reap(bool all);

  core::Clock& clock_;
  Handler handler_;
  int listener_ = -1, stop_ = -1, port_ = 0;
  std::atomic<size_t> connections_ = 0;
  mutable std::mutex mutex_;  // guards the three below, and is held while the handler runs
  std::deque<Fault> faults_;
  std::vector<Request> journal_;
  std::list<Connection> open_;
  std::thread acceptor_;
};

}  // namespace fakes
