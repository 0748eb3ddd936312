#pragma once
// How Weibo writes texts, times and numbers. Small, total functions.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace ingest {

// A text without its HTML: tags gone, <br> a line break, an <img> its alt text, entities what they
// stand for. A `<` or `&` that begins none of these stays.
std::string without_html(std::string_view html);

// "Tue May 31 17:46:55 +0800 2011", "2011-05-31 17:46:55" (Beijing), "2011-05-31T17:46:55+08:00",
// seconds or milliseconds since 1970. Nothing for relative times ("5分钟前"): a stored record does
// not say when it was relative to.
std::optional<core::Time> weibo_time(std::string_view text);

// "12345", "12.3万", "1.2亿"; nothing else.
std::optional<int64_t> weibo_count(std::string_view text);

// "006abc" of "http://host/thumbnail/006abc.jpg?x=1".
std::string_view picture_of(std::string_view url);

}  // namespace ingest
