#pragma once
// An HTTPS server whose certificate it signed itself: whoever talks to it does not verify.
#include <atomic>
#include <string>
#include <thread>

namespace fakes {

class TlsServer {
 public:
  TlsServer();
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/x?key=abcdef"; }
  size_t bytes_read() const { return bytes_read_; }  // decrypted: what clients told it
  size_t connections() const { return connections_; }

 private:
  void run();

  int listener_ = -1, stop_ = -1, port_ = 0;
  std::atomic<size_t> bytes_read_ = 0, connections_ = 0;
  std::thread thread_;
};

}  // namespace fakes
