#pragma once
// Ordinary words: what a brand or a shop may be called and people say every day without meaning it
// (光明, 统一, 生活). From jieba's dictionary: words of 2 to 4 characters seen at least 200 times
// in its corpus (about three in a million), without the names of things (nz) and organisations
// (nt). Made at build time by generate_ordinary_words.cc.
#include <string_view>

namespace rules {

bool is_ordinary_word(std::string_view utf8);

}  // namespace rules
