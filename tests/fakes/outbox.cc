#include "tests/fakes/outbox.h"

#include <algorithm>
#include <tuple>

#include "core/check.h"

namespace fakes {

namespace {

bool waits(const core::OutboxState& state) {
  return state.delivery == core::Delivery::Pending || state.delivery == core::Delivery::Retry ||
         state.delivery == core::Delivery::Unknown;
}

core::Error injected() { return {core::Code::Unavailable, "injected"}; }

}  // namespace

void Outbox::add(const core::Notification& n) {
  const std::string group = n.channel + "/" + n.incident.incident;
  rows_.emplace(n.id, Row{{n.id, group, n.at, core::encode(n)}, {}});
}

size_t Outbox::waiting() const {
  return static_cast<size_t>(
      std::ranges::count_if(rows_, [](const auto& row) { return waits(row.second.state); }));
}

core::Result<std::vector<std::pair<core::OutboxItem, core::OutboxState>>> Outbox::pending(
    size_t limit) {
  ++reads_;
  if (fails()) return injected();
  std::vector<std::pair<core::OutboxItem, core::OutboxState>> found;
  for (const auto& [id, row] : rows_)
    if (waits(row.state)) found.emplace_back(row.item, row.state);
  std::ranges::sort(found, [](const auto& a, const auto& b) {
    return std::tie(a.first.at, a.first.id) < std::tie(b.first.at, b.first.id);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

core::Result<core::Unit> Outbox::settle(const std::string& id, const core::OutboxState& state) {
  if (fails()) return injected();
  Row& row = rows_.at(id);
  INVARIANT(waits(row.state));
  row.state = state;
  written_ += state.vendor_answer + "\n";
  return core::Unit{};
}

core::Result<core::Unit> Outbox::conclude(const std::string& id, const core::OutboxState& state,
                                          const core::Act& act) {
  INVARIANT(!waits(state) && act.notification == id);
  const core::Result<core::Unit> settled = settle(id, state);
  if (!settled) return settled;
  outcomes_.push_back(act);
  written_ += act.because + "\n";
  return core::Unit{};
}

core::Result<std::vector<std::pair<core::OutboxItem, core::OutboxState>>> Outbox::outbox(
    const std::string& incident) {
  if (fails()) return injected();
  std::vector<std::pair<core::OutboxItem, core::OutboxState>> found;
  for (const auto& [id, row] : rows_)
    if (incident.empty() || row.item.group.ends_with("/" + incident))
      found.emplace_back(row.item, row.state);
  return found;
}

core::Result<core::Unit> Outbox::keep(const core::Slot& slot) {
  if (fails()) return injected();
  slots_[{slot.shelf, slot.key}] = slot;
  // Handles are what their shelf is for; without the app's token they open nothing.
  if (slot.shelf != "handles") written_ += slot.value + "\n";
  return core::Unit{};
}

core::Result<core::Unit> Outbox::replace(const core::Slot& slot, const std::string& before) {
  const auto it = slots_.find({slot.shelf, slot.key});
  const std::string now = it != slots_.end() ? it->second.value : "";
  if (now != before) return core::Error{core::Code::Conflict, "another value"};
  return keep(slot);
}

core::Result<std::optional<core::Slot>> Outbox::find(const std::string& shelf,
                                                     const std::string& key) {
  if (fails()) return injected();
  const auto it = slots_.find({shelf, key});
  return it != slots_.end() ? std::optional(it->second) : std::nullopt;
}

core::Result<std::vector<core::Slot>> Outbox::list(const std::string& shelf,
                                                   const std::string& after, size_t limit) {
  if (fails()) return injected();
  std::vector<core::Slot> found;
  for (const auto& [at, slot] : slots_)
    if (at.first == shelf && at.second > after && found.size() < limit) found.push_back(slot);
  return found;
}

core::Result<core::Unit> Outbox::drop(const std::string& shelf, const std::string& key) {
  if (fails()) return injected();
  slots_.erase({shelf, key});
  return core::Unit{};
}

core::Result<size_t> Outbox::drop_expired(const std::string& shelf, core::Time at) {
  if (fails()) return injected();
  return std::erase_if(
      slots_, [&](const auto& row) { return row.first.first == shelf && row.second.expires < at; });
}

std::string Outbox::outcome_of(const std::string& id) const {
  const auto it = std::ranges::find(outcomes_, id, &core::Act::notification);
  return it != outcomes_.end() ? it->what : "";
}

}  // namespace fakes
