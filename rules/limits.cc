#include <cmath>
#include <numeric>

#include "rules/policy_files.h"

namespace rules {

namespace {

constexpr size_t kHoursOfWeek = 168;
constexpr double kSeasonMeanSlack = 0.01;

void read_season(Reading& r, const Node& node, core::Limits& limits) {
  if (!r.is_list(node)) return;
  std::vector<double> season;
  for (const Node& item : node.items) {
    const std::optional<double> factor = r.real(item);
    if (!factor) return;
    season.push_back(*factor);
  }
  const double mean =
      std::accumulate(season.begin(), season.end(), 0.0) / static_cast<double>(kHoursOfWeek);
  if (season.size() != kHoursOfWeek)
    return r.error(node, "out-of-range",
                   both("要 168 个数（周一 0 点起），平均为 1",
                        "expected 168 factors from Monday 00:00 with mean 1"));
  if (std::fabs(mean - 1.0) > kSeasonMeanSlack)
    return r.error(node, "contradiction", both("168 个数的平均要为 1", "the mean must be 1"));
  limits.season = std::move(season);
}

// A whole number.
template <auto Member>
void whole(Reading& r, const Node& n, core::Limits& o) {
  if (const std::optional<int64_t> value = r.integer(n))
    o.*Member = static_cast<std::remove_reference_t<decltype(o.*Member)>>(*value);
}

constexpr Field<core::Limits> kLimits[] = {
    {{"group_view_permille", Shape::Number, Presence::Optional, "share of a group that sees it",
      in(1, 1000)},
     whole<&core::Limits::group_view_permille>},
    {{"default_group_members", Shape::Number, Presence::Optional, "when a size is not told",
      in(1, 100'000)},
     whole<&core::Limits::default_group_members>},
    {{"follower_view_permille", Shape::Number, Presence::Optional, "share of followers that see",
      in(0, 1000)},
     whole<&core::Limits::follower_view_permille>},
    {{"loss_share_permille", Shape::Number, Presence::Optional, "share of sold units made good",
      in(0, 1000)},
     whole<&core::Limits::loss_share_permille>},
    {{"prior_mentions_a", Shape::Real, Presence::Optional, "Gamma prior of mentions an hour: a",
      in(0.001, 1e6)},
     [](Reading& r, const Node& n, core::Limits& o) { keep(r.real(n), o.prior_mentions_a); }},
    {{"prior_mentions_b_hours", Shape::Real, Presence::Optional, "... and b, in hours",
      in(0.001, 1e6)},
     [](Reading& r, const Node& n, core::Limits& o) { keep(r.real(n), o.prior_mentions_b_hours); }},
    {{"drift_s2", Shape::Real, Presence::Optional, "slow drift of the rate", in(0, 100)},
     [](Reading& r, const Node& n, core::Limits& o) { keep(r.real(n), o.drift_s2); }},
    {{"season", Shape::Reals, Presence::Optional, "168 factors by hour of the week, mean 1",
      in_each(0.001, 1000, kHoursOfWeek)},
     read_season},
    {{"zone_offset_minutes", Shape::Number, Presence::Optional, "days and hours, east of UTC",
      in(-720, 840)},
     whole<&core::Limits::zone_offset_minutes>},
};

}  // namespace

void read_limits(const SourceFile& file, Findings& findings, core::Limits& limits) {
  Reading reading(file, findings);
  const std::optional<Node> root = parse_yaml(file, findings);
  if (root && root->kind != Node::Kind::Null)
    read_object(reading, *root, "limits", kLimits, limits);
}

Schema limits_schema() { return {{"limits", keys_of(kLimits)}}; }

}  // namespace rules
