#pragma once
// Fits a message into what a channel takes (CHANNELS 7.5): whole lines go first, the least
// important first, then texts are cut between graphemes. What is measured is what is sent: after
// each step the channel serialises the blocks anew. Pure.
//
//   Rendered r = rendered_within(n, extras, how, [&](const std::vector<Block>& blocks) {
//     return body_of(markdown(blocks));   // escapes every text, adds markup, mentions, buttons
//   }, 3'900);
#include <functional>
#include <string>
#include <vector>

#include "alerting/message.h"

namespace alerting {

// Blocks -> the bytes that would be sent. The channel escapes each block's label, text and url
// itself; what it adds on its own (mentions, buttons) is never dropped and counts.
using Serialiser = std::function<std::string(const std::vector<Block>&)>;
// Whether the vendor would take these bytes; for channels that count more than bytes.
using Fits = std::function<bool(const std::string& body)>;

struct Fitted {
  std::vector<Block> blocks;  // what is left, with "…（其余 N 条见详情）" when anything was dropped
  std::string body;
  size_t dropped = 0;  // blocks
  bool cut = false;    // a text was ellipsised
  bool fits = false;   // false: even what is mandatory is too much
};

Fitted fit(std::vector<Block> blocks, const Serialiser& body_of, const Fits& fits);
Fitted fit(std::vector<Block> blocks, const Serialiser& body_of, size_t budget_bytes);

// The message at how.level, or at the first lower one that fits. `text` is what is left as plain
// lines. Neutral always fits in 1,024 bytes of any channel but for what that channel adds.
Rendered rendered_within(const core::Notification& n, const Extras& extras, const Rendering& how,
                         const Serialiser& body_of, const Fits& fits);
Rendered rendered_within(const core::Notification& n, const Extras& extras, const Rendering& how,
                         const Serialiser& body_of, size_t budget_bytes);

}  // namespace alerting
