#include "engine/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace engine {

namespace {

spdlog::level::level_enum level_of(core::LogLevel level) {
  switch (level) {
    case core::LogLevel::Debug:
      return spdlog::level::debug;
    case core::LogLevel::Info:
      return spdlog::level::info;
    case core::LogLevel::Warning:
      return spdlog::level::warn;
    case core::LogLevel::Error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

void to_spdlog(core::LogLevel level, std::string_view line) {
  spdlog::log(level_of(level), "{}", line);
}

}  // namespace

void start_log(core::LogLevel least) {
  auto logger = spdlog::stderr_color_mt("qingyu");
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  logger->set_level(level_of(least));
  spdlog::set_default_logger(std::move(logger));
  core::set_log_sink(&to_spdlog);
}

}  // namespace engine
