#pragma once
// Takes every line of log while it lives. One at a time.
#include <mutex>
#include <string>
#include <string_view>

#include "core/log.h"

namespace fakes {

class LogCapture {
 public:
  LogCapture() {
    text().clear();
    core::set_log_sink(&take);
  }
  ~LogCapture() { core::set_log_sink(nullptr); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  std::string all() const {
    const std::scoped_lock lock(mutex());
    return text();
  }

 private:
  static std::mutex& mutex() {
    static std::mutex instance;
    return instance;
  }
  static std::string& text() {
    static std::string instance;
    return instance;
  }
  static void take(core::LogLevel, std::string_view line) {
    const std::scoped_lock lock(mutex());
    text().append(line).append("\n");
  }
};

}  // namespace fakes
