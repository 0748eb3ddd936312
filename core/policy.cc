#include "core/policy.h"

#include <algorithm>

#include "core/check.h"

namespace core {

namespace {

template <typename T>
const T* by_id(const std::vector<T>& sorted, std::string_view id) {
  const auto it = std::ranges::lower_bound(sorted, id, {},
                                           [](const T& row) { return std::string_view(row.id); });
  return it != sorted.end() && it->id == id ? &*it : nullptr;
}

}  // namespace

const Product* Catalogue::product(std::string_view sku) const {
  const auto it = std::ranges::lower_bound(
      products, sku, {}, [](const Product& p) { return std::string_view(p.sku); });
  return it != products.end() && it->sku == sku ? &*it : nullptr;
}

int Zone::offset_minutes(Time at) const {
  constexpr int kBeijingMinutes = 480;
  if (offsets.empty()) return kBeijingMinutes;
  const auto after = std::ranges::upper_bound(offsets, at, {}, &std::pair<Time, int>::first);
  return after == offsets.begin() ? after->second : std::prev(after)->second;
}

const Ladder& Policy::ladder(std::string_view id) const {
  const auto it = ladders.find(id);
  if (it != ladders.end()) return it->second;
  const auto fallback = ladders.find(std::string_view("default"));
  INVARIANT(fallback != ladders.end());
  return fallback->second;
}

std::string Policy::issue_name(std::string_view id) const {
  if (id == "mention") return "集中提及";
  const auto it = issues.find(id);
  return it != issues.end() ? it->second.name : std::string(id);
}

std::string Policy::person_name(std::string_view id) const {
  const auto it = people.find(id);
  return it != people.end() ? it->second.name : std::string(id);
}

const Zone& Policy::zone(std::string_view name) const {
  static const Zone kBeijing;
  const auto it = zones.find(name);
  return it != zones.end() ? it->second : kBeijing;
}

const ResponseOption* Policy::option(std::string_view id) const {
  const auto it = std::ranges::find(options, id, &ResponseOption::id);
  return it != options.end() ? &*it : nullptr;
}

std::string Policy::ladder_id(std::string_view of_rule, std::string_view issue) const {
  if (!of_rule.empty()) return std::string(of_rule);
  const auto it = issues.find(issue);
  return it != issues.end() && !it->second.ladder.empty() ? it->second.ladder : "default";
}

std::string Policy::subject_name(std::string_view id) const {
  const size_t colon = id.find(':');
  if (colon == std::string_view::npos) return std::string(id);
  const std::string_view type = id.substr(0, colon), rest = id.substr(colon + 1);
  if (type == "product")
    if (const Product* p = catalogue.product(rest)) return p->name;
  if (type == "merchant")
    if (const Merchant* m = by_id(catalogue.merchants, rest)) return m->name;
  if (type == "store")
    if (const Shop* s = by_id(catalogue.stores, rest)) return s->name;
  if (type == "unknown") return "未点名（" + std::string(rest.substr(0, 6)) + "）";
  return std::string(rest);
}

void PolicyTimeline::add(Time from, std::shared_ptr<const Policy> policy) {
  INVARIANT(rows_.empty() || rows_.back()->from < from);
  const Row* before = rows_.empty() ? nullptr : rows_.back().get();
  rows_.push_back(std::make_unique<Row>(from, std::move(policy), before));
  newest_.store(rows_.back().get(), std::memory_order_release);
}

const Policy& PolicyTimeline::at(Time at) const {
  const Row* row = newest_.load(std::memory_order_acquire);
  INVARIANT(row != nullptr);
  while (row->from > at) {
    const Row* before = row->before.load(std::memory_order_acquire);
    if (before == nullptr) break;
    row = before;
  }
  return *row->policy;
}

void PolicyTimeline::forget_before(Time time) {
  while (rows_.size() > 1 && rows_[1]->from <= time) {
    rows_[1]->before.store(nullptr, std::memory_order_release);
    rows_.pop_front();
  }
}

}  // namespace core
