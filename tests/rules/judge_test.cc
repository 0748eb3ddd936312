// What a Judge writes into a Signal besides family and votes.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "core/hash.h"
#include "core/text/utf8.h"
#include "rules/excerpt.h"
#include "rules/keyed_hash.h"
#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;
using rules_test::Said;

namespace {

struct Shop : DeskOfFiles {
  Shop() {
    write_catalogue();
    write_rule("{any: [过期, 发霉]}", "都过期了", "    ladder: default\n");
    open();
  }
  core::Signal one(const Said& said) {
    const std::vector<core::Signal> signals = judge(said);
    REQUIRE(signals.size() == 1);
    return signals.front();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Shop, "a signal says who, where, when and what") {
  const core::Signal s = one({.text = "沐禾洗手液过期了"});
  CHECK(s.event == "e1");
  CHECK(core::to_ms(s.at) == 1'700'000'000'000);
  CHECK(s.at == s.published);
  CHECK(s.kind == core::Kind::Chat);
  CHECK(s.channel == "g1");
  CHECK(s.author == rules::keyed_hash64(rules::kPublicHashKey, "member", "u1"));
  CHECK(rules::unsealed(rules::kPublicHashKey, s.author_sealed) == "u1");
  CHECK(s.named);
  CHECK(s.product_named);
  CHECK(s.excerpt == "沐禾洗手液过期了");
  REQUIRE(s.hits.size() == 1);
  CHECK(s.hits[0].rule == "r");
  CHECK(s.hits[0].issue == "expiry");
  CHECK(s.hits[0].level == core::Level::Yellow);
  CHECK(s.hits[0].ladder == "default");
  CHECK_FALSE(s.hits[0].exposure_threat);
  CHECK(s.text_hash != 0);
}

TEST_CASE_FIXTURE(Shop, "what the event does not tell of its channel, the catalogue tells") {
  CHECK(one({.text = "沐禾"}).members == 200);
  CHECK(one({.text = "沐禾"}).channel_name == "一群");
  CHECK(one({.text = "沐禾", .channel = "elsewhere"}).members == 0);
}

TEST_CASE_FIXTURE(Shop, "a ticket and a channel marked as service are service") {
  CHECK_FALSE(one({.text = "沐禾"}).service);
  CHECK(one({.text = "沐禾", .channel = "g2"}).service);
  CHECK(one({.text = "沐禾", .kind = core::Kind::Ticket}).service);
}

TEST_CASE_FIXTURE(Shop, "only the brand is named when no alias is") {
  CHECK_FALSE(one({.text = "沐禾怎么样"}).product_named);
  CHECK_FALSE(one({.text = "沐禾的雪松木味怎么样"}).product_named);
}

TEST_CASE_FIXTURE(Shop, "categories are those of the text and of products named by themselves") {
  CHECK(one({.text = "沐禾的洗衣液和牛奶放一起"}).categories ==
        std::vector<std::string>{"洗衣液", "牛奶"});
  CHECK(one({.text = "原味酸奶到了"}).categories == std::vector<std::string>{"酸奶"});
  CHECK(one({.text = "岚牧鲜奶到了"}).categories == std::vector<std::string>{"牛奶"});
  CHECK(one({.text = "沐禾到了"}).categories.empty());
}

TEST_CASE_FIXTURE(Shop, "advertising is marked") {
  CHECK(one({.text = "沐禾团购价"}).advertising);
  CHECK_FALSE(one({.text = "沐禾"}).advertising);
}

TEST_CASE_FIXTURE(Shop, "attachments are hashed, each once, in order") {
  const core::Signal s =
      one({.text = "沐禾",
           .attachments = {
               {"image", "x", ""}, {"image", "y", ""}, {"file", "x", ""}, {"image", "", ""}}});
  std::vector<uint64_t> expected = {core::hash64("x"), core::hash64("y")};
  std::sort(expected.begin(), expected.end());
  CHECK(s.attachment_hashes == expected);
}

TEST_CASE_FIXTURE(Shop, "commands and outcomes are not judged") {
  CHECK(judge({.text = "沐禾过期了", .kind = core::Kind::Command}).empty());
  CHECK(judge({.text = "沐禾过期了", .kind = core::Kind::Outcome}).empty());
}

TEST_CASE_FIXTURE(Shop, "the excerpt of a long message shows the first hit, in whole characters") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "啊";
  text += "沐禾发*霉了";
  for (int i = 0; i < 300; ++i) text += "哦";
  const core::Signal s = one({.text = text});
  CHECK(s.excerpt.size() <= 240);
  CHECK(s.excerpt.size() > 230);
  CHECK(s.excerpt.find("沐禾发*霉了") != std::string::npos);
  CHECK(core::text::valid_utf8(s.excerpt));
  const core::Signal at_end = one({.text = text.substr(0, 900) + "发霉"});
  CHECK(at_end.excerpt.ends_with("发霉"));
  CHECK(at_end.excerpt.size() > 230);
}

TEST_CASE("an excerpt is whole code points around any place of any text") {
  const std::string unit = "a澜é𠮷";
  std::string text;
  for (int i = 0; i < 100; ++i) text += unit;
  for (uint32_t around = 0; around < 400; around += 7) {
    const std::string some = rules::excerpt(text, around);
    CHECK(some.size() <= rules::kExcerptBytesMax);
    CHECK(some.size() > rules::kExcerptBytesMax - 8);
    CHECK(core::text::valid_utf8(some));
    CHECK(text.find(some) != std::string::npos);
  }
  CHECK(rules::excerpt("短", 5) == "短");
}

TEST_CASE("hits are sorted by rule and at most 16, the heaviest ones of the highest level") {
  DeskOfFiles desk;
  std::string pack = "pack: p\nowner: qa\nrules:\n";
  for (int i = 0; i < 20; ++i) {
    const bool red = i == 19;
    pack.append("  - {id: r").append(std::to_string(10 + i));
    pack.append(", name: n, issue: expiry, level: ").append(red ? "red" : "blue");
    pack += ", when: {any: [过期]}, tests: [{hit: 过期了}, {miss: 没事}]}\n";
  }
  desk.write("pack.yaml", pack);
  desk.open();
  const std::vector<core::Signal> signals = desk.judge("东西过期了");
  REQUIRE(signals.size() == 1);
  REQUIRE(signals[0].hits.size() == 16);
  CHECK(signals[0].hits.front().rule == "r10");
  CHECK(signals[0].hits[14].rule == "r24");
  CHECK(signals[0].hits[15].rule == "r29");
}

TEST_CASE("an exposure threat carries the mark of its issue") {
  DeskOfFiles desk;
  desk.write("pack.yaml",
             "pack: p\nowner: qa\nrules:\n  - {id: t, name: n, issue: exposure_threat, level: "
             "orange, when: {any: [要曝光]}, tests: [{hit: 我要曝光}, {miss: 没事}]}\n");
  desk.open();
  CHECK(desk.judge("再不退我要曝光你们").at(0).hits.at(0).exposure_threat);
}

TEST_CASE("two judges of one Book give the same signals, one message after another") {
  Shop shop;
  const auto other = rules::make_judge(shop.book);
  for (const char* text : {"沐禾过期了", "没事", "岚牧鲜奶和沐禾洗手液都过期了", "", "过期"}) {
    core::Event event;
    event.text = text;
    core::text::Folded folded;
    core::text::fold(event.text, folded);
    std::vector<core::Signal> signals;
    other->judge(event, folded, signals);
    std::string families;
    for (const core::Signal& s : signals) families += s.family + " ";
    std::string expected;
    for (const core::Signal& s : shop.judge(std::string(text))) expected += s.family + " ";
    CHECK(families == expected);
  }
}

TEST_CASE("lanes on several threads share one Book") {
  Shop shop;
  constexpr int kLanes = 4;
  std::vector<std::string> said(kLanes);
  std::vector<std::thread> lanes;
  for (int lane = 0; lane < kLanes; ++lane)
    lanes.emplace_back([&shop, &out = said[static_cast<size_t>(lane)]] {
      const auto judge = rules::make_judge(shop.book);
      core::Event event;
      core::text::Folded folded;
      std::vector<core::Signal> signals;
      for (int i = 0; i < 300; ++i) {
        event.text = i % 2 == 0 ? "沐禾过期了" : "岚牧鲜奶和沐禾洗手液都发 霉了";
        core::text::fold(event.text, folded);
        signals.clear();
        judge->judge(event, folded, signals);
        for (const core::Signal& s : signals) out += s.family + std::to_string(s.hits.size());
      }
    });
  for (std::thread& lane : lanes) lane.join();
  CHECK(said[0].size() > 300);
  for (const std::string& lane : said) CHECK(lane == said[0]);
}
