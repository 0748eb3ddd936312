#pragma once
// Texts: what was said in a file of messages, for the tools of rule authors: JSON lines as a source
// reads them, or plain text with a message a line.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace engine {

inline constexpr size_t kTextsMax = 500'000;  // of one file; more are counted and left out

// Whether a line, whose first character that is no blank stands at `first`, is JSON, whole or
// broken: an object, or a list of objects. A message may begin with a bracket: "[发怒] 又是临期".
bool is_json(std::string_view line, size_t first);

struct Texts {
  std::vector<std::string> texts;  // not masked; without empty ones
  uint64_t unreadable = 0;         // lines that are no message
  uint64_t left_out = 0;           // beyond `max`
};

// `path`: a file, .zst, "-", or an archive of masked events (archive_place.h). A line that is a
// JSON object or a list of objects goes through `decoder`.
core::Result<Texts> read_texts(const std::string& path, const std::string& decoder = "qingyu",
                               size_t max = kTextsMax);

}  // namespace engine
