#include "core/signal.h"

#include "core/hash.h"

namespace core {

namespace {

constexpr unsigned kSourceShift = 4;  // above the flags

void write_strings(ByteWriter& out, const std::vector<std::string>& all) {
  out.u64(all.size());
  for (const std::string& s : all) out.str(s);
}

void write_hashes(ByteWriter& out, const std::vector<uint64_t>& all) {
  out.u64(all.size());
  for (const uint64_t h : all) out.u64(h);
}

void write_hits(ByteWriter& out, const std::vector<RuleHit>& hits) {
  out.u64(hits.size());
  for (const RuleHit& h : hits) {
    out.str(h.rule);
    out.str(h.issue);
    out.u64(static_cast<uint64_t>(h.level));
    out.i64(h.weight_permille);
    out.str(h.ladder);
    out.u64((h.exposure_threat ? 1u : 0u) | (h.first ? 2u : 0u));
  }
}

std::vector<std::string> read_strings(ByteReader& in) {
  std::vector<std::string> all(in.count());
  for (std::string& s : all) s = in.str();
  return all;
}

std::vector<uint64_t> read_hashes(ByteReader& in) {
  std::vector<uint64_t> all(in.count());
  for (uint64_t& h : all) h = in.u64();
  return all;
}

std::vector<RuleHit> read_hits(ByteReader& in) {
  std::vector<RuleHit> hits(in.count());
  for (RuleHit& h : hits) {
    h.rule = in.str();
    h.issue = in.str();
    h.level = static_cast<Level>(in.u64());
    h.weight_permille = static_cast<int32_t>(in.i64());
    h.ladder = in.str();
    const uint64_t flags = in.u64();
    h.exposure_threat = flags & 1;
    h.first = flags & 2;
  }
  return hits;
}

}  // namespace

std::string_view name_of(SubjectSource source) {
  constexpr std::string_view kNames[] = {"name",     "reply",   "forward",  "root",
                                         "category", "unknown", "customer", "order"};
  return kNames[static_cast<size_t>(source)];
}

uint64_t Signal::group() const {
  if (kind == Kind::Chat && !channel.empty()) return hash64(channel);
  if (author != 0) return author;
  return hash64(channel.empty() ? event : channel);
}

void write(ByteWriter& out, const Signal& s) {
  out.time(s.at);
  out.time(s.published);
  out.str(s.event);
  out.u64(static_cast<uint64_t>(s.kind));
  out.str(s.family);
  out.u64(s.votes.size());
  for (const Vote& v : s.votes) {
    out.str(v.sku);
    out.u64(v.permille);
  }
  write_strings(out, s.categories);
  out.u64((s.named ? 1u : 0u) | (s.product_named ? 2u : 0u) | (s.advertising ? 4u : 0u) |
          (s.service ? 8u : 0u) | static_cast<uint64_t>(s.source) << kSourceShift);
  write_hits(out, s.hits);
  out.u64(s.reported_level);
  out.u64(s.sensitivity);
  for (const std::string* id : {&s.customer, &s.order, &s.reporter}) out.str(*id);
  out.str(s.channel);
  out.str(s.channel_name);
  out.u64(s.members);
  out.u64(s.author);
  out.str(s.author_sealed);
  out.u64(s.followers);
  out.u64(static_cast<uint64_t>(s.role));
  out.str(s.forward_of);
  out.u64(s.text_hash);
  write_hashes(out, s.fingerprints);
  write_hashes(out, s.attachment_hashes);
  out.str(s.excerpt);
  write_hits(out, s.shadow_hits);
  out.str(s.shadow_excerpt);
}

Signal read_signal(ByteReader& in) {
  Signal s;
  s.at = in.time();
  s.published = in.time();
  s.event = in.str();
  s.kind = static_cast<Kind>(in.u64());
  s.family = in.str();
  s.votes.resize(in.count());
  for (Vote& v : s.votes) {
    v.sku = in.str();
    v.permille = static_cast<uint32_t>(in.u64());
  }
  s.categories = read_strings(in);
  const uint64_t flags = in.u64();
  s.named = flags & 1;
  s.product_named = flags & 2;
  s.advertising = flags & 4;
  s.service = flags & 8;
  s.source = static_cast<SubjectSource>(flags >> kSourceShift & 7);
  s.hits = read_hits(in);
  s.reported_level = static_cast<uint8_t>(in.u64());
  s.sensitivity = static_cast<uint8_t>(in.u64());
  for (std::string* id : {&s.customer, &s.order, &s.reporter}) *id = in.str();
  s.channel = in.str();
  s.channel_name = in.str();
  s.members = static_cast<uint32_t>(in.u64());
  s.author = in.u64();
  s.author_sealed = in.str();
  s.followers = static_cast<uint32_t>(in.u64());
  s.role = static_cast<Role>(in.u64());
  s.forward_of = in.str();
  s.text_hash = in.u64();
  s.fingerprints = read_hashes(in);
  s.attachment_hashes = read_hashes(in);
  s.excerpt = in.str();
  s.shadow_hits = read_hits(in);
  s.shadow_excerpt = in.str();
  return s;
}

}  // namespace core
