#pragma once
// Mend: how a finding would be mended where that is mechanical, as an edit of the file's bytes that
// touches nothing else. nullopt where the bytes at the place are not what was expected (behind an
// alias, a block scalar, a comment that would be lost).
#include <optional>
#include <string_view>

#include "rules/book.h"
#include "rules/sources.h"

namespace rules {

// The first byte of a place; the file's size when it has no such place.
size_t byte_of(const Place& place);

// The scalar at `place`, which reads `written`, becomes `text`; its quotes stay.
std::optional<Edit> replace_scalar(const Place& place, std::string_view written,
                                   std::string_view text);
// The quotes around it go.
std::optional<Edit> unquote_scalar(const Place& place, std::string_view written);
// It goes, with its comma or its line. REQUIRES: the list has others.
std::optional<Edit> remove_item(const Place& place, std::string_view written);

}  // namespace rules
