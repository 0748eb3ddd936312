#pragma once
// `qingyu scorecard`: how every rule fares, and whether to keep it, tune it or retire it.
#include "engine/command_line.h"

namespace engine {

template <typename App>
void add_scorecard(App& app, Todo& todo);

}  // namespace engine
