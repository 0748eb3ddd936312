#pragma once
// JSON Schema (draft 7, which YAML editors know best) of the files that people write, made from the
// tables that the loader reads by. It speaks of structure; what names mean across files, what fires
// and what costs is `qingyu check`'s business.
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rules {

// The files that have one: pack, lists, taxonomy, ladders, limits.
std::vector<std::string_view> schema_names();

// Indented JSON with a line break at its end; "" when there is no such file.
std::string json_schema(std::string_view name);

// Every key of these files.
const std::set<std::string>& all_keys();

}  // namespace rules
