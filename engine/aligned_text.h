#pragma once
// A text and its normalised form below it, character under character as terminals show them.
#include <string>
#include <string_view>
#include <vector>

#include "rules/explain.h"

namespace engine {

// How many columns a terminal needs: Han and full-width characters take two.
size_t columns_of(std::string_view utf8);

// Three lines for every `columns`: the original, the normalised text, and ^ under what changed.
std::vector<std::string> aligned(const std::vector<rules::TextPiece>& pieces, size_t columns);

}  // namespace engine
