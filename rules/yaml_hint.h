#pragma once
// What is said of a text that is no YAML: the library's complaint for people, and what probably
// went wrong, where an input method or a text editor did it.
#include <string>
#include <string_view>

namespace rules {

// In both languages; of what the library (yaml-cpp 0.7) says most, in Chinese too.
std::string yaml_complaint(std::string_view message);

// The guess (mend_text.h) with which the text is read whole, or further than line `line` (from 1),
// where reading stopped; "" when none helps.
std::string yaml_hint(std::string_view bytes, int line);

}  // namespace rules
