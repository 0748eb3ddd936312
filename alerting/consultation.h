#pragma once
// Consultation: peers of an agent who reports are asked side by side before the ladder is climbed
// (P1). The incident is open on rung 0 meanwhile: nobody of the ladder is told.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"

namespace alerting {

struct Advice {
  core::Time at{};
  std::string person;
  bool confirms = false;  // else doubts
  std::string because;    // in words
};

struct Consultation {
  static constexpr size_t kPeersMax = 16;

  bool running = false;
  std::string reporter;  // person id, "" when not in the directory
  uint8_t sensitivity = 0;
  std::vector<std::string> asked;  // person ids
  std::vector<Advice> advice;      // at most one a person, in order of time
  std::optional<core::Time> due;   // then the ladder takes over
};

// Layout in README.md.
void write(core::ByteWriter& out, const Consultation& consultation);
bool read(core::ByteReader& in, Consultation& consultation);

}  // namespace alerting
