#pragma once
// ExceptSearch: the longer phrases around a word that only strangers say (护照过期 around 过期), so
// that excepting them takes the strangers out and leaves every example in. Pure; one thread.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/phrases.h"

namespace rules {

inline constexpr size_t kExceptSupport = 2;  // strangers that say it: of one nobody learns
inline constexpr size_t kExceptPerWordMax = 8;

class ExceptSearch {
 public:
  // `examples` and `others` outlive this.
  ExceptSearch(const std::vector<DraftText>& examples, const std::vector<DraftText>& others,
               const std::vector<std::u32string>& words);

  // Phrases to except for word i, the one that takes out most first. `strange`, the others that
  // hold the word, keeps those that would still be taken.
  std::vector<std::u32string> of(size_t word, std::vector<uint32_t>& strange) const;

 private:
  struct Place {
    uint32_t text = 0, begin = 0, end = 0;
  };
  using Around = std::map<std::u32string, std::vector<size_t>>;  // phrase -> places

  void add_around(const Place& place, size_t index, Around& around) const;
  bool in_examples(size_t word, const std::u32string& phrase) const;

  const std::vector<DraftText>& examples_;
  const std::vector<DraftText>& others_;
  std::vector<std::vector<Place>> places_;          // of each word in the others
  std::vector<std::vector<uint32_t>> examples_of_;  // of each word: the examples that hold it
};

}  // namespace rules
