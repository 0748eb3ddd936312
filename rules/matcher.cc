// Two databases. Words: one of literals over the two-byte codes of alphabet.h, flags 0, so that
// every place is reported and its begin is end minus length. Expressions: folded UTF-8, scanned
// only when a word of theirs is in the message. Read Matcher::create() first, then Scanner::scan().
#include "rules/matcher.h"

#include <hs/hs.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "core/check.h"
#include "core/text/utf8.h"
#include "rules/alphabet.h"
#include "rules/database_cache.h"
#include "rules/guise_scanner.h"
#include "rules/stands.h"

namespace rules {

namespace {

constexpr unsigned kExpressionFlags = HS_FLAG_UTF8 | HS_FLAG_SOM_LEFTMOST | HS_FLAG_CASELESS;

constexpr size_t kSlabCodes = 16 * 1024;        // scanned at once, and at most one message more
constexpr size_t kSlabMatchesMax = 128 * 1024;  // of them; beyond, each message is scanned alone
constexpr uint16_t kBetweenMessages = 0x0A0A;   // no code of the alphabet has these bytes

struct Free {
  void operator()(hs_database* d) const { hs_free_database(d); }
  void operator()(hs_scratch* s) const { hs_free_scratch(s); }
  void operator()(hs_compile_error_t* e) const { hs_free_compile_error(e); }
};

// What a scan has found. The callback only writes down; capacity was reserved before.
struct Sink {
  std::vector<Match>& found;
  uint64_t& dropped;
  size_t max;
};

extern "C" int on_match(unsigned pattern, unsigned long long from, unsigned long long to, unsigned,
                        void* context) noexcept {
  Sink& sink = *static_cast<Sink*>(context);
  if (sink.found.size() < sink.max)
    sink.found.push_back({static_cast<uint32_t>(from), static_cast<uint32_t>(to), pattern, 0});
  else
    ++sink.dropped;
  return 0;
}

CompileError take_error(hs_compile_error_t* raw) {
  const std::unique_ptr<hs_compile_error_t, Free> error(raw);
  if (error == nullptr) return {"out of memory", -1};
  return {error->message, error->expression};
}

// nullptr with the reason.
hs_database* compile(const DatabaseSource& source, CompileError& error) {
  const bool literal = source.kind == DatabaseSource::Kind::Literals;
  const auto count = static_cast<unsigned>(source.patterns.size());
  std::vector<const char*> starts;
  std::vector<size_t> sizes;
  std::vector<unsigned> flags(count, source.flags), ids(count);
  std::iota(ids.begin(), ids.end(), 0u);
  for (const std::string& pattern : source.patterns) {
    starts.push_back(pattern.c_str());
    sizes.push_back(pattern.size());
  }
  hs_database* database = nullptr;
  hs_compile_error_t* raw = nullptr;
  const hs_error_t result =
      literal ? hs_compile_lit_multi(starts.data(), flags.data(), ids.data(), sizes.data(), count,
                                     HS_MODE_BLOCK, nullptr, &database, &raw)
              : hs_compile_multi(starts.data(), flags.data(), ids.data(), count, HS_MODE_BLOCK,
                                 nullptr, &database, &raw);
  if (result == HS_SUCCESS) return database;
  error = take_error(raw);
  if (literal) error.expression = -1;
  return nullptr;
}

}  // namespace

struct Matcher::Databases {
  Alphabet alphabet;
  std::vector<uint32_t> lengths;    // of the words, in characters
  std::vector<uint8_t> opens_gate;  // of the words: an expression needs it
  size_t real_words = 0;            // those behind are gates only and are not reported
  bool ungated = false;             // an expression must be scanned on every message
  std::unique_ptr<hs_database, Free> words, expressions;
  std::unique_ptr<hs_scratch, Free> prototype;

  bool make_words(const std::vector<std::u32string>& literals, const DatabaseCache& cache,
                  CompileError& error);
  bool make_expressions(const std::vector<Expression>& list, const DatabaseCache& cache,
                        CompileError& error);
  void take(hs_database* database, std::unique_ptr<hs_database, Free>& place);
};

Matcher::Matcher() : databases_(std::make_unique<Databases>()) {}
Matcher::~Matcher() = default;

std::shared_ptr<const Matcher> Matcher::create(std::vector<std::u32string> words,
                                               const std::vector<Expression>& expressions,
                                               CompileError& error, const std::string& cache,
                                               std::shared_ptr<const Guises> guises) {
  std::shared_ptr<Matcher> matcher(new Matcher);
  matcher->guises_ = std::move(guises);
  Databases& d = *matcher->databases_;
  matcher->words_ = d.real_words = words.size();
  std::map<std::u32string_view, size_t> ids;
  for (size_t i = 0; i < words.size(); ++i) ids.emplace(words[i], i);
  INVARIANT(ids.size() == words.size());
  d.opens_gate.assign(words.size(), 0);
  std::vector<std::u32string> gates;
  for (const Expression& expression : expressions) {
    d.ungated = d.ungated || expression.gates.empty();
    for (const std::u32string& gate : expression.gates) {
      const auto [it, added] = ids.emplace(gate, words.size() + gates.size());
      if (added) gates.push_back(gate);
      d.opens_gate.resize(words.size() + gates.size(), 0);
      d.opens_gate[it->second] = 1;
    }
  }
  words.insert(words.end(), gates.begin(), gates.end());
  if (words.size() > kLiteralsMax) {
    error = {"too many words", -1};
    return nullptr;
  }
  const DatabaseCache databases(cache);
  if (!d.make_words(words, databases, error)) return nullptr;
  if (!d.make_expressions(expressions, databases, error)) return nullptr;
  return matcher;
}

bool Matcher::Databases::make_words(const std::vector<std::u32string>& literals,
                                    const DatabaseCache& cache, CompileError& error) {
  std::vector<std::string> bytes;
  for (const std::u32string& word : literals) {
    INVARIANT(!word.empty());
    if (!alphabet.add(word)) {
      error = {"too many different characters", -1};
      return false;
    }
    std::vector<uint16_t> codes(word.size());
    alphabet.encode(word, codes.data());
    bytes.emplace_back(reinterpret_cast<const char*>(codes.data()), codes.size() * 2);
    lengths.push_back(static_cast<uint32_t>(word.size()));
  }
  if (bytes.empty()) return true;
  const DatabaseSource source{DatabaseSource::Kind::Literals, bytes, 0};
  hs_database* database = cache.find(source);
  if (database == nullptr) {
    database = compile(source, error);
    if (database == nullptr) return false;
    cache.keep(source, database);
  }
  take(database, words);
  return true;
}

bool Matcher::Databases::make_expressions(const std::vector<Expression>& list,
                                          const DatabaseCache& cache, CompileError& error) {
  if (list.empty()) return true;
  std::vector<std::string> patterns;
  for (const Expression& expression : list) patterns.push_back(expression.pattern);
  const DatabaseSource source{DatabaseSource::Kind::Expressions, patterns, kExpressionFlags};
  hs_database* database = cache.find(source);
  if (database == nullptr) {
    database = compile(source, error);
    if (database == nullptr) return false;
    cache.keep(source, database);
  }
  take(database, expressions);
  return true;
}

void Matcher::Databases::take(hs_database* database, std::unique_ptr<hs_database, Free>& place) {
  place.reset(database);
  hs_scratch* scratch = prototype.release();
  INVARIANT(hs_alloc_scratch(database, &scratch) == HS_SUCCESS);
  prototype.reset(scratch);
}

Scanner::Scanner(std::shared_ptr<const Matcher> matcher) : matcher_(std::move(matcher)) {
  const hs_scratch* prototype = matcher_->databases_->prototype.get();
  if (prototype != nullptr) INVARIANT(hs_clone_scratch(prototype, &scratch_) == HS_SUCCESS);
  raw_.reserve(kRawMatchesMax);
  if (matcher_->guises_ != nullptr)
    guise_scanner_ = std::make_unique<GuiseScanner>(matcher_->guises_);
}

Scanner::~Scanner() {
  if (scratch_ != nullptr) hs_free_scratch(scratch_);
}

void Scanner::scan(const core::text::Folded& text, std::vector<Match>& matches) {
  matches.clear();
  raw_.clear();
  scan_words(text);
  finish(text, matches);
  if (guise_scanner_ == nullptr) return;
  guise_scanner_->scan(text, guises_);
  add_guises(guises_, matches);
}

uint64_t Scanner::dropped() const {
  return dropped_ + (guise_scanner_ == nullptr ? 0 : guise_scanner_->dropped());
}

void Scanner::add_guises(std::span<const Guise> guises, std::vector<Match>& matches) {
  for (const Guise& guise : guises) {
    if (matches.size() < kMatchesMax)
      matches.push_back({guise.begin, guise.end, kFirstGuise + guise.word, guise.tricks});
    else
      ++dropped_;
  }
  if (!guises.empty()) std::ranges::sort(matches);
}

// From the words in raw_ to all matches that stand.
void Scanner::finish(const core::text::Folded& text, std::vector<Match>& matches) {
  const Matcher::Databases& d = *matcher_->databases_;
  bool gate_open = d.ungated;
  for (const Match& m : raw_) gate_open = gate_open || d.opens_gate[m.pattern] != 0;
  std::erase_if(raw_, [&d](const Match& m) { return m.pattern >= d.real_words; });
  if (gate_open) scan_expressions(text);
  if (raw_.empty()) return;
  std::ranges::sort(raw_);
  raw_.erase(std::unique(raw_.begin(), raw_.end()), raw_.end());
  for (const Match& match : raw_) {
    if (!stands(text, match, raw_)) continue;
    if (matches.size() < kMatchesMax)
      matches.push_back({match.begin, match.end, match.pattern, tricks_of(text, match)});
    else
      ++dropped_;
  }
}

void Scanner::scan_words(const core::text::Folded& text) {
  const Matcher::Databases& d = *matcher_->databases_;
  if (d.words == nullptr || text.chars.empty()) return;
  if (codes_.size() < text.chars.size()) codes_.resize(text.chars.size());
  d.alphabet.encode(text.chars, codes_.data());
  Sink sink{raw_, dropped_, kRawMatchesMax};
  const hs_error_t result =
      hs_scan(d.words.get(), reinterpret_cast<const char*>(codes_.data()),
              static_cast<unsigned>(text.chars.size() * 2), 0, scratch_, on_match, &sink);
  INVARIANT(result == HS_SUCCESS);
  for (Match& m : raw_) {
    m.end /= 2;
    m.begin = m.end - d.lengths[m.pattern];
  }
}

void Scanner::begin_adding() {
  slab_.clear();
  added_.clear();
  added_matches_.clear();
  added_guises_.clear();
  slab_first_ = 0;
}

// Messages lie one behind the other with codes between them that no word has.
void Scanner::add(const core::text::Folded& text) {
  if (slab_.size() >= kSlabCodes) scan_slab();
  const size_t begin = slab_.size(), size = text.chars.size();
  slab_.resize(begin + size + 1);
  matcher_->databases_->alphabet.encode(text.chars, slab_.data() + begin);
  slab_[begin + size] = kBetweenMessages;
  const size_t first_guise = added_guises_.size();
  if (guise_scanner_ != nullptr) {
    guise_scanner_->scan(text, guises_);
    added_guises_.insert(added_guises_.end(), guises_.begin(), guises_.end());
  }
  added_.push_back({begin, begin + size, 0, 0, first_guise, added_guises_.size(), false});
}

void Scanner::scan_added() { scan_slab(); }

void Scanner::scan_slab() {
  const Matcher::Databases& d = *matcher_->databases_;
  const size_t first_match = added_matches_.size();
  if (d.words != nullptr && !slab_.empty()) {
    const uint64_t dropped_before = dropped_;
    Sink sink{added_matches_, dropped_, first_match + kSlabMatchesMax};
    added_matches_.reserve(sink.max);
    const hs_error_t result =
        hs_scan(d.words.get(), reinterpret_cast<const char*>(slab_.data()),
                static_cast<unsigned>(slab_.size() * 2), 0, scratch_, on_match, &sink);
    INVARIANT(result == HS_SUCCESS);
    if (dropped_ != dropped_before) {
      // Nobody knows whose were dropped.
      for (size_t i = slab_first_; i < added_.size(); ++i) added_[i].by_itself = true;
      added_matches_.resize(first_match);
      dropped_ = dropped_before;
    }
    share_out(first_match);
  }
  slab_.clear();
  slab_first_ = added_.size();
}

void Scanner::share_out(size_t first_match) {
  std::sort(added_matches_.begin() + static_cast<std::ptrdiff_t>(first_match), added_matches_.end(),
            [](const Match& a, const Match& b) { return a.end < b.end; });
  size_t next = first_match;
  for (size_t i = slab_first_; i < added_.size(); ++i) {
    Added& message = added_[i];
    message.first = next;
    for (; next < added_matches_.size() && added_matches_[next].end / 2 <= message.end; ++next) {
      Match& m = added_matches_[next];
      m.end = m.end / 2 - static_cast<uint32_t>(message.begin);
      m.begin = m.end - matcher_->databases_->lengths[m.pattern];
    }
    message.last = next;
    if (message.last - message.first > kRawMatchesMax) message.by_itself = true;
  }
  INVARIANT(next == added_matches_.size());
}

bool Scanner::found(size_t i) const {
  const Added& message = added_[i];
  return message.by_itself || message.first != message.last ||
         message.first_guise != message.last_guise || matcher_->databases_->ungated;
}

void Scanner::scan(size_t i, const core::text::Folded& text, std::vector<Match>& matches) {
  const Added& message = added_[i];
  matches.clear();
  if (message.by_itself) {
    raw_.clear();
    scan_words(text);
  } else {
    raw_.assign(added_matches_.begin() + static_cast<std::ptrdiff_t>(message.first),
                added_matches_.begin() + static_cast<std::ptrdiff_t>(message.last));
  }
  finish(text, matches);
  add_guises({added_guises_.data() + message.first_guise, message.last_guise - message.first_guise},
             matches);
}

void Scanner::scan_expressions(const core::text::Folded& text) {
  const Matcher::Databases& d = *matcher_->databases_;
  if (d.expressions == nullptr || text.chars.empty()) return;
  utf8_.clear();
  char_at_.clear();
  for (uint32_t i = 0; i < text.chars.size(); ++i) {
    core::text::append_utf8(utf8_, text.chars[i]);
    char_at_.resize(utf8_.size(), i);
  }
  char_at_.push_back(static_cast<uint32_t>(text.chars.size()));
  const auto first = static_cast<std::ptrdiff_t>(raw_.size());
  Sink sink{raw_, dropped_, kRawMatchesMax};
  const hs_error_t result =
      hs_scan(d.expressions.get(), utf8_.data(), static_cast<unsigned>(utf8_.size()), 0, scratch_,
              on_match, &sink);
  INVARIANT(result == HS_SUCCESS);
  for (auto m = raw_.begin() + first; m != raw_.end(); ++m) {
    m->begin = char_at_[m->begin];
    m->end = char_at_[m->end];
    m->pattern += kFirstExpression;
  }
  // The shortest match from each begin.
  std::sort(raw_.begin() + first, raw_.end(), [](const Match& a, const Match& b) {
    return std::tie(a.pattern, a.begin, a.end) < std::tie(b.pattern, b.begin, b.end);
  });
  const auto same = [](const Match& a, const Match& b) {
    return a.pattern == b.pattern && a.begin == b.begin;
  };
  raw_.erase(std::unique(raw_.begin() + first, raw_.end(), same), raw_.end());
}

}  // namespace rules
