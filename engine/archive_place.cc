#include "engine/archive_place.h"

#include <charconv>
#include <filesystem>

namespace engine {

namespace {

using core::Time;

constexpr std::string_view kScheme = "archive:", kTo = "..";
constexpr core::Millis kOffset{480 * 60'000}, kDay{24 * 3'600'000};

bool number(std::string_view text, size_t from, size_t count, int64_t& out) {
  if (text.size() < from + count) return false;
  const char* begin = text.data() + from;
  const auto [end, error] = std::from_chars(begin, begin + count, out);
  return error == std::errc{} && end == begin + count && out >= 0;
}

// The first moment of what is named, or the first one behind it.
enum class End { First, Behind };
std::optional<Time> moment(std::string_view text, End end) {
  int64_t ms = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0;
  if (text.size() == 13 && number(text, 0, 13, ms)) return core::from_ms(ms);
  const bool dated = text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
                     number(text, 0, 4, year) && number(text, 5, 2, month) &&
                     number(text, 8, 2, day);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!dated || !date.ok()) return std::nullopt;
  const Time midnight = Time(std::chrono::sys_days(date)) - kOffset;
  if (text.size() == 10) return end == End::First ? midnight : midnight + kDay;
  const bool timed = text.size() == 16 && (text[10] == 'T' || text[10] == ' ') && text[13] == ':' &&
                     number(text, 11, 2, hour) && number(text, 14, 2, minute) && hour < 24 &&
                     minute < 60;
  if (!timed) return std::nullopt;
  return midnight + core::Millis{(hour * 60 + minute) * 60'000};
}

std::optional<ingest::ArchiveSpan> span_from(std::string_view text) {
  ingest::ArchiveSpan span;
  const size_t to = text.find(kTo);
  if (to == std::string_view::npos) {  // one day
    const auto first = moment(text, End::First), behind = moment(text, End::Behind);
    if (!first || text.size() != 10) return std::nullopt;
    return ingest::ArchiveSpan{*first, *behind};
  }
  const std::string_view begin = text.substr(0, to), end = text.substr(to + kTo.size());
  const auto first = moment(begin, End::First), behind = moment(end, End::Behind);
  if ((!begin.empty() && !first) || (!end.empty() && !behind)) return std::nullopt;
  if (first) span.from = *first;
  if (behind) span.to = *behind;
  return span.from < span.to ? std::optional(span) : std::nullopt;
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

}  // namespace

core::Result<std::optional<ArchivePlace>> archive_place(const std::string& text) {
  const bool said = text.starts_with(kScheme);
  ArchivePlace place;
  place.folder = said ? text.substr(kScheme.size()) : text;
  if (is_folder(place.folder)) return std::optional(std::move(place));
  const size_t at = place.folder.rfind('@');
  const std::string folder = place.folder.substr(0, at);
  if (at == std::string::npos || !is_folder(folder)) {
    if (!said) return std::optional<ArchivePlace>();
    return core::Error{core::Code::BadSettings, place.folder + " is not a folder"};
  }
  const std::string named = place.folder.substr(at + 1);
  const auto span = span_from(named);
  if (!span)
    return core::Error{core::Code::BadSettings, text +
                                                    ": expected FROM..TO behind the @, as in "
                                                    "2026-03-10..2026-03-12 or 2026-03-10T05:30.."};
  place.folder = folder;
  place.span = *span;
  return std::optional(std::move(place));
}

}  // namespace engine
