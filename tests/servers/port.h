#pragma once
// Port: a TCP port of 127.0.0.1 that nobody listens on and no other test will choose. It lies below
// the range that the kernel gives to outgoing connections, so that a client which keeps calling a
// stopped server cannot take the port (or connect to itself).
namespace tests {

class Port {
 public:
  Port();
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  int number() const { return number_; }

 private:
  int number_ = 0;
  int claim_ = -1;  // a socket whose abstract name holds the port for this process
};

}  // namespace tests
