#pragma once
// LeakyProxy: stands between clients and a server and loses answers when told to. The server has
// done what it was asked; the client sees its connection break. Its thread ends with the object.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace tests {

class LeakyProxy {
 public:
  explicit LeakyProxy(int server_port);
  ~LeakyProxy();
  LeakyProxy(const LeakyProxy&) = delete;
  LeakyProxy& operator=(const LeakyProxy&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // The next `count` answers to requests that hold `word` are lost.
  void lose(int count, const std::string& word);
  int left_to_lose() const { return to_lose_; }

 private:
  struct Pair {
    int client = -1, server = -1;
    bool doomed = false;  // the answer to what is on its way will be lost
  };
  void serve();
  bool from_client(Pair& pair);
  bool from_server(Pair& pair);

  int server_port_, listener_ = -1, port_ = 0;
  std::vector<Pair> pairs_;  // the thread's own
  std::string word_;         // set while no request is on its way
  std::atomic<int> to_lose_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace tests
