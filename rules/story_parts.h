#pragma once
// What the readers of a story share: story.cc, story_messages.cc. Private to them.
#include <optional>
#include <vector>

#include "rules/story.h"

namespace rules {

// "+0s" "+3m" "+2h"; the plus may be left out.
std::optional<core::Millis> read_offset(Reading& r, const Node& node);
void read_messages(Reading& r, const Node& node, Story& story);
std::vector<Key> message_keys();

// `each` with every entry of a list that is not too long.
template <typename Each>
void read_list(Reading& r, const Node& node, Each&& each) {
  if (!r.is_list(node)) return;
  if (node.items.size() > kStoryListMax)
    return r.error(node, "too-large", both("列表太长", "list too long"));
  for (const Node& item : node.items) each(item);
}

}  // namespace rules
