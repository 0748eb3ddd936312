#include "alerting/excerpts.h"

#include <algorithm>

#include "alerting/saved.h"

namespace alerting {

namespace {

constexpr std::string_view kRecalled = "[已撤回] ",
                           kErased = "[应当事人要求删除 erased on request]";

}  // namespace

bool Excerpts::before(const Kept& a, const Kept& b) {
  if (a.copy != b.copy) return !a.copy;
  return a.level > b.level;  // equal ones stay in the order they came
}

bool Excerpts::add(const Entry& e) {
  if (e.excerpt.empty()) return false;
  Kept kept{e.at, e.event, e.level, e.copy, e.recalled, {}, {}, 0};
  const auto place = std::ranges::upper_bound(kept_, kept, before);
  if (kept_.size() == kMax && place == kept_.end()) return false;  // none of the kept is worse
  kept.channel_name = e.channel_name;
  kept.excerpt = e.excerpt;
  kept.author = e.author;
  kept_.insert(place, std::move(kept));
  if (kept_.size() > kMax) kept_.pop_back();
  return true;
}

size_t Excerpts::forget(uint64_t author) {
  size_t count = 0;
  for (Kept& kept : kept_) {
    if (kept.author != author || author == 0) continue;
    kept.excerpt = kErased;
    kept.author = 0;
    ++count;
  }
  return count;
}

bool Excerpts::recall(uint64_t event) {
  const auto kept = std::ranges::find(kept_, event, &Kept::event);
  if (kept == kept_.end()) return false;
  kept->recalled = true;
  return true;
}

std::vector<core::Evidence> Excerpts::best(size_t n) const {
  std::vector<core::Evidence> evidence;
  for (const Kept& kept : kept_) {
    if (evidence.size() == n) break;
    evidence.push_back(
        {kept.at, kept.channel_name, (kept.recalled ? std::string(kRecalled) : "") + kept.excerpt});
  }
  return evidence;
}

void Excerpts::add_events(std::vector<uint64_t>& out) const {
  for (const Kept& kept : kept_) out.push_back(kept.event);
}

void Excerpts::save(core::ByteWriter& out) const {
  out.u64(kept_.size());
  for (const Kept& kept : kept_) {
    out.time(kept.at);
    out.u64(kept.event);
    out.u64(static_cast<uint64_t>(kept.level));
    out.u64((kept.copy ? 1u : 0u) | (kept.recalled ? 2u : 0u));
    out.str(kept.channel_name);
    out.str(kept.excerpt);
    out.u64(kept.author);
  }
}

bool Excerpts::load(core::ByteReader& in, uint64_t version) {
  size_t n = 0;
  if (!read_count(in, n, kMax)) return false;
  for (size_t i = 0; i < n; ++i) {
    Kept kept{};
    uint64_t flags = 0;
    if (!read_time(in, kept.at)) return false;
    kept.event = in.u64();
    if (!read_within(in, kept.level, 1, 4) || !read_within(in, flags, 0, 3)) return false;
    kept.copy = flags & 1;
    kept.recalled = flags & 2;
    kept.channel_name = in.str();
    kept.excerpt = in.str();
    if (version >= 2) kept.author = in.u64();
    kept_.push_back(std::move(kept));
  }
  return in.ok() && std::ranges::is_sorted(kept_, before);
}

}  // namespace alerting
