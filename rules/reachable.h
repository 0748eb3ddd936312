#pragma once
// What the conditions of a rule say about each other before any message is seen.
#include "rules/pack.h"
#include "rules/program.h"

namespace rules {

// False, with a finding, when no message can make `rule` fire. Warns of phrases in `except` that
// hold none of the rule's words and so do nothing.
bool check_reachable(const Rule& rule, const RuleText& text, const Vocabulary& vocabulary,
                     Findings& findings);

}  // namespace rules
