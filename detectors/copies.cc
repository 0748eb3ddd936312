#include "detectors/copies.h"

#include <algorithm>

#include "core/hash.h"
#include "core/text/fingerprint.h"
#include "detectors/saved.h"

namespace detectors {

namespace {

constexpr uint64_t kTextTag = 1, kFileTag = 2, kForwardTag = 3;

bool ascending(const std::vector<uint64_t>& all) {
  return std::ranges::adjacent_find(all, std::ranges::greater_equal()) == all.end();
}

}  // namespace

bool Copies::observe(const core::Signal& signal, const Seen& events) {
  const core::Time until = signal.at - kRemembered;
  marks_.expire(until);
  while (!clusters_.empty() && clusters_.front().at <= until) drop_oldest();

  bool copy = false;
  if (!signal.forward_of.empty()) {
    // Two forwards of a message that we never saw are copies of each other.
    const uint64_t original = core::hash64(signal.forward_of);
    copy |= events.contains(original) | marked(kForwardTag, original, signal.at);
  }
  if (signal.text_hash != 0) copy |= marked(kTextTag, signal.text_hash, signal.at);
  for (const uint64_t file : signal.attachment_hashes) copy |= marked(kFileTag, file, signal.at);
  if (!copy && !signal.fingerprints.empty()) {
    copy = near_copy(signal.fingerprints);
    if (!copy) keep(signal.fingerprints, signal.at);
  }
  return copy;
}

bool Copies::marked(uint64_t tag, uint64_t hash, core::Time at) {
  return !marks_.insert(core::hash_mix(tag, hash), at);
}

bool Copies::near_copy(const std::vector<uint64_t>& fingerprints) const {
  const auto is_near = [&](const Cluster& cluster) {
    return core::text::near_copies(cluster.fingerprints, fingerprints);
  };
  if (!indexed_) return std::ranges::any_of(clusters_, is_near);
  return std::ranges::any_of(index_.sharing_two(fingerprints),
                             [&](uint32_t number) { return is_near(clusters_.at(number)); });
}

void Copies::keep(const std::vector<uint64_t>& fingerprints, core::Time at) {
  if (clusters_.size() >= kClustersMax) {
    drop_oldest();
    ++evicted_;
  }
  clusters_.push({at, fingerprints});
  if (indexed_)
    index_.add(static_cast<uint32_t>(clusters_.next() - 1), fingerprints);
  else if (clusters_.size() > kUnindexedMax)
    build_index();
}

void Copies::build_index() {
  indexed_ = true;
  uint64_t number = clusters_.first();
  for (const Cluster& cluster : clusters_)
    index_.add(static_cast<uint32_t>(number++), cluster.fingerprints);
}

void Copies::drop_oldest() {
  if (indexed_) index_.drop_oldest(clusters_.front().fingerprints.size());
  clusters_.pop();
}

void Copies::save(core::ByteWriter& out) const {
  marks_.save(out);
  out.u64(evicted_);
  out.u64(clusters_.size());
  int64_t before = 0;
  for (const Cluster& cluster : clusters_) {
    out.i64(core::to_ms(cluster.at) - before);
    before = core::to_ms(cluster.at);
    std::string packed;
    for (const uint64_t f : cluster.fingerprints) pack(packed, f);
    out.str(packed);
  }
}

bool Copies::load(core::ByteReader& in) {
  if (!marks_.load(in)) return false;
  evicted_ = in.u64();
  const size_t n = in.count();
  if (n > kClustersMax) return false;
  core::Time at{};
  for (size_t i = 0; i < n; ++i) {
    if (!read_later(in, at)) return false;
    const std::string_view packed = in.view();
    if (packed.size() % 8 != 0 || packed.size() / 8 > core::text::kFingerprintsMax) return false;
    std::vector<uint64_t> fingerprints;
    for (size_t k = 0; k < packed.size(); k += 8) fingerprints.push_back(unpack(packed, k));
    if (!ascending(fingerprints)) return false;
    keep(fingerprints, at);
  }
  return in.ok();
}

}  // namespace detectors
