#include "core/log.h"

#include <atomic>
#include <cstdio>

namespace core {

namespace {

void to_stderr(LogLevel, std::string_view line) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

constinit std::atomic<LogSink> current_sink = &to_stderr;

}  // namespace

void set_log_sink(LogSink sink) {
  current_sink.store(sink != nullptr ? sink : &to_stderr, std::memory_order_release);
}

void log(LogLevel level, std::string_view line) {
  current_sink.load(std::memory_order_acquire)(level, line);
}

}  // namespace core
