#pragma once
// Fix: what `qingyu check --fix` offers. Every change is tried before it is offered: with it the
// files must have fewer findings and none that was not there, or, where a file could not be read as
// YAML at all, it must now be read. Comments and layout stay: only the bytes concerned change.
#include <string>
#include <vector>

#include "rules/book.h"

namespace rules {

enum class FixScope {
  Packs,
  All
};  // All: lists, taxonomy and limits too; never the ladder file,
    // which holds people and PINs

struct FileFix {
  std::string file, before, after;
};

// In the order of the files. `left`: what the files then still have.
std::vector<FileFix> propose_fixes(const BookFiles& files, FixScope scope,
                                   std::vector<Finding>& left);

}  // namespace rules
