#pragma once
// Policy: the part of the Book (DESIGN 11.8) that people decide by: catalogue, taxonomy, ladders,
// people, limits. Plain values, loaded by rules/, immutable afterwards, shared by all threads.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/level.h"
#include "core/time.h"

namespace core {

struct Product {
  std::string sku, name;
  std::vector<std::string> aliases;
  std::string brand, merchant, department, category;
  int64_t price_fen = 0;   // unit price in 1/100 CNY
  int64_t units_sold = 0;  // last 7 days
};

struct Merchant {
  std::string id, name;
};
struct Shop {  // a store of the catalogue (the word Store is the seam of core/store.h)
  std::string id, name;
};
struct Group {
  std::string id, name;
  uint32_t members = 0;
};

struct Catalogue {
  std::vector<Product> products;                       // sorted by sku
  std::vector<Merchant> merchants;                     // sorted by id
  std::vector<Shop> stores;                            // sorted by id
  std::map<std::string, Group, std::less<>> groups;    // by id
  const Product* product(std::string_view sku) const;  // nullptr when unknown
};

struct Issue {           // one row of rules/taxonomy.yaml
  std::string id, name;  // "expiry", "临期/过期"
  std::string department, stage;
  bool exposure_threat = false;
  std::string ladder;  // "" = default
};

// When an incident opens (DESIGN 11.12).
struct OpenBounds {
  int64_t rule_groups = 3;      // (R) distinct groups with a counting rule hit
  int64_t category_groups = 6;  // the same where only a product category is named: a weak name
  int64_t mention_groups = 6;   // (M) distinct groups that name the family, and
  Millis within{3600'000};      //     both within this time, and
  double p = 1.0e-6;            //     the smallest scan p of the mentions at most this
  double evidence_p = 1.0e-3;   // a mention is evidence while its p is at most this
  Millis quiet{4 * 3600'000};   // no evidence for this long while only open: closes by itself
  Millis reopen{72 * 3600'000};
};

// A rung is entered when any one of its bounds is crossed.
struct Bounds {
  bool always = false;
  std::optional<Level> level;
  // Crossed when the value is greater (groups: at least)
  std::optional<int64_t> groups, people, loss_cny;
};

struct Rung {
  std::string name, person;  // person id
  Bounds enter;
  std::optional<Millis> ack, decide;  // deadlines counted from entering the rung
  int64_t authority_cny = 0;          // -1: unlimited
};

struct Ladder {
  std::string id;
  OpenBounds open;
  Millis remind{15 * 60'000};
  std::vector<Rung> rungs;  // at least one; rung 1 is rungs[0] and is entered at opening
};

struct Person {
  std::string id, name;
  // In order: the first that can be proved wins, the rest are fail-overs.
  std::vector<std::string> channels;
  std::string zone = "Asia/Shanghai";
};

struct Limits {
  int64_t group_view_permille = 500;     // the 250 law: half of a group sees a message
  int64_t default_group_members = 130;   // when a group's size is not told
  int64_t follower_view_permille = 100;  // of a public author's followers
  // Assumed share of units sold in 7 days that must be made good.
  int64_t loss_share_permille = 200;
  // Gamma prior of a family's mentions an hour.
  double prior_mentions_a = 1.5, prior_mentions_b_hours = 6;
  double drift_s2 = 0.1;          // slow drift of the rate
  std::vector<double> season;     // 168 factors, mean 1, by hour of the week; empty = flat
  int zone_offset_minutes = 480;  // of the zone that days and hours are counted in
  // Family -> (a, b hours), `qingyu learn`.
  std::map<std::string, std::pair<double, double>, std::less<>> learned;
};

struct Policy {
  Catalogue catalogue;
  std::map<std::string, Issue, std::less<>> issues;
  std::map<std::string, Ladder, std::less<>> ladders;  // "default" is always there
  std::map<std::string, Person, std::less<>> people;
  Limits limits;

  const Ladder& ladder(std::string_view id) const;  // the default one when unknown or ""
  // Which ladder a rule's hit belongs to: the rule's own, else its issue's, else "default".
  std::string ladder_id(std::string_view of_rule, std::string_view issue) const;
  std::string issue_name(std::string_view id) const;
  std::string person_name(std::string_view id) const;
  // "product:TB103" -> its name; "brand:汀白" -> "汀白"; merchants and stores by name; else the
  // id.
  std::string subject_name(std::string_view id) const;
};

// Which Policy holds at which event time (DESIGN 11.8). Filled before any thread starts, then only
// read.
class PolicyTimeline {
 public:
  // REQUIRES: `from` is later than that of every Policy added before.
  void add(Time from, std::shared_ptr<const Policy> policy);
  // The Policy in force at `at`; the first one for times before it. REQUIRES: one was added.
  const Policy& at(Time at) const;

 private:
  std::vector<std::pair<Time, std::shared_ptr<const Policy>>> policies_;
};

}  // namespace core
