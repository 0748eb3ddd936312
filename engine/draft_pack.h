#pragma once
// The pack that `qingyu draft` prints: YAML with the drafted conditions and examples.
#include <string>
#include <vector>

#include "rules/draft.h"
#include "rules/inspector.h"

namespace engine {

struct DraftNames {
  std::string id, name, issue, level;
};

// Without examples the words themselves stand in, so that the pack loads.
std::string draft_pack(const DraftNames& names, const rules::DraftedWhen& when,
                       const std::vector<std::string>& hits,
                       const std::vector<std::string>& misses);

// At most three texts of `pool`, masked, on one line, the shortest first: that the rule takes and
// that differ in the word they show, or that it leaves and that hold most of its words.
std::vector<std::string> example_texts(rules::Inspector& inspector, const std::string& rule,
                                       const rules::DraftedWhen& when,
                                       std::vector<std::string> pool, bool hit);

}  // namespace engine
