#pragma once
// A message of platform records: one JSON object, or a bundle - an array, an object that holds the
// array under a known name, or JSON lines. Decoders that walk a JsonTree share this.
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "ingest/decode.h"
#include "ingest/json_tree.h"

namespace ingest {

// Appends the events of one record, or says why it is none.
using TakeRecord = std::function<core::Result<core::Unit>(JsonNode record, EventBatch& out)>;

// Decoder::decode() for such a message: a lone record's fault is the message's, a bundled one's
// goes to `bad` (its bytes are the line's, or the beginning of the message).
core::Result<core::Unit> decode_records(JsonTree& tree, std::string_view bytes,
                                        std::span<const std::string_view> wrappers, EventBatch& out,
                                        std::vector<BadElement>& bad, const TakeRecord& take);

}  // namespace ingest
