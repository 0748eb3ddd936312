#pragma once
// A rule's condition, why it holds or not, and what would make it hold, in words: Chinese first.
#include <string>
#include <vector>

#include "rules/explain.h"

namespace engine {

// "过*期@13-16", or "过期 = 过*期@13-16" where the text spells it otherwise.
std::string shown_word(const rules::WordSeen& word, const std::string& text);

std::string condition_text(const rules::ConditionExplained& condition, const std::string& text);
// One line for each way to make it hold; none when it holds.
std::vector<std::string> remedy_texts(const rules::ConditionExplained& condition);

}  // namespace engine
