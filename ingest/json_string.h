#pragma once
// JSON strings by hand: one copy straight into the event, and a decoder has to know *why* one
// cannot be read, since a lone surrogate is a dead letter of its own.
#include <string>
#include <string_view>

namespace ingest {

enum class Unescaped { Ok, LoneSurrogate, Broken };

// Appends to `out` what the JSON string with `inner` between its quotes says. REQUIRES: `inner` is
// valid UTF-8 without control characters (a parser's first stage has seen it).
Unescaped unescape(std::string_view inner, std::string& out);

// For people's eyes: `bytes` of any kind as valid UTF-8, \uXXXX as the character it means, at most
// `max` bytes read. What cannot be read becomes U+FFFD.
std::string readable(std::string_view bytes, size_t max);

// The worst escape of a JSON text, keys included. A backslash outside of strings is Broken or,
// taken for an escape, left to the parser.
Unescaped worst_escape(std::string_view json);

}  // namespace ingest
