#pragma once
// A list of JSONL files (plain or .zst, "-" = standard input) as one stream in the order given.
// Positions are byte offsets in the concatenated, decompressed text, so that a restart can seek (a
// plain file) or skip (the others). Empty lines are no messages; the last line needs no line break;
// "\r\n" ends a line too. A line above core::kMessageMax is given as its first kMessageMax + 1
// bytes, which every decoder refuses as too large, and is never held whole.
//
// A file that cannot be read to its end (a damaged .zst) gives one message that says so and takes
// one position; the next file follows.
#include <memory>
#include <string>
#include <vector>

#include "ingest/source.h"

namespace ingest {

// Yes: at the end of the last file wait for more lines (never for .zst or "-"). A line is given
// when its line break has come. A file that is replaced under its name (rotated) is read to its
// end, then the new one from its beginning; one that is truncated is read from its beginning;
// positions go on growing. After a restart a file that is shorter than the position, or has no line
// break before it, counts as replaced: it is read whole, what was read before comes again (and is
// dropped by its ids). One that is not there yet is made, empty.
enum class Follow { No, Yes };

// BadSettings when a file cannot be opened.
core::Result<std::unique_ptr<Source>> open_files(std::vector<std::string> paths, Follow follow);

}  // namespace ingest
