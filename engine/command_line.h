#pragma once
// The command line's parts: each `add_*` adds one sub-command, or a few that belong together. The
// options live as long as the App: its callbacks hold them.
#include <functional>

#include "core/time.h"

namespace CLI {
class App;
}

namespace engine {

struct StoreChoice;

// What the parsed command line wants done; gives the exit code.
using Todo = std::function<int()>;

void add_store_choice(CLI::App& sub, StoreChoice& choice);  // --store, --config
// An option whose value is "5s", "10m", "2h" or "7d".
void add_duration(CLI::App& sub, const char* option, core::Millis& out, const char* help);

// Each in the .cc that its name says (history_commands.cc ...).
void add_history_commands(CLI::App& app, Todo& todo);  // run replay learn bench
void add_people_commands(CLI::App& app, Todo& todo);   // incidents show ack ... oncall pin
void add_keeping_commands(CLI::App& app, Todo& todo);  // check status backup restore

}  // namespace engine
