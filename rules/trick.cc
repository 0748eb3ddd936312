#include "rules/trick.h"

#include <iterator>

namespace rules {

namespace {

// In the order of the bits.
struct Name {
  const char* english;
  const char* chinese;
};
constexpr Name kNames[] = {{"removed", "夹字符"}, {"letters", "形近字母"}, {"sound", "谐音"},
                           {"pinyin", "拼音"},    {"initials", "首字母"},  {"split", "拆字"},
                           {"shape", "形近字"},   {"emoji", "表情"},       {"shuffled", "换位"}};

std::string listed(uint16_t tricks, const char* Name::*name, const char* between) {
  std::string text;
  for (size_t i = 0; i < std::size(kNames); ++i)
    if ((tricks >> i & 1) != 0) text.append(text.empty() ? "" : between).append(kNames[i].*name);
  return text;
}

}  // namespace

std::string tricks_text(uint16_t tricks) { return listed(tricks, &Name::english, ", "); }
std::string tricks_chinese(uint16_t tricks) { return listed(tricks, &Name::chinese, "、"); }

}  // namespace rules
