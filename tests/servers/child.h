#pragma once
// Child: a process that a test starts and that dies with the test, however the test ends (the
// kernel sends it SIGKILL when the starting thread is gone). Its output goes to a log file.
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace tests {

class Child {
 public:
  // Starts `arguments[0]` (looked for in PATH) with standard output and error appended to `log`.
  // Throws std::runtime_error when there is no such program.
  Child(const std::vector<std::string>& arguments, std::string log);
  ~Child();  // kill9()
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  bool running();           // false from its end on, also when nobody waited for it
  void signal(int number);  // no effect on one that has ended
  // Whether it ends by itself within that time; for killing it at a moment drawn by lot.
  bool ends_within(std::chrono::milliseconds time);
  int wait();                      // its exit code, or 128 + the number of the signal that ended it
  void kill9();                    // SIGKILL; gone when it returns
  std::string last_lines() const;  // the end of its log, for messages

 private:
  void note_end(int status);

  pid_t pid_ = -1;
  bool ended_ = false;
  int code_ = 0;
  std::string log_;
};

// Runs a program to its end and throws std::runtime_error unless it exits with 0.
void run(const std::vector<std::string>& arguments, const std::string& log);

}  // namespace tests
