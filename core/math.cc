#include "core/math.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>

namespace core {
namespace {

// kLn2 in two parts: the low 21 bits of the first are zero, so that its product with an exponent is
// exact.
constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kMantissaBits = 52, kExponentBias = 1023;

template <size_t n>
double polynomial(const double (&coefficients)[n], double x) {
  double sum = 0;
  for (size_t i = n; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

// REQUIRES: -1022 <= exponent <= 1023.
double power_of_two(int64_t exponent) {
  return std::bit_cast<double>(static_cast<uint64_t>(exponent + kExponentBias) << kMantissaBits);
}

// log((1 + s) / (1 - s)) for |s| <= 0.18: 2 (s + s³/3 + s⁵/5 + ...).
double twice_atanh(double s) {
  static constexpr double kTerms[] = {1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9, 1.0 / 11,
                                      1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
  return 2 * s * polynomial(kTerms, s * s);
}

// ln gamma(2 + z) for |z| <= 0.5: z (1 - γ) + Σ (-1)^k (ζ(k) - 1) z^k / k, k from 2 to 28. It has
// its zero at z = 0 and no cancellation near it.
double lgamma_near_2(double z) {
  static constexpr double kTerms[] = {
      0.42278433509846713939,   0.3224670334241132182,    -0.06735230105319809513,
      0.02058080842778454788,   -0.007385551028673985266, 0.002890510330741523286,
      -0.001192753911703260977, 0.0005096695247430424223, -0.0002231547584535793798,
      9.945751278180853371e-5,  -4.49262367381331417e-5,  2.050721277567069155e-5,
      -9.439488275268395904e-6, 4.374866789907487804e-6,  -2.039215753801366237e-6,
      9.551412130407419833e-7,  -4.492469198764566043e-7, 2.120718480555466587e-7,
      -1.004322482396809961e-7, 4.769810169363980566e-8,  -2.271109460894316491e-8,
      1.083865921489695409e-8,  -5.183475041970046655e-9, 2.483674543802478317e-9,
      -1.192140140586091207e-9, 5.731367241678862013e-10, -2.759522885124233145e-10,
      1.330476437424448948e-10};
  return z * polynomial(kTerms, z);
}

// Stirling's series, x >= 8: the first term left out is below 1e-16.
double lgamma_stirling(double x) {
  static constexpr double kHalfLog2Pi = 0.91893853320467274178;
  static constexpr double kTerms[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                      1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
  const double r = 1 / x;
  return (x - 0.5) * log(x) - x + kHalfLog2Pi + r * polynomial(kTerms, r * r);
}

// ln P(N = n). The binomial coefficient is multiplied out, which keeps its digits where differences
// of lgamma() would lose them, except where that is too long and they do not matter.
double log_pmf(int64_t n, double size, double mean) {
  constexpr int64_t kFactorsMax = 4096;
  const auto count = static_cast<double>(n);
  const double powers = -size * log1p(mean / size) - count * log1p(size / mean);
  if (n > kFactorsMax) return powers + lgamma(size + count) - lgamma(size) - lgamma(count + 1);
  double sum = 0, product = 1;
  for (int64_t i = 0; i < n; ++i) {
    product *= (size + static_cast<double>(i)) / static_cast<double>(i + 1);
    if (product > 1e150 || product < 1e-150) {
      sum += log(product);
      product = 1;
    }
  }
  return powers + sum + log(product);
}

}  // namespace

double exp(double x) {
  if (x != x) return x;
  if (x > 709.79) return kInfinity;
  if (x < -745.2) return 0;
  // Taylor's series of the remainder, |r| <= ln 2 / 2.
  static constexpr double kTerms[] = {1.0,
                                      1.0,
                                      1.0 / 2,
                                      1.0 / 6,
                                      1.0 / 24,
                                      1.0 / 120,
                                      1.0 / 720,
                                      1.0 / 5040,
                                      1.0 / 40320,
                                      1.0 / 362880,
                                      1.0 / 3628800,
                                      1.0 / 39916800,
                                      1.0 / 479001600,
                                      1.0 / 6227020800,
                                      1.0 / 87178291200};
  const auto k = static_cast<int64_t>(x / kLn2 + (x < 0 ? -0.5 : 0.5));
  const auto multiple = static_cast<double>(k);
  const double r = x - multiple * kLn2High - multiple * kLn2Low;
  // In two steps: 2^1024 is no double, and below 2^-1022 the mantissa shrinks.
  const int64_t half = k / 2;
  return polynomial(kTerms, r) * power_of_two(half) * power_of_two(k - half);
}

double log(double x) {
  if (x != x || x == kInfinity) return x;
  if (x == 0) return -kInfinity;
  if (x < 0) return std::numeric_limits<double>::quiet_NaN();
  int64_t exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= power_of_two(kMantissaBits + 2);
    exponent = -(kMantissaBits + 2);
  }
  const auto bits = std::bit_cast<uint64_t>(x);
  exponent += static_cast<int64_t>(bits >> kMantissaBits) - kExponentBias;
  constexpr uint64_t kMantissa = (1ULL << kMantissaBits) - 1;
  double m = std::bit_cast<double>((bits & kMantissa) |
                                   (static_cast<uint64_t>(kExponentBias) << kMantissaBits));
  if (m > 1.4142135623730951) {
    m /= 2;
    ++exponent;
  }
  const auto multiple = static_cast<double>(exponent);
  return multiple * kLn2High + (twice_atanh((m - 1) / (m + 1)) + multiple * kLn2Low);
}

double log1p(double x) {
  if (x > -0.25 && x < 0.375) return twice_atanh(x / (2 + x));
  const double sum = 1 + x;
  if (sum == kInfinity) return sum;
  return log(sum) + (x - (sum - 1)) / sum;  // with what the sum lost
}

double lgamma(double x) {
  if (x == kInfinity) return x;
  if (x < 0.5) return lgamma(x + 1) - log(x);
  if (x < 1.5) return lgamma_near_2(x - 1) - log1p(x - 1);
  if (x >= 8) return lgamma_stirling(x);
  double product = 1;
  for (; x > 2.5; x -= 1) product *= x - 1;
  return lgamma_near_2(x - 2) + log(product);
}

double log_negative_binomial_tail(int64_t n, double size, double mean) {
  constexpr int kTermsMax = 1'000'000;
  if (n <= 0) return 0;
  if (mean <= 0) return -kInfinity;
  // pmf(n) (1 + ratio(n) (1 + ratio(n + 1) (1 + ...))): all terms positive, nothing cancels.
  const double q = mean / (mean + size);
  double sum = 1, term = 1;
  for (int i = 0; i < kTermsMax; ++i) {
    const double k = static_cast<double>(n) + i;
    const double ratio = (size + k) / (k + 1) * q;
    term *= ratio;
    sum += term;
    // What is left is at most a geometric series with the larger of this ratio and the last, q.
    const double largest = std::max(ratio, q);
    if (largest < 1 && term * largest < sum * (1 - largest) * 1e-17) break;
  }
  return std::min(log_pmf(n, size, mean) + log(sum), 0.0);
}

}  // namespace core
