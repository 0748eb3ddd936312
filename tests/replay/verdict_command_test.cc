// Rules in shadow, what people say of rules, and what follows from it, by the real program.
#include <doctest/doctest.h>

#include <filesystem>

#include "engine/tally_row.h"
#include "store/open.h"
#include "tests/replay/house.h"

using nlohmann::json;

namespace {

const std::string kRoot = QINGYU_SOURCE_DIR;

std::string pack(const std::string& mode) {
  return "# 两条规则\npack: tiny\nowner: qa\nrules:\n"
         "  - id: expired\n    name: 过期\n    issue: expiry\n    level: yellow\n"
         "    when: {any: [过期]}\n    tests: [{hit: 过期了}, {miss: 很好}]\n"
         "  - id: mould\n    name: 发霉\n    issue: expiry\n    level: red\n    mode: " +
         mode +
         "   # 试用\n    when:\n      any: [发霉, 霉变]\n"
         "    tests: [{hit: 发霉了}, {miss: 很好}]\n";
}

struct Watch {
  tests::House house;

  Watch() {
    tests::write_file(house.file("pack.yaml"), pack("shadow"));
    house.add(tests::House::complaints(0, 1, 4));
    for (int i = 0; i < 4; ++i)
      house.add(tests::House::message(5 + i, 10 + i,
                                      "汀白洗衣液都发霉了，第" + std::to_string(i) + "箱"));
    for (int i = 0; i < 5; ++i)
      house.add(tests::House::message(
          12 + i, 20 + i, "梅雨天墙面发霉怎么办，" + std::to_string(i) + "楼的邻居说说"));
  }

  tests::Said command(std::vector<std::string> words) {
    words.insert(words.end(), {"--config", house.file("qingyu.yaml")});
    return tests::said(words, house.folder());
  }
  std::vector<json> cards() {
    return tests::json_lines(command({"scorecard", "--format", "json"}).out);
  }
  json card(const std::string& rule) {
    for (const json& one : cards())
      if (one["rule"] == rule) return one;
    return {};
  }
  // Ids of events with these words in their text.
  std::vector<std::string> events(const std::string& words) {
    std::vector<std::string> ids;
    for (const json& line : tests::json_lines(tests::read_file(house.file("events.jsonl"))))
      if (line.value("text", "").find(words) != std::string::npos) ids.push_back(line["id"]);
    return ids;
  }
  void judge(const std::string& words, const std::string& verdict) {
    for (const std::string& id : events(words)) {
      const auto said = command({"verdict", "--event", id, "--rule", "mould", verdict, "--by",
                                 "duty", "--because", "看过"});
      CHECK_MESSAGE(said.code == 0, said.out, said.err);
    }
  }
};

}  // namespace

TEST_CASE("a rule in shadow is counted, told to nobody, judged, and promoted on its figures") {
  Watch watch;
  REQUIRE(watch.house.run_to_end().code == 0);
  REQUIRE(watch.house.incidents().size() == 1);
  const std::string incident = watch.house.incident();
  CHECK(watch.house.incidents()[0]["level"] == "yellow");
  json card = watch.card("mould");
  CHECK(card["mode"] == "shadow");
  CHECK(card["hits"] == 0);
  CHECK(card["shadow_hits"] == 9);
  CHECK(card["groups"] == 9);
  CHECK(card["pages"] == 0);
  CHECK(watch.card("expired")["hits"] == 4);
  CHECK(watch.card("expired")["pages"].get<int>() > 0);

  CHECK(watch.command({"verdict", incident, "true", "--by", "nobody"}).code == 1);
  CHECK(watch.command({"verdict", incident, "perhaps", "--by", "duty"}).code == 2);
  CHECK(watch.command({"verdict", "INC-1", "true", "--by", "duty"}).code == 1);
  auto said = watch.command(
      {"verdict", incident, "false-alarm", "--by", "duty", "--because", "电话 13812345678 说的"});
  CHECK_MESSAGE(said.code == 0, said.err);
  said = watch.command({"verdict", incident, "true", "--by", "duty", "--because", "核实了"});
  CHECK(said.out.find("expired") != std::string::npos);
  CHECK(said.out.find("mould（影子 shadow）") != std::string::npos);
  const auto rows = tests::json_lines(watch.command({"verdicts", "--json"}).out);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0]["rule"] == "expired");
  CHECK(rows[0]["verdict"] == "right");
  CHECK(rows[0]["revision"].get<int>() > 0);
  CHECK(rows[0]["texts"].size() == 4);
  CHECK(rows[1]["superseded"] == true);
  CHECK(rows[1]["because"] == "电话 *********** 说的");

  const auto open =
      tests::json_lines(watch.command({"verdicts", "--open", "--rule", "mould", "--json"}).out);
  CHECK(open.size() == 5);  // the incident's four are judged with it
  for (const json& one : open) CHECK(one["text"].get<std::string>().starts_with("梅雨天墙面"));
  CHECK(watch.command({"verdicts", "--open"}).code == 2);

  said = watch.command({"promote", "mould", "--by", "boss"});
  CHECK(said.code == 1);
  CHECK(said.err.find("1 of 10") != std::string::npos);
  watch.judge("洗衣液都发霉了", "right");
  watch.judge("墙面发霉", "wrong");
  said = watch.command({"promote", "mould", "--by", "boss", "--verdicts", "8"});
  CHECK(said.code == 1);
  CHECK(said.err.find("precision 0.50 is below 0.90") != std::string::npos);
  CHECK(tests::read_file(watch.house.file("pack.yaml")) == pack("shadow"));
  said =
      watch.command({"promote", "mould", "--by", "boss", "--verdicts", "8", "--precision", "0.5"});
  CHECK_MESSAGE(said.code == 0, said.out, said.err);
  CHECK(said.out.find("-    mode: shadow   # 试用\n+    mode: active   # 试用\n") !=
        std::string::npos);
  CHECK(tests::read_file(watch.house.file("pack.yaml")) == pack("active"));
  CHECK(watch.command({"promote", "mould", "--by", "boss"}).code == 1);
  CHECK(watch.command({"verdicts", "--rule", "mould"}).out.find("boss 将 mould 转正 promoted it") !=
        std::string::npos);
}

TEST_CASE("tune proposes from verdicts what leaves the false alarms out, and writes nothing") {
  Watch watch;
  REQUIRE(watch.house.run_to_end().code == 0);
  auto said = watch.command({"tune", "mould"});
  CHECK(said.code == 1);
  CHECK(said.out.find("no false alarm to learn from") != std::string::npos);
  watch.judge("洗衣液都发霉了", "right");
  watch.judge("墙面发霉", "wrong");
  said = watch.command({"tune", "mould"});
  CHECK_MESSAGE(said.code == 0, said.out, said.err);
  CHECK(said.out.find("+      except: [") != std::string::npos);
  CHECK(said.out.find("44% -> 100%") != std::string::npos);
  CHECK(tests::read_file(watch.house.file("pack.yaml")) == pack("shadow"));
  const json card = watch.card("mould");
  CHECK(card["advice"] == "tune");
  CHECK(card["wrong"] == 5);

  tests::write_file(watch.house.file("right.txt"), "货发霉了\n都霉变了\n");
  tests::write_file(watch.house.file("wrong.txt"), "墙面发霉吗\n墙面发霉了\n墙面发霉\n");
  said = watch.command({"tune", "mould", "--hits", watch.house.file("right.txt"), "--misses",
                        watch.house.file("wrong.txt")});
  CHECK(said.code == 0);
  CHECK(said.out.find("墙面发霉") != std::string::npos);
}

TEST_CASE("with rules in shadow the shipped story is decided as without them") {
  const tests::Temporary folder;
  std::filesystem::copy(kRoot + "/rules/packs", folder.file("packs"),
                        std::filesystem::copy_options::recursive);
  tests::write_file(
      folder.file("packs") + "/zz-shadows.yaml",
      "pack: zz-shadows\nowner: qa\nrules:\n"
      "  - {id: s1, name: 甲, issue: expiry, level: red, mode: shadow, when: {any: "
      "[过期, 日期, 群里, 今天]}, tests: [{hit: 过期}, {miss: 无}]}\n"
      "  - {id: s2, name: 乙, issue: expiry, level: red, subject: merchant, mode: "
      "shadow, when: {any: [汀白, 家里, 一下, 怎么]}, tests: [{hit: 怎么}, {miss: 无}]}\n");
  const std::string story = kRoot + "/deploy/story/";
  const auto ran =
      tests::said({"replay", story + "events.jsonl", "--catalogue", story + "catalogue", "--rules",
                   folder.file("packs"), "--resume", folder.file("kept.db"), "--ledger",
                   folder.file("ledger.jsonl"), "--json"},
                  folder.path());
  REQUIRE_MESSAGE(ran.code == 0, ran.err);
  const auto plain =
      tests::said({"replay", story + "events.jsonl", "--catalogue", story + "catalogue", "--json"},
                  folder.path());
  for (const char* figure : {"signals", "families", "incidents", "notifications"})
    CHECK(json::parse(ran.out)[figure] == json::parse(plain.out)[figure]);
  const auto after_head = [](const std::string& text) { return text.substr(text.find('\n')); };
  const std::string golden = tests::read_file(kRoot + "/tests/replay/story.ledger.golden");
  const std::string ledger = tests::read_file(folder.file("ledger.jsonl"));
  CHECK(after_head(ledger) == after_head(golden));
  CHECK(ledger.substr(0, ledger.find('\n')) != golden.substr(0, golden.find('\n')));
  const auto store = store::open_store({.kind = "sqlite", .path = folder.file("kept.db")});
  REQUIRE(store.ok());
  for (const char* rule : {"s1", "s2"}) {
    int64_t shadows = 0;
    const auto days = engine::read_tally(**store, rule);
    REQUIRE(days.ok());
    for (const engine::RuleDay& day : *days) shadows += day.row.shadow_hits;
    CHECK(shadows > 50);
  }
}
