#include "engine/book_loader.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/log.h"

namespace engine {

namespace {

constexpr int kNiceness = 10;  // lanes and shards come first

}  // namespace

BookLoader::BookLoader(rules::BookFiles files, BookWatch watch, size_t lanes)
    : files_(std::move(files)), lanes_(lanes), watch_(std::move(watch)) {}

void BookLoader::start() { thread_ = std::thread(&BookLoader::work, this); }

void BookLoader::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void BookLoader::ask() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  woken_.notify_one();
}

std::optional<LoadedBook> BookLoader::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(loaded_, std::nullopt);
}

void BookLoader::work() {
  pthread_setname_np(pthread_self(), "book-loader");
  // Of this thread only; without it the lanes share the processor with the compiler.
  if (setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness) != 0)
    core::log(core::LogLevel::Debug, "book-loader: cannot lower its priority");
  for (;;) {
    bool wanted = false;
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, kLookEvery, [this] { return asked_ || stopping_; });
      if (stopping_) return;
      wanted = std::exchange(asked_, false);
    }
    if (!watch_.look() && !wanted) continue;
    LoadedBook loaded = load();
    const std::lock_guard lock(mutex_);
    loaded_ = std::move(loaded);
  }
}

LoadedBook BookLoader::load() {
  const auto start = std::chrono::steady_clock::now();
  LoadedBook loaded;
  std::vector<rules::Finding> findings;
  std::vector<std::string> read;
  const auto book = rules::load_book(files_, findings, &read);
  watch_.also(std::move(read));
  for (const rules::Finding& finding : findings) {
    if (finding.severity == rules::Severity::Warning) {
      core::log(core::LogLevel::Debug, rules::to_text(finding));
    } else if (++loaded.errors == 1) {
      loaded.first_error = rules::to_text(finding);
    }
  }
  if (book != nullptr) loaded.ready = make_ready(book, lanes_);
  loaded.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return loaded;
}

}  // namespace engine
