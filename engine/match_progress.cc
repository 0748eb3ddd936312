#include "engine/match_progress.h"

#include <unistd.h>

#include <iostream>

namespace engine {

namespace {

constexpr std::chrono::milliseconds kBetween{300}, kQuietAtFirst{1000};

}  // namespace

MatchProgress::MatchProgress()
    : wanted_(isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) != 1),
      start_(Clock::now()),
      last_(start_ + kQuietAtFirst - kBetween) {}

void MatchProgress::show(const ingest::Source& source, int64_t read, uint64_t messages) {
  if (!wanted_) return;
  if (read >= 0) read_ = read;
  const auto now = Clock::now();
  if (now - last_ < kBetween) return;
  last_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const int64_t left = source.lag(0);
  std::cerr << "\r\x1b[K" << messages << " 条消息 messages, "
            << static_cast<uint64_t>(static_cast<double>(messages) / seconds) << "/s";
  if (left >= 0 && read_ + left > 0) std::cerr << ", " << read_ * 100 / (read_ + left) << "%";
  std::cerr << std::flush;
}

void MatchProgress::clear() {
  if (shown_) std::cerr << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace engine
