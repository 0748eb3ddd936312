#include "tests/servers/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace tests {

namespace {

constexpr size_t kLogTailBytes = 2000;

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line.substr(0, 300);
}

// In the new process, between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* argv, int log, int failure, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // the test ended before the line above
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  execvp(argv[0], argv);
  const int error = errno;
  if (write(failure, &error, sizeof(error)) < 0) _exit(126);
  _exit(127);
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, std::string log) : log_(std::move(log)) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int out = open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int failure[2];  // carries errno when exec fails, closes by itself when it succeeds
  if (out < 0 || pipe2(failure, O_CLOEXEC) != 0)
    throw std::runtime_error("cannot open " + log_ + ": " + std::strerror(errno));
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(argv.data(), out, failure[1], parent);
  close(out);
  close(failure[1]);
  int error = 0;
  const ssize_t got = pid_ < 0 ? 0 : read(failure[0], &error, sizeof(error));
  close(failure[0]);
  if (pid_ > 0 && got != sizeof(error)) return;
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  throw std::runtime_error("cannot start " + joined(arguments) + ": " +
                           std::strerror(pid_ < 0 ? errno : error) +
                           "; tests/install.sh installs what the tests need");
}

Child::~Child() { kill9(); }

bool Child::running() {
  int status = 0;
  if (!ended_ && waitpid(pid_, &status, WNOHANG) == pid_) note_end(status);
  return !ended_;
}

void Child::signal(int number) {
  if (running()) kill(pid_, number);
}

bool Child::ends_within(std::chrono::milliseconds time) {
  if (!running()) return true;
  pollfd end{static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), POLLIN, 0};
  poll(&end, 1, static_cast<int>(time.count()));
  close(end.fd);
  return !running();
}

int Child::wait() {
  int status = 0;
  if (!ended_ && waitpid(pid_, &status, 0) == pid_) note_end(status);
  return code_;
}

void Child::kill9() {
  signal(SIGKILL);
  wait();
}

std::string Child::last_lines() const {
  std::ifstream file(log_, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  return all.size() <= kLogTailBytes ? all : all.substr(all.size() - kLogTailBytes);
}

void Child::note_end(int status) {
  ended_ = true;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void run(const std::vector<std::string>& arguments, const std::string& log) {
  Child child(arguments, log);
  const int code = child.wait();
  if (code != 0)
    throw std::runtime_error(joined(arguments) + " exited with " + std::to_string(code) + ": " +
                             child.last_lines());
}

}  // namespace tests
