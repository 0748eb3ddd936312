#pragma once
// SiftingCrew: blocks go to several threads, each with a Sifter of its own, and what they find
// comes back in the order of the blocks. With one thread there is none but the caller's.
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/sifter.h"

namespace engine {

// Owned by one thread, on which `take` is called.
class SiftingCrew {
 public:
  static constexpr size_t kBlocksAThread = 4;  // under way at once

  // `take` gets what was found in each block, in order; false: nothing more is wanted.
  using Take = std::function<bool(const Sifted&)>;
  SiftingCrew(size_t threads, const SiftSpec& spec, std::shared_ptr<const rules::Book> book,
              Take take);
  ~SiftingCrew();
  SiftingCrew(const SiftingCrew&) = delete;
  SiftingCrew& operator=(const SiftingCrew&) = delete;

  // Whether a block must own its bytes: it outlives the call of put().
  bool keeps_blocks() const { return sifters_.size() > 1; }
  // Waits for room. False: nothing more is wanted.
  bool put(Block block);
  // Waits for all that was put.
  bool drain();

 private:
  struct Job {
    Block block;
    Sifted found;
    bool done = false;
  };
  void work(Sifter& sifter);
  bool take_in_order(size_t left_max);

  Take take_;
  std::vector<std::unique_ptr<Sifter>> sifters_;
  std::deque<std::unique_ptr<Job>> jobs_;  // in order; the owner's alone

  std::mutex mutex_;
  std::condition_variable wanted_, done_;
  std::deque<Job*> queue_;  // not begun
  bool over_ = false;
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace engine
