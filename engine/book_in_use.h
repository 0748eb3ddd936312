#pragma once
// BookInUse: the newest Book of a running system, for all that do not judge by event time: courier,
// console, alarms, screen, heartbeat. Any thread; whoever has asked keeps what it got.
#include <memory>
#include <mutex>
#include <utility>

#include "core/policy.h"
#include "rules/book.h"

namespace engine {

class BookInUse {
 public:
  void set(std::shared_ptr<const rules::Book> book) {
    const std::lock_guard lock(mutex_);
    book_.swap(book);  // the old one ends after the lock
  }
  // REQUIRES for both: one was set.
  std::shared_ptr<const rules::Book> book() const {
    const std::lock_guard lock(mutex_);
    return book_;
  }
  std::shared_ptr<const core::Policy> policy() const {
    const auto now = book();
    return {now, &now->policy()};
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const rules::Book> book_;
};

}  // namespace engine
