#pragma once
// Writing: how Chinese characters can be written otherwise: what they sound like, the parts they
// split into, what looks like them, and the emoji that shows them. Read from rules/tables/, which
// is part of the program; needed only while a Book with an aggressive rule loads.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rules {

using Syllable = uint16_t;  // without its tone

struct Character {
  std::vector<Syllable> sounds;  // the common readings first
  size_t common = 0;             // so many of them
  std::vector<std::u32string> splits;
};

class Writing {
 public:
  Writing();

  // nullptr when nothing is known of it.
  const Character* find(char32_t c) const;
  const std::map<char32_t, Character>& characters() const { return characters_; }
  const std::map<std::string, Syllable, std::less<>>& syllables() const { return syllables_; }
  // Emoji, and what they show: words of 1 to 3 characters.
  const std::map<char32_t, std::vector<std::u32string>>& emoji() const { return emoji_; }
  // The characters that look like `c`, ascending.
  std::vector<char32_t> similar(char32_t c) const;

 private:
  void read_characters();
  void read_emoji();
  void find_radicals();

  std::map<char32_t, Character> characters_;
  std::map<std::string, Syllable, std::less<>> syllables_;
  std::map<char32_t, std::vector<std::u32string>> emoji_;
  std::map<char32_t, std::vector<char32_t>> holders_;  // of a part: the characters it is a part of
  std::map<char32_t, std::vector<char32_t>> pairs_;    // 己已巳 and their like
};

}  // namespace rules
