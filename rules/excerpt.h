#pragma once
// Excerpt: what of a long message is shown as evidence.
#include <cstdint>
#include <string>
#include <string_view>

namespace rules {

inline constexpr size_t kExcerptBytesMax = 240;

// At most kExcerptBytesMax bytes of `utf8` (whole code points) with code point `around` in it,
// about a third of them before it.
std::string excerpt(std::string_view utf8, uint32_t around);

}  // namespace rules
