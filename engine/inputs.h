#pragma once
// From what a user names to sources that a pipeline can read.
#include <string>
#include <vector>

#include "core/store.h"
#include "engine/pipeline.h"
#include "engine/settings.h"

namespace engine {

// Files as one stream in the order given, an archive of masked events (archive_place.h), or one
// kafka://HOST:PORT/TOPIC read to the end offsets that it has now (a resumed replay: that it had
// when it first began, kept in `store`).
core::Result<std::vector<SourceInput>> open_replay_inputs(const std::vector<std::string>& files,
                                                          const std::string& decoder,
                                                          const StreamLimits& limits,
                                                          core::Store& store);

// The sources of a running system; `store` keeps which of them may carry people's acts.
core::Result<std::vector<SourceInput>> open_inputs(const std::vector<SourceSettings>& sources,
                                                   core::Store& store);

// Copies commands, outcomes, holds and the announcements of the input's streams of a run into the
// empty store of a replay, and lets `input` take acts among its events only where the run did. A
// store that has the journal already (a resumed replay) keeps what it has.
core::Result<core::Unit> repeat_journal(core::Store& from, SourceInput& input, core::Store& to);

}  // namespace engine
