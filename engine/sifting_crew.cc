#include "engine/sifting_crew.h"

namespace engine {

SiftingCrew::SiftingCrew(size_t threads, const SiftSpec& spec,
                         std::shared_ptr<const rules::Book> book, Take take)
    : take_(std::move(take)) {
  for (size_t i = 0; i < threads; ++i) sifters_.push_back(std::make_unique<Sifter>(spec, book));
  if (threads < 2) return;
  for (const auto& sifter : sifters_) threads_.emplace_back([this, &sifter] { work(*sifter); });
}

SiftingCrew::~SiftingCrew() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    queue_.clear();
  }
  wanted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool SiftingCrew::put(Block block) {
  if (!keeps_blocks()) {
    Sifted found;
    sifters_.front()->sift(block, found);
    return take_(found);
  }
  jobs_.push_back(std::make_unique<Job>());
  jobs_.back()->block = std::move(block);
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(jobs_.back().get());
  }
  wanted_.notify_one();
  return take_in_order(sifters_.size() * kBlocksAThread);
}

bool SiftingCrew::drain() { return take_in_order(0); }

// Takes what is done, and waits until at most `left_max` blocks are under way.
bool SiftingCrew::take_in_order(size_t left_max) {
  while (!jobs_.empty()) {
    {
      std::unique_lock lock(mutex_);
      if (!jobs_.front()->done && jobs_.size() <= left_max) return true;
      done_.wait(lock, [this] { return jobs_.front()->done; });
    }
    const std::unique_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    if (!take_(job->found)) return false;
  }
  return true;
}

void SiftingCrew::work(Sifter& sifter) {
  for (;;) {
    Job* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      wanted_.wait(lock, [this] { return over_ || !queue_.empty(); });
      if (over_) return;
      job = queue_.front();
      queue_.pop_front();
    }
    sifter.sift(job->block, job->found);
    {
      const std::lock_guard lock(mutex_);
      job->done = true;
    }
    done_.notify_one();
  }
}

}  // namespace engine
