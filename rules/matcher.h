#pragma once
// Matcher: all words and expressions of a Book in compiled databases. It is immutable and shared by
// all lanes; a Scanner has the scratch of one lane. Booleans, distances and vetoes are not here:
// the library's own are slow and judged at every offset (verdict.h does them on the matches).
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/text/fold.h"
#include "rules/expression.h"
#include "rules/trick.h"

struct hs_database;  // of the matching library, whose header stays in matcher.cc
struct hs_scratch;

namespace rules {

inline constexpr size_t kMatchesMax = 256;       // kept of one message; the rest is counted
inline constexpr size_t kRawMatchesMax = 16384;  // reported by the library for one message
inline constexpr size_t kLiteralsMax = 1'000'000;

class Guises;
class GuiseScanner;
struct Guise;

// Where a word or an expression was found. Pattern ids: words count from 0, the same words where
// they are disguised from kFirstGuise, expressions from kFirstExpression.
inline constexpr uint32_t kFirstGuise = 0x4000'0000, kFirstExpression = 0x8000'0000;

// The word of a word's or a guise's pattern id.
constexpr uint32_t word_of(uint32_t pattern) { return pattern & ~kFirstGuise; }

struct Match {
  uint32_t begin = 0, end = 0;  // characters of the folded text
  uint32_t pattern = 0;
  uint16_t tricks = 0;  // Trick bits: how it is written
  bool is_word() const { return pattern < kFirstGuise; }
  bool is_guise() const { return pattern >= kFirstGuise && pattern < kFirstExpression; }
  bool is_expression() const { return pattern >= kFirstExpression; }
  auto operator<=>(const Match&) const = default;
};

// Why databases could not be made.
struct CompileError {
  std::string message;
  int expression = -1;  // index of the expression it is about; -1: none
};

class Matcher {
 public:
  // `words` are folded and each one there once; `guises`, when there are any, are of some of them.
  // `cache`: folder of databases compiled before (database_cache.h), "" none. nullptr, with the
  // reason, when they do not compile.
  static std::shared_ptr<const Matcher> create(std::vector<std::u32string> words,
                                               const std::vector<Expression>& expressions,
                                               CompileError& error, const std::string& cache = {},
                                               std::shared_ptr<const Guises> guises = nullptr);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  size_t words() const { return words_; }

 private:
  friend class Scanner;
  Matcher();
  struct Databases;

  std::unique_ptr<Databases> databases_;
  std::shared_ptr<const Guises> guises_;
  size_t words_ = 0;
};

// Scans messages, one at a time or many in one go: add() them, scan_added(), then ask for the
// matches of each. The results are the same; many at once take half the time, because the library
// starts once for all and its tables stay in the cache. Owned by one thread; keeps the Matcher
// alive. Its buffers grow to the longest message seen and stay: no allocation in the long run.
class Scanner {
 public:
  explicit Scanner(std::shared_ptr<const Matcher> matcher);
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Every place where a word or expression stands in `text`, sorted, each one once, at most
  // kMatchesMax, guises only as far as others leave room. Of an expression only the shortest match
  // from each begin. Left out are matches that DESIGN 11.9 does not count (stands.h).
  void scan(const core::text::Folded& text, std::vector<Match>& matches);

  void begin_adding();
  void add(const core::text::Folded& text);
  void scan_added();
  // Whether message i, counted from begin_adding(), may hold anything; if not, it holds nothing.
  bool found(size_t i) const;
  // scan() of message i. REQUIRES: `text` is what was added, and scan_added() was called.
  void scan(size_t i, const core::text::Folded& text, std::vector<Match>& matches);

  uint64_t dropped() const;  // matches beyond the limits so far

 private:
  struct Added {
    size_t begin = 0, end = 0;               // codes in slab_
    size_t first = 0, last = 0;              // matches in added_matches_
    size_t first_guise = 0, last_guise = 0;  // in added_guises_
    bool by_itself = false;                  // too many matches: to be scanned alone
  };

  void scan_words(const core::text::Folded& text);
  void scan_expressions(const core::text::Folded& text);
  void finish(const core::text::Folded& text, std::vector<Match>& matches);
  void add_guises(std::span<const Guise> guises, std::vector<Match>& matches);
  void scan_slab();
  void share_out(size_t first_match);

  std::shared_ptr<const Matcher> matcher_;
  hs_scratch* scratch_ = nullptr;
  std::vector<uint16_t> codes_;
  std::string utf8_;
  std::vector<uint32_t> char_at_;  // of each byte of utf8_
  std::vector<Match> raw_;
  std::vector<uint16_t> slab_;  // the codes of added messages that were not scanned yet
  std::vector<Added> added_;
  size_t slab_first_ = 0;  // the first message in slab_
  std::vector<Match> added_matches_;
  std::unique_ptr<GuiseScanner> guise_scanner_;  // nullptr: no rule looks for guises
  std::vector<Guise> guises_, added_guises_;
  uint64_t dropped_ = 0;
};

}  // namespace rules
