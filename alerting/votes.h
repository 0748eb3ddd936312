#pragma once
// Votes: which SKU an incident is about, by the votes of its messages of the last four hours
// (DESIGN 11.5: one message often cannot say, a hundred can).
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/incident.h"
#include "core/policy.h"
#include "core/signal.h"

namespace alerting {

class Votes {
 public:
  Votes() = default;
  Votes(Votes&&) = default;
  Votes& operator=(Votes&&) = default;

  void add(const std::vector<core::Vote>& votes);
  void subtract(const std::vector<core::Vote>& votes);

  // The SKU with the most votes, ties by units sold, then by SKU; "" without votes.
  std::string leader(const core::Catalogue& catalogue) const;
  // The first `n` in that order.
  std::vector<core::ProductVotes> top(const core::Catalogue& catalogue, size_t n) const;

 private:
  struct Rank {
    int64_t permille;
    const std::string* sku;  // the key in permille_
    bool operator<(const Rank& other) const;
  };
  void change(const std::string& sku, int64_t permille);

  std::map<std::string, int64_t, std::less<>> permille_;  // by SKU, all > 0
  std::set<Rank> ranking_;                                // the same, most votes first, then by SKU
};

}  // namespace alerting
