#pragma once
// Examples: the `tests:` of every rule, run by the same matcher and verdict as real messages.
#include "rules/loaded_book.h"

namespace rules {

// Reports every example that does not do what its author says, with the words that were found.
void run_examples(const LoadedBook& book, Findings& findings);

// Finds the names that would make a rule fire by themselves, fills Program::name_masks and warns.
void mask_names(LoadedBook& book, const SourceFile* catalogue, Findings& findings);

}  // namespace rules
