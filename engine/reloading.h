#pragma once
// Reloading: how a running system takes up changed rules (SIGHUP, or a file of the Book that
// changed): loaded and compiled apart, put in force by a BookSwap, said in the log and the status.
// On any mistake the old set stays and the mistake stands there. Owned by the control thread.
#include <string>

#include "core/store.h"
#include "engine/book_in_use.h"
#include "engine/book_loader.h"
#include "engine/book_swap.h"

namespace engine {

struct ReloadStatus {
  uint64_t done = 0, failed = 0, unchanged = 0;
  core::Time since = core::kTimeMin;  // event time from which the newest Book holds
  size_t rules = 0;                   // of it
  size_t waiting = 0;                 // 1: a Book is ready and waits for the store or a lane
  // Of the last loading, when it failed: how many mistakes, and the first.
  size_t errors = 0;
  std::string first_error;
};

class Reloading {
 public:
  static constexpr size_t kErrorBytesMax = 2'000;  // kept of a mistake

  // `since`: from when the Book in `book` holds. Everything given outlives it.
  Reloading(const rules::BookFiles& files, BookWatch watch, Pipeline& pipeline, core::Store& store,
            BookInUse& book, core::Time since);

  void start() { loader_.start(); }
  void stop() { loader_.stop(); }

  // Loads at once, changed or not. Any thread.
  void ask() { loader_.ask(); }
  // Unavailable: lanes and shards wait for the store; the command lane must not move meanwhile.
  // `wall`: any steady clock's.
  core::Result<core::Unit> tick(core::Millis wall);
  const ReloadStatus& status() const { return status_; }

 private:
  void take(LoadedBook loaded);
  core::Result<core::Unit> put_in_force();

  Pipeline& pipeline_;
  BookInUse& book_;
  BookLoader loader_;
  BookSwap swap_;
  std::optional<ReadyBook> ready_;  // to be put in force
  ReloadStatus status_;
};

}  // namespace engine
