#pragma once
// The small words of messages: numbers, amounts and times as a person reads them, and text from the
// internet made harmless. Pure and total: any bytes may come in, valid UTF-8 goes out.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace alerting {

enum class Language : uint8_t { Chinese, English };

std::string with_separators(int64_t value);  // 1,234,567
// value / 10^digits with at most `digits` decimals, trailing zeros left out: (12345, 3) -> 12.345.
std::string decimal(int64_t value, int digits);

// "2026-03-10 15:40", always with its date: a message may be read a day late.
std::string moment(core::Time at, int zone_offset_minutes);
// "北京时间" for 480, else "UTC+9", "UTC+5:30".
std::string zone_name(int zone_offset_minutes, Language language);
// "2026-03-10T07:40:00Z"
std::string utc(core::Time at);

// How much may stay of a text. Both bounds hold, because a character that people see as one may be
// many bytes long.
struct Room {
  size_t graphemes = 0, bytes = 0;
};

// The end of the user-perceived character that begins at `begin`: a base with its marks, an emoji
// sequence, a flag. At most kGraphemeBytesMax long whatever the text holds.
// REQUIRES: begin < utf8.size().
inline constexpr size_t kGraphemeBytesMax = 40;
size_t grapheme_end(std::string_view utf8, size_t begin);

// Cuts between graphemes and ends with "…" when something was cut off.
std::string clipped(std::string_view utf8, Room room);
// One line without controls, bidirectional overrides, zero-width characters (but the joiners of
// emoji) and invalid bytes; line breaks become " / ".
std::string one_line(std::string_view utf8);
// Addresses that no client turns into a link: hxxp://, evil[.]com.
std::string defanged(std::string_view utf8);
// What somebody on the internet wrote, fit for a message: the three above.
std::string quotable(std::string_view utf8, Room room);

}  // namespace alerting
