#pragma once
// ReplyChunk: what a lane keeps in the store of the messages that named something, between two
// restart points of a stream (engine/replies.h, docs/formats.md). Ids and channels are hashes.
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "rules/inherited.h"

namespace engine {

using InheritedFamilies = std::vector<rules::InheritedFamily>;

// A message that named something, or took it over from another.
struct NamedMessage {
  uint64_t message = 0, channel = 0;
  core::Time at{};
  uint8_t depth = 0;  // 0: in its own words; else how many replies lie between
  std::shared_ptr<const InheritedFamilies> families;
};

// A message that names nothing and refers to others.
struct ReplyingMessage {
  uint64_t message = 0, channel = 0;
  std::array<uint64_t, 3> refers{};  // reply_to, forward_of, root; 0: none
  core::Time at{}, published{};
};

struct ReplyChunk {
  std::string stream;  // its name
  size_t lane = 0, lanes = 1;
  std::vector<NamedMessage> named;
  std::vector<ReplyingMessage> waiting;  // at the restart point
};

std::string to_bytes(const ReplyChunk& chunk);
core::Result<ReplyChunk> chunk_from(std::string_view bytes);
std::string to_bytes(const InheritedFamilies& families);

}  // namespace engine
