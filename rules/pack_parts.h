#pragma once
// What the readers of a pack share: pack.cc, pack_when.cc. Private to them and to schema.cc.
#include <optional>
#include <vector>

#include "rules/pack.h"
#include "rules/reading.h"

namespace rules {

// An entry of a list that is no word.
inline constexpr Key kExpressionKey = {"re", Shape::Text, Presence::Required,
                                       "a regular expression, run on folded text"};
inline constexpr Key kFileKey = {"file", Shape::Text, Presence::Required,
                                 "a file beside this one with a word a line"};

enum class Expressions : uint8_t { Allowed, Refused };
enum class Files : uint8_t { Allowed, Refused };

std::optional<Item> read_item(Reading& r, const Node& node, Expressions expressions, Files files);
std::vector<Item> read_items(Reading& r, const Node& node, Expressions expressions,
                             Files files = Files::Refused);

void read_when(Reading& r, const Node& node, When& when);
void append_when_schema(Schema& schema);

}  // namespace rules
