// `qingyu match` as its users type it: what it finds, where it says the words stand, what it says
// of what it cannot read, and that threads change nothing.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/text/utf8.h"
#include "tests/replay/house.h"

namespace {

using nlohmann::json;

class Desk {
 public:
  std::string file(const std::string& name) const { return house_.file(name); }
  void write(const std::string& name, const std::string& text) const {
    tests::write_file(file(name), text);
  }
  // `qingyu match` with this house's rules.
  tests::Said match(std::vector<std::string> words, const std::string& input = "/dev/null") const {
    words.insert(words.begin(), "match");
    words.insert(words.end(), {"--config", file("qingyu.yaml")});
    return tests::said(words, house_.folder(), input);
  }

 private:
  tests::House house_;
};

constexpr const char* kTexts =
    "今天很好\n😂家里的奶過*期了\n\nＡ过\u200b期Ｂ，手机13800138000\n汀白洗衣液过期，又过期\n";

// The words of a JSON line, cut out of the text by their offsets.
std::vector<std::string> cut_out(const json& line, const std::string& text) {
  std::vector<std::string> words;
  for (const json& rule : line.at("rules"))
    for (const json& word : rule.at("words"))
      words.emplace_back(core::text::slice(text, word.at("start"), word.at("end")));
  return words;
}

}  // namespace

TEST_CASE("match: the messages that a rule takes, each with its words at offsets of the original") {
  const Desk desk;
  desk.write("texts", kTexts);
  const auto ran = desk.match({desk.file("texts"), "--format", "json"});
  CHECK(ran.code == 0);
  CHECK(ran.err == "");
  const auto lines = tests::json_lines(ran.out);
  const auto texts = tests::lines_of(kTexts);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].at("id") == desk.file("texts") + ":2");
  CHECK(lines[0].at("rules").at(0).at("rule") == "expired");
  CHECK(cut_out(lines[0], texts[1]) == std::vector<std::string>{"過*期"});
  CHECK(lines[1].at("id") == desk.file("texts") + ":4");
  CHECK(cut_out(lines[1], texts[3]) == std::vector<std::string>{"过\u200b期"});
  CHECK(cut_out(lines[2], texts[4]) == std::vector<std::string>{"过期", "过期"});
  CHECK(lines[2].at("subject") == json::array({"brand:汀白"}));
}

TEST_CASE("match: text is one line a message, masked, coloured where it is wanted") {
  const Desk desk;
  desk.write("texts", kTexts);
  const auto plain = desk.match({desk.file("texts")});
  const auto lines = tests::lines_of(plain.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[2] ==
        desk.file("texts") + ":5\texpired:过期@5-7,过期@9-11\tbrand:汀白\t汀白洗衣液过期，又过期");
  CHECK(plain.out.find("13800138000") == std::string::npos);
  CHECK(plain.out.find('\x1b') == std::string::npos);
  const auto coloured = desk.match({desk.file("texts"), "--color", "always"});
  CHECK(coloured.out.find("家里的奶\x1b[1;31m過*期\x1b[0m了") != std::string::npos);
  CHECK(coloured.out.find("Ａ\x1b[1;31m过\u200b期\x1b[0mＢ") != std::string::npos);
}

TEST_CASE("match: a message cannot steer the terminal, nor break its line") {
  const Desk desk;
  desk.write("events", R"({"id":"e1","ts":1776300000000,"platform":"wechat","kind":"chat",)"
                       R"("channel":{"id":"g"},"author":{"id":"u"},"text":"过期\n\u001b[2J了"})"
                       "\n");
  const auto ran = desk.match({desk.file("events")});
  CHECK(tests::lines_of(ran.out).size() == 1);
  CHECK(ran.out.find('\x1b') == std::string::npos);
  CHECK(ran.out.find("过期↵␛[2J了") != std::string::npos);
}

TEST_CASE("match: like grep, 0 when something matches, 1 when nothing does, 2 on an error") {
  const Desk desk;
  desk.write("good", "很好\n");
  desk.write("bad", "过期\n");
  CHECK(desk.match({desk.file("good")}).code == 1);
  CHECK(desk.match({desk.file("good")}).out == "");
  CHECK(desk.match({desk.file("good"), "-c"}).out == "0\n");
  CHECK(desk.match({desk.file("good"), desk.file("bad"), "-c"}).out == "1\n");
  const auto missing = desk.match({desk.file("bad"), desk.file("nowhere")});
  CHECK(missing.code == 2);
  CHECK(tests::lines_of(missing.out).size() == 1);  // the other file was read
  CHECK(missing.err.find("nowhere: No such file") != std::string::npos);
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"--format", "xml"}, {"--kind", "fax"}, {"--at", "noon"}, {"--rules", "/nowhere"}}) {
    std::vector<std::string> words = wrong;
    words.push_back(desk.file("bad"));
    const auto ran = desk.match(words);
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    CHECK_FALSE(ran.err.empty());
  }
}

TEST_CASE("match: a pipe is read like a file, and what cannot be read is counted and told") {
  const Desk desk;
  const std::string events = tests::House::message(0, 1, "过期了") + "no JSON\n" +
                             tests::House::message(1, 1, "很好") + "{\"id\":\n";
  desk.write("events", events);
  const auto ran = desk.match({"--decoder", "qingyu"}, desk.file("events"));
  CHECK(ran.code == 0);
  CHECK(tests::lines_of(ran.out).size() == 1);
  REQUIRE(tests::lines_of(ran.err).size() == 1);
  CHECK(ran.err.find("2 条读不懂 unreadable") != std::string::npos);
  CHECK(ran.err.find("-: message 2: broken_json") != std::string::npos);
  desk.write("binary", "过期\n\xff\xfe过期\n");
  const auto binary = desk.match({desk.file("binary")});
  CHECK(tests::lines_of(binary.out).size() == 1);
  CHECK(binary.err.find("message 2: invalid_utf8") != std::string::npos);
}

TEST_CASE("match: rules that are not valid, or look at other kinds, take nothing") {
  const Desk desk;
  desk.write("pack.yaml",
             "pack: p\nowner: qa\nrules:\n"
             "  - {id: over, name: 过, issue: expiry, level: yellow, subject: product, valid_to: "
             "2020-01-01, when: {any: [异味]}, tests: [{hit: 异味}, {miss: 好}]}\n"
             "  - {id: tickets, name: 单, issue: expiry, level: yellow, subject: product, when: "
             "{any: [长毛], from: {kind: [ticket]}}, tests: [{hit: 长毛}, {miss: 好}]}\n");
  desk.write("texts", "异味\n长毛\n");
  const auto count = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {desk.file("texts"), "-c"});
    return desk.match(more).out;
  };
  CHECK(count({}) == "0\n");
  CHECK(count({"--kind", "ticket"}) == "1\n");
  CHECK(count({"--at", "2019-05-05 10:00"}) == "1\n");
  CHECK(count({"--kind", "ticket", "--at", "2019-05-05"}) == "2\n");
}

TEST_CASE("match: threads change nothing, nor the order") {
  const Desk desk;
  std::string events;
  for (int i = 0; i < 20'000; ++i)
    events += tests::House::message(
        i, i % 7, i % 3 == 0 ? "第" + std::to_string(i) + "袋过期了" : "今天天气不错");
  desk.write("events", events);
  const auto one = desk.match({desk.file("events"), "--threads", "1"});
  CHECK(tests::lines_of(one.out).size() == 6'667);
  const auto four = desk.match({desk.file("events"), "--threads", "4"});
  CHECK((four.out == one.out));
  CHECK(desk.match({desk.file("events"), "--threads", "3", "-c"}).out == "6667\n");
}

TEST_CASE("match: it ends quietly when nobody reads on") {
  const tests::House house;
  std::string texts;
  for (int i = 0; i < 200'000; ++i) texts += "这一袋也过期了\n";
  tests::write_file(house.file("texts"), texts);
  const std::string line = "\"$1\" match \"$2\" --config \"$3\" 2>\"$4\" | head -n 1 >\"$5\"";
  tests::Child child({"sh", "-c", line, "sh", tests::qingyu_path(), house.file("texts"),
                      house.file("qingyu.yaml"), house.file("err"), house.file("out")},
                     house.file("log"));
  CHECK(child.wait() == 0);
  CHECK(tests::lines_of(tests::read_file(house.file("out"))).size() == 1);
  CHECK(tests::read_file(house.file("err")) == "");
}

TEST_CASE("match: a file that begins with an emoticon in brackets is plain text") {
  const Desk desk;
  desk.write("chat.txt", "[发怒] 又过期了\n{笑脸} 过期\n很好\n");
  const auto ran = desk.match({desk.file("chat.txt"), "-c"});
  CHECK(ran.code == 0);
  CHECK(ran.out == "2\n");
  CHECK(ran.err == "");
}
