#pragma once
// `qingyu archive info|find|verify`: what is in the archive of masked events. Reads only; the
// system may run meanwhile.
#include "engine/command_line.h"

namespace engine {

template <typename App>
void add_archive(App& app, Todo& todo);

}  // namespace engine
