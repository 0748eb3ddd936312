#include "engine/reply_chunk.h"

#include "core/bytes.h"

namespace engine {

namespace {

constexpr uint64_t kVersion = 1;

void write(core::ByteWriter& out, const InheritedFamilies& families) {
  out.u64(families.size());
  for (const rules::InheritedFamily& f : families) {
    out.str(f.family);
    out.u64(f.votes.size());
    for (const core::Vote& vote : f.votes) {
      out.str(vote.sku);
      out.u64(vote.permille);
    }
    out.u64(f.categories.size());
    for (const std::string& category : f.categories) out.str(category);
  }
}

InheritedFamilies read_families(core::ByteReader& in) {
  InheritedFamilies families(in.count());
  for (rules::InheritedFamily& f : families) {
    f.family = in.str();
    f.votes.resize(in.count());
    for (core::Vote& vote : f.votes) {
      vote.sku = in.str();
      vote.permille = static_cast<uint32_t>(in.u64());
    }
    f.categories.resize(in.count());
    for (std::string& category : f.categories) category = in.str();
  }
  return families;
}

}  // namespace

std::string to_bytes(const InheritedFamilies& families) {
  core::ByteWriter out;
  write(out, families);
  return out.take();
}

std::string to_bytes(const ReplyChunk& chunk) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.str(chunk.stream);
  out.u64(chunk.lane);
  out.u64(chunk.lanes);
  out.u64(chunk.named.size());
  for (const NamedMessage& n : chunk.named) {
    out.u64(n.message);
    out.u64(n.channel);
    out.time(n.at);
    out.u64(n.depth);
    write(out, *n.families);
  }
  out.u64(chunk.waiting.size());
  for (const ReplyingMessage& w : chunk.waiting) {
    out.u64(w.message);
    out.u64(w.channel);
    for (const uint64_t id : w.refers) out.u64(id);
    out.time(w.at);
    out.time(w.published);
  }
  return out.take();
}

core::Result<ReplyChunk> chunk_from(std::string_view bytes) {
  core::ByteReader in(bytes);
  const bool known_version = in.u64() == kVersion;
  ReplyChunk chunk;
  chunk.stream = in.str();
  chunk.lane = in.u64();
  chunk.lanes = in.u64();
  chunk.named.resize(in.count());
  for (NamedMessage& n : chunk.named) {
    n.message = in.u64();
    n.channel = in.u64();
    n.at = in.time();
    n.depth = static_cast<uint8_t>(in.u64());
    n.families = std::make_shared<const InheritedFamilies>(read_families(in));
  }
  chunk.waiting.resize(in.count());
  for (ReplyingMessage& w : chunk.waiting) {
    w.message = in.u64();
    w.channel = in.u64();
    for (uint64_t& id : w.refers) id = in.u64();
    w.at = in.time();
    w.published = in.time();
  }
  if (known_version && in.ok() && in.at_end()) return chunk;
  return core::Error{core::Code::BadInput, "stored replies have an unknown layout"};
}

}  // namespace engine
