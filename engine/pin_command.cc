#include "engine/pin_command.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "console/pin.h"

namespace engine {

namespace {

// One line; where a person types it, without showing it.
std::string read_secretly(const char* prompt) {
  std::string line;
  if (isatty(STDIN_FILENO) == 0) {
    std::getline(std::cin, line);
    return line;
  }
  std::cerr << prompt << std::flush;
  termios before{};
  const bool hidden = tcgetattr(STDIN_FILENO, &before) == 0;
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  if (hidden) tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  std::getline(std::cin, line);
  if (hidden) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  std::cerr << '\n';
  return line;
}

}  // namespace

int pin() {
  const std::string first = read_secretly("PIN（6–12 位数字 digits）: ");
  if (!console::is_pin(first)) {
    std::cerr << "qingyu pin: PIN 要 6–12 位数字 a PIN is 6 to 12 digits\n";
    return 2;
  }
  if (isatty(STDIN_FILENO) != 0 && read_secretly("再输一次 once more: ") != first) {
    std::cerr << "qingyu pin: 两次不一致 the two differ\n";
    return 1;
  }
  const auto hash = console::hash_pin(first);
  if (!hash) {
    std::cerr << "qingyu pin: " << hash.error().message << '\n';
    return 2;
  }
  std::cout << "pin: '" << *hash << "'\n";
  return 0;
}

}  // namespace engine
