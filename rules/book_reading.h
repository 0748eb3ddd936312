#pragma once
// What the tools of rule authors read in a Book: its words as people write them.
#include <string>

#include "core/text/fold.h"
#include "rules/inspector.h"
#include "rules/loaded_book.h"

namespace rules {

const LoadedBook& loaded(const Book& book);

std::string pattern_text(const LoadedBook& book, uint32_t pattern);  // the word, or expression
WordSeen word_seen(const LoadedBook& book, const core::text::Folded& text, const Match& match);
std::string mode_name(Mode mode);  // active shadow off

}  // namespace rules
