#pragma once
// Findings: the mistakes found so far, with the line they stand on. One collector for all files of
// a Book; not shared between threads. Errors keep the Book from loading, warnings do not.
#include <string>
#include <string_view>
#include <vector>

#include "rules/book.h"
#include "rules/sources.h"

namespace rules {

inline constexpr size_t kFindingsMax = 1000;  // more are counted and summed up in one last line

class Findings {
 public:
  // `message` is Chinese first, then English in brackets: see both().
  void error(const Place& place, std::string_view code, std::string message,
             std::string suggestion = {}, std::optional<Edit> mend = {});
  void warning(const Place& place, std::string_view code, std::string message,
               std::string suggestion = {}, std::optional<Edit> mend = {});

  bool has_error() const { return errors_ > 0; }
  size_t errors() const { return errors_; }
  bool full() const { return found_.size() >= kFindingsMax; }  // of warnings no more are listed

  // All of them in the order of files, lines and columns; a last one says how many were left out.
  std::vector<Finding> take();

 private:
  void add(const Place& place, Severity severity, std::string_view code, std::string message,
           std::string suggestion, std::optional<Edit> mend);

  // Where it stands among the findings.
  struct Ordered {
    int file, line, column;
    Finding finding;
  };
  std::vector<Ordered> found_;
  size_t errors_ = 0, left_out_ = 0;
};

// "中文 (English)": the two halves of a message.
std::string both(std::string_view chinese, std::string_view english);

// "`word`", with control characters replaced and at most 60 code points.
std::string quoted(std::string_view word);

// The candidate that is `word` but for upper and lower case, else the nearest by edit distance; ""
// when none is near.
std::string_view nearest_word(std::string_view word,
                              const std::vector<std::string_view>& candidates);
// The same as "did you mean `...`?".
std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace rules
