#pragma once
// The command line's parts: each `add_*` adds one sub-command, or a few that belong together. The
// options live as long as the App: its callbacks hold them.
#include <functional>
#include <optional>

#include "core/time.h"

namespace engine {

struct StoreChoice;

// `App` is CLI::App, whose header stays in .cc files: each of them ends with the one instance of
// its functions.

// What the parsed command line wants done; gives the exit code.
using Todo = std::function<int()>;

template <typename App>
void add_store_choice(App& sub, StoreChoice& choice);  // --store, --config
// An option whose value is "5s", "10m", "2h" or "7d".
template <typename App>
void add_duration(App& sub, const char* option, core::Millis& out, const char* help);
template <typename App>
void add_until(App& sub, std::optional<core::Time>& out);  // --until: run deadlines on to then
template <typename App>
void add_answer(App& sub, std::optional<core::Millis>& out);  // --answer: how people behave

// Each in the .cc that its name says (history_commands.cc ...).
template <typename App>
void add_history_commands(App& app, Todo& todo);  // run replay learn bench
template <typename App>
void add_people_commands(App& app, Todo& todo);  // incidents show ack ... oncall pin
template <typename App>
void add_keeping_commands(App& app, Todo& todo);  // status backup restore

}  // namespace engine
