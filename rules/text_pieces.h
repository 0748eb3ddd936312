#pragma once
// What folding made of each stretch of a text.
#include <string_view>
#include <vector>

#include "core/text/fold.h"
#include "rules/explain.h"

namespace rules {

// Side by side they are the whole text, and the whole folded text; changed and unchanged ones take
// turns. REQUIRES: `folded` is the folding of `utf8`.
std::vector<TextPiece> text_pieces(std::string_view utf8, const core::text::Folded& folded);

}  // namespace rules
