#pragma once
// How people name an archive of masked events, and a part of it:
//   data/archive   archive:data/archive   data/archive@2026-03-10..2026-03-12
//   data/archive@2026-03-10T05:30..       data/archive@..1773100800000
// A date is a day of Beijing's, the last one included; a moment is not.
#include <optional>
#include <string>

#include "core/result.h"
#include "ingest/archive_reader.h"

namespace engine {

struct ArchivePlace {
  std::string folder;
  ingest::ArchiveSpan span;
};

// nullopt: it names no folder, and does not begin with "archive:". BadSettings: it does, but no
// span can be read behind the "@".
core::Result<std::optional<ArchivePlace>> archive_place(const std::string& text);

}  // namespace engine
