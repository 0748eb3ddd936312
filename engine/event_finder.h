#pragma once
// Finds one event by its id: in the archive of a running system, or the files it was read from.
#include <string>
#include <vector>

#include "core/event.h"
#include "core/result.h"

namespace engine {

// The last one with this id, its text with its titles and not masked; `at` is its own time.
// NotFound; BadSettings when a file cannot be opened.
// Where one of `files` names an archive (archive_place.h), it is looked for there, and `at` is when
// it was taken.
core::Result<core::Event> find_event(const std::string& id, const std::vector<std::string>& files,
                                     const std::string& decoder);

}  // namespace engine
