#include "rules/book_reading.h"

#include "core/check.h"
#include "core/text/utf8.h"

namespace rules {

const LoadedBook& loaded(const Book& book) {
  const auto* found = dynamic_cast<const LoadedBook*>(&book);
  INVARIANT(found != nullptr);
  return *found;
}

std::string pattern_text(const LoadedBook& book, uint32_t pattern) {
  return pattern < kFirstExpression ? core::text::to_utf8(book.words_[word_of(pattern)])
                                    : book.expressions_[pattern - kFirstExpression];
}

WordSeen word_seen(const LoadedBook& book, const core::text::Folded& text, const Match& match) {
  WordSeen seen;
  seen.pattern = pattern_text(book, match.pattern);
  seen.tricks = match.tricks;
  seen.start = text.begin[match.begin];
  seen.end = text.end[match.end - 1];
  return seen;
}

std::string mode_name(Mode mode) {
  static constexpr const char* kModes[] = {"active", "shadow", "off"};
  return kModes[static_cast<size_t>(mode)];
}

}  // namespace rules
