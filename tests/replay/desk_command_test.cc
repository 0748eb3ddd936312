// `qingyu incidents|show|ack|decide|close` on a stopped and on a running system.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/replay/house.h"

namespace {

using nlohmann::json;

// What a person types: `what` ID --by `by` and more.
struct Try {
  const char *what, *by;
  std::vector<std::string> more;
  int code;
  std::string answer;  // what the program says, or what the ledger says of it later
};

tests::Said act(tests::House& house, const Try& t, const std::string& incident) {
  std::vector<std::string> words = {t.what, incident, "--by", t.by};
  words.insert(words.end(), t.more.begin(), t.more.end());
  return house.command(words);
}

// "ack duty already", one a refusal.
std::vector<std::string> refusals(tests::House& house) {
  std::vector<std::string> all;
  for (const json& line : house.ledger())
    if (line["kind"] == "refusal")
      all.push_back(line["act"].get<std::string>() + " " + line["by"].get<std::string>() + " " +
                    line["because"]["code"].get<std::string>());
  std::ranges::sort(all);
  return all;
}

size_t times(const std::string& text, const std::string& words) {
  size_t n = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++n;
  return n;
}

size_t notifications(tests::House& house) {
  const auto lines = house.ledger();
  return static_cast<size_t>(
      std::ranges::count_if(lines, [](const json& l) { return l["kind"] == "notification"; }));
}

constexpr const char* kTells = "→ 告知 tells";

}  // namespace

TEST_CASE("acts on a stopped system take effect at its next start, once and in their order") {
  tests::House house;
  house.add(tests::House::complaints(0, 1, 4));
  REQUIRE(house.run_to_end().code == 0);
  CHECK(house.states() == "open ");
  const std::string incident = house.incident();
  const Try tries[] = {
      {"ack", "nobody", {}, 0, "unknown_person"},
      {"ack", "duty", {}, 0, ""},
      {"ack", "duty", {}, 0, "already"},
      {"decide", "boss", {"--option", "退款", "--because", "客户电话13800138000"}, 0, ""},
      {"decide", "boss", {"--option", "换货"}, 0, "already_decided"},
  };
  std::vector<std::string> refused;
  for (const Try& t : tries) {
    const auto said = act(house, t, incident);
    CHECK(said.code == t.code);
    CHECK(said.out.find("takes effect at the next start") != std::string::npos);
    if (!t.answer.empty()) refused.push_back(t.what + std::string(" ") + t.by + " " + t.answer);
  }
  CHECK(house.states() == "open ");

  const auto ran = house.run_to_end();
  REQUIRE(ran.code == 0);
  CHECK(house.states() == "open acknowledged decided ");
  std::ranges::sort(refused);
  CHECK(refusals(house) == refused);
  // The terminal shows what changed of an incident that is older than the process.
  CHECK(times(ran.output, "确认 acknowledged") == 1);
  CHECK(times(ran.output, "未接受 refused") == refused.size());
  const auto shown = house.command({"show", incident});
  CHECK(shown.out.find("客户电话***********") != std::string::npos);
  CHECK(shown.out.find("13800138000") == std::string::npos);

  CHECK(act(house, {"close", "duty", {}, 0, ""}, incident).code == 0);
  REQUIRE(house.run_to_end().code == 0);
  CHECK(house.states() == "open acknowledged decided closed ");
  CHECK(house.command({"incidents"}).out == "没有未关闭的事件 no open incidents\n");
  CHECK(house.command({"incidents", "--json"}).out == "");
  CHECK(house.incidents().size() == 1);
}

TEST_CASE("a running system answers each act at once, and a vain one in one line with code 1") {
  tests::House house;
  house.settings("follow: true");
  house.add(tests::House::complaints(0, 1, 4));
  house.start("10");  // an act is answered when the next second begins
  house.wait_until("an incident", [&] { return !house.incidents().empty(); });
  const std::string incident = house.incident();
  const Try tries[] = {
      {"ack", "duty", {}, 0, "acknowledged by duty"},
      {"ack", "boss", {}, 1, "the incident is already acknowledged (duty)"},
      {"ack", "nobody", {}, 1, "there is no person nobody"},
      {"decide", "duty", {"--option", ""}, 1, "duty did not say which option"},
      {"decide", "boss", {"--option", "退款"}, 0, "boss decided: 退款 (reason: none)"},
      {"decide", "duty", {"--option", "换货"}, 1, "boss decided 0 minutes ago: 退款"},
      {"close", "duty", {"--because", "好了"}, 0, "closed by duty (reason: 好了)"},
      {"close", "boss", {}, 1, "the incident is already closed (duty)"},
  };
  for (const Try& t : tries) {
    const auto said = act(house, t, incident);
    CAPTURE(t.answer);
    CHECK_MESSAGE(said.code == t.code, said.out);
    CHECK_MESSAGE(said.out.find(t.answer) != std::string::npos, said.out);
    if (t.code == 1) CHECK_MESSAGE(tests::lines_of(said.out).size() == 1, said.out);
  }
  CHECK(house.states() == "open acknowledged decided closed ");
  CHECK(house.stop() == 0);
}

TEST_CASE("of two who act in the same second one is told yes, and the other no") {
  tests::House house;
  house.settings("follow: true");
  house.add(tests::House::complaints(0, 1, 4));
  house.start();
  house.wait_until("an incident", [&] { return !house.incidents().empty(); });
  const std::string incident = house.incident();
  std::vector<std::unique_ptr<tests::Child>> both;
  for (const char* by : {"duty", "boss"}) {
    const std::vector<std::string> words = {
        tests::qingyu_path(), "ack", incident, "--by", by, "--store", house.store()};
    both.push_back(std::make_unique<tests::Child>(words, house.file(by + std::string(".log"))));
  }
  const int duty = both[0]->wait(), boss = both[1]->wait();
  CHECK(duty + boss == 1);
  const std::string winner = duty == 0 ? "duty" : "boss", other = duty == 0 ? "boss" : "duty";
  CHECK(refusals(house) == std::vector<std::string>{"ack " + other + " already"});
  CHECK(house.ledger().back()["because"]["figures"]["by"] == winner);
  CHECK(house.stop() == 0);
}

TEST_CASE("an act, or a look, that names nothing known is refused in one line before it is kept") {
  tests::House house;
  house.add(tests::House::complaints(0, 1, 4));
  REQUIRE(house.run_to_end().code == 0);
  const std::string incident = house.incident();
  struct Refused {
    std::vector<std::string> words;
    int code;
    std::string says;
  };
  const Refused all[] = {
      {{"ack", "INC-20260416-XXXXXXXX", "--by", "duty"}, 1, "no incident INC-20260416-XXXXXXXX"},
      {{"ack", "family:brand:汀白", "--by", "duty"}, 1, "no incident family:brand:汀白"},
      {{"show", "INC-20260416-XXXXXXXX"}, 1, "no incident INC-20260416-XXXXXXXX"},
      {{"show"}, 2, "INCIDENT is required"},
      {{"ack", incident}, 2, "--by is required"},
      {{"decide", incident, "--by", "boss"}, 2, "--option is required"},
      {{"reopen", incident}, 2, "required"},
  };
  for (const Refused& r : all) {
    const auto said = house.command(r.words);
    CAPTURE(r.says);
    CHECK(said.code == r.code);
    CHECK(said.out == "");
    CHECK(said.err.starts_with("qingyu: "));
    CHECK_MESSAGE(tests::lines_of(said.err).size() == 1, said.err);
    CHECK_MESSAGE(said.err.find(r.says) != std::string::npos, said.err);
  }
  for (const char* what : {"incidents", "status", "show"}) {
    std::vector<std::string> words = {what, "--store", house.file("nowhere.db")};
    if (words[0] == "show") words.insert(words.begin() + 1, incident);
    const auto said = tests::said(words, house.folder());
    CHECK(said.code == 2);
    CHECK(said.err == "qingyu: there is no store " + house.file("nowhere.db") + "\n");
  }
  REQUIRE(house.run_to_end().code == 0);
  CHECK(refusals(house).empty());
}

TEST_CASE("a stopped system goes on where it was, and repeats no message") {
  tests::House house;
  house.settings("follow: true");
  house.add(tests::House::complaints(0, 1, 4));
  house.start();
  house.wait_until("the first message", [&] { return times(house.log(), kTells) == 1; });
  CHECK(house.stop() == 0);
  house.add(tests::House::complaints(10, 5, 6));
  house.start();
  house.wait_until("the second rung", [&] { return times(house.log(), kTells) == 3; });
  CHECK(house.stop() == 0);
  CHECK(times(house.log(), kTells) == notifications(house));
  CHECK(times(house.log(), "事件开启 incident opens") == 1);
  CHECK(times(house.log(), "升级 rung 2 boss") == 1);
  const auto shown = house.command({"show", house.incident()});
  CHECK(times(shown.out, "已送达 delivered  1 次 attempts") == 3);
}

TEST_CASE(
    "after a quiet time and a restart, time goes on from where it was and acts are answered") {
  constexpr int64_t kHalfHourMs = 1'800'000;
  tests::House house;
  house.settings("follow: true");
  house.add(tests::House::complaints(0, 1, 4));
  const auto mark = [&] {
    const json streams = house.status().value("streams", json::array());
    const bool known = !streams.empty() && streams[0]["mark"].is_number();  // null before the first
    return known ? streams[0]["mark"].get<int64_t>() : 0;
  };
  house.start("2000");
  house.wait_until("an incident", [&] { return !house.incidents().empty(); });
  const int64_t opened = house.incidents().front()["at"];
  house.wait_until("half an hour", [&] { return mark() > opened + kHalfHourMs; });
  CHECK(house.stop() == 0);
  const int64_t before = mark();
  const json pid = house.status()["pid"];
  house.start("10");
  house.wait_until("it runs again", [&] { return house.status()["pid"] != pid; });
  const auto said = act(house, {"ack", "duty", {}, 0, ""}, house.incident());
  CHECK_MESSAGE(said.out.find("acknowledged by duty") != std::string::npos, said.out);
  CHECK(house.stop() == 0);
  CHECK(mark() >= before);
}

TEST_CASE("what lies there at the first start hurries nobody: they could not have answered") {
  tests::House house;
  house.settings("follow: true");
  house.add(tests::House::complaints(0, 1, 4));
  for (int minute = 5; minute < 120; ++minute)
    house.add(tests::House::message(minute, minute % 7, "早上好"));
  house.start();
  house.wait_until("all is read", [&] { return house.status().value("events", 0) == 119; });
  CHECK(house.stop() == 0);
  CHECK(house.states() == "open ");
  CHECK(house.incidents().front()["rung_name"] == "duty");
}

TEST_CASE("the very first message of a new system counts though nothing follows it") {
  tests::House house;
  house.settings("follow: true, lateness: 1s");
  std::filesystem::remove(house.file("events.jsonl"));
  house.start("10");
  house.add(tests::House::message(0, 1, "我买的汀白洗衣液过期了还卖"));
  house.wait_until("it is read", [&] { return house.status().value("events", 0) == 1; });
  CHECK(house.stop() == 0);
}

TEST_CASE("people's acts among the messages count only where the settings say so") {
  const std::string ack = tests::House::line(
      10, "command", R"("what":"ack","incident":"family:brand:汀白","by":"duty")");
  for (const bool taken : {false, true}) {
    tests::House house;
    house.settings(taken ? "acts: true" : "");
    house.add(tests::House::complaints(0, 1, 4) + ack + tests::House::message(11, 1, "早上好"));
    REQUIRE(house.run_to_end().code == 0);
    CHECK(house.states() == (taken ? "open acknowledged " : "open "));
    const auto letters = house.dead_letters();
    REQUIRE(letters.size() == (taken ? 0 : 1));
    if (taken) continue;
    CHECK(letters[0]["reason"].get<std::string>().starts_with("not_allowed"));
    CHECK(letters[0]["place"].get<std::string>().ends_with("events.jsonl:5"));
    CHECK(house.status()["dead_letters"] == 1);
  }
}

TEST_CASE("a message that was taken back stays evidence, and whoever is told sees it marked") {
  const std::string recall = R"("channel":{"id":"g1"},"author":{"id":"u1"},"recall_of":")";
  for (const bool recalled : {false, true}) {
    tests::House house;
    const std::string first = tests::House::complaints(0, 1, 1);
    const std::string id = json::parse(first)["id"];
    house.add(first + (recalled ? tests::House::line(1, "chat", recall + id + "\"") : "") +
              tests::House::complaints(2, 2, 2));
    const auto ran = house.run_to_end();
    REQUIRE(ran.code == 0);
    CHECK(house.ledger().front()["groups"] == 3);
    CHECK(times(ran.output, "[已撤回] 我买的汀白洗衣液过期了还卖") == (recalled ? 1 : 0));
  }
}

TEST_CASE("a replay with the journal of a run decides what the run decided") {
  tests::House house;
  house.add(tests::House::complaints(0, 1, 4));
  REQUIRE(house.run_to_end().code == 0);
  const std::string incident = house.incident();
  REQUIRE(act(house, {"ack", "duty", {}, 0, ""}, incident).code == 0);
  house.add(tests::House::complaints(30, 5, 6));
  REQUIRE(house.run_to_end().code == 0);
  REQUIRE(act(house, {"decide", "boss", {"--option", "退款"}, 0, ""}, incident).code == 0);
  REQUIRE(house.run_to_end().code == 0);
  const auto again =
      tests::said({"replay", house.file("events.jsonl"), "--config", house.file("qingyu.yaml"),
                   "--books", house.store(), "--journal", house.store(), "--ledger", "-"},
                  house.folder());
  REQUIRE_MESSAGE(again.code == 0, again.err);
  auto lines = tests::json_lines(again.out);
  REQUIRE(!lines.empty());
  lines.erase(lines.begin());  // the head
  CHECK(house.states() == "open acknowledged acknowledged acknowledged decided ");
  CHECK(lines == house.ledger());
}
