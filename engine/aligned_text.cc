#include "engine/aligned_text.h"

#include <algorithm>

#include "core/text/utf8.h"
#include "engine/marked_text.h"

namespace engine {

namespace {

constexpr std::string_view kLeftOut = "\xc2\xb7";  // a middle dot: nothing is left of it

size_t width_of(char32_t c) {
  const bool none = (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) || c == 0xfeff ||
                    (c >= 0xfe00 && c <= 0xfe0f) || c == 0x2060;
  if (none) return 0;
  const bool two = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                   (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                   (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                   (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
                   (c >= 0x20000 && c <= 0x3fffd);
  return two ? 2 : 1;
}

void pad(std::string& line, size_t columns) {
  const size_t has = columns_of(line);
  if (has < columns) line.append(columns - has, ' ');
}

struct Row {
  std::string original, folded, marks;
  size_t columns = 0;

  void add(const std::string& above, const std::string& below, bool changed) {
    const size_t wide = std::max(columns_of(above), columns_of(below));
    original += above;
    folded += below;
    if (changed) {
      pad(marks, columns);
      marks.append(wide, '^');
    }
    columns += wide;
    pad(original, columns);
    pad(folded, columns);
  }
};

// Single characters of an unchanged piece, so that a line may end behind each.
std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> all;
  for (size_t i = 0; i < text.size();) {
    const size_t from = i;
    core::text::decode_at(text, i);
    all.push_back(text.substr(from, i - from));
  }
  return all;
}

}  // namespace

size_t columns_of(std::string_view utf8) {
  size_t columns = 0;
  for (size_t i = 0; i < utf8.size();) columns += width_of(core::text::decode_at(utf8, i));
  return columns;
}

std::vector<std::string> aligned(const std::vector<rules::TextPiece>& pieces, size_t columns) {
  std::vector<std::string> lines;
  Row row;
  const auto flush = [&] {
    if (row.columns == 0) return;
    lines.insert(lines.end(), {row.original, row.folded, row.marks});
    row = Row();
  };
  const auto add = [&](const std::string& original, const std::string& folded, bool changed) {
    const std::string above = marked(original, {}, Paint::No),
                      below = marked(folded, {}, Paint::No);
    if (row.columns > 0 && row.columns + std::max(columns_of(above), columns_of(below)) > columns)
      flush();
    row.add(above, below, changed);
  };
  for (const rules::TextPiece& piece : pieces) {
    if (piece.changed) {
      add(piece.original, piece.folded.empty() ? std::string(kLeftOut) : piece.folded, true);
      continue;
    }
    for (const std::string& c : characters(piece.original)) add(c, c, false);
  }
  flush();
  for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  return lines;
}

}  // namespace engine
