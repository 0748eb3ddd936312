#include "alerting/options.h"

#include <algorithm>

#include "alerting/estimate.h"
#include "alerting/ladder.h"
#include "core/hash.h"
#include "core/math.h"

namespace alerting {

namespace {

constexpr size_t kOffersShown = 6;

// What one option costs for one product at this share, in CNY.
int64_t product_cost(const core::Product& product, const core::OptionCost& cost, int64_t share) {
  const auto positive = [](int64_t n) { return std::max<int64_t>(n, 0); };
  const int64_t taken = multiply_amounts(positive(product.units_sold), positive(share));
  const int64_t unit =
      add_amounts(multiply_amounts(positive(product.price_fen), positive(cost.refund_permille)),
                  multiply_amounts(positive(cost.per_unit_fen), 1000));
  // Permille of units times permille of fen: divide last while it fits, first when it would not.
  constexpr int64_t kScale = int64_t{1000} * 1000 * 100;
  const int64_t exact = multiply_amounts(taken, unit);
  return exact < kAmountMax ? exact / kScale : multiply_amounts(taken / 1000, unit / 1000) / 100;
}

std::vector<const core::Product*> concerned(std::string_view subject, std::string_view family,
                                            const core::Policy& policy) {
  if (const core::Product* one = policy.catalogue.product(sku_of(subject))) return {one};
  const size_t colon = std::min(family.find(':'), family.size() - 1);
  const std::string_view type = family.substr(0, colon), name = family.substr(colon + 1);
  std::vector<const core::Product*> all;
  for (const core::Product& p : policy.catalogue.products)
    if ((type == "brand" && p.brand == name) || (type == "merchant" && p.merchant == name) ||
        (type == "category" && p.category == name))
      all.push_back(&p);
  return all;
}

std::vector<const core::ResponseOption*> options_for(const std::string& issue,
                                                     const core::Policy& policy) {
  std::vector<const core::ResponseOption*> all;
  for (const core::ResponseOption& o : policy.options)
    if (o.issues.empty() || std::ranges::find(o.issues, issue) != o.issues.end()) all.push_back(&o);
  return all;
}

bool asks_a_decision(core::Cause cause) {
  switch (cause) {
    case core::Cause::Opened:
    case core::Cause::Escalated:
    case core::Cause::Updated:
    case core::Cause::Reminder:
    case core::Cause::Reopened:
    case core::Cause::Approval:
    case core::Cause::Briefing:
      return true;
    default:
      return false;
  }
}

std::string option_name(const std::string& id, const core::Policy& policy) {
  const core::ResponseOption* option = policy.option(id);
  return option != nullptr ? option->name : id;
}

}  // namespace

core::Interval cost_of(const core::ResponseOption& option, std::string_view subject,
                       std::string_view family, const core::Policy& policy) {
  const core::OptionCost& cost = option.cost;
  const auto products = concerned(subject, family, policy);
  const bool by_unit =
      (cost.refund_permille > 0 || cost.per_unit_fen > 0) && cost.take_up_permille[2] > 0;
  if (by_unit && products.empty()) return {kCostUnknown, kCostUnknown, kCostUnknown};
  int64_t sums[3] = {};
  for (size_t k = 0; k < 3; ++k) {
    sums[k] = std::clamp<int64_t>(cost.fixed_cny, 0, kAmountMax);
    for (const core::Product* p : products)
      sums[k] = add_amounts(sums[k], product_cost(*p, cost, cost.take_up_permille[k]));
  }
  return {sums[0], sums[1], sums[2]};
}

bool covers(int64_t authority_cny, const core::Interval& cost) {
  if (authority_cny < 0) return true;
  return cost.middle != kCostUnknown && cost.middle <= authority_cny;
}

std::vector<core::OptionOffer> offers(const Incident& i, const Step& s, int64_t authority_cny) {
  std::vector<core::OptionOffer> all;
  for (const core::ResponseOption* option : options_for(i.issue, s.policy)) {
    core::OptionOffer offer;
    offer.id = option->id;
    offer.name = option->name;
    offer.cost_cny = cost_of(*option, i.subject, s.family, s.policy);
    offer.within_authority = covers(authority_cny, offer.cost_cny);
    for (const std::string& id : option->actions) {
      const auto action = s.policy.actions.find(id);
      offer.actions.push_back(action != s.policy.actions.end() ? action->second.name : id);
    }
    all.push_back(std::move(offer));
  }
  const auto rank = [](const core::OptionOffer& o) {
    return o.cost_cny.middle == kCostUnknown ? INT64_MAX : o.cost_cny.middle;
  };
  std::ranges::stable_sort(all, {}, rank);
  return all;
}

int64_t wait_cost_cny(const Incident& i, const Step& s) {
  const Loss loss = expected_loss(i.subject, s.policy);
  const int64_t doubling = i.tally.doubling_minutes(s.at);
  if (loss.cny <= 0 || doubling <= 0) return 0;
  const int64_t sold = multiply_amounts(loss.units, loss.price_fen) / 100;
  const double growth = core::exp(core::kLn2 * 60.0 / static_cast<double>(doubling)) - 1;
  const double more = static_cast<double>(loss.cny) * growth;
  const int64_t room = std::max<int64_t>(sold - loss.cny, 0);
  return more >= static_cast<double>(room) ? room : static_cast<int64_t>(more);
}

uint64_t question_of(const Incident& i, const Step& s) {
  core::ByteWriter key;
  key.u64(static_cast<uint64_t>(i.level));
  key.str(i.issue);
  key.str(i.subject);
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  for (const core::ResponseOption* option : options_for(i.issue, s.policy)) {
    const core::Interval cost = cost_of(*option, i.subject, s.family, s.policy);
    uint32_t rung = 1;
    while (rung <= rungs_of(ladder) && !covers(rung_of(ladder, rung).authority_cny, cost)) ++rung;
    key.str(option->id);
    key.u64(rung);
  }
  return core::hash64(key.bytes());
}

void fill_offers(core::Notification& n, const Incident& i, const Step& s) {
  const bool waits = i.waits() || (n.cause == core::Cause::Approval && i.resolution.proposed);
  n.golden_until = i.tally.first_at() + s.policy.ladder(i.ladder).golden;
  if (waits && asks_a_decision(n.cause)) {
    n.options = offers(i, s, n.authority_cny);
    if (n.options.size() > kOffersShown) n.options.resize(kOffersShown);
    n.wait_cost_cny = wait_cost_cny(i, s);
    if (i.resolution.proposed) n.option = i.resolution.proposed->option;
  } else if (i.resolution.decided && !i.waits()) {
    n.option = i.resolution.decided->option;
  }
  if (!n.option.empty()) n.option_name = option_name(n.option, s.policy);
}

}  // namespace alerting
