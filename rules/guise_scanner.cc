#include "rules/guise_scanner.h"

#include <algorithm>

namespace rules {

namespace {

constexpr size_t kSyllableMax = 6;
constexpr char32_t kSkinToneFirst = 0x1F3FB, kSkinToneLast = 0x1F3FF;

bool is_latin(char32_t c) { return c >= U'a' && c <= U'z'; }

// The gain a guise needs by its trick, for words of two letters and for longer ones. From the
// evaluation of tests/eval/evasion.py: all together less than one innocent message in a hundred.
// Negative: the trick is so rare in ordinary text that even a word that makes no more sense counts.
struct Doubt {
  uint16_t trick;
  int32_t of_two, of_more;
};
constexpr Doubt kDoubts[] = {{kSound, 72, 40},   {kPinyin, 16, 0},  {kInitials, 0, -64},
                             {kSplit, 0, -32},   {kShape, 120, 72}, {kEmoji, -24, -64},
                             {kShuffled, 64, 40}};
// Syllables and parts are seldom there by chance, so that they add nothing to another trick. All
// others together need what each needs, and so much more for each further one.
constexpr int32_t kDoubtOfMixing = 64;
constexpr int32_t kNoDoubt = 1000;

}  // namespace

bool is_convincing(const Guise& guise, size_t letters) {
  constexpr uint16_t kClear = kPinyin | kSplit;
  int32_t doubt = -kNoDoubt, added = 0;
  int unclear = 0;
  for (const Doubt& d : kDoubts) {
    if ((guise.tricks & d.trick) == 0) continue;
    const int32_t of_trick = letters <= 2 ? d.of_two : d.of_more;
    doubt = std::max(doubt, of_trick);
    if ((d.trick & kClear) != 0) continue;
    added += std::max(of_trick, 0) + (unclear++ == 0 ? 0 : kDoubtOfMixing);
  }
  if (unclear > 1) doubt = std::max(doubt, added);
  return guise.gain >= doubt;
}

void GuiseScanner::scan(const core::text::Folded& text, std::vector<Guise>& out) {
  out.clear();
  found_.clear();
  if (text.chars.empty()) return;
  read_units(text);
  find_steps();
  walked_ = 0;
  for (uint32_t i = 0; i < units_.size() && walked_ < kGuiseStepsMax; ++i) start(i);
  if (walked_ >= kGuiseStepsMax) ++dropped_;
  if (!found_.empty()) weigh(text, out);
}

void GuiseScanner::read_units(const core::text::Folded& text) {
  units_.clear();
  auto picture = text.pictures.begin();
  for (uint32_t i = 0; i < text.chars.size(); ++i) {
    bool apart = text.joined[i] != core::text::kAdjacent;
    for (; picture != text.pictures.end() && picture->before == i; ++picture)
      if (picture->emoji < kSkinToneFirst || picture->emoji > kSkinToneLast)
        units_.push_back({picture->emoji, i, true, true});
    units_.push_back({text.chars[i], i, false, apart});
  }
  stands_.clear();
  letters_.clear();
  for (const Unit& unit : units_) {
    stands_.push_back(guises_->stands_of(unit.c));
    Letters& letters = letters_.emplace_back();
    for (const Stand& stand : stands_.back()) letters.set(stand.letter % kLetterBits);
  }
}

void GuiseScanner::find_steps() {
  steps_.clear();
  for (uint32_t i = 0; i < units_.size();) {
    const char32_t c = units_[i].c;
    if (is_latin(c)) {
      uint32_t end = i + 1;
      while (end < units_.size() && is_latin(units_[end].c) && !units_[end].apart) ++end;
      find_syllables(i, end);
      i = end;
      continue;
    }
    if (c < 0x10000 && guises_->begins_parts_[c]) find_parts(i);
    ++i;
  }
  steps_from_.clear();
  if (steps_.empty()) return;
  std::ranges::sort(steps_, {}, [](const Step& s) {
    return std::tuple(s.from, s.to, s.stand.letter, s.stand.trick);
  });
  steps_from_.resize(units_.size() + 1);
  uint32_t step = 0;
  for (uint32_t i = 0; i <= units_.size(); ++i) {
    while (step < steps_.size() && steps_[step].from < i) ++step;
    steps_from_[i] = step;
  }
}

void GuiseScanner::find_parts(uint32_t i) {
  const auto first = std::ranges::lower_bound(guises_->parts_, std::u32string(1, units_[i].c), {},
                                              &Guises::Parts::parts);
  for (auto it = first; it != guises_->parts_.end() && it->parts[0] == units_[i].c; ++it) {
    const auto length = static_cast<uint32_t>(it->parts.size());
    if (i + length > units_.size()) continue;
    uint32_t same = 1;
    while (same < length && units_[i + same].c == it->parts[same]) ++same;
    if (same == length) steps_.push_back({i, i + length, {it->letter, kSplit}});
  }
}

// Of a token, a run of Latin letters. Only when all of it falls apart into syllables: English
// words seldom do.
void GuiseScanner::find_syllables(uint32_t begin, uint32_t end) {
  if (const size_t length = end - begin;
      length >= 3 && length <= 8 && !guises_->initials_.empty()) {
    token_.clear();
    for (uint32_t i = begin; i < end; ++i) token_ += static_cast<char>(units_[i].c);
    if (const auto it = guises_->initials_.find(token_); it != guises_->initials_.end())
      for (const uint32_t word : it->second)
        found({begin, end, word, kInitials, static_cast<uint16_t>(length), 0});
  }
  if (guises_->all_syllables_.empty()) return;
  token_.clear();
  for (uint32_t i = begin; i < end; ++i) token_ += static_cast<char>(units_[i].c);
  const std::string_view token = token_;
  const size_t n = token.size();
  const auto is_syllable = [&](size_t at, size_t length) {
    return std::ranges::binary_search(guises_->all_syllables_, token.substr(at, length));
  };
  std::vector<uint8_t> reaches(n + 1, 0);  // whether the rest falls apart into syllables
  reaches[n] = 1;
  for (size_t at = n; at-- > 0;)
    for (size_t length = 1; length <= kSyllableMax && at + length <= n && reaches[at] == 0;
         ++length)
      if (reaches[at + length] != 0 && is_syllable(at, length)) reaches[at] = 1;
  if (reaches[0] == 0) return;
  std::vector<uint8_t> reached(n + 1, 0);
  reached[0] = 1;
  for (size_t at = 0; at < n; ++at) {
    if (reached[at] == 0) continue;
    for (size_t length = 1; length <= kSyllableMax && at + length <= n; ++length) {
      if (reaches[at + length] == 0 || !is_syllable(at, length)) continue;
      reached[at + length] = 1;
      const auto it = guises_->syllables_.find(token.substr(at, length));
      if (it == guises_->syllables_.end()) continue;
      const auto from = static_cast<uint32_t>(begin + at);
      for (const Stand& stand : it->second)
        steps_.push_back({from, from + static_cast<uint32_t>(length), stand});
    }
  }
}

void GuiseScanner::start(uint32_t begin) {
  for (const Stand& stand : stands_[begin]) {
    const uint32_t node = guises_->root_[stand.letter];
    if (node != Guises::kNone)
      follow({begin, begin + 1, node, stand.trick, static_cast<uint16_t>(stand.trick != 0)});
  }
  if (!steps_from_.empty()) follow_steps({begin, begin, 0, 0, 0});
}

void GuiseScanner::follow(const Path& path) {
  if (++walked_ >= kGuiseStepsMax) return;
  arrive(path);
  if (path.at == units_.size()) return;
  follow_units(path);
  if (!steps_from_.empty()) follow_steps(path);
}

void GuiseScanner::follow_units(const Path& path) {
  const std::span<const Stand> stands = stands_[path.at];
  const Letters& letters = letters_[path.at];
  for (const Guises::Child& child : guises_->children(guises_->nodes_[path.node])) {
    if (!letters[child.letter % kLetterBits]) continue;
    const auto it = std::ranges::lower_bound(stands, child.letter, {}, &Stand::letter);
    if (it == stands.end() || it->letter != child.letter) continue;
    follow({path.begin, path.at + 1, child.node, static_cast<uint16_t>(path.tricks | it->trick),
            static_cast<uint16_t>(path.changed + (it->trick != 0))});
  }
}

void GuiseScanner::follow_steps(const Path& path) {
  const std::span<const Guises::Child> children = guises_->children(guises_->nodes_[path.node]);
  for (uint32_t s = steps_from_[path.at]; s < steps_from_[path.at + 1]; ++s) {
    const Step& step = steps_[s];
    const auto it =
        std::ranges::lower_bound(children, step.stand.letter, {}, &Guises::Child::letter);
    if (it == children.end() || it->letter != step.stand.letter) continue;
    follow({path.begin, step.to, it->node, static_cast<uint16_t>(path.tricks | step.stand.trick),
            static_cast<uint16_t>(path.changed + 1)});
  }
}

void GuiseScanner::arrive(const Path& path) {
  for (const Guises::End& end : guises_->ends(guises_->nodes_[path.node])) {
    if (end.shuffled && path.changed == 0)
      found({path.begin, path.at, end.word, kShuffled, 2, 0});
    else if (!end.shuffled && path.changed != 0)
      found({path.begin, path.at, end.word, path.tricks, path.changed, 0});
  }
}

void GuiseScanner::found(Guise guise) {
  if (is_hopeless(guise)) return;
  if (found_.size() < kGuisesMax)
    found_.push_back(guise);
  else
    ++dropped_;
}

// Before all of the text is weighed: whether the units of the guise, one by one or as one word,
// already make enough sense.
bool GuiseScanner::is_hopeless(const Guise& guise) {
  const Guises::Known& word = guises_->words_[guise.word];
  Guise bound = guise;
  bound.gain = -word.cost;
  bool apart = false;
  region_.clear();
  for (uint32_t i = guise.begin; i < guise.end; ++i) {
    bound.gain += cost_alone(units_, i);
    apart = apart || units_[i].picture || (i > guise.begin && units_[i].apart);
    region_ += units_[i].c;
  }
  if (!is_convincing(bound, word.letters)) return true;
  const uint8_t cost = apart ? core::text::kUnknownWord : core::text::word_cost(region_);
  if (cost == core::text::kUnknownWord) return false;
  bound.gain = cost - word.cost;
  return !is_convincing(bound, word.letters);
}

void GuiseScanner::weigh(const core::text::Folded& text, std::vector<Guise>& out) {
  likelihood_.read(units_);
  const auto size = static_cast<uint32_t>(text.chars.size());
  for (const Guise& guise : found_) {
    const Guises::Known& word = guises_->words_[guise.word];
    Guise weighed = guise;
    weighed.word = word.id;
    weighed.gain = likelihood_.whole() - likelihood_.around(guise.begin, guise.end) - word.cost;
    const Unit& last = units_[guise.end - 1];
    weighed.begin = units_[guise.begin].at;
    weighed.end = last.picture ? last.at : last.at + 1;
    if (weighed.end <= weighed.begin) weighed.end = std::min(weighed.begin + 1, size);
    if (is_convincing(weighed, word.letters)) out.push_back(weighed);
  }
  // At one place each word once, the way that changes least.
  std::ranges::sort(out, {}, [](const Guise& g) {
    return std::tuple(g.begin, g.end, g.word, g.changed, -g.gain, g.tricks);
  });
  const auto same = [](const Guise& a, const Guise& b) {
    return a.begin == b.begin && a.end == b.end && a.word == b.word;
  };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
}

}  // namespace rules
