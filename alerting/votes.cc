#include "alerting/votes.h"

#include <algorithm>

namespace alerting {

namespace {

int64_t units_of(const std::string& sku, const core::Catalogue& catalogue) {
  const core::Product* product = catalogue.product(sku);
  return product != nullptr ? product->units_sold : 0;
}

}  // namespace

bool Votes::Rank::operator<(const Rank& other) const {
  return permille != other.permille ? permille > other.permille : *sku < *other.sku;
}

void Votes::add(const std::vector<core::Vote>& votes) {
  for (const core::Vote& vote : votes) change(vote.sku, vote.permille);
}

void Votes::subtract(const std::vector<core::Vote>& votes) {
  for (const core::Vote& vote : votes) change(vote.sku, -static_cast<int64_t>(vote.permille));
}

void Votes::change(const std::string& sku, int64_t permille) {
  const auto row = permille_.try_emplace(sku, 0).first;
  ranking_.erase({row->second, &row->first});
  row->second += permille;
  if (row->second > 0)
    ranking_.insert({row->second, &row->first});
  else
    permille_.erase(row);
}

std::string Votes::leader(const core::Catalogue& catalogue) const {
  if (ranking_.empty()) return "";
  const Rank* best = &*ranking_.begin();
  int64_t best_units = -1;
  for (const Rank& rank : ranking_) {
    if (rank.permille < best->permille) break;
    const int64_t units = units_of(*rank.sku, catalogue);
    if (units <= best_units) continue;  // SKUs ascend: the earlier one wins ties
    best = &rank;
    best_units = units;
  }
  return *best->sku;
}

std::vector<core::ProductVotes> Votes::top(const core::Catalogue& catalogue, size_t n) const {
  std::vector<core::ProductVotes> first;
  for (const Rank& rank : ranking_) {
    if (first.size() >= n && rank.permille < first.back().votes_permille) break;
    first.push_back({*rank.sku, rank.permille});
  }
  std::ranges::stable_sort(first, [&](const core::ProductVotes& a, const core::ProductVotes& b) {
    if (a.votes_permille != b.votes_permille) return a.votes_permille > b.votes_permille;
    return units_of(a.sku, catalogue) > units_of(b.sku, catalogue);
  });
  if (first.size() > n) first.resize(n);
  return first;
}

}  // namespace alerting
