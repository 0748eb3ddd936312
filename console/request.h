#pragma once
// What comes in and goes out, without sockets. Plain values.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace console {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method, target, body;  // target with its query, as received
  Headers headers;
  std::string address;  // of the peer, or whom a trusted proxy names
  std::string path() const;
  // The first one of the name, in any case; "" when absent.
  std::string header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  Headers headers = {};
  // When set, the answer is not known yet: asked again and again until there is one, for five
  // seconds at most; then once with `last` true, when there has to be one.
  std::function<std::optional<Response>(bool last)> later = {};
};

// Fields of a form as browsers post it; a name that comes twice keeps the first value. At most 32.
using Form = std::map<std::string, std::string, std::less<>>;
Form parse_form(std::string_view body);

}  // namespace console
