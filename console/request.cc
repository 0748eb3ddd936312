#include "console/request.h"

#include <algorithm>

namespace console {

namespace {

constexpr size_t kFieldsMax = 32;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    if (!coded) {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return out;
}

}  // namespace

std::string Request::path() const { return target.substr(0, target.find('?')); }

std::string Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (std::ranges::equal(key, name, {}, lower, lower)) return value;
  return "";
}

Form parse_form(std::string_view body) {
  Form form;
  while (!body.empty() && form.size() < kFieldsMax) {
    const std::string_view field = body.substr(0, body.find('&'));
    const size_t equals = std::min(field.find('='), field.size());
    const std::string_view value = equals < field.size() ? field.substr(equals + 1) : "";
    form.emplace(decoded(field.substr(0, equals)), decoded(value));
    body.remove_prefix(std::min(field.size() + 1, body.size()));
  }
  return form;
}

}  // namespace console
