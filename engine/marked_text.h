#pragma once
// Marked text: what people wrote, for a terminal: nothing in it can steer the terminal, and the
// stretches that matter stand out.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

enum class Paint : uint8_t { No, Yes };  // ANSI colours
enum class PaintWanted : uint8_t { Auto, Always, Never };
// Auto: when standard output is a terminal and NO_COLOR is not set.
Paint paint_for(PaintWanted wanted);

struct MarkedSpan {
  uint32_t start = 0, end = 0;  // code points, end exclusive
};

// One line: control characters and those that turn the direction of writing are shown as pictures
// (a line break as U+21B5). With colours the stretches, which may overlap, are bold red; they are
// code points of `utf8`.
std::string marked(std::string_view utf8, std::vector<MarkedSpan> stretches, Paint paint);

// `text` in bold, or dim.
std::string bold(std::string_view text, Paint paint);
std::string dim(std::string_view text, Paint paint);

}  // namespace engine
