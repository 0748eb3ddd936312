// `qingyu test` as rule authors run it: on what is shipped, and on a pack and stories of their own.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/replay/house.h"

namespace {

const std::string kRules = QINGYU_SOURCE_DIR "/rules/";

constexpr const char* kStory =
    "story: 传开\nat: \"2026-03-10 14:00\"\nmessages:\n"
    "  - {at: +0s, repeat: 3, every: 5m, group: \"g{n}\", text: 汀白洗衣液过期了还卖}\n";

// A house with a story, whose expectations are given.
class Author {
 public:
  explicit Author(const std::string& expectations, const std::string& more = "") {
    std::filesystem::create_directory(house.file("stories"));
    story(std::string(kStory) + "expect:\n" + expectations + more);
  }
  void story(const std::string& bytes) {
    tests::write_file(house.file("stories/a.story.yaml"), bytes);
  }
  tests::Said test(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"test", "--config", house.file("qingyu.yaml")};
    words.insert(words.end(), more.begin(), more.end());
    return tests::said(words, house.folder());
  }

  tests::House house;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every example of the shipped rules and every shipped story passes") {
  const tests::Temporary folder;
  const auto ran = tests::said({"test", "--config", QINGYU_SOURCE_DIR "/deploy/qingyu.yaml",
                                "--junit", folder.file("junit.xml")},
                               folder.path());
  CHECK_MESSAGE(ran.code == 0, ran.out << ran.err);
  CHECK(holds(ran.out, "全部通过 all passed"));
  CHECK_FALSE(holds(ran.out, "stories 0/0"));
  tests::write_file(
      folder.file("read.py"),
      "import sys, xml.etree.ElementTree as tree\n"
      "root = tree.parse(sys.argv[1]).getroot()\n"
      "stories = [c for c in root.iter('testcase')\n"
      "           if c.get('classname').endswith('.story.yaml')]\n"
      "print(root.get('failures'), len(stories) >= 6, int(root.get('tests')) > 900)\n");
  tests::run({"python3", folder.file("read.py"), folder.file("junit.xml")}, folder.file("log"));
  CHECK(tests::read_file(folder.file("log")) == "0 True True\n");
}

TEST_CASE("a story of one's own passes with the minute, the level, the rung and the words") {
  Author author(
      "  - {at: +10m, incident: brand:汀白, issue: expiry, level: yellow, rung: duty}\n"
      "  - {at: +10m, person: duty, channel: terminal, cause: opened, text: 汀白洗衣液过期了还卖}\n"
      "  - {never: true, rung: boss}\n");
  const auto ran = author.test();
  CHECK_MESSAGE(ran.code == 0, ran.out << ran.err);
  CHECK(holds(ran.out, "例子 examples 2/2, 故事 stories 1/1"));
}

TEST_CASE("a deadline that nobody keeps climbs in its minute, and an act in time holds it") {
  Author author("  - {at: +20m, person: boss, because: missed_ack}\n");
  CHECK(author.test().code == 0);
  author.story(std::string(kStory) +
               "people: [{at: +15m, do: ack, by: duty, incident: \"brand:汀白\"}]\nexpect:\n"
               "  - {at: +15m, state: acknowledged}\n  - {never: true, rung: boss}\nuntil: +3h\n");
  const auto ran = author.test();
  CHECK_MESSAGE(ran.code == 0, ran.out << ran.err);
}

TEST_CASE("what did not happen is shown beside the nearest that did, exit code 1") {
  Author author("  - {by: +10m, incident: brand:汀白, level: orange}\n");
  const auto ran = author.test();
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "stories/a.story.yaml:6:5: "));
  CHECK(holds(ran.out, "\n- by: +10m, incident: brand:汀白, level: orange\n"));
  CHECK(holds(ran.out, "\n+ +10m  brand:汀白, expiry, yellow, open, rung: duty"));
  CHECK(holds(ran.out, "没有全部通过 failed: 例子 examples 2/2, 故事 stories 0/1"));
}

TEST_CASE(
    "an example that fails is a failed test with its line, and the stories run all the same") {
  Author author("  - {at: +10m, incident: brand:汀白}\n");
  std::string mended = tests::read_file(author.house.file("pack.yaml"));
  mended.replace(mended.find("{miss: 很好}"), 14, "{miss: 过期了吗}");
  tests::write_file(author.house.file("pack.yaml"), mended);
  const auto ran = author.test();
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "pack.yaml:10:"));
  CHECK(holds(ran.out, "should miss, but hits"));
  CHECK(holds(ran.out, "例子 examples 1/2, 故事 stories 1/1"));
}

TEST_CASE("a rule that is off pages nobody, though its examples are tested") {
  Author author("  - {none: true}\n");
  CHECK(author.test().code == 1);
  std::string pack = tests::read_file(author.house.file("pack.yaml"));
  pack.replace(pack.find("    subject:"), 0, "    mode: off\n");
  tests::write_file(author.house.file("pack.yaml"), pack);
  const auto ran = author.test();
  CHECK_MESSAGE(ran.code == 0, ran.out << ran.err);
  CHECK(holds(ran.out, "例子 examples 2/2, 故事 stories 1/1"));
}

TEST_CASE("a story may bring its own products, in the file or as a folder beside it") {
  Author author("");
  const std::string messages =
      "messages:\n  - {at: +0s, repeat: 3, every: 1m, group: \"g{n}\", text: 沐禾过期了}\n"
      "expect:\n  - {at: +2m, incident: brand:沐禾, subject: \"product:A1\"}\n";
  author.story(
      "story: 一\nat: \"2026-03-10 14:00\"\n"
      "catalogue: [{sku: A1, name: \"沐禾, 2kg\", aliases: [沐禾], brand: 沐禾}]\n" +
      messages);
  auto ran = author.test();
  CHECK_MESSAGE(ran.code == 0, ran.out << ran.err);
  std::filesystem::create_directory(author.house.file("stories/goods"));
  tests::write_file(author.house.file("stories/goods/catalogue.csv"),
                    "sku,name,aliases,brand,merchant,department,category,unit_price_cny,"
                    "units_sold_7d\nA1,沐禾两公斤,沐禾,沐禾,,,,10,5\n");
  author.story("story: 一\nat: \"2026-03-10 14:00\"\ncatalogue: goods\n" + messages);
  ran = author.test();
  CHECK_MESSAGE(ran.code == 0, ran.out << ran.err);
}

TEST_CASE("mistakes in stories are told like those in packs, exit code 1") {
  Author author("  - {never: true, rung: bos}\n");
  auto ran = author.test();
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "stories/a.story.yaml:6:5: error: "));
  CHECK(holds(ran.out, "did you mean `boss`?"));
  CHECK(holds(ran.out, "- {never: true, rung: bos}\n"));
  author.story("story: 一\n");
  ran = author.test();
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "a.story.yaml:1:1: error: "));
}

TEST_CASE("a mistake in the rules is told once, however many Books the stories need") {
  Author author("  - {none: true}\n", "catalogue: [{sku: A1, name: 沐禾洗衣液, brand: 沐禾}]\n");
  std::string pack = tests::read_file(author.house.file("pack.yaml"));
  pack.replace(pack.find("level: yellow"), 13, "level: purple");
  tests::write_file(author.house.file("pack.yaml"), pack);
  const auto ran = author.test();
  CHECK(ran.code == 1);
  const size_t first = ran.out.find("pack.yaml:7:12: error: ");
  REQUIRE(first != std::string::npos);
  CHECK(ran.out.find("pack.yaml:7:12: error: ", first + 1) == std::string::npos);
}

TEST_CASE("only what is asked for runs, and a question that nothing answers is wrong use") {
  Author author("  - {at: +10m, incident: brand:汀白}\n");
  CHECK(holds(author.test({"--only", "传开"}).out, "例子 examples 0/0, 故事 stories 1/1"));
  CHECK(holds(author.test({"--only", "expired miss"}).out, "例子 examples 1/1, 故事 stories 0/0"));
  CHECK(author.test({"--only", "nothing at all"}).code == 2);
  CHECK(holds(author.test({author.house.file("stories")}).out, "examples 0/0, 故事 stories 1/1"));
  CHECK(author.test({author.house.file("nowhere")}).code == 2);
  CHECK(author.test({"--junit", author.house.file("nowhere/junit.xml")}).code == 2);
}

TEST_CASE("a story gives the same on every run") {
  Author author("  - {by: +1m, level: red}\n");
  const auto lines = [&] {
    auto all = tests::lines_of(author.test().out);
    all.pop_back();  // the seconds
    return all;
  };
  const auto first = lines();
  CHECK(first.size() > 3);
  CHECK(lines() == first);
}
