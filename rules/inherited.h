#pragma once
// Inherited: what a message that names nothing takes over from one that it replies to, forwards or
// stands under (DESIGN 11.5). Found by engine/replies.h; it decides only where rule hits fall and
// is never a mention.
#include <span>
#include <string>
#include <vector>

#include "core/signal.h"

namespace rules {

struct InheritedFamily {
  std::string family;
  std::vector<core::Vote> votes;
  std::vector<std::string> categories;
};

struct Inherited {
  core::SubjectSource source = core::SubjectSource::Reply;  // Reply, Forward or Root
  std::span<const InheritedFamily> families;                // at least one
};

}  // namespace rules
