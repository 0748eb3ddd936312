#pragma once
// Remedy: what would have made a condition hold that did not, found from its trace.
#include <cstdint>
#include <string>
#include <vector>

#include "core/event.h"
#include "rules/verdict_trace.h"

namespace rules {

// One change of the rule, or of the message. `pattern` and `beside` are ids of words.
struct Remedy {
  enum class What : uint8_t {
    NotOff,          // mode is not off
    ValidEarlier,    // valid_from no later than the message
    ValidLater,      // valid_to behind the message
    TakeKind,        // `from` takes its kind
    TakePlatform,    // ... its platform
    TakeChannel,     // ... its channel
    WithoutVeto,     // `pattern` is not in `none`, or not said
    WithoutPhrase,   // `pattern` is not in `except`
    WithoutName,     // the catalogue has no such name: characters [begin, end)
    LessStrict,      // `fold` is standard
    WithWord,        // the message says `pattern`
    WithWordBeside,  // ... at most `number` characters from `beside`
    Within,          // `within` is `number`
    Closer,          // the two stand at most `number` characters apart
    AtLeast,         // `at_least` is `number`
  } what = What::NotOff;
  static constexpr uint32_t kNoPattern = ~0u;
  uint32_t pattern = kNoPattern, beside = kNoPattern;
  uint32_t begin = 0, end = 0;  // of the word that a phrase or a name masks; of `beside`
  int64_t number = 0;
};

// Several ways to make a condition hold; of each way all remedies are needed. None: it holds, or
// nothing helps. The first way changes least.
using Ways = std::vector<std::vector<Remedy>>;
Ways remedies(const Rule& rule, const ConditionTrace& condition);

// What failed first, in the order in which a rule is judged. Any, Near and Count fail together,
// when none of them holds.
struct Failure {
  std::vector<const ConditionTrace*> conditions;  // one, or those of Any, Near and Count
};
// Every one; none when the rule fires.
std::vector<Failure> failures(const RuleTrace& trace);

}  // namespace rules
