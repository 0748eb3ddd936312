#include "alerting/message_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/text/utf8.h"

namespace alerting {

namespace {

struct Range {
  char32_t first, last;
};

// Characters that belong to the one before them. Not all of Unicode: the blocks people decorate
// text with. One missing here only lets a cut fall between a letter and its mark.
constexpr std::array<Range, 23> kMarks = {{
    {0x0300, 0x036F},   {0x0483, 0x0489},   {0x0591, 0x05BD},   {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC},   {0x0900, 0x0903},   {0x093A, 0x094F},   {0x0981, 0x0983}, {0x09BC, 0x09CD},
    {0x0E31, 0x0E3A},   {0x0E47, 0x0E4E},   {0x0F71, 0x0F84},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF},   {0x302A, 0x302F},   {0x3099, 0x309A},   {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0x1F3FB, 0x1F3FF}, {0xE0020, 0xE007F}, {0xE0100, 0xE01EF},
}};
// Emoji and the older symbols that clients draw as emoji.
constexpr std::array<Range, 5> kPictures = {
    {{0x00A9, 0x00AE}, {0x2190, 0x2BFF}, {0x3030, 0x303D}, {0x3297, 0x3299}, {0x1F000, 0x1FAFF}}};
// C0, C1, soft hyphen, zero-width and bidirectional controls, fillers, annotations, BOM.
constexpr std::array<Range, 9> kInvisible = {{{0x0000, 0x001F},
                                              {0x007F, 0x009F},
                                              {0x00AD, 0x00AD},
                                              {0x061C, 0x061C},
                                              {0x115F, 0x1160},
                                              {0x200B, 0x200F},
                                              {0x202A, 0x202E},
                                              {0x2060, 0x206F},
                                              {0xFEFF, 0xFEFF}}};
constexpr char32_t kJoiner = 0x200D;
constexpr char32_t kSelector = 0xFE0F;
constexpr char32_t kReplacement = 0xFFFD;

template <size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](Range r) { return r.first <= c && c <= r.last; });
}

bool is_flag_half(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }
bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_letter(char c) { return is_alphanumeric(c) && !(c >= '0' && c <= '9'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A joiner is kept only where it joins: behind a picture (or its selector or skin tone), before
// one.
bool joins(char32_t before, std::string_view rest) {
  if (!within(kPictures, before) && before != kSelector) return false;
  size_t i = 0;
  return !rest.empty() && within(kPictures, core::text::decode_at(rest, i));
}

}  // namespace

std::string with_separators(int64_t value) {
  std::string digits = std::to_string(value);
  const size_t sign = value < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > sign + 3;) digits.insert(i -= 3, 1, ',');
  return digits;
}

std::string decimal(int64_t value, int digits) {
  int64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  const bool negative = value < 0 && value / scale == 0;
  std::string text(negative ? "-" : "");
  text += with_separators(value / scale);
  int64_t rest = value % scale < 0 ? -(value % scale) : value % scale;
  if (rest == 0) return text;
  text += '.';
  for (scale /= 10; rest != 0; scale /= 10) {
    text += static_cast<char>('0' + rest / scale);
    rest %= scale;
  }
  return text;
}

std::string moment(core::Time at, int zone_offset_minutes) {
  return core::format_time(at, zone_offset_minutes).substr(0, 16);
}

std::string zone_name(int zone_offset_minutes, Language language) {
  if (zone_offset_minutes == 480 && language == Language::Chinese) return "北京时间";
  const int minutes = zone_offset_minutes < 0 ? -zone_offset_minutes : zone_offset_minutes;
  std::string name = zone_offset_minutes < 0 ? "UTC-" : "UTC+";
  name += std::to_string(minutes / 60);
  if (minutes % 60 == 0) return name;
  char rest[24];
  std::snprintf(rest, sizeof rest, ":%02d", minutes % 60);
  return name + rest;
}

std::string utc(core::Time at) {
  std::string text = core::format_time(at, 0);
  text[10] = 'T';
  return text + 'Z';
}

size_t grapheme_end(std::string_view utf8, size_t begin) {
  size_t end = begin;
  char32_t before = core::text::decode_at(utf8, end);
  bool flag = is_flag_half(before);
  while (end < utf8.size()) {
    size_t next = end;
    const char32_t c = core::text::decode_at(utf8, next);
    const bool second_half = flag && is_flag_half(c);
    const bool belongs = second_half || within(kMarks, c) || c == kJoiner || before == kJoiner;
    if (!belongs || next - begin > kGraphemeBytesMax) break;
    flag = false;
    before = c;
    end = next;
  }
  return end;
}

std::string clipped(std::string_view utf8, Room room) {
  constexpr std::string_view kMore = "…";
  size_t end = 0, fits = 0, graphemes = 0;
  while (end < utf8.size()) {
    const size_t next = grapheme_end(utf8, end);
    if (++graphemes > room.graphemes || next > room.bytes) {
      std::string cut(utf8.substr(0, fits));
      const bool room_to_say = room.graphemes > 0 && room.bytes >= kMore.size();
      return room_to_say ? cut.append(kMore) : cut;
    }
    end = next;
    if (end + kMore.size() <= room.bytes && graphemes < room.graphemes) fits = end;
  }
  return std::string(utf8);
}

std::string one_line(std::string_view utf8) {
  std::string line;
  char32_t before = 0;
  bool broken = false;  // a line ended and nothing has followed yet
  for (size_t i = 0; i < utf8.size();) {
    const char32_t c = core::text::decode_at(utf8, i);
    if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029) {
      broken = !line.empty();
      before = 0;
      continue;
    }
    if (c == kReplacement) continue;
    if (c == '\t') {
      line += ' ';
      before = ' ';
      continue;
    }
    const bool joiner = c == kJoiner && joins(before, utf8.substr(i));
    if (!joiner && within(kInvisible, c)) continue;
    if (broken) line += " / ";
    broken = false;
    core::text::append_utf8(line, c);
    before = c;
  }
  return line;
}

std::string defanged(std::string_view utf8) {
  std::string safe;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const bool scheme = i + 6 < utf8.size() && lower(utf8[i]) == 'h' && lower(utf8[i + 1]) == 't' &&
                        lower(utf8[i + 2]) == 't' && lower(utf8[i + 3]) == 'p';
    if (scheme && (utf8[i + 4] == ':' || (lower(utf8[i + 4]) == 's' && utf8[i + 5] == ':'))) {
      safe += "hxxp";
      i += 3;
      continue;
    }
    const bool host = utf8[i] == '.' && i > 0 && is_alphanumeric(utf8[i - 1]) &&
                      i + 2 < utf8.size() && is_letter(utf8[i + 1]) && is_letter(utf8[i + 2]);
    if (host)
      safe += "[.]";
    else
      safe += utf8[i];
  }
  return safe;
}

std::string quotable(std::string_view utf8, Room room) {
  return clipped(defanged(one_line(utf8)), room);
}

}  // namespace alerting
