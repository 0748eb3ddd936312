#pragma once
// Folding: one spelling for what people write in many (DESIGN 11.9). NFKC, case, width, traditional
// to simplified, zero-width and combining marks gone, separators inside words gone, look-alikes
// inside mixed tokens unified, and emoji between characters gone. Messages and rule words are
// folded by the same code. What separates for good (newline, tab, two spaces, a masked run) is one
// '\n'; sentence punctuation stays. Folding what was folded changes nothing.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace core::text {

// An emoji that stood between two characters of a word and was removed.
struct Picture {
  uint32_t before = 0;  // the character of Folded::chars that it stood before
  char32_t emoji = 0;
};
inline constexpr size_t kPicturesMax = 64;  // kept of one text: the first ones

// A folded text and the way back. Reused from message to message: clear() keeps the capacity.
struct Folded {
  std::u32string chars;  // what rules see
  // Chars[i] came from the code points [begin[i], end[i]) of the original.
  std::vector<uint32_t> begin;
  std::vector<uint32_t> end;
  std::vector<uint8_t> joined;        // how chars[i] was joined to chars[i-1]: a Joined value
  std::vector<Picture> pictures;      // in order
  std::vector<uint32_t> look_alikes;  // the characters that were only made to look like a letter
  uint32_t original_length = 0;       // code points of the original
  // It has a digit, an '@' or a unit of an address. Where it is false, mask() would find nothing in
  // the original.
  bool may_hold_personal = false;

  void clear();
};

// A space, an emoji, '.' or '~' is often all that parts two sentences in chat, hence kSpaced.
enum Joined : uint8_t {
  kAdjacent = 0,   // they stood side by side in the original
  kSeparated = 1,  // separators or zero-width characters were removed between them
  kSpaced = 2,     // a space, emoji, '.' or '~' was removed between them: a hit across it needs
                   // known_word_begins() to be false
};

// Folds `utf8` into `out`. Invalid UTF-8 becomes U+FFFD, one for each bad byte. Pure; any thread.
void fold(std::string_view utf8, Folded& out);

// The folded characters of a rule word or catalogue name.
std::u32string fold_word(std::string_view utf8);

// Whether a known word (jieba's dictionary, 2 to 4 characters) begins at chars[i].
bool known_word_begins(std::u32string_view chars, size_t i);

// How rare a word of 1 to 4 characters is in jieba's corpus, in eighths of a bit: 8 log2(all / its
// frequency). kUnknownWord for a word that is not in the dictionary.
inline constexpr uint8_t kUnknownWord = 255;
uint8_t word_cost(std::u32string_view word);

std::string_view unicode_version();  // of the generated tables, for the ledger's first line

}  // namespace core::text
