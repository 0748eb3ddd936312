#include "rules/ordinary_words.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "core/hash.h"

namespace rules {

namespace {

// 64-bit hashes in ascending order: 20,000 words and no stranger in 10^14.
constexpr uint64_t kWords[] = {
#include "ordinary_words.inc"
};

}  // namespace

bool is_ordinary_word(std::string_view utf8) {
  return std::binary_search(std::begin(kWords), std::end(kWords), core::hash64(utf8));
}

}  // namespace rules
