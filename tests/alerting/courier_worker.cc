// The process that the chaos test kills: a store, the courier, and in place of the desk a feeder
// that adds notifications when their time has come and the next channel's when one is dead.
//   courier_worker SETTINGS.json
// Ends with 0 when every notification has its end.
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "alerting/http.h"
#include "core/check.h"
#include "store/open.h"
#include "tests/alerting/courier_chaos.h"
#include "tests/fakes/scaled_clock.h"

namespace {

using core::Millis;
using nlohmann::json;

class Worker {
 public:
  explicit Worker(const json& settings)
      : clock_(core::from_ms(settings["from_ms"]), settings["from_ns"], settings["speed"]),
        count_(settings["count"]),
        every_(settings["every_ms"].get<int64_t>()) {
    store::StoreSpec where;
    where.path = settings["store"];
    where.durability = store::Durability::ProcessCrash;
    auto opened = store::open_store(where);
    INVARIANT(opened.ok());
    store_ = std::move(*opened);
    INVARIANT(store_->bind(1).ok());
    fence_ = *store_->take(0);
    const auto state = store_->load(0);
    INVARIANT(state.ok());
    for (const auto& [family, bytes] : state->families) fed_ = std::stoi(bytes);
    // What died just before this process began, and what may die under it.
    const auto rows = store_->outbox("");
    INVARIANT(rows.ok());
    for (const auto& [item, row] : *rows) {
      const bool dead = row.delivery == core::Delivery::Dead;
      if (dead) dead_.insert(item.id);
      core::Notification n;
      const bool over = !dead && (row.delivery == core::Delivery::Delivered ||
                                  row.delivery == core::Delivery::Accepted);
      if (!over && core::decode(item.bytes, n)) remember(n);
    }
    make_courier(settings);
  }

  // Until all is over.
  void run() {
    constexpr Millis kPause{250};
    while (fed_ < count_ || !dead_.empty() || !store_->pending(1)->empty()) {
      feed();
      INVARIANT(courier_->step().ok());
      clock_.wait(kPause);
    }
  }

 private:
  void make_courier(const json& settings) {
    alerting::CourierSpec spec;
    for (const json& d : settings["destinations"]) {
      alerting::Destination to{d["id"], d["kind"], d["url"], d["secrets"], true};
      for (const auto& [name, value] : d["options"].items()) to.options[name] = value;
      spec.destinations.push_back(std::move(to));
    }
    INVARIANT(alerting::check_destinations(spec.destinations).ok());
    spec.print = [](const core::Notification&, const std::string&) {};
    spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                           const core::Act& act) -> core::Result<core::Unit> {
      const auto kept =
          store_->settle(id, state, {0, "outcome", clock_.wall(), act.what + " " + id});
      if (!kept) return kept.error();
      if (state.delivery == core::Delivery::Dead) dead_.insert(id);
      return core::Unit{};
    };
    transport_ = alerting::make_http_transport({Millis(500), Millis(200)});
    courier_ = std::make_unique<alerting::Courier>(*store_, clock_, *transport_, std::move(spec));
  }

  void remember(const core::Notification& n) {
    const std::string& name = n.incident.incident;
    constexpr int kFirst = 10'000'000;
    const int hop = static_cast<int>(n.incident.revision);  // of the next one
    if (hop < chaos::kHops)
      next_[n.id] = {std::stoi(name.substr(name.rfind('-') + 1)) - kFirst, hop};
  }

  void add(core::Checkpoint& checkpoint, const core::Notification& n) {
    remember(n);
    checkpoint.outbox.push_back(
        {n.id, n.channel + "/" + n.incident.incident, n.at, core::encode(n)});
  }

  // One commit a time: what is fed is never fed twice.
  void feed() {
    constexpr size_t kAtOnce = 200;
    core::Checkpoint checkpoint;
    checkpoint.fence = fence_;
    const core::Time now = clock_.wall();
    int fed = fed_;
    for (; fed < count_ && checkpoint.outbox.size() < kAtOnce; ++fed) {
      const core::Notification n = chaos::notification(fed, 0, every_);
      if (n.at > now) break;
      add(checkpoint, n);
    }
    for (const std::string& id : dead_)
      if (const auto next = next_.find(id); next != next_.end())
        add(checkpoint, chaos::notification(next->second.first, next->second.second, every_));
    if (checkpoint.outbox.empty()) return dead_.clear();
    checkpoint.drained = fakes::kStart + every_ * fed;
    checkpoint.families = {{"fed", std::to_string(fed)}};
    INVARIANT(store_->commit(checkpoint).ok());
    fed_ = fed;
    dead_.clear();
  }

  fakes::ScaledClock clock_;
  int count_, fed_ = 0;
  Millis every_;
  uint64_t fence_ = 0;
  std::unique_ptr<core::Store> store_;
  std::map<std::string, std::pair<int, int>> next_;  // of a dead one: number and hop
  std::set<std::string> dead_;                       // not yet failed over
  std::unique_ptr<alerting::Transport> transport_;
  std::unique_ptr<alerting::Courier> courier_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  std::ifstream file(arguments[1]);
  Worker(json::parse(file)).run();
  return 0;
}
