#pragma once
// Book: everything that judges - rules, lists, taxonomy, catalogue, ladders, people, limits - as
// one immutable value with one hash (DESIGN 11.8). Loaded and compiled once, shared by all lanes; a
// Judge is a lane's own way to use it.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/policy.h"
#include "core/result.h"
#include "core/signal.h"
#include "core/text/fold.h"
#include "rules/inherited.h"

namespace rules {

// A mistake in a file, for its author. Printed "file:line:col: error: message" with the source line
// and a caret.
enum class Severity { Error, Warning };
// Bytes [begin, end) of a file become `text`.
struct Edit {
  size_t begin = 0, end = 0;
  std::string text;
};
struct Finding {
  std::string file;
  int line = 0, column = 0;  // from 1; 0: the file as a whole
  Severity severity = Severity::Error;
  std::string code;  // "unknown-key", "failing-example" ...
  std::string message;
  std::string suggestion;  // "did you mean `except`?", or ""
  std::string source_line;
  std::optional<Edit> mend;  // what would mend it, where that is mechanical: see fix.h
};
std::string to_text(const Finding& finding);

// Which files make a Book. Every path may be relative to the working directory.
struct BookFiles {
  std::vector<std::string> packs;  // rule pack files, or folders of *.yaml in name order
  std::string lists, taxonomy;     // lists.yaml, taxonomy.yaml
  std::string ladders;             // ladders and people; the YAML of DESIGN 9
  std::string limits;              // limits.yaml, or ""
  std::string catalogue;  // folder with catalogue.csv, groups.csv, merchants.csv, stores.csv, or ""
  std::string baselines;  // written by `qingyu learn`, or ""
  // Key of the keyed hashes of customers and orders; a fixed public one in replay.
  std::string hash_key;
  // Folder of databases compiled before (database_cache.h), or "": saves time, decides nothing.
  std::string cache;
  bool examples_decide = true;  // a failing example refuses the Book; else none is run
};

class Book {
 public:
  virtual ~Book() = default;
  virtual const core::Policy& policy() const = 0;
  virtual const std::string& hash() const = 0;   // 16 hex digits of all files' bytes
  virtual const std::string& bytes() const = 0;  // all files in one archive, for Store::keep_book
  virtual size_t rules() const = 0;
  virtual size_t words() const = 0;  // literals in the database, names included
};

// Loads, checks and compiles, and runs every rule's own examples. All mistakes of all files are in
// `findings`, in the order of files and lines; the Book is null when one of them is an error.
// `read`, where given, gets the paths of the files that were looked for, those that others name
// among them.
std::shared_ptr<const Book> load_book(const BookFiles& files, std::vector<Finding>& findings,
                                      std::vector<std::string>* read = nullptr);

// The same from Book::bytes() of an earlier run (DESIGN 11.8); an archive that does not load is one
// Error. The key is never in the archive: it is a secret of the settings.
core::Result<std::shared_ptr<const Book>> load_archive(std::string_view bytes,
                                                       std::string_view hash_key = {},
                                                       const std::string& cache = {});

// The text of a baselines file: family -> (a, b hours), core::Limits::learned.
using LearnedRates = std::map<std::string, std::pair<double, double>, std::less<>>;
std::string write_baselines(const LearnedRates& learned);

// Judges events against a Book. Owned by one thread: it has the scratch. Keeps the Book alive.
//
// Many messages at once: begin_adding(), add() each folded text, scan_added(), then judge_added()
// those that found() says may give something; of the others judge() would make nothing. That takes
// half the time of judge() on messages that hold no known word, which most do not.
class Judge {
 public:
  virtual ~Judge() = default;
  // Appends a Signal for each family that `event` names or that a rule hit falls to (DESIGN 11.5),
  // in order of family. `event.text` is masked, `folded` is its folding. Everything of the Signal
  // is set, `at` included.
  virtual void judge(const core::Event& event, const core::text::Folded& folded,
                     std::vector<core::Signal>& out) = 0;
  // The same; where the text names no family the hits fall to those of `inherited`.
  virtual void judge(const core::Event& event, const core::text::Folded& folded,
                     const Inherited& inherited, std::vector<core::Signal>& out) = 0;

  virtual void begin_adding() = 0;
  virtual void add(const core::text::Folded& folded) = 0;  // of the next message
  virtual void scan_added() = 0;
  // Of message i, counted from begin_adding(). An event with a reported level always gives
  // something.
  virtual bool found(size_t i, const core::Event& event) const = 0;
  // judge() of message i. REQUIRES: `folded` is what was added.
  virtual void judge_added(size_t i, const core::Event& event, const core::text::Folded& folded,
                           std::vector<core::Signal>& out) = 0;

  // Word matches beyond the limit of 256 a message, so far.
  virtual uint64_t dropped_matches() const = 0;
};
std::unique_ptr<Judge> make_judge(std::shared_ptr<const Book> book);

// Scans the known failing cases (LIBRARIES.md); an error names the case and the library's version:
// refuse to start.
core::Result<core::Unit> matcher_self_test();
std::string matcher_version();

}  // namespace rules
