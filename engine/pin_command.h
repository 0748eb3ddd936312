#pragma once
// `qingyu pin`: makes the line that goes into the people file. The PIN itself is read, hashed and
// forgotten; it is never an argument, so it is in no history and in no list of processes.

namespace engine {

// Asks twice at a terminal, without showing it; else takes the first line of standard input. 0:
// printed, 1: the two differ, 2: not a PIN.
int pin();

}  // namespace engine
