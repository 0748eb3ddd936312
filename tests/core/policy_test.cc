#include "core/policy.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace {

std::shared_ptr<const core::Policy> policy(const std::string& fallback) {
  auto made = std::make_shared<core::Policy>();
  made->fallback_person = fallback;
  return made;
}

core::Time at(int64_t ms) { return core::from_ms(ms); }

}  // namespace

TEST_CASE("a policy holds from its time on, and the first one before it too") {
  core::PolicyTimeline timeline;
  timeline.add(at(10), policy("a"));
  timeline.add(at(20), policy("b"));
  timeline.add(at(30), policy("c"));
  CHECK(timeline.at(at(5)).fallback_person == "a");
  CHECK(timeline.at(at(19)).fallback_person == "a");
  CHECK(timeline.at(at(20)).fallback_person == "b");
  CHECK(timeline.at(core::kTimeMax).fallback_person == "c");
  timeline.forget_before(at(19));
  CHECK(timeline.size() == 3);
  timeline.forget_before(at(25));
  CHECK(timeline.size() == 2);
  CHECK(timeline.at(at(20)).fallback_person == "b");
  CHECK(timeline.at(at(5)).fallback_person == "b");
  timeline.forget_before(core::kTimeMax);
  CHECK(timeline.size() == 1);
  CHECK(timeline.at(at(5)).fallback_person == "c");
}

TEST_CASE("whoever asks while policies come and go gets the one of the time") {
  constexpr int64_t kPolicies = 2'000;
  core::PolicyTimeline timeline;
  timeline.add(at(0), policy("0"));
  std::atomic<int64_t> newest = 0, asked = 0, wrong = 0;
  std::thread reader([&] {
    while (newest.load() < kPolicies) {
      const int64_t time = newest.load();  // what is asked for was added before
      asked.store(time);
      wrong += timeline.at(at(time)).fallback_person == std::to_string(time) ? 0 : 1;
    }
  });
  for (int64_t i = 1; i <= kPolicies; ++i) {
    timeline.add(at(i), policy(std::to_string(i)));
    newest.store(i);
    timeline.forget_before(at(std::min(asked.load(), i - 1) - 1));
  }
  reader.join();
  CHECK(wrong == 0);
}
