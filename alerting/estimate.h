#pragma once
// Estimates of this version, in integers: how many people one group shows a message to (the 250
// law, ALGORITHMS 3.1) and what an incident may cost (stated as units x price x assumed share).
#include <cstdint>
#include <string>
#include <string_view>

#include "core/policy.h"
#include "core/signal.h"

namespace alerting {

inline constexpr int64_t kAmountMax = int64_t{1} << 59;  // all sums stop here instead of wrapping

int64_t add_amounts(int64_t a, int64_t b);       // REQUIRES: both >= 0
int64_t multiply_amounts(int64_t a, int64_t b);  // REQUIRES: both >= 0

// People x 1000 who see what is said in this group: half of a chat's members, a tenth of a public
// author's followers. A service conversation whose size is not told shows it to nobody.
int64_t exposure_permille(const core::Signal& signal, const core::Policy& policy);

struct Loss {
  int64_t cny = 0;
  std::string sku;  // "" when the subject is no product: then nothing is estimated
  int64_t units = 0, price_fen = 0, share_permille = 0;
};

// `subject` is "product:<sku>" or anything else.
Loss expected_loss(std::string_view subject, const core::Policy& policy);

// "SKU1" of "product:SKU1", else "".
std::string_view sku_of(std::string_view subject);

}  // namespace alerting
