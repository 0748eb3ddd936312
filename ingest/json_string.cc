#include "ingest/json_string.h"

#include <cstdint>
#include <cstring>

#include "core/text/utf8.h"

namespace ingest {

namespace {

constexpr char32_t kNoCharacter = 0xffffffff;
constexpr char32_t kReplacement = 0xfffd;

// The four hexadecimal digits at `i`, or kNoCharacter.
char32_t hex4(std::string_view s, size_t i) {
  if (i + 4 > s.size()) return kNoCharacter;
  char32_t value = 0;
  for (const char c : s.substr(i, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    value <<= 4;
    if (c >= '0' && c <= '9') {
      value |= static_cast<char32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value |= static_cast<char32_t>(lower - 'a' + 10);
    } else {
      return kNoCharacter;
    }
  }
  return value;
}

bool is_high(char32_t c) { return c >= 0xd800 && c < 0xdc00; }
bool is_low(char32_t c) { return c >= 0xdc00 && c < 0xe000; }

// Reads \uXXXX, or a pair of them, at the backslash `i` and moves `i` behind it.
Unescaped code_point(std::string_view s, size_t& i, char32_t& c) {
  c = hex4(s, i + 2);
  if (c == kNoCharacter) return Unescaped::Broken;
  i += 6;
  if (is_low(c)) return Unescaped::LoneSurrogate;
  if (!is_high(c)) return Unescaped::Ok;
  if (s.substr(i, 2) != "\\u") return Unescaped::LoneSurrogate;
  const char32_t low = hex4(s, i + 2);
  if (!is_low(low)) return Unescaped::LoneSurrogate;
  i += 6;
  c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
  return Unescaped::Ok;
}

// What a one-letter escape means; 0 when there is none like it.
char letter_of(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace

Unescaped unescape(std::string_view inner, std::string& out) {
  size_t i = 0;
  while (i < inner.size()) {
    const size_t slash = inner.find('\\', i);
    out.append(inner.substr(i, slash - i));
    if (slash == std::string_view::npos) break;
    i = slash;
    if (i + 1 == inner.size()) return Unescaped::Broken;
    if (inner[i + 1] == 'u') {
      char32_t c = 0;
      if (const Unescaped u = code_point(inner, i, c); u != Unescaped::Ok) return u;
      core::text::append_utf8(out, c);
    } else {
      const char letter = letter_of(inner[i + 1]);
      if (letter == 0) return Unescaped::Broken;
      out.push_back(letter);
      i += 2;
    }
  }
  return Unescaped::Ok;
}

std::string readable(std::string_view bytes, size_t max) {
  std::string out;
  bytes = bytes.substr(0, max);
  for (size_t i = 0; i < bytes.size();) {
    char32_t c = kReplacement;
    if (bytes[i] == '\\' && i + 1 < bytes.size() && bytes[i + 1] == 'u') {
      const size_t start = i;
      if (code_point(bytes, i, c) != Unescaped::Ok) {
        c = kReplacement;
        if (i == start) i += 2;
      }
    } else {
      c = core::text::decode_at(bytes, i);
    }
    core::text::append_utf8(out, c);
  }
  return out;
}

Unescaped worst_escape(std::string_view json) {
  Unescaped worst = Unescaped::Ok;
  for (size_t i = json.find('\\'); i < json.size(); i = json.find('\\', i)) {
    if (i + 1 == json.size()) return Unescaped::Broken;
    if (json[i + 1] != 'u') {
      if (letter_of(json[i + 1]) == 0) return Unescaped::Broken;
      i += 2;
      continue;
    }
    char32_t c = 0;
    const Unescaped found = code_point(json, i, c);
    if (found == Unescaped::Broken) return found;
    if (found == Unescaped::LoneSurrogate) worst = found;
  }
  return worst;
}

}  // namespace ingest
