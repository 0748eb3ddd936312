#pragma once
// Signals: what the operating system asks of a running system. Caught in a handler, asked for by
// the main loop.

namespace engine {

// SIGHUP. Before anything is loaded: it asks for a reload, at any time.
void catch_hang_up();
// SIGTERM and SIGINT; SIGPIPE is ignored.
void catch_stop();

bool stop_asked();
bool take_hang_up();  // whether there was one since the last call
// Whether the terminal that the program was started from is there no more: a hang-up then means
// that somebody closed it.
bool terminal_gone();

}  // namespace engine
