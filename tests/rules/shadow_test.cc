// Rules in shadow travel beside a signal and change nothing of it.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "core/bytes.h"
#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;
using rules_test::Said;

namespace {

constexpr const char* kActive =
    "pack: active\nowner: qa\nrules:\n"
    "  - {id: expired, name: a, issue: expiry, level: yellow, when: {any: [过期]},\n"
    "     tests: [{hit: 过期了}, {miss: 没事}]}\n"
    "  - {id: slow, name: b, issue: expiry, level: red, subject: courier, when: {any: [太慢]},\n"
    "     tests: [{hit: 太慢}, {miss: 没事}]}\n";

std::string shadows(const std::string& mode) {
  return "pack: shadows\nowner: qa\nrules:\n"
         "  - {id: mould, name: c, issue: expiry, level: red, mode: " +
         mode +
         ", when: {any: [发霉, 过期]},\n     tests: [{hit: 发霉了}, {miss: 没事}]}\n"
         "  - {id: rude, name: d, issue: expiry, level: red, subject: merchant, mode: " +
         mode + ", when: {any: [骂人]},\n     tests: [{hit: 骂人}, {miss: 没事}]}\n";
}

// A desk with the active rules, and with the shadows when they have a mode.
void fill(DeskOfFiles& desk, const std::string& mode) {
  desk.write_catalogue();
  desk.write("pack.yaml", kActive);
  if (!mode.empty()) {
    desk.write("pack-shadows.yaml", shadows(mode));
  }
  desk.open();
}

std::string bytes_of(core::Signal signal) {
  signal.shadow_hits.clear();
  signal.shadow_excerpt.clear();
  core::ByteWriter out;
  core::write(out, signal);
  return out.take();
}

std::vector<std::string> without_shadows(const std::vector<core::Signal>& signals) {
  std::vector<std::string> all;
  for (const core::Signal& s : signals)
    if (!s.shadow_only()) all.push_back(bytes_of(s));
  return all;
}

}  // namespace

TEST_CASE("shadow: a hit stands beside the others, and a family of its own is no signal") {
  DeskOfFiles desk;
  fill(desk, "shadow");
  auto signals = desk.judge("沐禾的过期了");
  REQUIRE(signals.size() == 1);
  REQUIRE(signals[0].hits.size() == 1);
  CHECK(signals[0].hits[0].rule == "expired");
  CHECK(signals[0].hits[0].first);
  REQUIRE(signals[0].shadow_hits.size() == 1);
  CHECK(signals[0].shadow_hits[0].rule == "mould");
  CHECK_FALSE(signals[0].shadow_only());

  signals = desk.judge("发霉了");
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].shadow_only());
  CHECK(signals[0].family.starts_with("unknown:"));
  CHECK(signals[0].excerpt == "发霉了");
}

TEST_CASE("shadow: what a person reported is not reported once more by a shadow") {
  DeskOfFiles desk;
  fill(desk, "shadow");
  const auto signals = desk.judge(Said{.text = "沐禾的，北桥商贸骂人",
                                       .kind = core::Kind::Ticket,
                                       .customer = "C1",
                                       .reported_level = 3});
  REQUIRE(signals.size() == 2);
  CHECK(signals[0].family == "brand:沐禾");
  CHECK(signals[0].reported_level == 3);
  CHECK(signals[1].family == "merchant:M1");
  CHECK(signals[1].shadow_only());
}

TEST_CASE("shadow: a message that names two families counts once for a rule") {
  DeskOfFiles desk;
  fill(desk, "shadow");
  const auto signals = desk.judge("沐禾和阳山都过期了");
  size_t hits = 0, first = 0;
  for (const auto& s : signals)
    for (const auto& hit : s.hits) ++hits, first += hit.first ? 1 : 0;
  CHECK(first == 1);
  CHECK(hits == signals.size());
}

TEST_CASE("shadow: mode off gives nothing at all") {
  DeskOfFiles desk;
  fill(desk, "off");
  CHECK(desk.judge("发霉了").empty());
}

TEST_CASE("shadow: with or without them every other signal is the same, on random messages") {
  DeskOfFiles plain, shaded;
  fill(plain, "");
  fill(shaded, "shadow");
  static constexpr const char* kPieces[] = {"沐禾", "阳山", "过期", "发霉",     "骂人", "太慢",
                                            "顺丰", "，",   "了",   "北桥商贸", "今天", "洗衣液"};
  std::mt19937 random(7);
  size_t alone = 0, beside = 0;
  for (int i = 0; i < 4000; ++i) {
    Said said;
    for (unsigned n = random() % 8; n > 0; --n) said.text += kPieces[random() % 12];
    if (random() % 4 == 0) said.kind = core::Kind::Ticket, said.customer = "C1";
    if (random() % 4 == 0) said.reported_level = static_cast<uint8_t>(1 + random() % 4);
    const auto with = shaded.judge(said);
    CHECK(without_shadows(with) == without_shadows(plain.judge(said)));
    for (const auto& s : with) (s.shadow_only() ? alone : beside) += s.shadow_hits.empty() ? 0 : 1;
  }
  CHECK(alone > 300);
  CHECK(beside > 300);
}
