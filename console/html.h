#pragma once
// Pages in words: small, complete in themselves, nothing fetched from anywhere. Pure.
#include <string>
#include <string_view>

#include "console/request.h"

namespace console {

inline constexpr size_t kPageBytesMax = 4096;

std::string escaped(std::string_view text);  // for element content and quoted attributes

// At most `bytes` of it, cut between code points, with … at the end when something went.
std::string shortened(std::string_view text, size_t bytes);

// A page with a heading; `inside` is HTML. With the headers that every page of ours has.
Response page(int status, std::string_view heading, const std::string& inside);

// The one answer to every link that is not good, whatever the reason.
Response not_found();
// The one answer to a press that did not come from our own fresh page.
Response not_from_our_page();
Response unavailable();

}  // namespace console
