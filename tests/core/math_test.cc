#include "core/math.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "core/hash.h"

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool near(double ours, double reference) {
  if (ours == reference) return true;
  return std::fabs(ours - reference) <= 1e-12 * std::fabs(reference);
}

// Positive numbers of every size, and many near 1 and 2.
double random_positive(std::mt19937_64& random) {
  const double unit = std::ldexp(static_cast<double>(random() >> 11), -53);
  switch (random() % 4) {
    case 0:
      return std::exp((unit - 0.5) * 1400);
    case 1:
      return unit * 12;
    case 2:
      return 1 + (unit - 0.5) * 1e-3;
    default:
      return 2 + (unit - 0.5) * 1e-6;
  }
}

}  // namespace

TEST_CASE("exp, log, log1p and lgamma agree with libm to 1e-12") {
  std::mt19937_64 random(4);
  for (int round = 0; round < 300'000; ++round) {
    const double x = random_positive(random);
    CAPTURE(x);
    REQUIRE(near(core::log(x), std::log(x)));
    REQUIRE(near(core::log1p(x), std::log1p(x)));
    REQUIRE(near(core::lgamma(x), std::lgamma(x)));
    const double small = x < 0.9 ? x : 0.9 / x;
    REQUIRE(near(core::log1p(-small), std::log1p(-small)));
    const double power = std::fmod(x, 708);
    REQUIRE(near(core::exp(power), std::exp(power)));
    REQUIRE(near(core::exp(-power), std::exp(-power)));
  }
}

TEST_CASE("the ends of the range behave") {
  CHECK(core::exp(0) == 1);
  CHECK(core::exp(710) == kInfinity);
  CHECK(core::exp(-746) == 0);
  CHECK(core::exp(-kInfinity) == 0);
  CHECK(core::exp(709.7) < kInfinity);
  CHECK(core::exp(-745.1) == std::exp(-745.1));
  CHECK(std::isnan(core::exp(std::nan(""))));
  CHECK(core::log(1) == 0);
  CHECK(core::log(0) == -kInfinity);
  CHECK(std::isnan(core::log(-1)));
  CHECK(core::log(kInfinity) == kInfinity);
  CHECK(near(core::log(5e-324), std::log(5e-324)));
  CHECK(core::lgamma(1) == 0);
  CHECK(core::lgamma(2) == 0);
  CHECK(core::lgamma(0) == kInfinity);
  CHECK(core::lgamma(kInfinity) == kInfinity);
}

TEST_CASE("the bits are the same in every build and on every machine") {
  std::mt19937_64 random(1);
  uint64_t hash = 0;
  for (int i = 0; i < 20'000; ++i) {
    // Made from integers, so that the inputs are the same everywhere too.
    const double x = static_cast<double>(random() >> 40) / 65536.0 + 0x1p-20;
    for (const double y : {core::exp(-x), core::log(x), core::log1p(x), core::lgamma(x)}) {
      hash = core::hash_mix(hash, std::bit_cast<uint64_t>(y));
    }
    const auto n = static_cast<int64_t>(random() % 40);
    hash = core::hash_mix(
        hash, std::bit_cast<uint64_t>(core::log_negative_binomial_tail(n, 1.25, x / 64)));
  }
  CHECK(core::hex16(hash) == "e7fd939aabdd0e9d");
}

// The references were computed with 40 digits from the definition.
TEST_CASE("the upper tail of the negative binomial is right far out and near the mean") {
  struct Row {
    int64_t n;
    double size, mean, log_p;
  };
  static constexpr Row kRows[] = {{1, 1.3, 0.01, -4.6139808014586799},
                                  {6, 1.304347826086957, 0.25, -10.323424205564962},
                                  {6, 1.304347826086957, 0.0625, -17.83686709475149},
                                  {3, 0.29, 0.01, -12.132029817429372},
                                  {20, 5, 2.5, -14.225902411898801},
                                  {40, 10, 0.5, -100.76571218336018},
                                  {100, 3, 90, -1.0297189375555211},
                                  {5, 2, 50, -0.020212899302742281},
                                  {300, 8, 1, -628.49506342344747},
                                  {5000, 4, 100, -182.10180147586247},
                                  {7, 1e6, 1.5, -6.9846321901982923},
                                  {12, 1e9, 0.25, -36.853355997825993},
                                  {2, 0.05, 4, -1.8475880030148948},
                                  {1, 0.3, 1e-9, -20.723265839113078},
                                  {60, 0.7, 400, -0.24491351594327319}};
  for (const Row& row : kRows) {
    CAPTURE(row.n);
    CHECK(core::log_negative_binomial_tail(row.n, row.size, row.mean) ==
          doctest::Approx(row.log_p).epsilon(1e-12));
  }
}

TEST_CASE("the tail agrees with one minus the sum of the body where that can be trusted") {
  for (const double mean : {0.5, 3.0, 20.0}) {
    const double size = 2.5, q = mean / (mean + size);
    double body = 0, pmf = std::pow(1 - q, size);
    for (int64_t n = 0; n < 30; ++n) {
      CHECK(std::exp(core::log_negative_binomial_tail(n, size, mean)) ==
            doctest::Approx(1 - body).epsilon(1e-9));
      body += pmf;
      pmf *= (size + static_cast<double>(n)) / static_cast<double>(n + 1) * q;
    }
  }
}

TEST_CASE("the tail of nothing") {
  CHECK(core::log_negative_binomial_tail(0, 2, 3) == 0);
  CHECK(core::log_negative_binomial_tail(-1, 2, 3) == 0);
  CHECK(core::log_negative_binomial_tail(1, 2, 0) == -kInfinity);
}
