#pragma once
// What an input method or a text editor does to YAML: full-width colons, brackets and dashes where
// syntax stands, tabs and wide spaces as indentation, a missing space. Guesses only, each class of
// them by itself: whether one helps is for fix.cc to try.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/book.h"

namespace rules {

// Edits that belong together, ascending and apart.
using Edits = std::vector<Edit>;

std::string with_edits(std::string_view bytes, const Edits& edits);

// A byte-order mark, and carriage returns before line breaks.
Edits line_end_mends(std::string_view bytes);
// Tabs (each becomes `width` spaces) and wide spaces before the first character of a line.
Edits indentation_mends(std::string_view bytes, size_t width);
// Colons, dashes and brackets, and the space behind an ASCII colon or dash. `keys`: the words that
// are keys; `marked`: the lines (from 1) that have a finding, where wide quotes are changed too.
std::vector<Edits> punctuation_mends(std::string_view bytes, const std::set<std::string>& keys,
                                     const std::set<int>& marked);

}  // namespace rules
