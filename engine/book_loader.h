#pragma once
// BookLoader: loads and compiles Books in a thread of its own, when asked and when their files
// change, so that a lane never waits for a compiler. The newest wins: of several that were asked
// for while one was compiled, one more is loaded, and what nobody took yet is replaced.
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/book_swap.h"
#include "engine/book_watch.h"

namespace engine {

// What became of one loading.
struct LoadedBook {
  ReadyBook ready;          // without a Book: it failed
  std::string first_error;  // as its author sees it
  size_t errors = 0;
  double seconds = 0;
};

class BookLoader {
 public:
  static constexpr std::chrono::milliseconds kLookEvery{1'000};

  BookLoader(rules::BookFiles files, BookWatch watch, size_t lanes);
  ~BookLoader() { stop(); }

  void start();
  void stop();  // waits for the compiler

  // --- any thread ---
  void ask();
  std::optional<LoadedBook> take();  // the newest, once

 private:
  void work();
  LoadedBook load();

  const rules::BookFiles files_;
  const size_t lanes_;
  BookWatch watch_;  // of the thread alone
  std::thread thread_;
  std::mutex mutex_;  // guards all below
  std::condition_variable woken_;
  bool asked_ = false, stopping_ = false;
  std::optional<LoadedBook> loaded_;
};

}  // namespace engine
