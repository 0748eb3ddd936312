#pragma once
// `qingyu verdict INCIDENT true|false-alarm|unsure` and `qingyu verdict --event ID --rule RULE
// right|wrong|unsure`: a person says whether rules were right. `qingyu verdicts` lists what was
// said, and which rules were promoted on it.
#include "engine/command_line.h"

namespace engine {

template <typename App>
void add_verdict(App& app, Todo& todo);

}  // namespace engine
