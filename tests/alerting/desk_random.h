#pragma once
// Random stories: every kind of thing that can happen to a desk, in random order, at random times.
// The same generator state gives the same step, so that two desks can live the same story.
#include <random>
#include <string>

#include "desk_story.h"

namespace desk_test {

// One step at or after `now`, which it moves on.
void random_step(std::mt19937& random, DeskStory& story, core::Millis& now);

// Ladders and people that are not the usual ones: one to five rungs, some without deadlines.
core::Policy random_policy(std::mt19937& random);

// Everything that was decided, byte for byte.
std::string bytes_of(const alerting::Decisions& decisions);

}  // namespace desk_test
