#pragma once
// An event as a line of the archive: what decoder `archive` (the decoder `qingyu`, but that ids of
// people are keyed already) reads back as the same event. It begins {"ts":N,"id":"...".
#include <string>

#include "core/event.h"

namespace ingest {

// Appends the line, without its line break. `ts` is the time at which the event was taken; its own
// time, where it was late, is `said_at`, which nobody reads back. Titles of attachments are left
// out: the lane made them part of the text. REQUIRES: masked, no act, and its people keyed
// (rules/keyed_hash.h).
void write_archive_line(const core::Event& event, std::string& out);

}  // namespace ingest
