// Read Search::run() first: words, and one pair of words close to each other, by greedy gain.
#include "rules/draft.h"

#include <algorithm>
#include <map>

#include "core/text/utf8.h"
#include "rules/except_search.h"
#include "rules/findings.h"
#include "rules/phrases.h"
#include "rules/word_lists.h"

namespace rules {

namespace {

// Precision counts a little more than recall: beta of the F measure that the search maximises.
constexpr double kBetaSquared = 0.5;
constexpr double kGainMin = 0.002;
constexpr uint32_t kMissWeight = 3;  // a miss was chosen by hand: it stands for several texts
constexpr size_t kNearSeedsMax = 120, kNearSideMax = 6;
constexpr uint32_t kNearWithin = 15;
constexpr size_t kFirstWordMax = 4;                  // characters
constexpr double kTooCommon = 0.2, kCommonMin = 50;  // share, texts: beyond no seed of a `near`
constexpr size_t kExceptedMax = 300;                 // candidates that exceptions are looked for
constexpr size_t kExceptStrangersMax = 2'000;        // a word with more of them is no word to save

double f_measure(size_t hits, size_t all_hits, size_t strangers) {
  if (hits == 0) return 0;
  const double precision = static_cast<double>(hits) / static_cast<double>(hits + strangers);
  const double recall = static_cast<double>(hits) / static_cast<double>(all_hits);
  return (1 + kBetaSquared) * precision * recall / (kBetaSquared * precision + recall);
}

// A condition and what it takes: groups of examples, and other texts.
struct Part {
  std::vector<uint32_t> hits, strange;
  std::u32string word;                  // of `any`; empty: it is `near`
  std::vector<std::u32string> excepts;  // that the word needs
};

class Search {
 public:
  explicit Search(const DraftTexts& texts)
      : examples_(prepare_texts(texts.hits)), groups_(groups_of(examples_)) {
    others_ = prepare_texts(texts.misses);
    weights_.assign(others_.size(), kMissWeight);
    const std::vector<DraftText> ordinary = prepare_texts(texts.ordinary);
    others_.insert(others_.end(), ordinary.begin(), ordinary.end());
    weights_.resize(others_.size(), 1);
  }

  core::Result<DraftedWhen> run() {
    if (groups_ < kDraftExamplesMin)
      return core::Error{
          core::Code::BadInput,
          both("不同的例子太少，至少 3 条",
               "too few different examples: at least 3, these are " + std::to_string(groups_))};
    find_words();
    find_pairs();
    // Words first, or a pair first: what is chosen first stands in the other's way.
    clear();
    choose_words();
    choose_near();
    prune();
    const double words_first = f_now();
    DraftedWhen when = result();
    clear();
    choose_near();
    choose_words();
    prune();
    if (f_now() > words_first) when = result();
    if (when.covered > 0) return when;
    return core::Error{core::Code::BadInput,
                       both("没有几条例子共有而平常不说的词",
                            "no words that several examples share and others do not use")};
  }

 private:
  // --- candidates
  void find_words() {
    phrases_ = find_phrases(examples_, others_, std::max<size_t>(2, groups_ / 50));
    std::vector<std::u32string> excepted;
    for (const Phrase& phrase : phrases_) {
      if (excepted.size() < kExceptedMax && phrase.strange.size() >= kExceptSupport &&
          phrase.strange.size() <= kExceptStrangersMax)
        excepted.push_back(phrase.chars);
      words_.push_back({phrase.hits, phrase.strange, phrase.chars, {}});
    }
    ExceptSearch search(examples_, others_, excepted);
    size_t next = 0;
    for (size_t i = 0, n = words_.size(); i < n && next < excepted.size(); ++i) {
      if (words_[i].word != excepted[next]) continue;
      Part with_excepts = words_[i];
      with_excepts.excepts = search.of(next++, with_excepts.strange);
      if (!with_excepts.excepts.empty()) words_.push_back(std::move(with_excepts));
    }
  }

  void find_pairs() {
    for (const Phrase& phrase : phrases_) {
      if (seeds_.size() == kNearSeedsMax) break;
      const auto share = static_cast<double>(phrase.strange.size());
      if (share <= std::max(kCommonMin, kTooCommon * static_cast<double>(others_.size())))
        seeds_.push_back(phrase.chars);
    }
    const auto in_examples = places_of(seeds_, examples_);
    for (size_t i = 0; i < examples_.size(); ++i)
      add_pairs(in_examples[i], examples_[i].group, &Part::hits, pairs_);
    for (auto& [words, pair] : pairs_) sort_unique(pair.hits);
    std::erase_if(pairs_, [](const auto& entry) { return entry.second.hits.size() < 2; });
    Pairs strange;
    const auto in_others = places_of(seeds_, others_);
    for (uint32_t i = 0; i < others_.size(); ++i)
      add_pairs(in_others[i], i, &Part::strange, strange);
    for (auto& [words, pair] : pairs_)
      if (const auto it = strange.find(words); it != strange.end())
        pair.strange = std::move(it->second.strange);
  }

  using Pairs = std::map<std::pair<uint32_t, uint32_t>, Part>;

  static void add_pairs(const std::vector<PhraseAt>& places, uint32_t text,
                        std::vector<uint32_t> Part::*side, Pairs& pairs) {
    for (size_t i = 0; i < places.size(); ++i)
      for (size_t k = i + 1; k < places.size(); ++k) {
        const PhraseAt &a = places[i], &b = places[k];
        if (b.begin < a.end || b.begin - a.end > kNearWithin || a.phrase == b.phrase) continue;
        std::vector<uint32_t>& list = pairs[std::minmax(a.phrase, b.phrase)].*side;
        if (list.empty() || list.back() != text) list.push_back(text);
      }
  }

  // --- what is chosen
  void clear() {
    chosen_.clear();
    near_words_.clear();
    near_of_.clear();
    count();
  }

  // How often each text is taken, by all that is chosen.
  void count() {
    hit_times_.assign(groups_, 0);
    strange_times_.assign(others_.size(), 0);
    hits_ = weight_ = 0;
    for (const Part& part : chosen_) add(part);
  }

  void add(const Part& part) {
    for (const uint32_t group : part.hits) hits_ += hit_times_[group]++ == 0 ? 1 : 0;
    for (const uint32_t i : part.strange) weight_ += strange_times_[i]++ == 0 ? weights_[i] : 0;
  }

  double f_now() const { return f_measure(hits_, groups_, weight_); }

  double f_with(const Part& part) const {
    size_t hits = hits_, weight = weight_;
    for (const uint32_t group : part.hits) hits += hit_times_[group] == 0 ? 1 : 0;
    if (hits == hits_) return 0;
    for (const uint32_t i : part.strange) weight += strange_times_[i] == 0 ? weights_[i] : 0;
    return f_measure(hits, groups_, weight);
  }

  double f_without(const Part& part) const {
    size_t hits = hits_, weight = weight_;
    for (const uint32_t group : part.hits) hits -= hit_times_[group] == 1 ? 1 : 0;
    for (const uint32_t i : part.strange) weight -= strange_times_[i] == 1 ? weights_[i] : 0;
    return f_measure(hits, groups_, weight);
  }

  void take(Part part) {
    add(part);
    chosen_.push_back(std::move(part));
  }

  void choose_words() {
    for (size_t n = 0; n < kDraftWordsMax; ++n) {
      const Part* best = nullptr;
      double best_f = f_now() + kGainMin;
      for (const Part& word : words_) {
        const double f = f_with(word);
        if (f > best_f) best_f = f, best = &word;
      }
      if (best == nullptr) return;
      take(*best);
    }
  }

  void choose_near() {
    const Pairs::value_type* best = nullptr;
    double best_f = f_now() + kGainMin;
    for (const auto& entry : pairs_) {
      const double f = f_with(entry.second);
      if (f > best_f) best_f = f, best = &entry;
    }
    if (best == nullptr) return;
    near_words_ = {best->first.first};
    near_of_ = {best->first.second};
    Part near = best->second;
    while (grow(near)) {
    }
    take(std::move(near));
  }

  // One more word on the side where it gains most; it pairs with all words of the other side.
  bool grow(Part& near) {
    std::vector<uint32_t>* best_side = nullptr;
    Part best;
    uint32_t best_word = 0;
    double best_f = f_with(near) + kGainMin;
    for (std::vector<uint32_t>* side : {&near_words_, &near_of_}) {
      if (side->size() == kNearSideMax) continue;
      const std::vector<uint32_t>& partners = side == &near_words_ ? near_of_ : near_words_;
      for (uint32_t word = 0; word < seeds_.size(); ++word) {
        Part joined = with_partners(near, word, partners);
        if (joined.hits.size() == near.hits.size()) continue;
        const double f = f_with(joined);
        if (f <= best_f) continue;
        best_f = f;
        best_side = side;
        best = std::move(joined);
        best_word = word;
      }
    }
    if (best_side == nullptr) return false;
    near = std::move(best);
    best_side->push_back(best_word);
    return true;
  }

  Part with_partners(const Part& near, uint32_t word, const std::vector<uint32_t>& partners) const {
    Part joined = near;
    for (const uint32_t partner : partners) {
      const auto it = pairs_.find(std::minmax(word, partner));
      if (it == pairs_.end()) continue;
      joined.hits.insert(joined.hits.end(), it->second.hits.begin(), it->second.hits.end());
      joined.strange.insert(joined.strange.end(), it->second.strange.begin(),
                            it->second.strange.end());
    }
    sort_unique(joined.hits);
    sort_unique(joined.strange);
    return joined;
  }

  // What came first may have become superfluous.
  void prune() {
    for (size_t i = 0; i < chosen_.size();) {
      if (chosen_.size() > 1 && f_without(chosen_[i]) >= f_now()) {
        chosen_.erase(chosen_.begin() + static_cast<std::ptrdiff_t>(i));
        count();
      } else {
        ++i;
      }
    }
  }

  DraftedWhen result() const {
    DraftedWhen when;
    for (const Part& part : chosen_) {
      if (part.word.empty()) {
        when.near.emplace().within = kNearWithin;
        for (const uint32_t w : near_words_) when.near->words.push_back(utf8(seeds_[w]));
        for (const uint32_t w : near_of_) when.near->of.push_back(utf8(seeds_[w]));
        continue;
      }
      when.any.push_back(utf8(part.word));
      for (const std::u32string& phrase : part.excepts)
        if (std::ranges::find(when.except, utf8(phrase)) == when.except.end())
          when.except.push_back(utf8(phrase));
    }
    when.examples = groups_;
    when.covered = hits_;
    return when;
  }

  static std::string utf8(const std::u32string& chars) { return core::text::to_utf8(chars); }

  std::vector<DraftText> examples_, others_;
  std::vector<uint32_t> weights_;  // of the others
  const size_t groups_;
  std::vector<Phrase> phrases_;
  std::vector<Part> words_;  // candidates, some with and without exceptions
  std::vector<std::u32string> seeds_;
  Pairs pairs_;
  std::vector<Part> chosen_;
  std::vector<uint32_t> near_words_, near_of_;
  std::vector<uint32_t> hit_times_, strange_times_;
  size_t hits_ = 0, weight_ = 0;
};

}  // namespace

core::Result<DraftedWhen> draft(const DraftTexts& texts) { return Search(texts).run(); }

std::vector<std::string> first_words(const DraftTexts& texts, size_t count) {
  const std::vector<DraftText> examples = prepare_texts(texts.hits);
  const std::vector<DraftText> others = prepare_texts(texts.ordinary);
  std::vector<Phrase> phrases = find_phrases(examples, others, 2);
  std::erase_if(phrases, [&](const Phrase& phrase) {
    return 100 * phrase.strange.size() > others.size() || phrase.chars.size() > kFirstWordMax;
  });
  std::vector<std::string> words;
  for (const Phrase& phrase : phrases)
    if (words.size() < count) words.push_back(core::text::to_utf8(phrase.chars));
  return words;
}

}  // namespace rules
