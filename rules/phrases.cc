#include "rules/phrases.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/check.h"
#include "core/hash.h"
#include "core/text/fingerprint.h"
#include "core/text/mask.h"
#include "core/text/utf8.h"
#include "rules/matcher.h"
#include "rules/ordinary_words.h"

namespace rules {

namespace {

constexpr size_t kWordMax = 4;  // characters of an everyday word that segmentation knows

bool is_latin(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9'); }
bool is_han(char32_t c) { return c >= 0x3400 && c < 0xA000; }

// Where words of everyday language begin, the end included: the longest known word from the left.
std::vector<bool> word_edges(const std::u32string& chars) {
  std::vector<bool> edges(chars.size() + 1, false);
  for (size_t i = 0; i < chars.size();) {
    edges[i] = true;
    size_t length = 1;
    if (is_latin(chars[i])) {
      while (i + length < chars.size() && is_latin(chars[i + length])) ++length;
    } else if (is_han(chars[i])) {
      for (size_t n = std::min(kWordMax, chars.size() - i); n >= 2; --n) {
        if (!is_ordinary_word(core::text::to_utf8({chars.data() + i, n}))) continue;
        length = n;
        break;
      }
    }
    i += length;
  }
  edges[chars.size()] = true;
  return edges;
}

struct Support {
  std::vector<uint32_t> groups;
  uint32_t at_edges = 0, places = 0;
};
using Supports = std::map<std::u32string, Support>;

void add_runs(const DraftText& text, Supports& supports) {
  const std::vector<bool> edges = word_edges(text.chars);
  for (size_t i = 0; i < text.chars.size(); ++i) {
    if (!is_han(text.chars[i]) && !is_latin(text.chars[i])) continue;
    bool all_digits = true;
    for (size_t n = 1; n <= kPhraseCharsMax && i + n <= text.chars.size(); ++n) {
      const char32_t c = text.chars[i + n - 1];
      if (!is_han(c) && !is_latin(c)) break;
      all_digits = all_digits && c < U'a';
      if (n < kPhraseCharsMin || all_digits) continue;
      Support& support = supports[text.chars.substr(i, n)];
      ++support.places;
      if (edges[i] && edges[i + n]) ++support.at_edges;
      if (support.groups.empty() || support.groups.back() != text.group)
        support.groups.push_back(text.group);
    }
  }
}

// Of phrases that stand in just the same examples a shorter one says as much and finds more; but a
// piece of a word says nothing, hence the edges.
std::vector<Phrase> chosen(Supports& supports, size_t support) {
  std::vector<Phrase> phrases;
  for (auto& [chars, s] : supports) {
    std::ranges::sort(s.groups);
    s.groups.erase(std::unique(s.groups.begin(), s.groups.end()), s.groups.end());
    if (s.groups.size() < support || 2 * s.at_edges < s.places) continue;
    phrases.push_back({chars, std::move(s.groups), {}});
  }
  std::ranges::stable_sort(phrases, [](const Phrase& a, const Phrase& b) {
    return a.hits.size() != b.hits.size() ? a.hits.size() > b.hits.size()
                                          : a.chars.size() < b.chars.size();
  });
  if (phrases.size() > kPhrasesMax) phrases.resize(kPhrasesMax);
  return phrases;
}

// Same examples, same strangers, and a shorter one inside: the longer one adds nothing.
void drop_redundant(std::vector<Phrase>& phrases) {
  std::map<uint64_t, std::vector<size_t>> alike;
  const auto key = [](const Phrase& p) {
    const auto bytes = [](const std::vector<uint32_t>& v) {
      return std::string_view(reinterpret_cast<const char*>(v.data()), v.size() * 4);
    };
    return core::hash64(bytes(p.hits)) * 31 + core::hash64(bytes(p.strange));
  };
  for (size_t i = 0; i < phrases.size(); ++i) alike[key(phrases[i])].push_back(i);
  std::vector<bool> drop(phrases.size(), false);
  for (const auto& [hash, same] : alike)
    for (size_t a = 1; a < same.size(); ++a)
      for (size_t b = 0; b < a && !drop[same[a]]; ++b)
        drop[same[a]] = phrases[same[a]].chars.find(phrases[same[b]].chars) != std::u32string::npos;
  size_t i = 0;
  std::erase_if(phrases, [&](const Phrase&) { return drop[i++]; });
}

}  // namespace

std::vector<DraftText> prepare_texts(const std::vector<std::string>& texts) {
  std::vector<DraftText> prepared;
  std::map<uint64_t, uint32_t> groups;
  core::text::Folded folded;
  std::vector<uint64_t> prints;
  for (std::string text : texts) {
    core::text::mask(text);
    core::text::fold(text, folded);
    uint64_t mark = core::text::copy_marks(folded, prints);
    if (mark == 0) mark = core::hash64(core::text::to_utf8(folded.chars));
    const auto next = static_cast<uint32_t>(groups.size());
    prepared.push_back({folded.chars, groups.emplace(mark, next).first->second});
  }
  return prepared;
}

size_t groups_of(const std::vector<DraftText>& texts) {
  uint32_t groups = 0;
  for (const DraftText& text : texts) groups = std::max(groups, text.group + 1);
  return groups;
}

std::vector<Phrase> find_phrases(const std::vector<DraftText>& examples,
                                 const std::vector<DraftText>& others, size_t support) {
  Supports supports;
  std::vector<bool> seen(groups_of(examples), false);
  for (const DraftText& text : examples) {
    if (seen[text.group]) continue;  // a copy says nothing new
    seen[text.group] = true;
    add_runs(text, supports);
  }
  std::vector<Phrase> phrases = chosen(supports, support);
  std::vector<std::u32string> words;
  for (const Phrase& phrase : phrases) words.push_back(phrase.chars);
  const auto places = places_of(words, others);
  for (uint32_t i = 0; i < places.size(); ++i)
    for (const PhraseAt& at : places[i]) {
      std::vector<uint32_t>& strange = phrases[at.phrase].strange;
      if (strange.empty() || strange.back() != i) strange.push_back(i);
    }
  drop_redundant(phrases);
  return phrases;
}

std::vector<std::vector<PhraseAt>> places_of(const std::vector<std::u32string>& phrases,
                                             const std::vector<DraftText>& texts) {
  std::vector<std::vector<PhraseAt>> all(texts.size());
  if (phrases.empty()) return all;
  CompileError error;
  const auto matcher = Matcher::create(phrases, {}, error);
  INVARIANT(matcher != nullptr);  // plain words compile
  Scanner scanner(matcher);
  core::text::Folded folded;
  std::vector<Match> matches;
  for (size_t i = 0; i < texts.size(); ++i) {
    core::text::fold(core::text::to_utf8(texts[i].chars), folded);
    scanner.scan(folded, matches);
    for (const Match& m : matches) all[i].push_back({m.pattern, m.begin, m.end});
  }
  return all;
}

}  // namespace rules
