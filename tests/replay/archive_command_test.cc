// The archive of a running system: replayed, looked into with `qingyu archive`, and without the
// words of people who asked to be erased.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/replay/house.h"

using nlohmann::json;

namespace {

constexpr const char* kArchive = "archive: {path: archive, days: 3650, bytes_max: 50MB}\n";

struct Archiving {
  tests::House house;

  explicit Archiving(const std::string& source = "", const std::string& more = "") {
    house.settings(source, kArchive + more);
  }
  std::string folder() const { return house.file("archive"); }
  tests::Said archive(std::vector<std::string> words) {
    words.insert(words.begin(), "archive");
    words.insert(words.end(), {"--config", house.file("qingyu.yaml")});
    return tests::said(words, house.folder());
  }
  tests::Said erase(const std::string& id) {
    return tests::said({"erase", id, "--by", "duty", "--because", "本人要求", "--config",
                        house.file("qingyu.yaml")},
                       house.folder());
  }
  size_t archived() {
    size_t events = 0;
    for (const json& segment : tests::json_lines(archive({"info", "--json"}).out))
      events += segment["events"].get<size_t>();
    return events;
  }
};

}  // namespace

TEST_CASE("the archive of a run, replayed with its journal, decides what the run decided") {
  Archiving at;
  tests::House& house = at.house;
  house.add(tests::House::complaints(0, 1, 4));
  REQUIRE(house.run_to_end().code == 0);
  REQUIRE(house.command({"ack", house.incident(), "--by", "duty"}).code == 0);
  house.add(tests::House::message(29, 20, "我买的汀白洗衣液过期了，电话13812345678"));
  house.add(tests::House::complaints(30, 5, 6));
  REQUIRE(house.run_to_end().code == 0);
  REQUIRE(house.command({"decide", house.incident(), "--by", "boss", "--option", "退款"}).code ==
          0);
  REQUIRE(house.run_to_end().code == 0);

  const auto again =
      tests::said({"replay", at.folder(), "--config", house.file("qingyu.yaml"), "--books",
                   house.store(), "--journal", house.store(), "--ledger", "-"},
                  house.folder());
  REQUIRE_MESSAGE(again.code == 0, again.err);
  auto lines = tests::json_lines(again.out);
  REQUIRE(!lines.empty());
  lines.erase(lines.begin());  // the head
  CHECK(house.ledger().size() > 5);
  CHECK(lines == house.ledger());

  for (const auto& entry : std::filesystem::directory_iterator(at.folder()))
    CHECK(entry.path().extension() != ".new");
  const auto part = tests::said(
      {"replay", at.folder() + "@2026-04-15", "--json", "--config", house.file("qingyu.yaml")},
      house.folder());
  REQUIRE_MESSAGE(part.code == 0, part.err);
  CHECK(json::parse(part.out)["events"] == 0);  // all was said on the 16th
  const auto wrong = tests::said({"replay", at.folder() + "@yesterday"}, house.folder());
  CHECK(wrong.code == 2);
  CHECK(tests::lines_of(wrong.err).size() == 1);
}

TEST_CASE("archive info, find and verify tell what was kept, masked and without names") {
  Archiving at;
  at.house.add(tests::House::message(1, 7, "我买的汀白洗衣液过期了，电话13812345678"));
  at.house.add(tests::House::complaints(2, 1, 4));
  const std::string id = json::parse(tests::lines_of(tests::House::message(9, 9, "x"))[0])["id"];
  const std::string first = "e" + std::to_string(std::stoi(id.substr(1)) - 5);
  REQUIRE(at.house.run_to_end().code == 0);
  CHECK(at.archived() == 5);
  const auto info = at.archive({"info"});
  CHECK(info.code == 0);
  CHECK(info.out.find("合计 total: 1 segments, 5 events, ") != std::string::npos);
  const auto found = at.archive({"find", first});
  REQUIRE_MESSAGE(found.code == 0, found.err);
  const json line = json::parse(found.out);
  CHECK(line["text"] == "我买的汀白洗衣液过期了，电话***********");
  CHECK(line["author"]["id"].get<std::string>().size() == 16);
  CHECK(line["channel"]["id"] == "g7");
  CHECK(at.archive({"find", "nobody"}).code == 1);
  CHECK(at.archive({"verify"}).out == "完好 whole: 1 segments\n");
  const json status = at.house.status()["archive"];
  CHECK(status["written"] == 5);
  CHECK(status["dropped"]["queue"] == 0);
  CHECK(at.house.command({"status"}).out.find("消息存档 archive: events 5, ") != std::string::npos);
  CHECK(tests::said({"archive", "info", "--path", at.house.folder()}, at.house.folder()).code == 2);

  const auto fresh =
      tests::qingyu({"run", "--config", at.house.file("qingyu.yaml"), "--until-end", "--fresh"},
                    at.house.folder());
  CHECK(fresh.code == 0);
  CHECK(at.archived() == 5);  // and not ten
}

TEST_CASE("while the system writes its archive, it is read; a kill loses no whole frame") {
  Archiving at("follow: true");
  at.house.add(tests::House::complaints(0, 1, 4));
  at.house.start();
  at.house.wait_until("the archive can be read",
                      [&] { return std::filesystem::exists(at.folder()) && at.archived() == 4; });
  at.house.add(tests::House::complaints(90, 1, 4));
  at.house.wait_until("it grows", [&] { return at.archived() == 8; });
  CHECK(at.archive({"verify"}).code == 0);
  const auto second =
      tests::said({"run", "--config", at.house.file("qingyu.yaml")}, at.house.folder());
  CHECK(second.code == 2);
  at.house.daemon().kill9();
  CHECK(at.archived() == 8);
  at.house.start();
  at.house.wait_until("it is mended", [&] {
    const auto lines = tests::json_lines(at.archive({"info", "--json"}).out);
    return !lines.empty() && lines.front()["closed"] == true;
  });
  CHECK(at.house.stop() == 0);
  CHECK(at.archive({"verify"}).code == 0);
  CHECK(at.archived() >= 8);
}

TEST_CASE("who is erased is gone from the archive too, asked while it runs or before it starts") {
  Archiving at;
  tests::House& house = at.house;
  house.add(tests::House::complaints(0, 1, 6));
  REQUIRE(house.run_to_end().code == 0);
  REQUIRE(at.archived() == 6);
  tests::write_file(
      house.file("ladders.yaml"),
      "ladders:\n  default: &all\n"
      "    open: {rule_groups: 3, mention_groups: 6, within: 1h, p: 1.0e-6}\n    remind: 15m\n"
      "    rungs:\n      - {name: duty, who: {person: duty}, enter: {always: true}, ack: 10m, "
      "authority: 0}\n"
      "  product-safety: *all\npeople:\n"
      "  duty: {name: 值班, channels: [terminal], may: [reveal]}\n");
  const auto erased = at.erase("u2");
  REQUIRE_MESSAGE(erased.code == 0, erased.err);
  CHECK(at.archived() == 6);
  house.settings("follow: true", kArchive);
  house.start();
  house.wait_until("their words are gone", [&] { return at.archived() == 5; });
  house.add(tests::House::message(10, 3, "今天天气不错"));
  house.wait_until("more is written", [&] { return at.archived() == 6; });
  REQUIRE(at.erase("u3").code == 0);
  house.wait_until("theirs are gone", [&] { return at.archived() == 4; });
  CHECK(house.stop() == 0);
  CHECK(at.archive({"verify"}).code == 0);
}
