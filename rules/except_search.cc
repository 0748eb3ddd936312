#include "rules/except_search.h"

#include <algorithm>

#include "rules/word_lists.h"

namespace rules {

namespace {

constexpr uint32_t kReach = 3;  // characters on each side

bool is_letter(char32_t c) { return c >= 0x3400 && c < 0xA000; }

}  // namespace

ExceptSearch::ExceptSearch(const std::vector<DraftText>& examples,
                           const std::vector<DraftText>& others,
                           const std::vector<std::u32string>& words)
    : examples_(examples), others_(others), places_(words.size()), examples_of_(words.size()) {
  const auto in_others = places_of(words, others);
  for (uint32_t i = 0; i < others.size(); ++i)
    for (const PhraseAt& at : in_others[i]) places_[at.phrase].push_back({i, at.begin, at.end});
  const auto in_examples = places_of(words, examples);
  for (uint32_t i = 0; i < examples.size(); ++i)
    for (const PhraseAt& at : in_examples[i]) examples_of_[at.phrase].push_back(i);
}

std::vector<std::u32string> ExceptSearch::of(size_t word, std::vector<uint32_t>& strange) const {
  const std::vector<Place>& places = places_[word];
  Around around;
  for (size_t i = 0; i < places.size(); ++i) add_around(places[i], i, around);
  std::erase_if(around, [&](const auto& entry) {
    std::vector<uint32_t> texts;
    for (const size_t i : entry.second) texts.push_back(places[i].text);
    sort_unique(texts);
    return texts.size() < kExceptSupport || in_examples(word, entry.first);
  });
  std::vector<bool> masked(places.size(), false);
  std::vector<std::u32string> excepts;
  while (excepts.size() < kExceptPerWordMax) {
    const Around::value_type* best = nullptr;
    size_t most = kExceptSupport - 1;
    for (const auto& entry : around) {
      const auto gain = static_cast<size_t>(
          std::ranges::count_if(entry.second, [&](size_t i) { return !masked[i]; }));
      // Of equal ones the shorter one: it also masks what was not seen.
      const bool shorter =
          best != nullptr && gain == most && entry.first.size() < best->first.size();
      if (gain > most || shorter) best = &entry, most = gain;
    }
    if (best == nullptr) break;
    for (const size_t i : best->second) masked[i] = true;
    excepts.push_back(best->first);
  }
  strange.clear();
  for (size_t i = 0; i < places.size(); ++i)
    if (!masked[i]) strange.push_back(places[i].text);
  sort_unique(strange);
  return excepts;
}

void ExceptSearch::add_around(const Place& place, size_t index, Around& around) const {
  const std::u32string& chars = others_[place.text].chars;
  for (uint32_t left = 0; left <= kReach && left <= place.begin; ++left) {
    if (left > 0 && !is_letter(chars[place.begin - left])) break;
    for (uint32_t right = 0; right <= kReach && place.end + right <= chars.size(); ++right) {
      if (right > 0 && !is_letter(chars[place.end + right - 1])) break;
      if (left + right == 0) continue;
      around[chars.substr(place.begin - left, place.end - place.begin + left + right)].push_back(
          index);
    }
  }
}

bool ExceptSearch::in_examples(size_t word, const std::u32string& phrase) const {
  return std::ranges::any_of(examples_of_[word], [&](uint32_t i) {
    return examples_[i].chars.find(phrase) != std::u32string::npos;
  });
}

}  // namespace rules
