#pragma once
// What a story's author expects against what happened, told as the lines of a difference:
// "-" was expected, "+" happened.
#include <string>
#include <vector>

#include "core/policy.h"
#include "engine/story_play.h"

namespace engine {

// One expectation that did not come about; `text` has several lines and says where it stands.
struct StoryFailure {
  const rules::StoryExpectation* expectation = nullptr;
  std::string text;
};

std::vector<StoryFailure> judge(const rules::Story& story, const StoryPlayed& played);

// Names in the story that nobody else knows - a rung, person, issue, reason or family - are
// mistakes: what must never happen to them never would.
void check_names(const rules::Story& story, const core::Policy& policy, rules::Findings& findings);

}  // namespace engine
