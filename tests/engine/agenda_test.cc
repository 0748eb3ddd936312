#include "engine/agenda.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace {

core::Record signal(int64_t ms, std::string event, std::string family = "brand:a") {
  core::Signal s;
  s.at = core::from_ms(ms);
  s.event = std::move(event);
  s.family = std::move(family);
  return {0, std::move(s)};
}

core::Record act(int64_t ms, uint64_t sequence) {
  core::ActRecord a;
  a.at = core::from_ms(ms);
  a.sequence = sequence;
  return {0, std::move(a)};
}

std::string name(const core::Record& r) {
  if (const auto* s = std::get_if<core::Signal>(&r.what)) return s->event + s->family.substr(6);
  if (const auto* a = std::get_if<core::ActRecord>(&r.what))
    return "act" + std::to_string(a->sequence);
  return "hold";
}

std::string drain(engine::Agenda& agenda, int64_t to) {
  std::string all;
  for (auto records = agenda.take_before(core::from_ms(to)); !records.empty();
       records = agenda.take_before(core::from_ms(to)))
    for (const core::Record& r : records) all += name(r) + " ";
  return all;
}

}  // namespace

TEST_CASE("records come out by time, signals before acts before holds, then by event and family") {
  engine::Agenda agenda;
  agenda.add({0, core::Hold{core::from_ms(5'000), 3, true}});
  agenda.add(act(5'000, 2));
  agenda.add(signal(5'000, "e2", "brand:b"));
  agenda.add(signal(5'000, "e2", "brand:a"));
  agenda.add(act(5'000, 1));
  agenda.add(signal(4'999, "e9"));
  agenda.add(signal(5'000, "e1"));
  CHECK(drain(agenda, 6'000) == "e9a e1a e2a e2b act1 act2 hold ");
}

TEST_CASE("nothing at or after the mark comes out, also inside of a second") {
  engine::Agenda agenda;
  for (const int64_t ms : {1'999, 2'000, 2'500, 2'501, 3'000})
    agenda.add(signal(ms, std::to_string(ms)));
  CHECK(drain(agenda, 2'000) == "1999a ");
  CHECK(drain(agenda, 2'501) == "2000a 2500a ");
  CHECK(agenda.size() == 2);
  CHECK(drain(agenda, 3'000) == "2501a ");
}

TEST_CASE("the order does not depend on the order of arrival") {
  std::vector<core::Record> records;
  for (int i = 0; i < 300; ++i)
    records.push_back(
        signal(i % 17 * 250, "e" + std::to_string(i % 40), i % 3 ? "brand:a" : "brand:b"));
  std::string expected;
  for (uint32_t seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    std::shuffle(records.begin(), records.end(), random);
    engine::Agenda agenda;
    for (const core::Record& r : records) agenda.add(r);
    const std::string got = drain(agenda, 100'000);
    if (expected.empty()) expected = got;
    CHECK(got == expected);
  }
}
