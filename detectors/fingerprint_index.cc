#include "detectors/fingerprint_index.h"

#include <algorithm>

namespace detectors {

namespace {

constexpr size_t kCellsMin = 256;

size_t home_of(uint64_t fingerprint, size_t cells) {
  return static_cast<size_t>(fingerprint >> 7) & (cells - 1);
}

}  // namespace

void FingerprintIndex::add(uint32_t message, const std::vector<uint64_t>& fingerprints) {
  for (const uint64_t f : fingerprints) {
    if ((used_ + 1) * 2 > cells_.size()) grow();
    const auto number = static_cast<uint32_t>(postings_.next());
    postings_.push({f, message, 0});
    Cell& cell = cells_[place_of(f)];
    if (cell.count == 0) {
      cell = {f, number, number, 1};
      ++used_;
      continue;
    }
    postings_.at(cell.newest).next = number;
    cell.newest = number;
    ++cell.count;
  }
}

void FingerprintIndex::drop_oldest(size_t count) {
  for (; count > 0; --count) {
    const Posting oldest = postings_.front();  // of all, so it is its fingerprint's oldest too
    const size_t place = place_of(oldest.fingerprint);
    Cell& cell = cells_[place];
    cell.oldest = oldest.next;
    if (--cell.count == 0) free_place(place);
    postings_.pop();
  }
}

std::vector<uint32_t> FingerprintIndex::sharing_two(
    const std::vector<uint64_t>& fingerprints) const {
  std::vector<uint32_t> found;
  if (cells_.empty()) return found;
  for (const uint64_t f : fingerprints) {
    const Cell& cell = cells_[place_of(f)];
    if (cell.count > kCommonAbove) continue;
    uint32_t number = cell.oldest;
    for (uint32_t i = 0; i < cell.count; ++i) {
      const Posting& posting = postings_.at(number);
      found.push_back(posting.message);
      number = posting.next;
    }
  }
  std::ranges::sort(found);
  std::vector<uint32_t> twice;
  for (size_t i = 1; i < found.size(); ++i)
    if (found[i] == found[i - 1] && (twice.empty() || twice.back() != found[i]))
      twice.push_back(found[i]);
  return twice;
}

size_t FingerprintIndex::place_of(uint64_t fingerprint) const {
  size_t place = home_of(fingerprint, cells_.size());
  while (cells_[place].count != 0 && cells_[place].fingerprint != fingerprint)
    place = (place + 1) & (cells_.size() - 1);
  return place;
}

// Those that were pushed on past the freed cell move back (Knuth 6.4, algorithm R).
void FingerprintIndex::free_place(size_t place) {
  const size_t mask = cells_.size() - 1;
  for (size_t i = (place + 1) & mask; cells_[i].count != 0; i = (i + 1) & mask) {
    const size_t home = home_of(cells_[i].fingerprint, cells_.size());
    if (((i - home) & mask) < ((i - place) & mask)) continue;
    cells_[place] = cells_[i];
    place = i;
  }
  cells_[place].count = 0;
  --used_;
}

void FingerprintIndex::grow() {
  std::vector<Cell> before(std::max(kCellsMin, cells_.size() * 2));
  before.swap(cells_);
  for (const Cell& cell : before)
    if (cell.count != 0) cells_[place_of(cell.fingerprint)] = cell;
}

}  // namespace detectors
