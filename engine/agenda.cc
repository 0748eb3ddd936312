#include "engine/agenda.h"

#include <algorithm>
#include <tuple>

#include "core/bytes.h"
#include "core/check.h"

namespace engine {

namespace {

using core::Record;

constexpr core::Millis kSecond{1000};

int rank(const Record& r) { return static_cast<int>(r.what.index()); }

std::string bytes_of(const core::Signal& signal) {
  core::ByteWriter out;
  core::write(out, signal);
  return out.take();
}

// Signals of one event differ by family; one id with two contents (a platform's mistake) still has
// one order.
bool before(const core::Signal& a, const core::Signal& b) {
  const auto key = [](const core::Signal& s) { return std::tie(s.event, s.family); };
  if (key(a) != key(b)) return key(a) < key(b);
  return bytes_of(a) < bytes_of(b);
}

bool before(const core::ActRecord& a, const core::ActRecord& b) {
  const auto key = [](const core::ActRecord& r) {
    return std::tie(r.sequence, r.id, r.act.what, r.act.incident, r.act.notification, r.act.by);
  };
  return key(a) < key(b);
}

bool before(const core::Hold& a, const core::Hold& b) { return a.sequence < b.sequence; }
bool before(const core::Recall& a, const core::Recall& b) {
  return std::tie(a.id, a.event) < std::tie(b.id, b.event);
}
bool before(const core::Mark&, const core::Mark&) { return false; }

bool in_order(const Record& a, const Record& b) {
  const core::Time at_a = Agenda::time_of(a), at_b = Agenda::time_of(b);
  if (at_a != at_b) return at_a < at_b;
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return std::visit(
      [&](const auto& x) { return before(x, std::get<std::decay_t<decltype(x)>>(b.what)); },
      a.what);
}

}  // namespace

core::Time Agenda::time_of(const Record& record) {
  return std::visit([](const auto& what) { return what.at; }, record.what);
}

void Agenda::add(Record record) {
  INVARIANT(!std::holds_alternative<core::Mark>(record.what));
  seconds_[core::to_ms(core::floor_to(time_of(record), kSecond))].push_back(std::move(record));
  ++size_;
}

std::vector<Record> Agenda::take_before(core::Time to) {
  std::vector<Record> taken;
  if (seconds_.empty()) return taken;
  const auto oldest = seconds_.begin();
  if (core::from_ms(oldest->first) >= to) return taken;
  std::vector<Record>& all = oldest->second;
  std::ranges::sort(all, in_order);
  if (core::from_ms(oldest->first) + kSecond <= to) {
    taken = std::move(all);
    seconds_.erase(oldest);
  } else {
    const auto rest = std::ranges::find_if(all, [&](const Record& r) { return time_of(r) >= to; });
    taken.assign(std::move_iterator(all.begin()), std::move_iterator(rest));
    all.erase(all.begin(), rest);
    if (all.empty()) seconds_.erase(oldest);
  }
  size_ -= taken.size();
  return taken;
}

}  // namespace engine
