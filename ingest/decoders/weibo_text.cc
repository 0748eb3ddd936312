#include "ingest/decoders/weibo_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "core/text/utf8.h"
#include "ingest/fields.h"

namespace ingest {

namespace {

constexpr size_t kTagBytesMax = 4096;
constexpr size_t kEntityBytesMax = 10;
constexpr int kBeijingMinutes = 480;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The value of alt in the tag, without its quotes.
std::string_view alt_of(std::string_view tag) {
  constexpr std::string_view kAlt = "alt=";
  const size_t at = tag.find(kAlt);
  if (at == std::string_view::npos) return {};
  tag.remove_prefix(at + kAlt.size());
  const bool quoted = tag.starts_with('"') || tag.starts_with('\'');
  const char end = quoted ? tag.front() : ' ';
  if (quoted) tag.remove_prefix(1);
  return tag.substr(0, tag.find(end));
}

// Takes the tag at the front of `rest`, if there is one, and appends what it shows.
bool take_tag(std::string_view& rest, std::string& out) {
  const char second = rest.size() > 1 ? rest[1] : ' ';
  if (!is_letter(second) && second != '/' && second != '!') return false;
  const size_t end = rest.substr(0, kTagBytesMax).find('>');
  if (end == std::string_view::npos) return false;
  const std::string_view tag = rest.substr(1, end - 1);
  if (tag.starts_with("br")) out.push_back('\n');
  if (tag.starts_with("img")) out.append(alt_of(tag));
  rest.remove_prefix(end + 1);
  return true;
}

std::optional<char32_t> numbered(std::string_view name) {
  const bool hexadecimal = name.starts_with("#x") || name.starts_with("#X");
  name.remove_prefix(hexadecimal ? 2 : 1);
  uint32_t c = 0;
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, c, hexadecimal ? 16 : 10);
  const bool surrogate = c >= 0xd800 && c < 0xe000;
  if (name.empty() || error != std::errc{} || rest != end || c == 0 || c > 0x10ffff || surrogate)
    return std::nullopt;
  return static_cast<char32_t>(c);
}

std::optional<char32_t> entity(std::string_view name) {
  if (name.starts_with('#')) return numbered(name);
  constexpr std::array<std::pair<std::string_view, char32_t>, 6> kEntities = {
      {{"lt", U'<'}, {"gt", U'>'}, {"amp", U'&'}, {"quot", U'"'}, {"apos", U'\''}, {"nbsp", U' '}}};
  for (const auto& [known, c] : kEntities)
    if (known == name) return c;
  return std::nullopt;
}

bool take_entity(std::string_view& rest, std::string& out) {
  const size_t end = rest.substr(0, kEntityBytesMax).find(';');
  if (end == std::string_view::npos) return false;
  const auto c = entity(rest.substr(1, end - 1));
  if (!c) return false;
  core::text::append_utf8(out, *c);
  rest.remove_prefix(end + 1);
  return true;
}

int month_of(std::string_view name) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const size_t at = name.size() == 3 ? kMonths.find(name) : std::string_view::npos;
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

struct WallTime {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int offset_minutes = kBeijingMinutes;
};

std::optional<core::Time> time_of(const WallTime& wall) {
  using namespace std::chrono;
  const year_month_day date{year(wall.year), month(static_cast<unsigned>(wall.month)),
                            day(static_cast<unsigned>(wall.day))};
  const bool clock_ok = wall.hour >= 0 && wall.hour < 24 && wall.minute >= 0 && wall.minute < 60 &&
                        wall.second >= 0 && wall.second <= 60;
  if (!date.ok() || !clock_ok) return std::nullopt;
  const core::Time time = sys_days(date) + hours(wall.hour) + minutes(wall.minute) +
                          seconds(wall.second) - minutes(wall.offset_minutes);
  if (!sensible(core::to_ms(time))) return std::nullopt;
  return time;
}

// "+0800" or "+08:00"; Z is 0.
std::optional<int> offset_of(std::string_view zone) {
  if (zone == "Z") return 0;
  std::string digits(zone);
  std::erase(digits, ':');
  if (digits.size() != 5 || (digits[0] != '+' && digits[0] != '-')) return std::nullopt;
  int number = 0;
  const auto [rest, error] = std::from_chars(digits.data() + 1, digits.data() + 5, number);
  if (error != std::errc{} || rest != digits.data() + 5) return std::nullopt;
  const int minutes = number / 100 * 60 + number % 100;
  return digits[0] == '-' ? -minutes : minutes;
}

std::optional<core::Time> since_1970(std::string_view text) {
  const auto number = weibo_count(text);
  if (!number) return std::nullopt;
  for (const int64_t ms : {*number, *number < 100'000'000'000 ? *number * 1000 : 0})
    if (sensible(ms)) return core::from_ms(ms);
  return std::nullopt;
}

}  // namespace

std::string without_html(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  while (!html.empty()) {
    const size_t plain = std::min(html.size(), html.find_first_of("<&"));
    out.append(html.substr(0, plain));
    html.remove_prefix(plain);
    if (html.empty()) break;
    const bool taken = html.front() == '<' ? take_tag(html, out) : take_entity(html, out);
    if (taken) continue;
    out.push_back(html.front());
    html.remove_prefix(1);
  }
  return out;
}

std::optional<core::Time> weibo_time(std::string_view text) {
  constexpr size_t kTimeBytesMax = 40;
  if (text.size() > kTimeBytesMax) return std::nullopt;
  const std::string s(text);
  WallTime w;
  char word[4] = {}, zone[8] = {};
  int end = 0;
  if (std::sscanf(s.c_str(), "%*3s %3s %2d %2d:%2d:%2d %7s %4d%n", word, &w.day, &w.hour, &w.minute,
                  &w.second, zone, &w.year, &end) == 7) {
    const auto offset = offset_of(zone);
    w.month = month_of(word);
    if (!offset || s[static_cast<size_t>(end)] != 0) return std::nullopt;
    w.offset_minutes = *offset;
    return time_of(w);
  }
  char gap = 0;
  if (std::sscanf(s.c_str(), "%4d-%2d-%2d%c%2d:%2d:%2d%n", &w.year, &w.month, &w.day, &gap, &w.hour,
                  &w.minute, &w.second, &end) == 7) {
    std::string_view rest = std::string_view(s).substr(static_cast<size_t>(end));
    if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.size(), rest.find_first_of("Z+-")));
    const auto offset = rest.empty() ? std::optional(kBeijingMinutes) : offset_of(rest);
    if (!offset || (gap != ' ' && gap != 'T')) return std::nullopt;
    w.offset_minutes = *offset;
    return time_of(w);
  }
  return since_1970(text);
}

std::optional<int64_t> weibo_count(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, int64_t>, 2> kUnits = {
      {{"万", 10'000}, {"亿", 100'000'000}}};
  int64_t unit = 1;
  for (const auto& [word, value] : kUnits) {
    if (!text.ends_with(word)) continue;
    text.remove_suffix(word.size());
    unit = value;
    break;
  }
  int64_t whole = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, whole);
  constexpr int64_t kWholeMax = 10'000'000'000'000;  // no unit makes it overflow
  if (error != std::errc{} || whole < 0 || whole > kWholeMax) return std::nullopt;
  if (rest == end) return whole * unit;
  // One digit behind the point is all that Weibo shows.
  const bool tenth =
      unit > 1 && end - rest == 2 && rest[0] == '.' && rest[1] >= '0' && rest[1] <= '9';
  if (!tenth) return std::nullopt;
  return whole * unit + (rest[1] - '0') * unit / 10;
}

std::string_view picture_of(std::string_view url) {
  url = url.substr(0, url.find('?'));
  const size_t slash = url.rfind('/');
  if (slash != std::string_view::npos) url.remove_prefix(slash + 1);
  return url.substr(0, url.find('.'));
}

}  // namespace ingest
