#include "ingest/json_token.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/text/utf8.h"
#include "ingest/fields.h"
#include "ingest/json_string.h"

namespace ingest {

namespace {

bool is_string(std::string_view token) {
  return token.size() >= 2 && token.front() == '"' && token.back() == '"';
}

std::string_view inside(std::string_view token) { return token.substr(1, token.size() - 2); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A whole number of digits only, few enough to fit; false when the token is something else.
bool read_digits(std::string_view token, int64_t& out) {
  constexpr size_t kDigitsSafe = 18;
  if (token.empty() || token.size() > kDigitsSafe || (token[0] == '0' && token.size() > 1))
    return false;
  int64_t number = 0;
  for (const char c : token) {
    if (!is_digit(c)) return false;
    number = number * 10 + (c - '0');
  }
  out = number;
  return true;
}

// Takes the digits off the front of `s`; returns whether there was one.
bool take_digits(std::string_view& s) {
  const size_t before = s.size();
  while (!s.empty() && is_digit(s.front())) s.remove_prefix(1);
  return s.size() < before;
}

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_number(std::string_view s) {
  if (s.starts_with('-')) s.remove_prefix(1);
  if (s.size() >= 2 && s[0] == '0' && is_digit(s[1])) return false;
  if (!take_digits(s)) return false;
  if (s.starts_with('.')) {
    s.remove_prefix(1);
    if (!take_digits(s)) return false;
  }
  if (s.starts_with('e') || s.starts_with('E')) {
    s.remove_prefix(1);
    if (s.starts_with('+') || s.starts_with('-')) s.remove_prefix(1);
    if (!take_digits(s)) return false;
  }
  return s.empty();
}

Fault fault_of(Unescaped unescaped) {
  switch (unescaped) {
    case Unescaped::Ok:
      return kNone;
    case Unescaped::LoneSurrogate:
      return kLone;
    case Unescaped::Broken:
      break;
  }
  return kBroken;
}

// Why a token is not what it should be: no JSON at all, null, or another type.
Fault other(std::string_view token, const char* name) {
  if (token == "null") return kAbsent;
  const bool container = token.starts_with('{') || token.starts_with('[');
  const Fault fault = container ? kNone : check_scalar(token);
  return fault.stops() ? fault : Fault{Fault::Wrong, name};
}

}  // namespace

std::string reason_of(const Fault& fault) {
  switch (fault.what) {
    case Fault::Missing:
      return "missing_field: " + std::string(fault.name);
    case Fault::Wrong:
      return "bad_field: " + std::string(fault.name);
    case Fault::Time:
      return "bad_time";
    case Fault::Lone:
      return "lone_surrogate";
    case Fault::TooMany:
      return "too_large: events";
    default:
      return "broken_json";
  }
}

std::string reason_of(const Fault& fault, std::string_view bytes) {
  const bool bad_text = fault.what == Fault::Broken && !core::text::valid_utf8(bytes);
  return bad_text ? "invalid_utf8" : reason_of(fault);
}

Fault read_string(std::string_view token, const char* name, std::string& out) {
  out.clear();
  if (is_string(token)) {
    const std::string_view inner = inside(token);
    if (inner.find('\\') != std::string_view::npos) return fault_of(unescape(inner, out));
    out.assign(inner);
    return kNone;
  }
  if (!is_number(token)) return other(token, name);
  out.assign(token);
  return kNone;
}

Fault read_number(std::string_view token, const char* name, int64_t& out) {
  if (read_digits(token, out)) return kNone;
  if (!is_number(token)) return other(token, name);
  const char* const end = token.data() + token.size();
  if (const auto [rest, error] = std::from_chars(token.data(), end, out);
      error == std::errc{} && rest == end)
    return kNone;
  double fraction = 0;
  if (std::from_chars(token.data(), end, fraction).ec == std::errc::result_out_of_range &&
      token.find("e-") == std::string_view::npos && token.find("E-") == std::string_view::npos)
    return {Fault::Wrong, name};
  constexpr double kWholeMax = 9.0e15;  // whole numbers are exact up to here
  if (!(std::abs(fraction) <= kWholeMax)) return {Fault::Wrong, name};
  out = static_cast<int64_t>(fraction);
  return kNone;
}

Fault read_u32(std::string_view token, const char* name, uint32_t& out) {
  int64_t number = 0;
  const Fault fault = read_number(token, name, number);
  const int64_t most = std::numeric_limits<uint32_t>::max();
  if (fault.what == Fault::None) out = static_cast<uint32_t>(std::clamp<int64_t>(number, 0, most));
  return fault;
}

Fault read_bool(std::string_view token, const char* name, bool& out) {
  if (token != "true" && token != "false") return other(token, name);
  out = token == "true";
  return kNone;
}

Fault read_time(std::string_view token, core::Time& out) {
  int64_t ms = 0;
  const Fault fault = read_number(token, "", ms);
  if (fault.what == Fault::Wrong ||
      (!fault.stops() && !sensible(ms) && fault.what != Fault::Absent))
    return {Fault::Time};
  if (fault.what == Fault::None) out = core::from_ms(ms);
  return fault;
}

Fault check_scalar(std::string_view token) {
  if (is_string(token)) {
    if (token.find('\\') == std::string_view::npos) return kNone;
    std::string scratch;
    return fault_of(unescape(inside(token), scratch));
  }
  const bool word = token == "true" || token == "false" || token == "null";
  return word || is_number(token) ? kNone : kBroken;
}

}  // namespace ingest
