#include "rules/writing.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/text/fold.h"
#include "rules/likelihood.h"

namespace {

const rules::Writing& writing() {
  static const rules::Writing kWriting;
  return kWriting;
}

bool sounds(char32_t c, const char* syllable) {
  const rules::Character* character = writing().find(c);
  const auto it = writing().syllables().find(syllable);
  return character != nullptr && it != writing().syllables().end() &&
         std::ranges::find(character->sounds, it->second) != character->sounds.end();
}

bool similar(char32_t a, char32_t b) {
  const std::vector<char32_t> all = writing().similar(a);
  return std::ranges::binary_search(all, b);
}

}  // namespace

TEST_CASE("characters sound as the dictionaries say, with all readings, and digits are read") {
  CHECK(sounds(U'期', "qi"));
  CHECK(sounds(U'重', "zhong"));
  CHECK(sounds(U'重', "chong"));
  CHECK(sounds(U'女', "nv"));
  CHECK(sounds(U'5', "wu"));
  CHECK_FALSE(sounds(U'期', "guo"));
  CHECK(writing().find(U'過') == nullptr);  // no folded text has it
}

TEST_CASE("characters split into their parts") {
  const rules::Character* character = writing().find(U'机');
  REQUIRE(character != nullptr);
  CHECK(character->splits == std::vector<std::u32string>{U"木几"});
}

TEST_CASE("characters look alike by a common part or a stroke, not by a mere radical") {
  CHECK(similar(U'期', U'其'));
  CHECK(similar(U'其', U'期'));
  CHECK(similar(U'己', U'已'));
  CHECK(similar(U'轻', U'羟'));
  CHECK_FALSE(similar(U'河', U'海'));
  CHECK_FALSE(similar(U'人', U'人'));
}

TEST_CASE("ordinary text costs less than the same characters in another order") {
  CHECK(rules::likelihood_of(U"结果期待") < rules::likelihood_of(U"果结待期"));
  CHECK(rules::likelihood_of(U"过期") < rules::likelihood_of(U"果期"));
}

TEST_CASE("what is around a region and the region make up the whole") {
  std::vector<rules::Unit> units;
  for (const char32_t c : std::u32string_view(U"我结果期待abc了"))
    units.push_back({c, static_cast<uint32_t>(units.size()), false, false});
  rules::Likelihood likelihood;
  likelihood.read(units);
  CHECK(likelihood.around(0, 0) == likelihood.whole());
  for (size_t i = 0; i <= units.size(); ++i)
    for (size_t k = i; k <= units.size(); ++k) {
      int32_t alone = 0;
      for (size_t n = i; n < k; ++n) alone += rules::cost_alone(units, n);
      CHECK(likelihood.whole() <= likelihood.around(i, k) + alone);
    }
}
