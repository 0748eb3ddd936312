#include "alerting/window.h"

#include "alerting/saved.h"
#include "core/check.h"

namespace alerting {

const Entry* Window::leaving(core::Time now) const {
  const auto all = entries();
  if (all.empty()) return nullptr;
  const bool must = all.front().at <= now - kLength || all.size() >= kEntriesMax;
  return must ? &all.front() : nullptr;
}

void Window::drop(core::Time now) {
  INVARIANT(head_ < entries_.size());
  if (entries_[head_].at > now - kLength) ++dropped_;
  entries_[head_] = Entry();  // gives its texts back at once
  ++head_;
  if (head_ * 2 < entries_.size()) return;
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
}

void Window::add(Entry entry) { entries_.push_back(std::move(entry)); }

void Window::save(core::ByteWriter& out) const {
  out.u64(dropped_);
  out.u64(entries().size());
  for (const Entry& entry : entries()) write(out, entry);
}

bool Window::load(core::ByteReader& in, uint64_t version) {
  dropped_ = in.u64();
  size_t n = 0;
  if (!read_count(in, n, kEntriesMax)) return false;
  entries_.resize(n);
  for (size_t i = 0; i < n; ++i)
    if (!read(in, entries_[i], version) || (i > 0 && entries_[i].at < entries_[i - 1].at))
      return false;
  return true;
}

}  // namespace alerting
