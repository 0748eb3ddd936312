#include "alerting/estimate.h"

#include <algorithm>

namespace alerting {

namespace {

constexpr int64_t kMembersMax = 1'000'000;  // no group is larger; a broken sender says so
constexpr int64_t kFollowersMax = 2'000'000'000;
constexpr std::string_view kProduct = "product:";

int64_t members_of(const core::Signal& signal, const core::Policy& policy) {
  if (signal.members != 0) return std::min<int64_t>(signal.members, kMembersMax);
  const auto known = policy.catalogue.groups.find(signal.channel);
  if (known != policy.catalogue.groups.end() && known->second.members != 0)
    return std::min<int64_t>(known->second.members, kMembersMax);
  return signal.service ? 0 : std::max<int64_t>(policy.limits.default_group_members, 0);
}

}  // namespace

int64_t add_amounts(int64_t a, int64_t b) { return a > kAmountMax - b ? kAmountMax : a + b; }

int64_t multiply_amounts(int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return kAmountMax;
  return std::min(product, kAmountMax);
}

int64_t exposure_permille(const core::Signal& signal, const core::Policy& policy) {
  const core::Limits& limits = policy.limits;
  if (signal.kind == core::Kind::Chat && !signal.channel.empty())
    return multiply_amounts(members_of(signal, policy),
                            std::max<int64_t>(limits.group_view_permille, 0));
  return multiply_amounts(std::min<int64_t>(signal.followers, kFollowersMax),
                          std::max<int64_t>(limits.follower_view_permille, 0));
}

Loss expected_loss(std::string_view subject, const core::Policy& policy) {
  const core::Product* product = policy.catalogue.product(sku_of(subject));
  if (product == nullptr) return {};
  Loss loss;
  loss.sku = product->sku;
  loss.units = std::max<int64_t>(product->units_sold, 0);
  loss.price_fen = std::max<int64_t>(product->price_fen, 0);
  loss.share_permille = std::max<int64_t>(policy.limits.loss_share_permille, 0);
  const int64_t sold_fen = multiply_amounts(loss.units, loss.price_fen);
  // Whole fen times permille: divide last while it fits, first when it would not.
  constexpr int64_t kFenPermille = 100 * 1000;
  const int64_t exact = multiply_amounts(sold_fen, loss.share_permille);
  loss.cny = exact < kAmountMax ? exact / kFenPermille
                                : multiply_amounts(sold_fen / kFenPermille, loss.share_permille);
  return loss;
}

std::string_view sku_of(std::string_view subject) {
  return subject.starts_with(kProduct) ? subject.substr(kProduct.size()) : std::string_view();
}

}  // namespace alerting
