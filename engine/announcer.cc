#include "engine/announcer.h"

namespace engine {

namespace {

using core::Time;

constexpr core::Millis kStep{1000};
constexpr core::Millis kDay{86'400'000};

}  // namespace

Announcer::Announcer(AnnouncerSpec spec, core::Clock& clock, core::Store& store,
                     const MarkBoard& board)
    : spec_(std::move(spec)),
      clock_(clock),
      store_(store),
      board_(board),
      progress_(spec_.stream_names.size()) {}

bool Announcer::idle(Reader& reader, uint32_t partition, Time wall) {
  Progress& p = progress_[partition];
  const int64_t next = reader.stream(partition).next();
  if (p.next != next) p = {next, wall};
  const bool stalled = wall - p.wall >= spec_.lag_max;
  reader.set_stalled(partition, stalled);
  return stalled || reader.drained(partition);
}

// What an idle stream may announce now; kTimeMin for nothing. The clock goes on from the newest
// event; after a restart from what was announced before it, so that time never stands still until
// it has caught up with itself.
Time Announcer::target() {
  const Time wall = clock_.wall();
  const Time busy = board_.smallest_busy();
  Time newest = board_.newest();
  if (newest == core::kTimeMin) return busy == core::kTimeMax ? newest : busy;
  if (busy == core::kTimeMax && !resumed_) {
    resumed_ = true;
    newest = std::max(newest, board_.largest() + spec_.lateness);
  }
  if (newest > newest_) {
    newest_ = newest;
    newest_wall_ = wall;
  }
  return busy != core::kTimeMax ? busy : newest_ + (wall - newest_wall_) - spec_.lateness;
}

// Whether the very first events of all, of which nothing confirms the date, are to be believed:
// nothing has followed them for a while, and none is dated later than tomorrow.
bool Announcer::begins(const Reader& reader, uint32_t partition, Time wall) const {
  const Time latest = reader.stream(partition).latest_waiting();
  return latest != core::kTimeMin && latest <= wall + kDay &&
         wall - progress_[partition].wall >= spec_.lateness;
}

core::Result<core::Unit> Announcer::consider(Reader& reader) {
  const Time wall = clock_.wall();
  std::vector<uint32_t> idle_ones;
  for (uint32_t i = 0; i < reader.partitions(); ++i)
    if (idle(reader, i, wall)) idle_ones.push_back(i);
  Time at = target();
  if (at == core::kTimeMin && board_.smallest_busy() == core::kTimeMax) {
    std::erase_if(idle_ones, [&](uint32_t i) { return !begins(reader, i, wall); });
    at = Time{};  // it moves no mark: the events themselves do
  }
  if (wall - announced_wall_ < spec_.every) return core::Unit{};
  if (idle_ones.empty() || at == core::kTimeMin) return core::Unit{};
  const Time step = core::floor_to(at, kStep);
  std::vector<core::Announcement> announcements;
  for (const uint32_t i : idle_ones)
    if (step > reader.stream(i).mark())
      announcements.push_back({spec_.stream_names[i], reader.stream(i).next(), step});
  if (announcements.empty()) return core::Unit{};
  const auto stored = store_.announce(announcements);
  if (!stored) return stored.error();
  announced_wall_ = wall;
  for (const uint32_t i : idle_ones) reader.announce(i, step);
  return core::Unit{};
}

}  // namespace engine
