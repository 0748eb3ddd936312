#include "engine/report_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/settings.h"
#include "engine/system_clock.h"

namespace engine {

namespace {

constexpr size_t kTextBytesMax = 16 * 1024;

int failed(const std::string& message, int code) {
  std::cerr << "qingyu report: " << message << '\n';
  return code;
}

std::string line_of(const ReportOptions& o, int64_t now_ms) {
  nlohmann::ordered_json event;
  event["id"] = "report-" + std::to_string(now_ms) + "-" + std::to_string(getpid());
  event["ts"] = now_ms;
  event["kind"] = "agent_report";
  event["platform"] = "qingyu";
  event["channel"]["id"] = o.channel.empty() ? "reports" : o.channel;
  event["author"]["id"] = o.by;
  event["sensitivity"] = o.sensitivity;
  event["text"] = o.text;
  if (!o.customer.empty()) event["customer"] = o.customer;
  if (!o.order.empty()) event["order"] = o.order;
  return event.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// One write, so that two agents' lines never mix, and on the disk when the agent is thanked.
std::string append(const std::string& path, const std::string& line) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return path + ": " + std::strerror(errno);
  const bool whole = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const bool kept = whole && ::fsync(file) == 0;
  const std::string wrong = kept ? "" : path + ": " + std::strerror(errno);
  ::close(file);
  return wrong;
}

}  // namespace

int report(const ReportOptions& options) {
  if (options.text.empty() || options.text.size() > kTextBytesMax)
    return failed("--text: 1 to 16384 bytes", 2);
  const std::string file = find_settings(options.config);
  if (file.empty()) return failed("which settings? give --config FILE", 2);
  const auto settings = load_settings(file);
  if (!settings) return failed(settings.error().message, 2);
  const auto source =
      std::ranges::find_if(settings->sources, [](const SourceSettings& s) { return s.reports; });
  if (source == settings->sources.end())
    return failed(file + ": no source has `reports: true`; add a file source with it", 2);
  const std::string wrong =
      append(source->paths.front(), line_of(options, core::to_ms(SystemClock().wall())));
  if (!wrong.empty()) return failed(wrong, 1);
  std::cout << "已上报，敏感度 " << options.sensitivity
            << " reported; the answer comes by message, or see `qingyu incidents`\n";
  return 0;
}

}  // namespace engine
