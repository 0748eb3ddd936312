#pragma once
// Policy: the part of the Book (DESIGN 11.8) that people decide by: catalogue, taxonomy, ladders,
// people, limits. Plain values, loaded by rules/, immutable afterwards, shared by all threads.
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ladder.h"
#include "core/people.h"
#include "core/response.h"
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
  std::map<std::string, RoleHolders, std::less<>> roles;
  std::map<std::string, Rota, std::less<>> rotas;
  std::map<std::string, Zone, std::less<>> zones;  // every one that people and rotas name
  std::vector<ResponseOption> options;             // in the file's order
  std::map<std::string, ResponseAction, std::less<>> actions;
  std::vector<Inhibition> inhibitions;
  std::vector<MuteTime> mute_times;
  // A decision that costs more needs a second person of the same authority. -1: never.
  int64_t four_eyes_over_cny = -1;
  std::string
      fallback_person;  // told when a rung has nobody; "" = rung 1's standby, then the next rung
  Limits limits;

  const Ladder& ladder(std::string_view id) const;  // the default one when unknown or ""
  // Which ladder a rule's hit belongs to: the rule's own, else its issue's, else "default".
  std::string ladder_id(std::string_view of_rule, std::string_view issue) const;
  std::string issue_name(std::string_view id) const;
  std::string person_name(std::string_view id) const;
  // Of people and rotas; a table without rows (UTC+8) when unknown.
  const Zone& zone(std::string_view name) const;
  const ResponseOption* option(std::string_view id) const;  // nullptr when unknown
  // "product:TB103" -> its name; "brand:汀白" -> "汀白"; merchants and stores by name; else the
  // id.
  std::string subject_name(std::string_view id) const;
};

// Which Policy holds at which event time (DESIGN 11.8). One thread adds and forgets, any thread
// asks meanwhile. Whoever works at a time gets the Policy of it if that was added before the work
// came to them.
class PolicyTimeline {
 public:
  PolicyTimeline() = default;
  // REQUIRES: nobody else uses `other`.
  PolicyTimeline(PolicyTimeline&& other) noexcept
      : rows_(std::move(other.rows_)), newest_(other.newest_.load()) {}

  // REQUIRES: `from` is later than that of every Policy added before.
  void add(Time from, std::shared_ptr<const Policy> policy);
  // The Policy in force at `at`; the first one for times before it. REQUIRES: one was added.
  const Policy& at(Time at) const;
  // Forgets those that hold for times before `time` only. REQUIRES: nobody asks for such any more.
  void forget_before(Time time);
  size_t size() const { return rows_.size(); }  // the thread that adds

 private:
  struct Row {
    Row(Time time, std::shared_ptr<const Policy> holds, const Row* older)
        : from(time), policy(std::move(holds)), before(older) {}
    const Time from;
    const std::shared_ptr<const Policy> policy;
    std::atomic<const Row*> before;  // nullptr: the first
  };
  std::deque<std::unique_ptr<Row>> rows_;  // ascending
  std::atomic<const Row*> newest_{nullptr};
};

}  // namespace core
