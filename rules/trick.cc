#include "rules/trick.h"

#include <iterator>

namespace rules {

std::string tricks_text(uint16_t tricks) {
  static constexpr const char* kNames[] = {"removed", "letters", "sound", "pinyin",  "initials",
                                           "split",   "shape",   "emoji", "shuffled"};
  std::string text;
  for (size_t i = 0; i < std::size(kNames); ++i)
    if ((tricks >> i & 1) != 0) text.append(text.empty() ? "" : ", ").append(kNames[i]);
  return text;
}

}  // namespace rules
