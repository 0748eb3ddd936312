#pragma once
// One line of log. The sink is set once by engine/log.cc before any thread starts; without one,
// lines go to standard error. No secrets and no unmasked text may be passed in.
#include <string_view>

namespace core {

enum class LogLevel { Debug, Info, Warning, Error };
using LogSink = void (*)(LogLevel, std::string_view line);

void set_log_sink(LogSink sink);
void log(LogLevel level, std::string_view line);

}  // namespace core
