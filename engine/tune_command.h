#pragma once
// `qingyu tune RULE`: from verdicts, or files of messages, the change of a rule that leaves out its
// false alarms and keeps all that was right. It prints the change; it writes nothing.
#include "engine/command_line.h"

namespace engine {

template <typename App>
void add_tune(App& app, Todo& todo);

}  // namespace engine
