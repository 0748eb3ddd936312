#include "rules/text_pieces.h"

#include <algorithm>

#include "core/text/utf8.h"

namespace rules {

namespace {

class Pieces32 {
 public:
  explicit Pieces32(std::u32string_view original) : original_(original) {}

  // The original up to `end` and what became of it.
  void add(uint32_t end, std::u32string_view folded) {
    const std::u32string_view from = original_.substr(at_, end - at_);
    const bool changed = from != folded;
    if (pieces_.empty() || pieces_.back().changed != changed) {
      pieces_.emplace_back();
      pieces_.back().start = at_;
      pieces_.back().changed = changed;
    }
    TextPiece& piece = pieces_.back();
    piece.original += core::text::to_utf8(from);
    piece.folded += core::text::to_utf8(folded);
    piece.end = at_ = end;
  }

  uint32_t at() const { return at_; }
  std::vector<TextPiece> take() { return std::move(pieces_); }

 private:
  std::u32string_view original_;
  uint32_t at_ = 0;
  std::vector<TextPiece> pieces_;
};

}  // namespace

std::vector<TextPiece> text_pieces(std::string_view utf8, const core::text::Folded& folded) {
  const std::u32string original = core::text::to_utf32(utf8);
  Pieces32 pieces(original);
  const std::u32string_view chars = folded.chars;
  for (size_t i = 0; i < chars.size();) {
    // Characters that came from overlapping stretches belong together.
    uint32_t begin = folded.begin[i], end = folded.end[i];
    size_t last = i + 1;
    for (; last < chars.size() && folded.begin[last] < end; ++last)
      end = std::max(end, folded.end[last]);
    if (begin > pieces.at()) pieces.add(begin, {});  // what was left out
    if (end > pieces.at()) pieces.add(end, chars.substr(i, last - i));
    i = last;
  }
  if (pieces.at() < original.size()) pieces.add(static_cast<uint32_t>(original.size()), {});
  return pieces.take();
}

}  // namespace rules
