// For watchers: whether it is well, and figures.
#include "console/console.h"

namespace console {

Response Console::health(const Request&, const std::string&) {
  const Health health = hooks_.health();
  return {health.ok ? 200 : 503, "application/json", health.json, {{"Cache-Control", "no-store"}}};
}

Response Console::metrics(const Request&, const std::string&) {
  std::string text = hooks_.metrics();
  text +=
      "# HELP qingyu_prefetch_suspected_total Links fetched by what looked like a previewer.\n"
      "# TYPE qingyu_prefetch_suspected_total counter\nqingyu_prefetch_suspected_total " +
      std::to_string(prefetches_) + "\n";
  return {200, "text/plain; version=0.0.4; charset=utf-8", text, {{"Cache-Control", "no-store"}}};
}

}  // namespace console
