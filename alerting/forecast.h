#pragma once
// Forecast: how many people will have seen it, and what it may cost, as a chance and an interval.
// Pure; integers in and out, floating point by core/math.h and sqrt alone, so that every machine
// decides alike. A small model with stated assumptions, not fitted to anybody's data:
//  - New groups come at a Gamma-Poisson rate: prior 1 group in half an hour (ALGORITHMS 3.2), then
//    the groups of the last two hours. What it gives ahead is a negative binomial count.
//  - The rate goes on growing, or falling, for one hour as it did from the first to the second half
//    of that window (log growth, shrunk while few groups are known), and ages by 0.2 an hour.
//  - A new group is as large as those seen, with a squared coefficient of variation of 1.25 (the
//    log-normal size law of ALGORITHMS 3.1, sigma 0.9).
//  - Unequal forwarding: the size of the negative binomial is halved (the factor D of ALGORITHMS
//    3.2: without it the intervals are too narrow). Before five groups they are very wide.
#include <cstdint>

#include "alerting/estimate.h"
#include "core/incident.h"
#include "core/time.h"

namespace alerting {

// How an incident spread so far.
struct Spread {
  static constexpr core::Millis kWindow{2 * 3600'000};

  int64_t groups = 0, people = 0;           // now
  int64_t first_half = 0, second_half = 0;  // new groups of the two halves of the window
  core::Millis window{0};                   // at most kWindow, less while it is younger
};

// People exposed `ahead` from now: 10, 50, 90 %. Nothing ahead: what is known, with how sure the
// half of a group is that sees a message (sigma 0.2).
core::Interval people_ahead(const Spread& spread, core::Millis ahead);
// The chance, 0..1000, that they are more than `over`.
int64_t people_chance_permille(const Spread& spread, int64_t over, core::Millis ahead);

// Of the share that must be made good only the middle is stated; eight of ten outcomes are taken to
// lie from half to twice of it (log-normal), and never above what was sold.
core::Interval loss_range(const Loss& loss);
int64_t loss_chance_permille(const Loss& loss, int64_t over_cny);

}  // namespace alerting
