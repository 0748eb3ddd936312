#include "alerting/forecast.h"

#include <algorithm>
#include <cmath>

#include "core/math.h"

namespace alerting {

namespace {

constexpr double kPriorGroups = 1, kPriorHours = 0.5, kAgeing = 0.2, kDispersion = 2;
constexpr double kSizeVariation = 1.25, kPeopleSigma = 0.2, kGrowthPrior = 10;
constexpr double kTenth = 1.2815515655446004;       // normal quantile of 90 %
constexpr double kLossSigma = core::kLn2 / kTenth;  // 10 % at half, 90 % at twice
constexpr double kHourMs = 3600'000, kAmountTop = 0x1p59, kHoursMax = 24 * 30;

int64_t amount(double x) { return static_cast<int64_t>(std::clamp(x, 0.0, kAmountTop)); }

// P(Z > z) of the standard normal, within 7.5e-8 (Abramowitz and Stegun 26.2.17).
double normal_tail(double z) {
  if (z < 0) return 1 - normal_tail(-z);
  const double t = 1 / (1 + 0.2316419 * z);
  const double sum =
      t *
      (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 0.3989422804014327 * core::exp(-z * z / 2) * sum;
}

// P(X > over) of a log-normal whose median is `median`.
int64_t above_permille(int64_t median, int64_t over, double sigma) {
  if (over < 0) return 1000;
  if (median <= 0) return 0;
  if (over == 0) return 1000;
  const double z = core::log(static_cast<double>(over) / static_cast<double>(median)) / sigma;
  return static_cast<int64_t>(normal_tail(z) * 1000 + 0.5);
}

// New people as a negative binomial count of units, each so many people (a compound sum with the
// same mean and variance).
struct Ahead {
  double mean = 0, size = 1, unit = 1;
};

Ahead ahead_of(const Spread& s, core::Millis span) {
  const double hours = std::clamp(static_cast<double>(span.count()) / kHourMs, 0.0, kHoursMax);
  const double seen = static_cast<double>(s.first_half) + static_cast<double>(s.second_half);
  const double window = std::max(static_cast<double>(s.window.count()) / kHourMs, 0.0);
  const double rate = (kPriorGroups + seen) / (kPriorHours + window);
  double growth = 0;  // of ln rate, an hour
  if (window > 0)
    growth = core::log((static_cast<double>(s.second_half) + 0.5) /
                       (static_cast<double>(s.first_half) + 0.5)) /
             (window / 2) * seen / (seen + kGrowthPrior);
  const double factor = core::exp(std::clamp(growth, -1.0, 1.0) * std::min(hours, 1.0));
  const double effective = (1 - core::exp(-kAgeing * hours)) / kAgeing;
  const double a_group =
      s.groups > 0 ? static_cast<double>(s.people) / static_cast<double>(s.groups) : 0;
  Ahead a;
  // At most 64 units on average: what a sum costs stays bounded, and the step is under 2 %.
  const double people = rate * factor * effective * a_group;
  a.unit = std::max({a_group * (1 + kSizeVariation), people / 64, 1.0e-3});
  a.mean = people / a.unit;
  a.size = (kPriorGroups + seen) / kDispersion;
  return a;
}

double tail_of(const Ahead& a, int64_t units) {
  if (units <= 0) return 1;
  return core::exp(core::log_negative_binomial_tail(units, a.size, a.mean));
}

// 10, 50, 90 % in one pass over the probabilities: p(0) = (size / (size + mean))^size, then each
// from the one before. Ends with them: at most kUnitsMax steps.
core::Interval quantiles(const Ahead& a) {
  constexpr int64_t kUnitsMax = 4'096;
  const double q = a.mean / (a.mean + a.size);
  double p = core::exp(a.size * core::log1p(-q)), sum = p;
  core::Interval units{-1, -1, kUnitsMax};
  for (int64_t n = 0; n < kUnitsMax; ++n) {
    if (units.low < 0 && sum >= 0.1) units.low = n;
    if (units.middle < 0 && sum >= 0.5) units.middle = n;
    if (sum >= 0.9) {
      units.high = n;
      break;
    }
    p *= (a.size + static_cast<double>(n)) / static_cast<double>(n + 1) * q;
    sum += p;
  }
  const auto people = [&](int64_t n) {
    return amount(static_cast<double>(std::max<int64_t>(n, 0)) * a.unit);
  };
  return {people(units.low), people(units.middle), people(units.high)};
}

}  // namespace

core::Interval people_ahead(const Spread& s, core::Millis span) {
  if (span <= core::Millis{0}) {
    const double wide = core::exp(kTenth * kPeopleSigma);
    const double people = static_cast<double>(s.people);
    return {amount(people / wide), s.people, amount(people * wide)};
  }
  const core::Interval more = quantiles(ahead_of(s, span));
  return {add_amounts(s.people, more.low), add_amounts(s.people, more.middle),
          add_amounts(s.people, more.high)};
}

int64_t people_chance_permille(const Spread& s, int64_t over, core::Millis span) {
  if (span <= core::Millis{0}) return above_permille(s.people, over, kPeopleSigma);
  if (s.people > over) return 1000;
  const Ahead a = ahead_of(s, span);
  const double needed = static_cast<double>(over - s.people) / a.unit;
  if (needed >= 0x1p40) return 0;
  return static_cast<int64_t>(tail_of(a, static_cast<int64_t>(needed) + 1) * 1000 + 0.5);
}

core::Interval loss_range(const Loss& loss) {
  if (loss.cny <= 0) return {};
  const int64_t sold = multiply_amounts(loss.units, loss.price_fen) / 100;
  return {loss.cny / 2, loss.cny,
          std::max(std::min(multiply_amounts(loss.cny, 2), sold), loss.cny)};
}

int64_t loss_chance_permille(const Loss& loss, int64_t over_cny) {
  if (over_cny >= multiply_amounts(loss.units, loss.price_fen) / 100) return 0;
  return above_permille(loss.cny, over_cny, kLossSigma);
}

}  // namespace alerting
