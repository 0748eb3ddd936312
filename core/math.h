#pragma once
// Elementary functions that give the same bits on every machine (DESIGN 7): built from + - * / and
// the bits of a double only, where libm's differ between CPUs. Within 1e-12 (relative) of the true
// value; tests/core/math_test.cc compares them with libm. Square roots are exact everywhere: use
// std::sqrt. Compiled, like everything here, with -ffp-contract=off.
#include <cstdint>

namespace core {

inline constexpr double kLn2 = 0.69314718055994530942;

// e to the x; 0 and infinity beyond the range of double.
double exp(double x);

// Natural logarithm; -infinity of 0, NaN below.
double log(double x);
// log(1 + x), exact for small x. REQUIRES: x > -1.
double log1p(double x);

// ln |gamma(x)|. REQUIRES: x >= 0 (infinity at 0).
double lgamma(double x);

// ln P(N >= n) of a negative binomial count with the given mean and variance mean + mean²/size: the
// natural logarithm, because the probability itself may be smaller than any double. Never computed
// as 1 - cdf. REQUIRES: size > 0, mean >= 0.
double log_negative_binomial_tail(int64_t n, double size, double mean);

}  // namespace core
