#pragma once
// `qingyu promote RULE`: a rule leaves the shadow when enough verdicts say that it is right. Its
// pack is changed in one word, and who did it on which figures is kept.
#include "engine/command_line.h"

namespace engine {

template <typename App>
void add_promote(App& app, Todo& todo);

}  // namespace engine
