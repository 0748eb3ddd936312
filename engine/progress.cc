#include "engine/progress.h"

#include <algorithm>

#include "core/check.h"

namespace engine {

using core::Time;

Progress::Progress(std::vector<std::string> names, const std::vector<std::vector<uint32_t>>& inlets)
    : rows_(names.size()), marks_(names.size() * inlets.size(), core::kTimeMax) {
  for (size_t s = 0; s < names.size(); ++s) {
    rows_[s].name = std::move(names[s]);
    rows_[s].first_inlet = inlets.size();
  }
  for (size_t i = 0; i < inlets.size(); ++i)
    for (const uint32_t s : inlets[i]) {
      mark(i, s) = core::kTimeMin;
      rows_[s].first_inlet = std::min(rows_[s].first_inlet, i);
      ++going_;
    }
  for (const Row& row : rows_) INVARIANT(row.first_inlet < inlets.size());
  find_smallest();
}

void Progress::take(size_t inlet, uint32_t stream, const core::Mark& m) {
  Time& known = mark(inlet, stream);
  if (known == core::kTimeMax) return;
  const Time before = known;
  if (m.ended) {
    ended_at_ = std::max(ended_at_, m.at);
    known = core::kTimeMax;
    --going_;
  } else {
    known = std::max(known, m.at);
  }
  if (before == smallest_ && known != before) find_smallest();
  Row& row = rows_[stream];
  if (m.restart && inlet == row.first_inlet) row.points.push_back(m.restart);
}

void Progress::find_smallest() { smallest_ = *std::ranges::min_element(marks_); }

Time Progress::smallest(size_t inlet) const {
  const auto from = marks_.begin() + static_cast<ptrdiff_t>(inlet * rows_.size());
  return *std::min_element(from, from + static_cast<ptrdiff_t>(rows_.size()));
}

std::vector<std::pair<std::string, std::string>> Progress::new_restart_states(Time drained) {
  std::vector<std::pair<std::string, std::string>> states;
  for (Row& row : rows_) {
    std::shared_ptr<const core::RestartPoint> passed;
    while (!row.points.empty() && row.points.front()->newest < drained) {
      passed = std::move(row.points.front());
      row.points.pop_front();
    }
    if (passed) states.emplace_back(row.name, passed->state);
  }
  return states;
}

}  // namespace engine
