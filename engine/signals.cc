#include "engine/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace engine {

namespace {

volatile sig_atomic_t stop = 0, hang_up = 0;

bool had_terminal = false;

bool has_terminal() {
  const int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal >= 0) close(terminal);
  return terminal >= 0;
}

void on_stop(int) { stop = 1; }
void on_hang_up(int) { hang_up = 1; }

}  // namespace

void catch_hang_up() {
  had_terminal = has_terminal();
  struct sigaction action = {};
  action.sa_handler = on_hang_up;
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, nullptr);
}

void catch_stop() {
  struct sigaction action = {};
  action.sa_handler = on_stop;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

bool stop_asked() { return stop != 0; }

bool terminal_gone() { return had_terminal && !has_terminal(); }

bool take_hang_up() {
  const bool there = hang_up != 0;
  hang_up = 0;
  return there;
}

}  // namespace engine
