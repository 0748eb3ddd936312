#include "rules/guises.h"

#include <algorithm>
#include <set>

#include "rules/likelihood.h"
#include "rules/writing.h"

namespace rules {

namespace {

constexpr size_t kInitialsMin = 3, kInitialsMax = 8;  // of two characters every other word is one
constexpr size_t kShuffleMin = 2, kShuffleAllMax = 4, kShuffleNeighboursMax = 8;
constexpr int32_t kLikelihoodMax = 128;  // a word that a rule looks for is never rarer: 1 in 65,536
constexpr size_t kEmojiNameMax = 3;

// The orders of a word that hide it: all of a short one, but not a mere rotation (many are words:
// 上海人, 人上海), two neighbours changed in a longer one.
std::vector<std::u32string> shuffles(const std::u32string& word) {
  std::set<std::u32string> orders;
  const size_t n = word.size();
  if (n < kShuffleMin || n > kShuffleNeighboursMax) return {};
  if (n <= kShuffleAllMax) {
    std::u32string order = word;
    std::ranges::sort(order);
    do orders.insert(order);
    while (std::next_permutation(order.begin(), order.end()));
  } else {
    for (size_t i = 0; i + 1 < n; ++i) {
      std::u32string order = word;
      std::swap(order[i], order[i + 1]);
      orders.insert(order);
    }
  }
  if (n > 2)
    for (size_t i = 0; i < n; ++i) orders.erase(word.substr(i) + word.substr(0, i));
  orders.erase(word);
  std::vector<std::u32string> some(orders.begin(), orders.end());
  if (some.size() > kShufflesMax) some.resize(kShufflesMax);
  return some;
}

}  // namespace

std::span<const Stand> Guises::stands_of(char32_t c) const {
  if (c < 0x10000) return {stands_.data() + single_[c], stands_.data() + single_[c + 1]};
  const auto it = single_beyond_.find(c);
  if (it == single_beyond_.end()) return {};
  return it->second;
}

// Puts the tables of Guises together.
class GuiseMaker {
 public:
  GuiseMaker(Guises& out, uint16_t tricks) : out_(out), tricks_(tricks) {
    for (const auto& [text, id] : writing_.syllables()) {
      spellings_.resize(std::max<size_t>(spellings_.size(), id + 1u));
      spellings_[id] = text;
      const bool vowel = text.find_first_of("aeiouv") != text.npos;  // not 'm' and 'hng'
      if ((tricks & kPinyin) != 0 && vowel) out_.all_syllables_.push_back(text);
    }
  }

  void run(std::span<const Guises::Word> words) {
    std::vector<Spelt> spelt;
    for (const Guises::Word& word : words) {
      std::vector<Letter> letters;
      if (out_.words_.size() >= kGuiseWordsMax || !spell(word.chars, letters)) {
        ++out_.left_out_;
        continue;
      }
      const auto index = static_cast<uint32_t>(out_.words_.size());
      out_.words_.push_back({word.id, static_cast<uint32_t>(word.chars.size()),
                             std::min(likelihood_of(word.chars), kLikelihoodMax)});
      spelt.push_back({std::move(letters), {index, false}});
      if ((tricks_ & kShuffled) != 0)
        for (const std::u32string& order : shuffles(word.chars)) {
          std::vector<Letter> shuffled;
          if (spell(order, shuffled)) spelt.push_back({std::move(shuffled), {index, true}});
        }
      if ((tricks_ & kInitials) != 0) add_initials(word.chars, index);
    }
    std::ranges::sort(spelt);
    add_node(spelt, 0);
    out_.root_.assign(letters_.size(), Guises::kNone);
    for (const Guises::Child& child : out_.children(out_.nodes_[0]))
      out_.root_[child.letter] = child.node;
    add_stands();
  }

 private:
  struct Spelt {
    std::vector<Letter> letters;
    Guises::End end;
    auto operator<=>(const Spelt&) const = default;
  };

  bool spell(const std::u32string& chars, std::vector<Letter>& out) {
    for (const char32_t c : chars) {
      const auto next = static_cast<Letter>(letters_.size());
      const auto [it, added] = letters_.emplace(c, next);
      if (added && letters_.size() > kGuiseLettersMax) {
        letters_.erase(it);
        return false;
      }
      out.push_back(it->second);
    }
    return true;
  }

  void add_initials(const std::u32string& word, uint32_t index) {
    if (word.size() < kInitialsMin || word.size() > kInitialsMax) return;
    std::string initials;
    for (const char32_t c : word) {
      const Character* character = writing_.find(c);
      if (c < 0x80 || character == nullptr || character->sounds.empty()) return;
      initials += spellings_[character->sounds.front()][0];
    }
    out_.initials_[initials].push_back(index);
  }

  // The node of the words in `spelt`, which begin with the same `depth` letters.
  uint32_t add_node(std::span<const Spelt> spelt, size_t depth) {
    const auto node = static_cast<uint32_t>(out_.nodes_.size());
    out_.nodes_.emplace_back();
    size_t i = 0;
    const auto first_end = static_cast<uint32_t>(out_.ends_.size());
    for (; i < spelt.size() && spelt[i].letters.size() == depth; ++i)
      out_.ends_.push_back(spelt[i].end);
    const auto last_end = static_cast<uint32_t>(out_.ends_.size());
    std::vector<Guises::Child> children;
    while (i < spelt.size()) {
      const size_t first = i;
      const Letter letter = spelt[i].letters[depth];
      while (i < spelt.size() && spelt[i].letters[depth] == letter) ++i;
      children.push_back({letter, add_node(spelt.subspan(first, i - first), depth + 1)});
    }
    const auto first_child = static_cast<uint32_t>(out_.children_.size());
    out_.children_.insert(out_.children_.end(), children.begin(), children.end());
    out_.nodes_[node] = {first_child, static_cast<uint32_t>(out_.children_.size()), first_end,
                         last_end};
    return node;
  }

  void add_stands() {
    out_.begins_parts_.assign(0x10000, false);
    for (const auto& [c, letter] : letters_) {
      stand(c, letter, 0);
      const Character* character = writing_.find(c);
      if (character == nullptr || c < 0x80) continue;
      if ((tricks_ & kSplit) != 0)
        for (const std::u32string& parts : character->splits) {
          if (parts[0] >= 0x10000) continue;
          out_.parts_.push_back({parts, letter});
          out_.begins_parts_[parts[0]] = true;
        }
      for (const Syllable sound : character->sounds) {
        letters_of_[sound].push_back(letter);
        if ((tricks_ & kPinyin) != 0)
          out_.syllables_[spellings_[sound]].push_back({letter, kPinyin});
      }
    }
    if ((tricks_ & kSound) != 0) add_sounds();
    if ((tricks_ & kShape) != 0)
      for (const auto& [c, letter] : letters_)
        for (const char32_t similar : writing_.similar(c)) stand(similar, letter, kShape);
    if ((tricks_ & kEmoji) != 0) add_emoji();
    std::ranges::sort(out_.parts_);
    pack_stands();
  }

  // Of the text's character only the common readings, of the word's all.
  void add_sounds() {
    for (const auto& [c, character] : writing_.characters())
      for (size_t i = 0; i < character.common; ++i)
        for (const Letter letter : letters_of_[character.sounds[i]]) stand(c, letter, kSound);
  }

  void add_emoji() {
    for (const auto& [emoji, names] : writing_.emoji())
      for (const std::u32string& name : names) {
        if (name.size() > kEmojiNameMax) continue;
        for (const char32_t c : name)
          if (const auto it = letters_.find(c); it != letters_.end())
            stand(emoji, it->second, kEmoji);
        const Character* only = name.size() == 1 ? writing_.find(name[0]) : nullptr;
        if (only == nullptr || only->sounds.empty()) continue;
        for (const Letter letter : letters_of_[only->sounds[0]]) stand(emoji, letter, kEmoji);
      }
  }

  // The least doubtful trick stays: they are asked for in that order.
  void stand(char32_t c, Letter letter, uint16_t trick) { all_[c].emplace(letter, trick); }

  void pack_stands() {
    for (const auto& [c, stands] : all_) {
      std::vector<Stand> some;
      for (const auto& [letter, trick] : stands) some.push_back({letter, trick});
      if (c >= 0x10000) {
        out_.single_beyond_[c] = std::move(some);
        continue;
      }
      out_.single_[c + 1] = static_cast<uint32_t>(some.size());
      out_.stands_.insert(out_.stands_.end(), some.begin(), some.end());
    }
    for (size_t c = 0; c < 0x10000; ++c) out_.single_[c + 1] += out_.single_[c];
  }

  Guises& out_;
  const uint16_t tricks_;
  const Writing writing_;
  std::vector<std::string> spellings_;
  std::map<char32_t, Letter> letters_;
  std::map<Syllable, std::vector<Letter>> letters_of_;
  std::map<char32_t, std::map<Letter, uint16_t>> all_;
};

std::shared_ptr<const Guises> Guises::create(std::span<const Word> words, uint16_t tricks) {
  std::shared_ptr<Guises> guises(new Guises);
  GuiseMaker(*guises, tricks).run(words);
  return guises;
}

}  // namespace rules
