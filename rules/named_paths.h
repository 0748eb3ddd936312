#pragma once
// What a person names on a command line as rules, sorted into the files of a Book.
#include <string>
#include <vector>

#include "rules/book.h"

namespace rules {

// Files called lists.yaml, taxonomy.yaml, ladders.yaml and limits.yaml take the place of those of
// `files`, all others that of its packs, which stay when none is named. A folder stands for those
// four in it, its other YAML files and its folder `packs`; one that has none of these is a folder
// of packs, as in BookFiles. Whether a path exists is for whoever reads it.
void take_paths(const std::vector<std::string>& paths, BookFiles& files);

// Whether `file` is one of `paths` or lies in a folder of them.
bool is_among(const std::string& file, const std::vector<std::string>& paths);

}  // namespace rules
