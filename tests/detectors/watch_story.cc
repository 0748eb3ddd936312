#include "watch_story.h"

#include <doctest/doctest.h>

#include "core/hash.h"

namespace watch_test {

namespace {

constexpr int64_t kStartMs = 1'773'122'400'000;  // 2026-03-10 06:00 UTC

core::PolicyTimeline& with(core::PolicyTimeline& policies, core::Limits limits) {
  auto policy = std::make_shared<core::Policy>();
  policy->limits = std::move(limits);
  policies.add(core::kTimeMin, std::move(policy));
  return policies;
}

}  // namespace

core::Time at(core::Millis since_start) { return core::from_ms(kStartMs) + since_start; }

std::string group(int number) { return std::string("g").append(std::to_string(number)); }

WatchStory::WatchStory(core::Limits limits, std::string family_name)
    : family(std::move(family_name)), watch(family, with(policies, std::move(limits))) {}

core::Signal WatchStory::message(const std::string& in_group, core::Millis when) {
  core::Signal s;
  s.at = s.published = at(when);
  s.event = std::string("e").append(std::to_string(++events_));
  s.kind = core::Kind::Chat;
  s.family = family;
  s.channel = in_group;
  s.author = core::hash64(s.event);
  return s;
}

detectors::Finding WatchStory::observe(const core::Signal& signal) {
  const detectors::Finding finding = watch.observe(signal, bounds);
  if (reload_) {
    const std::string bytes = saved();
    REQUIRE(load(bytes));
    REQUIRE(saved() == bytes);
  }
  return finding;
}

detectors::Finding WatchStory::mention(const std::string& in_group, core::Millis when) {
  core::Signal s = message(in_group, when);
  s.named = true;
  return observe(s);
}

detectors::Finding WatchStory::hit(const std::string& in_group, core::Millis when) {
  core::Signal s = message(in_group, when);
  s.named = true;
  s.hits = {{"near-expiry", "expiry", core::Level::Yellow, 1000, "", false}};
  return observe(s);
}

std::string WatchStory::saved() const {
  core::ByteWriter out;
  watch.save(out);
  return out.take();
}

bool WatchStory::load(const std::string& bytes) {
  core::ByteReader in(bytes);
  detectors::Watch again(family, policies);
  if (!again.load(in)) return false;
  watch = std::move(again);
  return true;
}

std::string WatchStory::text_of(const std::optional<core::Because>& because) {
  if (!because) return "";
  std::string text = because->code;
  for (const core::Figure& f : because->figures) {
    text += ' ' + f.name + '=';
    text += f.text.empty() ? std::to_string(f.number) : f.text;
  }
  return text;
}

}  // namespace watch_test
