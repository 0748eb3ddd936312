#pragma once
// Tricks: how a text hides a word. Bits, of Match::tricks; 0: the word stands as it is written.
#include <cstdint>
#include <string>

namespace rules {

enum Trick : uint16_t {
  kRemoved = 1,    // separators, zero-width characters or emoji stood inside
  kLetters = 2,    // Greek, Cyrillic or digits that look like Latin letters
  kSound = 4,      // characters that sound the same, and digits
  kPinyin = 8,     // syllables in Latin letters
  kInitials = 16,  // the first letter of every syllable
  kSplit = 32,     // a character as its parts
  kShape = 64,     // characters that look similar: a radical more, less, or another
  kEmoji = 128,    // an emoji in place of a character
  kShuffled = 256  // the characters in another order
};
// Those that only `fold: aggressive` finds.
inline constexpr uint16_t kGuises =
    kSound | kPinyin | kInitials | kSplit | kShape | kEmoji | kShuffled;

// "pinyin, split"; "" for 0.
std::string tricks_text(uint16_t tricks);
// "拼音、拆字"; "" for 0.
std::string tricks_chinese(uint16_t tricks);

}  // namespace rules
