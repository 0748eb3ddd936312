// What an incident counts: each counter against obvious code, and at its limit.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "alerting/estimate.h"
#include "alerting/excerpts.h"
#include "alerting/group_table.h"
#include "alerting/growth.h"
#include "alerting/tally.h"
#include "alerting/votes.h"
#include "core/hash.h"
#include "desk_story.h"

using namespace desk_test;
using namespace alerting;

namespace {

Entry entry(uint64_t group, core::Millis when) {
  Entry e;
  e.at = at(when);
  e.group = group;
  e.exposure_permille = 1000;
  return e;
}

void add_hit(Entry& e, const std::string& issue, core::Level level,
             const std::string& ladder = "") {
  e.hits.push_back({issue, issue, ladder, level});
  e.level = std::max(e.level, level);
  e.level_by = issue;
}

template <typename T>
T saved_and_loaded(const T& original) {
  core::ByteWriter out;
  original.save(out);
  core::ByteReader in(out.bytes());
  T back;
  REQUIRE(back.load(in));
  REQUIRE(in.at_end());
  return back;
}

}  // namespace

TEST_CASE(
    "groups and marks are exact up to the limit, however often and in whichever order they come") {
  std::mt19937_64 random(1);
  GroupTable table;
  std::map<uint64_t, uint64_t> obvious;
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t group = core::hash_mix(0, random() % 3'000);
    const uint64_t marks = uint64_t{1} << (random() % 8);
    const int64_t stands_for = table.add(group, marks);
    REQUIRE(stands_for == (obvious.contains(group) ? 0 : 1));
    obvious[group] |= marks;
  }
  REQUIRE(table.groups() == static_cast<int64_t>(obvious.size()));
  for (size_t mark = 0; mark < 8; ++mark) {
    int64_t count = 0;
    for (const auto& [group, marks] : obvious) count += static_cast<int64_t>(marks >> mark & 1);
    CHECK(table.marked(mark) == count);
  }
  const GroupTable back = saved_and_loaded(table);
  CHECK(back.groups() == table.groups());
  CHECK(back.marked(3) == table.marked(3));
  for (const auto& [group, marks] : obvious) REQUIRE(back.has(group, 5) == ((marks >> 5 & 1) != 0));
}

TEST_CASE("above the limit groups and people are estimated within a few percent and never fall") {
  GroupTable table;
  int64_t people = 0, before = 0;
  for (int64_t i = 1; i <= 200'000; ++i) {
    people += table.add(core::hash_mix(9, static_cast<uint64_t>(i)), i % 4 == 0 ? 1 : 0);
    REQUIRE(table.groups() >= before);
    before = table.groups();
  }
  CHECK(std::abs(table.groups() - 200'000) < 10'000);
  CHECK(std::abs(people - 200'000) < 10'000);
  CHECK(std::abs(table.marked(0) - 50'000) < 5'000);
  core::ByteWriter out;
  table.save(out);
  CHECK(out.bytes().size() < 11 * GroupTable::kRowsMax + 64);
}

TEST_CASE("the doubling time agrees with obvious code while every arrival is kept") {
  std::mt19937 random(2);
  Growth growth;
  std::vector<core::Time> arrivals;
  core::Time now = at(0min);
  for (int64_t groups = 1; groups <= 500; ++groups) {
    now += core::Millis(random() % 600'000);
    growth.reached(groups, now);
    arrivals.push_back(now);
    const core::Time ask = now + core::Millis(random() % 4'000'000);
    const auto half = static_cast<size_t>((groups + 1) / 2) - 1;
    int64_t expected = std::max<int64_t>((ask - arrivals[half]) / 1min, 1);
    if (groups < 4 || ask - now >= 60min) expected = 0;
    REQUIRE(growth.doubling_minutes(groups, ask) == expected);
  }
}

TEST_CASE("a long growth keeps few points and still knows its half within one in a hundred") {
  Growth growth;
  for (int64_t groups = 1; groups <= 50'000; ++groups)
    growth.reached(groups, at(core::Millis(groups * 1'000)));  // one a second
  const int64_t minutes_since_half = growth.doubling_minutes(50'000, at(50'000s));
  CHECK(std::abs(minutes_since_half - 25'000 / 60) <= 5);
  core::ByteWriter out;
  growth.save(out);
  CHECK(out.bytes().size() < 8 * Growth::kPointsMax);
  CHECK(saved_and_loaded(growth).doubling_minutes(50'000, at(50'000s)) == minutes_since_half);
}

TEST_CASE("votes come and go like obvious code says, ties by units sold and then by SKU") {
  const core::Catalogue catalogue = usual_policy().catalogue;
  std::mt19937 random(3);
  Votes votes;
  std::map<std::string, int64_t> obvious;
  std::vector<std::vector<core::Vote>> standing;
  for (int round = 0; round < 3'000; ++round) {
    if (standing.size() > 12) {
      votes.subtract(standing.front());
      for (const core::Vote& v : standing.front())
        if ((obvious[v.sku] -= v.permille) == 0) obvious.erase(v.sku);
      standing.erase(standing.begin());
    }
    std::vector<core::Vote> vote;
    for (const char* sku : {"SKU1", "SKU2", "SKU3", "SKU4"})
      if (random() % 3 == 0) vote.push_back({sku, static_cast<uint32_t>(250 * (1 + random() % 2))});
    votes.add(vote);
    for (const core::Vote& v : vote) obvious[v.sku] += v.permille;
    standing.push_back(vote);

    std::string leader;
    const auto units = [&](const std::string& sku) {
      const core::Product* p = catalogue.product(sku);
      return p != nullptr ? p->units_sold : 0;
    };
    for (const auto& [sku, n] : obvious)
      if (leader.empty() || n > obvious[leader] ||
          (n == obvious[leader] && units(sku) > units(leader)))
        leader = sku;
    REQUIRE(votes.leader(catalogue) == leader);
    const auto top = votes.top(catalogue, 5);
    REQUIRE(top.size() == obvious.size());
    if (!top.empty()) REQUIRE(top.front().sku == leader);
    for (size_t i = 1; i < top.size(); ++i)
      REQUIRE(top[i - 1].votes_permille >= top[i].votes_permille);
  }
}

TEST_CASE(
    "the shown issue is the one of most groups, then of the higher level, then of the smaller id") {
  using core::Level;
  Tally tally;
  CHECK(tally.shown_issue() == nullptr);
  const auto hit = [&](uint64_t group, const std::string& issue, Level level) {
    Entry e = entry(group, 0min);
    add_hit(e, issue, level);
    tally.add(e);
    return tally.shown_issue()->issue;
  };
  CHECK(hit(1, "mould", Level::Yellow) == "mould");
  CHECK(hit(2, "expiry", Level::Yellow) == "expiry");
  CHECK(hit(3, "taste", Level::Orange) == "taste");
  CHECK(hit(4, "mould", Level::Yellow) == "mould");
  CHECK(hit(4, "mould", Level::Yellow) == "mould");
  CHECK(hit(5, "taste", Level::Orange) == "taste");
}

TEST_CASE("the ladder of an issue is that of its highest hit that names one") {
  using core::Level;
  Tally tally;
  for (const auto& [level, ladder] : {std::pair{Level::Yellow, "low"},
                                      {Level::Red, ""},
                                      {Level::Orange, "high"},
                                      {Level::Orange, "later"}}) {
    Entry e = entry(1, 0min);
    add_hit(e, "expiry", level, ladder);
    tally.add(e);
  }
  CHECK(tally.shown_issue()->ladder == "high");
  CHECK(tally.shown_issue()->level == Level::Red);
}

TEST_CASE("issues and categories beyond the limit are dropped, counted, and do no harm") {
  Tally tally;
  for (int i = 0; i < 100; ++i) {
    Entry e = entry(static_cast<uint64_t>(i), 0min);
    add_hit(e, std::string("issue").append(std::to_string(1000 + i)), core::Level::Yellow);
    e.categories = {std::string("category").append(std::to_string(i))};
    tally.add(e);
  }
  CHECK(tally.dropped() == (100 - Tally::kIssuesMax) + (100 - Tally::kCategoriesMax));
  CHECK(tally.groups() == 100);
  CHECK(tally.shown_issue()->issue == "issue1000");
  CHECK(tally.named(3, "category3"));
  CHECK_FALSE(tally.named(99, "category99"));
}

TEST_CASE("excerpts keep the twenty best of many, like sorting all of them would") {
  std::mt19937 random(4);
  Excerpts excerpts;
  std::vector<Entry> all;
  for (int i = 0; i < 300; ++i) {
    Entry e = entry(1, minutes(i));
    e.event = static_cast<uint64_t>(i);
    e.level = static_cast<core::Level>(1 + random() % 4);
    e.copy = random() % 2 == 0;
    if (random() % 10 != 0) e.excerpt.append(std::to_string(i));
    if (!e.excerpt.empty()) all.push_back(e);
    excerpts.add(e);
  }
  std::ranges::stable_sort(all, [](const Entry& a, const Entry& b) {
    return a.copy != b.copy ? !a.copy : a.level > b.level;
  });
  const auto best = excerpts.best(100);
  REQUIRE(best.size() == Excerpts::kMax);
  for (size_t i = 0; i < best.size(); ++i) CHECK(best[i].excerpt == all[i].excerpt);
}

TEST_CASE("hits that do not count give an entry neither issue nor level") {
  core::Signal s;
  s.hits = {{"poison", "poison", core::Level::Red, 500, "", false},
            {"near-expiry", "expiry", core::Level::Yellow, 501, "short", false}};
  const Entry e = entry_of(s, {}, usual_policy());
  REQUIRE(e.hits.size() == 1);
  CHECK(e.hits[0].issue == "expiry");
  CHECK(e.hits[0].ladder == "short");
  CHECK(e.level == core::Level::Yellow);
  CHECK(e.level_by == "near-expiry");
}

TEST_CASE("half of a group sees a message, a tenth of an author's followers, nobody in private") {
  core::Policy policy = usual_policy();
  policy.catalogue.groups["known"] = {"known", "群", 80};
  const auto chat = [&](std::string channel, uint32_t members, bool service) {
    core::Signal s;
    s.kind = core::Kind::Chat;
    s.channel = std::move(channel);
    s.members = members;
    s.service = service;
    return exposure_permille(s, policy);
  };
  CHECK(chat("g", 500, false) == 250'000);
  CHECK(chat("g", 0, false) == 65'000);  // the default of 130
  CHECK(chat("known", 0, false) == 40'000);
  CHECK(chat("g", 0, true) == 0);
  const auto post = [&](uint32_t followers) {
    core::Signal s;
    s.kind = core::Kind::Post;
    s.followers = followers;
    return exposure_permille(s, policy);
  };
  CHECK(post(12'345) == 1'234'500);
  CHECK(post(UINT32_MAX) == 200'000'000'000);
}

TEST_CASE("the loss is units x price x share, and no figure however large wraps round") {
  core::Policy policy = usual_policy();
  CHECK(expected_loss("product:SKU1", policy).cny == 2'000);
  CHECK(expected_loss("product:SKU9", policy).cny == 0);
  CHECK(expected_loss("brand:汀白", policy).cny == 0);
  core::Product& p = policy.catalogue.products[0];
  p.units_sold = 3'000'000'000;
  p.price_fen = 999'900;  // 30 trillion CNY of sales: beyond the exact product
  CHECK(expected_loss("product:SKU1", policy).cny == 5'999'400'000'000);
  p.price_fen = INT64_MAX;
  CHECK(expected_loss("product:SKU1", policy).cny > 0);
  p.units_sold = -5;
  CHECK(expected_loss("product:SKU1", policy).cny == 0);
  CHECK(add_amounts(kAmountMax, kAmountMax) == kAmountMax);
  CHECK(multiply_amounts(INT64_MAX, 7) == kAmountMax);
}
