#include "console/router.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "console/html.h"

namespace console {

namespace {
constexpr size_t kArgumentMax = 128;
}  // namespace

Response Router::route(Console& console, const Request& request) {
  using Page = Response (Console::*)(const Request&, const std::string&);
  struct Row {
    std::vector<std::string_view> methods;
    std::string_view path;  // one that ends with '/' takes one more part, the page's argument
    Page page;
  };
  static const std::vector<Row> rows = {
      {{"GET", "HEAD", "OPTIONS"}, "/a/", &Console::show_link},
      {{"POST"}, "/a/", &Console::press_link},
      {{"GET", "POST"}, "/callbacks/", &Console::callback},
      {{"GET", "HEAD"}, "/healthz", &Console::health},
      {{"GET", "HEAD"}, "/metrics", &Console::metrics},
  };
  const std::string path = request.path();
  bool known = false;
  for (const Row& row : rows) {
    const bool open = row.path.ends_with('/');
    if (open ? !path.starts_with(row.path) : path != row.path) continue;
    const std::string argument = path.substr(row.path.size());
    if (argument.size() > kArgumentMax || argument.find('/') != std::string::npos) continue;
    known = true;
    if (std::ranges::find(row.methods, request.method) == row.methods.end()) continue;
    return (console.*row.page)(request, argument);
  }
  if (!known) return not_found();
  return page(405, "方法不可用", "<p>Method not allowed.</p>");
}

}  // namespace console
