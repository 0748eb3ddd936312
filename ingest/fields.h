#pragma once
// What all decoders agree on: how much of a field is kept, what a sensible time is, and how a
// message is refused.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/event.h"
#include "core/result.h"
#include "ingest/decode.h"

namespace ingest {

inline constexpr size_t kIdMax = 256;      // bytes of an id; a longer one is refused
inline constexpr size_t kNameMax = 256;    // bytes of a name or tag; a longer one is cut
inline constexpr size_t kTitleMax = 1024;  // bytes of an attachment's title, a person's reason
inline constexpr size_t kTagsMax = 64, kCountsMax = 32, kAttachmentsMax = 32;  // of one event
inline constexpr size_t kBundleMax = 4096;                                     // events a message
inline constexpr size_t kBadExcerptMax = 4096;  // of BadElement::bytes

// Milliseconds since 1970 between 2000-01-01 and 2100-01-01. Seconds or microseconds are not.
inline bool sensible(int64_t ms) { return ms >= 946'684'800'000 && ms < 4'102'444'800'000; }

inline core::Error refuse(std::string reason) { return {core::Code::BadInput, std::move(reason)}; }

// Cuts `s` at a code point to at most `bytes`, and counts it when something was lost.
void cut(std::string& s, size_t bytes, Cuts& cuts);

// A new attachment of `event`, or nullptr when it has enough: counted.
core::Attachment* add_attachment(core::Event& event, Cuts& cuts);

// `bytes` without the byte order mark that some tools write.
std::string_view without_mark(std::string_view bytes);

// Whether a message is JSON lines: an object, a line break, another object.
bool is_lines(std::string_view bytes);
// Takes the first line, without its line break, off `rest`. REQUIRES: !rest.empty().
std::string_view take_line(std::string_view& rest);

}  // namespace ingest
