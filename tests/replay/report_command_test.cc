// `qingyu report`: an agent's report takes the same way as every message.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/replay/house.h"

using nlohmann::json;

TEST_CASE("an agent's report is written to the source for reports and opens an incident") {
  tests::House house;
  house.settings("follow: true, reports: true");
  const auto reported =
      tests::said({"report", "--config", house.file("qingyu.yaml"), "--sensitivity", "4", "--by",
                   "duty", "--text", "汀白洗衣液过期了，客户说要找媒体，电话13812345678"},
                  house.folder());
  CHECK(reported.code == 0);
  CHECK(reported.out.starts_with("已上报，敏感度 4 reported"));
  house.start();
  house.wait_until("it has opened an incident", [&] { return house.incidents().size() == 1; });
  CHECK(house.incidents().front()["level"] == "orange");
  CHECK(house.stop() == 0);
  for (const json& line : house.ledger())
    CHECK(line.dump().find("13812345678") == std::string::npos);
}

TEST_CASE("a report that cannot be taken is refused in one line") {
  tests::House house;
  const auto refusal = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"report", "--config", house.file("qingyu.yaml"), "--by",
                                      "duty"};
    words.insert(words.end(), more.begin(), more.end());
    const auto ran = tests::said(words, house.folder());
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    return ran.err;
  };
  house.settings("follow: true");
  CHECK(refusal({"--sensitivity", "3", "--text", "x"}).find("reports: true") != std::string::npos);
  CHECK(refusal({"--sensitivity", "6", "--text", "x"}).find("--sensitivity") != std::string::npos);
  house.settings("follow: true, reports: true");
  CHECK(refusal({"--sensitivity", "3", "--text", ""}).find("--text") != std::string::npos);
}
