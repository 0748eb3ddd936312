#pragma once
// An archive of masked events as a Source: one partition "archive", in order of event time. Its
// messages are for decoder `archive`. Positions count events of the span: to go on from one needs
// the same archive.
#include <memory>
#include <string>

#include "ingest/archive_reader.h"
#include "ingest/source.h"

namespace ingest {

// BadSettings when there is no archive in the folder.
core::Result<std::unique_ptr<Source>> open_archive(const std::string& folder, ArchiveSpan span);

}  // namespace ingest
