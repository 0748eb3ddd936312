// What vendors tell us: a channel reads and verifies it, here repetitions are left out for a day.
#include "console/console.h"
#include "console/crypt.h"
#include "console/html.h"
#include "core/log.h"

namespace console {

namespace {
constexpr core::Millis kRemembered{24 * 3600'000};
}  // namespace

Response Console::callback(const Request& request, const std::string& channel) {
  auto reading = hooks_.callback(channel, request);
  if (!reading) return not_found();
  Response response{reading->status, reading->content_type, reading->body};
  if (reading->event.empty() || !reading->take) return response;
  const core::Time wall = hooks_.wall();
  const core::Slot mark{"callbacks", to_hex(sha256(channel + "\n" + reading->event)), "1",
                        wall + kRemembered};
  const auto known = store_.find(mark.shelf, mark.key);
  if (!known) return unavailable();
  if (*known && (*known)->expires > wall) return response;
  // First handed over, then marked: a crash between the two makes a repetition, never a loss.
  if (const auto taken = reading->take(); !taken) {
    core::log(core::LogLevel::Error,
              "console: callback of " + channel + ": " + taken.error().message);
    return unavailable();
  }
  if (const auto marked = store_.keep(mark); !marked)
    core::log(core::LogLevel::Warning, "console: " + marked.error().message);
  return response;
}

}  // namespace console
