#include "rules/mend.h"

#include "core/text/utf8.h"

namespace rules {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t";

// The bytes [begin, end) of a scalar, quotes included.
struct Span {
  size_t begin = 0, end = 0;
  bool quoted = false;
};

// Only what is written without escapes: `written` stands in the file as it is.
std::optional<Span> span_of(const Place& place, std::string_view written) {
  if (place.file == nullptr || place.line < 1 || written.empty()) return std::nullopt;
  const std::string_view bytes = place.file->bytes;
  const size_t begin = byte_of(place);
  if (begin >= bytes.size()) return std::nullopt;
  const bool quoted = bytes[begin] == '"' || bytes[begin] == '\'';
  const size_t first = begin + (quoted ? 1 : 0);
  if (bytes.substr(first, written.size()) != written) return std::nullopt;
  const size_t behind = first + written.size();
  if (!quoted) return Span{begin, behind, false};
  if (behind >= bytes.size() || bytes[behind] != bytes[begin]) return std::nullopt;
  return Span{begin, behind + 1, true};
}

size_t skip_blanks(std::string_view bytes, size_t at) {
  return std::min(bytes.find_first_not_of(kBlanks, at), bytes.size());
}

bool ends_line(std::string_view bytes, size_t at) {
  return at >= bytes.size() || bytes[at] == '\n' || bytes[at] == '\r';
}

}  // namespace

size_t byte_of(const Place& place) {
  const std::string_view bytes = place.file->bytes;
  size_t at = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  for (int line = 1; line < place.line; ++line) {
    const size_t newline = bytes.find('\n', at);
    if (newline == std::string_view::npos) return bytes.size();
    at = newline + 1;
  }
  for (int column = 1; column < place.column && at < bytes.size(); ++column)
    core::text::decode_at(bytes, at);
  return at;
}

std::optional<Edit> replace_scalar(const Place& place, std::string_view written,
                                   std::string_view text) {
  const std::optional<Span> span = span_of(place, written);
  if (!span || text.empty()) return std::nullopt;
  const size_t begin = span->begin + (span->quoted ? 1 : 0);
  return Edit{begin, begin + written.size(), std::string(text)};
}

std::optional<Edit> unquote_scalar(const Place& place, std::string_view written) {
  const std::optional<Span> span = span_of(place, written);
  if (!span || !span->quoted) return std::nullopt;
  return Edit{span->begin, span->end, std::string(written)};
}

std::optional<Edit> remove_item(const Place& place, std::string_view written) {
  const std::optional<Span> span = span_of(place, written);
  if (!span) return std::nullopt;
  const std::string_view bytes = place.file->bytes;
  const size_t behind = skip_blanks(bytes, span->end);
  if (behind < bytes.size() && bytes[behind] == ',') {
    // The first of a line stands alone before its break: the break stays.
    return Edit{span->begin, skip_blanks(bytes, behind + 1), {}};
  }
  size_t before = span->begin;
  while (before > 0 && kBlanks.find(bytes[before - 1]) != std::string_view::npos) --before;
  if (before > 0 && bytes[before - 1] == ',' && behind < bytes.size() && bytes[behind] == ']')
    return Edit{before - 1, span->end, {}};
  if (before == 0 || bytes[before - 1] != '-' || !ends_line(bytes, behind)) return std::nullopt;
  const size_t dash = before - 1;
  const size_t newline = bytes.rfind('\n', dash);
  const size_t line = newline == std::string_view::npos ? 0 : newline + 1;
  if (skip_blanks(bytes, line) != dash) return std::nullopt;
  return Edit{line, std::min(bytes.find('\n', behind), bytes.size() - 1) + 1, {}};
}

}  // namespace rules
