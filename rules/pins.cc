#include "rules/pins.h"

#include <algorithm>

namespace rules {

namespace {

constexpr std::string_view kHidden = "***";
constexpr size_t kEncodedMax = 256;
constexpr size_t kSaltMin = 11, kHashMin = 22;  // 8 and 16 bytes
constexpr int kLinesAboveMax = 100;             // looked at for where a value begins

bool is_base64(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_pin(std::string_view text) {
  constexpr std::string_view kPin = "pin";
  return text.size() >= kPin.size() &&
         std::ranges::equal(text.substr(0, kPin.size()), kPin, {}, lower);
}

// Behind the colon of the first key from `from` on that has "pin" in it; npos without one.
size_t behind_pin_key(std::string_view line, size_t from = 0) {
  for (size_t i = from; i < line.size(); ++i) {
    if (!begins_pin(line.substr(i))) continue;
    size_t end = i;
    while (end < line.size() && is_letter(line[end])) ++end;
    while (end < line.size() && (line[end] == '"' || line[end] == '\'' || line[end] == ' ')) ++end;
    if (end < line.size() && line[end] == ':') return end + 1;
  }
  return std::string_view::npos;
}

size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t\r"), line.size());
}

bool is_blank(std::string_view line) { return indent_of(line) == line.size(); }

// Whether the line before, or the one that this one lies inside, begins the value of a PIN.
bool continues_pin(std::string_view before, std::string_view line) {
  size_t indent = indent_of(line);
  bool directly = true;
  for (int i = 0; i < kLinesAboveMax && !before.empty(); ++i) {
    before.remove_suffix(before.ends_with('\n') ? 1 : 0);
    const size_t newline = before.rfind('\n');
    const std::string_view above =
        newline == std::string_view::npos ? before : before.substr(newline + 1);
    before = newline == std::string_view::npos ? std::string_view() : before.substr(0, newline + 1);
    if (is_blank(above)) continue;
    const size_t value = behind_pin_key(above);
    if (directly && value != std::string_view::npos && is_blank(above.substr(value))) return true;
    directly = false;
    if (indent_of(above) >= indent) continue;
    if (value != std::string_view::npos) return true;
    indent = indent_of(above);
  }
  return false;
}

}  // namespace

bool is_pin_hash(std::string_view text) {
  constexpr std::string_view kFigures = "$argon2id$v=19$m=65536,t=3,p=1$";
  if (text.size() > kEncodedMax || !text.starts_with(kFigures)) return false;
  text.remove_prefix(kFigures.size());
  const size_t dollar = text.find('$');
  if (dollar == std::string_view::npos) return false;
  const std::string_view salt = text.substr(0, dollar), hash = text.substr(dollar + 1);
  return salt.size() >= kSaltMin && hash.size() >= kHashMin && is_base64(salt) && is_base64(hash);
}

std::string line_without_pins(std::string_view file, int number) {
  size_t begin = 0;
  for (int i = 1; i < number; ++i) {
    const size_t newline = file.find('\n', begin);
    if (newline == std::string_view::npos) return {};
    begin = newline + 1;
  }
  const std::string_view rest = file.substr(begin);
  const std::string_view line = rest.substr(0, rest.find('\n'));
  size_t hide = std::min(behind_pin_key(line), line.find("$argon2"));
  if (continues_pin(file.substr(0, begin), line)) hide = indent_of(line);
  if (hide >= line.size()) return std::string(line);
  const std::string_view gap = line[hide] == ' ' ? " " : "";
  return std::string(line.substr(0, hide)).append(gap).append(kHidden);
}

std::string message_without_pins(std::string message) {
  for (size_t at = 0;;) {
    at = std::min(message.find('$', at), behind_pin_key(message, at));
    if (at == std::string::npos) return message;
    const size_t end = std::min(message.find('`', at), message.size());
    message.replace(at, end - at, kHidden);
    at += kHidden.size();
  }
}

}  // namespace rules
