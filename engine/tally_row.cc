#include "engine/tally_row.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <tuple>

#include "core/bytes.h"
#include "core/hash.h"

namespace engine {

namespace {

using core::Time;

constexpr uint64_t kVersion = 1;
constexpr size_t kPage = 1000;
constexpr core::Millis kHour{3'600'000};
constexpr int64_t kDayMs = int64_t{24} * 3'600'000;
constexpr size_t kShardDigits = 5, kDayDigits = 7;

std::pair<uint64_t, std::string_view> order_of(const Caught& caught) {
  return {core::hash64(caught.event), caught.event};
}

bool newer(const Caught& a, const Caught& b) {
  return std::tie(a.at, a.event) > std::tie(b.at, b.event);
}

void write(core::ByteWriter& out, const Caught& caught) {
  out.time(caught.at);
  for (const std::string* s : {&caught.event, &caught.family, &caught.excerpt}) out.str(*s);
}

Caught read_caught(core::ByteReader& in) {
  Caught caught;
  caught.at = in.time();
  for (std::string* s : {&caught.event, &caught.family, &caught.excerpt}) *s = in.str();
  return caught;
}

void join(TallyRow& row, const Stretch& stretch, size_t limit) {
  const auto key = [](const Stretch& s) {
    return std::pair<std::string_view, Time>(s.family, core::floor_to(s.first, kHour));
  };
  const auto place = std::ranges::lower_bound(row.stretches, key(stretch), {}, key);
  if (place != row.stretches.end() && key(*place) == key(stretch)) {
    place->first = std::min(place->first, stretch.first);
    place->last = std::max(place->last, stretch.last);
    place->messages += stretch.messages;
  } else if (row.stretches.size() < limit) {
    row.stretches.insert(place, stretch);
  } else {
    row.dropped += stretch.messages;
  }
}

bool read_number(std::string_view digits, int64_t& out) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return error == std::errc() && end == digits.data() + digits.size();
}

}  // namespace

void add_group(TallyRow& row, uint64_t group) {
  const auto place = std::ranges::lower_bound(row.groups, group);
  if (place != row.groups.end() && *place == group) return;
  row.groups.insert(place, group);
  if (row.groups.size() > TallyRow::kGroupsMax) row.groups.pop_back();
}

void add_caught(TallyRow& row, const Caught& caught) {
  if (row.last.event.empty() || newer(caught, row.last)) row.last = caught;
  const auto place = std::ranges::lower_bound(row.samples, order_of(caught), {}, order_of);
  if (place != row.samples.end() && place->event == caught.event) return;
  row.samples.insert(place, caught);
  if (row.samples.size() > TallyRow::kSamplesMax) row.samples.pop_back();
}

void add_stretch(TallyRow& row, const Stretch& stretch) {
  join(row, stretch, TallyRow::kStretchesMax);
}

void add(TallyRow& row, const TallyRow& other) {
  row.hits += other.hits;
  row.shadow_hits += other.shadow_hits;
  row.dropped += other.dropped;
  for (const uint64_t group : other.groups) add_group(row, group);
  for (const Caught& caught : other.samples) add_caught(row, caught);
  if (!other.last.event.empty() && (row.last.event.empty() || newer(other.last, row.last)))
    row.last = other.last;
  for (const Stretch& stretch : other.stretches) join(row, stretch, SIZE_MAX);
}

// Above what is kept: the k-th smallest of n hashes lies at about k / n of all there could be.
int64_t distinct_groups(const TallyRow& row) {
  if (row.groups.size() < TallyRow::kGroupsMax) return static_cast<int64_t>(row.groups.size());
  const double share = static_cast<double>(row.groups.back()) / 18446744073709551616.0;
  return static_cast<int64_t>(static_cast<double>(TallyRow::kGroupsMax - 1) / share + 0.5);
}

std::string encode(const TallyRow& row) {
  core::ByteWriter out;
  out.u64(kVersion);
  for (const int64_t n : {row.hits, row.shadow_hits, row.dropped}) out.i64(n);
  out.u64(row.groups.size());
  for (const uint64_t group : row.groups) out.u64(group);
  write(out, row.last);
  out.u64(row.samples.size());
  for (const Caught& caught : row.samples) write(out, caught);
  out.u64(row.stretches.size());
  for (const Stretch& s : row.stretches) {
    out.str(s.family);
    out.time(s.first);
    out.time(s.last);
    out.i64(s.messages);
  }
  return out.take();
}

bool decode(std::string_view bytes, TallyRow& row) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  for (int64_t* n : {&row.hits, &row.shadow_hits, &row.dropped}) *n = in.i64();
  row.groups.resize(in.count());
  for (uint64_t& group : row.groups) group = in.u64();
  row.last = read_caught(in);
  row.samples.resize(in.count());
  for (Caught& caught : row.samples) caught = read_caught(in);
  row.stretches.resize(in.count());
  for (Stretch& s : row.stretches) {
    s.family = in.str();
    s.first = in.time();
    s.last = in.time();
    s.messages = in.i64();
  }
  return in.ok() && in.at_end();
}

int64_t day_of(Time at, int zone_offset_minutes) {
  const int64_t ms = core::to_ms(at) + int64_t{zone_offset_minutes} * 60'000;
  return ms / kDayMs - (ms % kDayMs < 0 ? 1 : 0);
}

std::string tally_key(uint32_t shard, int64_t day, std::string_view rule) {
  char front[32];
  std::snprintf(front, sizeof front, "%05u/%07lld/", shard, static_cast<long long>(day));
  return front + std::string(rule);
}

bool read_tally_key(std::string_view key, uint32_t& shard, RuleDay& out) {
  constexpr size_t kFront = kShardDigits + kDayDigits + 2;
  int64_t number = 0;
  if (key.size() <= kFront || !read_number(key.substr(0, kShardDigits), number)) return false;
  shard = static_cast<uint32_t>(number);
  out.rule = key.substr(kFront);
  return read_number(key.substr(kShardDigits + 1, kDayDigits), out.day);
}

core::Result<std::vector<RuleDay>> read_tally(core::Store& store, std::string_view rule) {
  std::map<std::pair<std::string, int64_t>, TallyRow> merged;
  std::string after;
  for (;;) {
    const auto slots = store.list(std::string(kTallyShelf), after, kPage);
    if (!slots) return slots.error();
    for (const core::Slot& slot : *slots) {
      uint32_t shard = 0;
      RuleDay one;
      if (!read_tally_key(slot.key, shard, one) || (!rule.empty() && one.rule != rule)) continue;
      if (decode(slot.value, one.row)) add(merged[{one.rule, one.day}], one.row);
    }
    if (slots->size() < kPage) break;
    after = slots->back().key;
  }
  std::vector<RuleDay> all;
  for (auto& [key, row] : merged) all.push_back({key.first, key.second, std::move(row)});
  return all;
}

}  // namespace engine
