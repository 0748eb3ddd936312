#include "alerting/entry.h"

#include <algorithm>

#include "alerting/estimate.h"
#include "alerting/saved.h"
#include "core/hash.h"

namespace alerting {

namespace {

constexpr int32_t kCountsAbovePermille = 500;
constexpr uint8_t kHighest = static_cast<uint8_t>(core::Level::Red);

void raise(Entry& entry, core::Level level, std::string_view by) {
  if (level <= entry.level && !entry.level_by.empty()) return;
  entry.level = std::max(entry.level, level);
  entry.level_by = by;
}

template <typename T>
void keep_at_most(std::vector<T>& all, size_t limit) {
  if (all.size() > limit) all.resize(limit);
}

}  // namespace

bool Entry::names(std::string_view category) const {
  return std::ranges::find(categories, category) != categories.end();
}

Entry entry_of(const core::Signal& s, const Sighting& sighting, const core::Policy& policy) {
  Entry e;
  e.at = s.at;
  e.event = core::hash64(s.event);
  e.group = s.group();
  e.exposure_permille = exposure_permille(s, policy);
  e.counts = sighting.counts;
  e.mention = sighting.mention;
  e.evidence = sighting.evidence;
  e.copy = sighting.copy;
  for (const core::RuleHit& hit : s.hits) {
    if (hit.weight_permille <= kCountsAbovePermille || e.hits.size() == Entry::kHitsMax) continue;
    e.hits.push_back({hit.rule, hit.issue, hit.ladder, hit.level});
    raise(e, hit.level, hit.rule);
  }
  if (s.reported_level > 0)
    raise(e, static_cast<core::Level>(std::min(s.reported_level, kHighest)), core::name_of(s.kind));
  const bool threat = std::ranges::any_of(s.hits, [](const core::RuleHit& hit) {
    return hit.exposure_threat && hit.weight_permille > kCountsAbovePermille;
  });
  if (threat && !s.customer.empty()) e.threatens.push_back(core::hash64("customer " + s.customer));
  if (threat && !s.order.empty()) e.threatens.push_back(core::hash64("order " + s.order));
  e.votes = s.votes;
  keep_at_most(e.votes, Entry::kVotesMax);
  e.categories = s.categories;
  keep_at_most(e.categories, Entry::kCategoriesMax);
  e.channel_name = s.channel_name;
  e.excerpt = s.excerpt;
  e.author = s.author;
  if (!e.excerpt.empty()) e.author_sealed = s.author_sealed;
  e.role = s.role;
  return e;
}

void write(core::ByteWriter& out, const Entry& e) {
  out.time(e.at);
  out.u64(e.event);
  out.u64(e.group);
  out.i64(e.exposure_permille);
  out.u64((e.counts ? 1u : 0u) | (e.mention ? 2u : 0u) | (e.evidence ? 4u : 0u) |
          (e.copy ? 8u : 0u) | (e.recalled ? 16u : 0u));
  out.u64(static_cast<uint64_t>(e.level));
  out.str(e.level_by);
  out.u64(e.hits.size());
  for (const Hit& hit : e.hits) {
    out.str(hit.rule);
    out.str(hit.issue);
    out.str(hit.ladder);
    out.u64(static_cast<uint64_t>(hit.level));
  }
  out.u64(e.votes.size());
  for (const core::Vote& vote : e.votes) {
    out.str(vote.sku);
    out.u64(vote.permille);
  }
  out.u64(e.categories.size());
  for (const std::string& category : e.categories) out.str(category);
  out.str(e.channel_name);
  out.str(e.excerpt);
  out.u64(e.threatens.size());
  for (const uint64_t who : e.threatens) out.u64(who);
  out.u64(e.owner);
  out.u64(e.author);
  out.str(e.author_sealed);
  out.u64(static_cast<uint64_t>(e.role));
}

bool read(core::ByteReader& in, Entry& e, uint64_t version) {
  size_t n = 0;
  if (!read_time(in, e.at)) return false;
  e.event = in.u64();
  e.group = in.u64();
  uint64_t flags = 0;
  if (!read_amount(in, e.exposure_permille) || !read_within(in, flags, 0, 31)) return false;
  e.counts = flags & 1;
  e.mention = flags & 2;
  e.evidence = flags & 4;
  e.copy = flags & 8;
  e.recalled = flags & 16;
  if (!read_within(in, e.level, 1, kHighest)) return false;
  e.level_by = in.str();
  if (!read_count(in, n, Entry::kHitsMax)) return false;
  e.hits.resize(n);
  for (Hit& hit : e.hits) {
    hit.rule = in.str();
    hit.issue = in.str();
    hit.ladder = in.str();
    if (!read_within(in, hit.level, 1, kHighest)) return false;
  }
  if (!read_count(in, n, Entry::kVotesMax)) return false;
  e.votes.resize(n);
  for (core::Vote& vote : e.votes) {
    vote.sku = in.str();
    if (!read_within(in, vote.permille, 0, UINT32_MAX)) return false;
  }
  if (!read_count(in, n, Entry::kCategoriesMax)) return false;
  e.categories.resize(n);
  for (std::string& category : e.categories) category = in.str();
  e.channel_name = in.str();
  e.excerpt = in.str();
  n = 0;
  if (version >= 2 && !read_count(in, n, Entry::kThreatensMax)) return false;
  e.threatens.resize(n);
  for (uint64_t& who : e.threatens) who = in.u64();
  if (!read_within(in, e.owner, 0, UINT32_MAX)) return false;
  if (version < 2) return true;
  e.author = in.u64();
  e.author_sealed = in.str();
  return read_within(in, e.role, 0, static_cast<uint64_t>(core::Role::Other));
}

}  // namespace alerting
