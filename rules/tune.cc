// Candidates come from the false alarms, are tried on all known messages (trial.h), taken one by
// one, the one that leaves out most first, and then loaded and asked in earnest.
#include "rules/tune.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/hash.h"
#include "core/text/utf8.h"
#include "rules/pack_edit.h"
#include "rules/trial.h"

namespace rules {

namespace {

constexpr size_t kPhraseMin = 2, kPhraseMax = 8, kContextMax = 4;  // folded characters
constexpr size_t kExceptsMax = 128, kContextsMax = 64;             // candidates
constexpr size_t kStepsMax = 8;
constexpr int64_t kContextRemovesMin = 3;  // a word that vetoes a whole message
constexpr uint64_t kHeldOut = 3;           // one of so many false alarms

// A character that may stand inside a phrase: no punctuation, no mask.
bool in_word(char32_t c) {
  if (c < 0x80) return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z');
  return c >= 0x3400 && (c < 0xfe00 || c > 0xffff);
}

bool all_in_word(std::u32string_view chars) { return std::ranges::all_of(chars, in_word); }

struct Candidate {
  TuneStep::Kind kind = TuneStep::Kind::Except;
  uint32_t phrase = 0;   // of Except, None
  uint32_t pattern = 0;  // of Drop
  std::string word;      // of Drop, as it is written
  uint32_t within = 0;
};

// What is known of a rule, and how it fares on it.
class Tuner {
 public:
  Tuner(const LoadedBook& book, uint32_t rule, const TuneTask& task, Tuning& out)
      : book_(book), rule_(book.program_.rules[rule]), trial_(book, rule), out_(out) {
    for (const Example& example : rule_.tests) add_example(example);
    for (const std::string& text : limited(task.right)) add(text, right_, out_.unused_right);
    for (const std::string& text : limited(task.wrong)) add(text, wrong_, out_.unused_wrong);
    for (const size_t i : wrong_)
      if (core::hash64(core::text::to_utf8(trial_.folded(i).chars)) % kHeldOut == 0)
        held_.insert(i);
    out_.right = static_cast<int64_t>(right_.size());
    out_.wrong = out_.wrong_left = static_cast<int64_t>(wrong_.size());
    out_.held_out = out_.held_out_left = static_cast<int64_t>(held_.size());
  }

  void run() {
    if (wrong_.empty()) return refuse("没有误报可学 no false alarm to learn from");
    if (out_.wrong < kTuneRemovesMin)
      return refuse(
          "只有一个误报，不从一个例子学 a single false alarm: nothing is learnt from one");
    std::vector<Candidate> candidates = exceptions();
    for (auto more : {contexts(), narrower(), fewer()})
      candidates.insert(candidates.end(), more.begin(), more.end());
    while (out_.steps.size() < kStepsMax) {
      const auto best = best_of(candidates);
      if (best == candidates.end()) break;
      apply(*best);
      out_.steps.push_back(step_of(*best));
      forget_gone();
      candidates.erase(best);
    }
    verify();
  }

 private:
  std::vector<std::string> limited(const std::vector<std::string>& texts) {
    const size_t n = std::min(texts.size(), TuneTask::kTextsMax);
    out_.left_out += static_cast<int64_t>(texts.size() - n);
    return {texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(n)};
  }

  void refuse(std::string why) { out_.refused = std::move(why); }

  void add_example(const Example& example) {
    const auto i = trial_.add(example.text);
    if (!i) return;
    (example.hit ? examples_hit_ : examples_miss_).push_back(*i);
  }

  // A message said to be right and wrong is right: it must not be lost.
  void add(const std::string& text, std::vector<size_t>& to, int64_t& unused) {
    const auto i = trial_.add(text);
    if (!i) return;
    if (trial_.fires(*i)) {
      to.push_back(*i);
      alive_.insert(*i);
    } else {
      ++unused;
    }
  }

  // Phrases around the words that fired, of the false alarms that are not held out.
  std::vector<Candidate> exceptions() {
    std::map<std::u32string, int64_t> seen;
    for (const size_t i : wrong_) {
      if (held_.contains(i)) continue;
      const std::u32string_view chars = trial_.folded(i).chars;
      std::set<std::u32string> here;
      for (const Match& m : trial_.counting(i))
        for (size_t from = m.end > kPhraseMax ? m.end - kPhraseMax : 0; from <= m.begin; ++from)
          for (size_t to = m.end; to <= std::min(chars.size(), from + kPhraseMax); ++to) {
            const std::u32string_view phrase = chars.substr(from, to - from);
            if (to - from > m.end - m.begin && to - from >= kPhraseMin && all_in_word(phrase))
              here.emplace(phrase);
          }
      for (const std::u32string& phrase : here) ++seen[phrase];
    }
    return phrases(seen, TuneStep::Kind::Except, kExceptsMax, kTuneRemovesMin);
  }

  // Words anywhere in false alarms, and in no right message.
  std::vector<Candidate> contexts() {
    std::map<std::u32string, int64_t> seen;
    for (const size_t i : wrong_) {
      if (held_.contains(i)) continue;
      const std::u32string_view chars = trial_.folded(i).chars;
      std::set<std::u32string> here;
      for (size_t from = 0; from < chars.size(); ++from)
        for (size_t n = kPhraseMin; n <= kContextMax && from + n <= chars.size(); ++n)
          if (all_in_word(chars.substr(from, n))) here.emplace(chars.substr(from, n));
      for (const std::u32string& word : here) ++seen[word];
    }
    for (const auto* texts : {&right_, &examples_hit_})
      for (const size_t i : *texts)
        std::erase_if(seen, [&](const auto& one) {
          return trial_.folded(i).chars.find(one.first) != std::u32string::npos;
        });
    return phrases(seen, TuneStep::Kind::None, kContextsMax, kContextRemovesMin);
  }

  // The most frequent ones that are in enough false alarms; of equal ones the longest.
  std::vector<Candidate> phrases(const std::map<std::u32string, int64_t>& seen, TuneStep::Kind kind,
                                 size_t limit, int64_t at_least) {
    std::vector<std::pair<std::u32string, int64_t>> all;
    for (const auto& [phrase, learnt] : seen) {
      int64_t n = learnt;
      for (const size_t i : held_)
        n += trial_.folded(i).chars.find(phrase) != std::u32string::npos ? 1 : 0;
      if (n >= at_least) all.emplace_back(phrase, n);
    }
    std::ranges::sort(all, [](const auto& a, const auto& b) {
      if (a.second != b.second) return a.second > b.second;
      if (a.first.size() != b.first.size()) return a.first.size() > b.first.size();
      return a.first < b.first;
    });
    if (all.size() > limit) all.resize(limit);
    std::vector<Candidate> candidates;
    for (const auto& [phrase, n] : all)
      candidates.push_back({kind, trial_.phrase(phrase), 0, "", 0});
    return candidates;
  }

  std::vector<Candidate> narrower() {
    std::vector<Candidate> all;
    if (rule_.near_words.empty()) return all;
    for (uint32_t within = rule_.near_within; within-- > 0;)
      all.push_back({TuneStep::Kind::Within, 0, 0, "", within});
    return all;
  }

  // Words that stand in `any` themselves.
  std::vector<Candidate> fewer() {
    std::vector<Candidate> all;
    Findings findings;
    const Pack pack = read_pack(*rule_.place.file, findings);
    const auto text = std::ranges::find(pack.rules, rule_.id, &RuleText::id);
    if (text == pack.rules.end() || rule_.any.size() < 2) return all;
    for (const Item& item : text->when.any) {
      if (item.kind != Item::Kind::Word) continue;
      const auto folded = core::text::fold_word(item.text);
      const auto word = std::ranges::find(book_.words_, folded);
      if (word == book_.words_.end()) continue;
      all.push_back({TuneStep::Kind::Drop, 0, static_cast<uint32_t>(word - book_.words_.begin()),
                     item.text, 0});
    }
    return all;
  }

  void apply(const Candidate& c) {
    switch (c.kind) {
      case TuneStep::Kind::Except:
        return trial_.put(&Rule::except, c.phrase);
      case TuneStep::Kind::None:
        return trial_.put(&Rule::none, c.phrase);
      case TuneStep::Kind::Within:
        return trial_.set_within(c.within);
      case TuneStep::Kind::Drop:
        return trial_.take_word(c.pattern);
    }
  }

  void undo(const Candidate& c, uint32_t within) {
    switch (c.kind) {
      case TuneStep::Kind::Except:
        return trial_.take(&Rule::except, c.phrase);
      case TuneStep::Kind::None:
        return trial_.take(&Rule::none, c.phrase);
      case TuneStep::Kind::Within:
        return trial_.set_within(within);
      case TuneStep::Kind::Drop:
        return trial_.put_word(c.pattern);
    }
  }

  // How many more false alarms it leaves out; 0 when it loses anything.
  int64_t removes(const Candidate& c) {
    const bool by_phrase = c.kind == TuneStep::Kind::Except || c.kind == TuneStep::Kind::None;
    const auto same = [&](size_t i) { return by_phrase && !trial_.holds(i, c.phrase); };
    const uint32_t within = trial_.within();
    if (c.kind == TuneStep::Kind::Within && c.within >= within) return 0;
    if (c.kind == TuneStep::Kind::Drop && trial_.rule().any.size() < 2) return 0;
    apply(c);
    const auto lost = [&](size_t i) { return !same(i) && !trial_.fires(i); };
    int64_t n = 0;
    if (std::ranges::none_of(right_, lost) && std::ranges::none_of(examples_hit_, lost) &&
        std::ranges::none_of(examples_miss_, [&](size_t i) { return !same(i) && trial_.fires(i); }))
      for (const size_t i : wrong_) n += alive_.contains(i) && lost(i) ? 1 : 0;
    undo(c, within);
    const bool costs = c.kind == TuneStep::Kind::Drop || c.kind == TuneStep::Kind::None;
    return n < (costs ? kDropRemovesMin : kTuneRemovesMin) ? 0 : n;
  }

  // By how much it leaves out, then by what it costs: the most exact first.
  std::vector<Candidate>::iterator best_of(std::vector<Candidate>& candidates) {
    auto best = candidates.end();
    std::tuple<int64_t, int, size_t> most{0, 0, 0};
    for (auto it = candidates.begin(); it != candidates.end(); ++it) {
      static constexpr int kCare[] = {4, 1, 3, 2};  // by kind
      const size_t size = it->kind == TuneStep::Kind::Within ? it->within
                          : it->kind == TuneStep::Kind::Drop ? 0
                                                             : trial_.word(it->phrase).size();
      const std::tuple<int64_t, int, size_t> worth{removes(*it),
                                                   kCare[static_cast<size_t>(it->kind)], size};
      if (std::get<0>(worth) == 0 || worth <= most) continue;
      most = worth;
      best = it;
    }
    removed_ = std::get<0>(most);
    return best;
  }

  TuneStep step_of(const Candidate& c) const {
    TuneStep step;
    step.kind = c.kind;
    step.within = c.within;
    step.removed = removed_;
    const bool by_phrase = c.kind == TuneStep::Kind::Except || c.kind == TuneStep::Kind::None;
    step.word = by_phrase ? core::text::to_utf8(trial_.word(c.phrase)) : c.word;
    return step;
  }

  void forget_gone() {
    for (const size_t i : wrong_)
      if (!trial_.fires(i)) alive_.erase(i);
  }

  // As many steps as the real Book bears out.
  void verify() {
    for (; !out_.steps.empty(); out_.steps.pop_back())
      if (stands_in_earnest()) return;
    refuse(
        "没有一个改动能去掉两个以上的误报而不丢属实的消息 no change leaves out two or more false "
        "alarms and keeps every right message");
    out_.after.clear();
    out_.wrong_left = out_.wrong;
    out_.held_out_left = out_.held_out;
  }

  std::optional<std::string> edited() const {
    RuleInPack at{out_.file, out_.before, rule_.id};
    std::vector<std::string> excepts, nones;
    for (const TuneStep& step : out_.steps) {
      core::Result<std::string> text = at.bytes;
      if (step.kind == TuneStep::Kind::Except) excepts.push_back(step.word);
      if (step.kind == TuneStep::Kind::None) nones.push_back(step.word);
      if (step.kind == TuneStep::Kind::Within) text = with_within(at, step.within);
      if (step.kind == TuneStep::Kind::Drop) text = without_word(at, step.word);
      if (!text) return std::nullopt;
      at.bytes = *text;
    }
    for (const auto& [key, words] : {std::pair("except", &excepts), std::pair("none", &nones)}) {
      if (words->empty()) continue;
      core::Result<std::string> text = with_words(at, key, *words);
      if (!text) return std::nullopt;
      at.bytes = *text;
    }
    return at.bytes;
  }

  std::shared_ptr<const Book> load(const std::string& pack) const {
    std::deque<SourceFile> sources = book_.sources_;
    for (size_t i = 0; i < sources.size(); ++i)
      if (&book_.sources_[i] == rule_.place.file) sources[i].bytes = pack;
    auto book = load_archive(to_archive(sources), book_.hash_key_);
    return book ? *book : nullptr;
  }

  bool stands_in_earnest() {
    out_.before = rule_.place.file->bytes;
    out_.file = rule_.place.file->name;
    const auto pack = edited();
    if (!pack) return false;
    const auto changed = load(*pack);  // with its examples
    if (changed == nullptr) return false;
    const auto& rules = dynamic_cast<const LoadedBook&>(*changed).program_.rules;
    const auto it = std::ranges::find(rules, rule_.id, &Rule::id);
    if (it == rules.end()) return false;
    Trial real(dynamic_cast<const LoadedBook&>(*changed),
               static_cast<uint32_t>(it - rules.begin()));
    const auto fires = [&](size_t i) {
      const auto n = real.add(trial_.text(i));
      return n && real.fires(*n);
    };
    out_.wrong_left = out_.held_out_left = 0;
    for (const size_t i : right_)
      if (!fires(i)) return false;
    for (const size_t i : wrong_) {
      if (!fires(i)) continue;
      ++out_.wrong_left;
      out_.held_out_left += held_.contains(i) ? 1 : 0;
    }
    out_.after = *pack;
    return out_.wrong_left + kTuneRemovesMin <= out_.wrong;
  }

  const LoadedBook& book_;
  const Rule& rule_;
  Trial trial_;
  Tuning& out_;
  std::vector<size_t> examples_hit_, examples_miss_, right_, wrong_;
  std::set<size_t> held_, alive_;
  int64_t removed_ = 0;
};

}  // namespace

Tuning tune(const std::shared_ptr<const Book>& book, const TuneTask& task) {
  Tuning tuning;
  const auto& loaded = dynamic_cast<const LoadedBook&>(*book);
  const auto& rules = loaded.program_.rules;
  const auto it = std::ranges::find(rules, task.rule, &Rule::id);
  if (it == rules.end()) {
    tuning.refused = "没有这条规则 no rule " + task.rule;
    return tuning;
  }
  Tuner(loaded, static_cast<uint32_t>(it - rules.begin()), task, tuning).run();
  return tuning;
}

}  // namespace rules
