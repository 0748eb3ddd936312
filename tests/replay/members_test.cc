// Members of groups: known by a handle, revealed to those who may and written down, erased on
// request.
#include <doctest/doctest.h>

#include "tests/replay/house.h"

using nlohmann::json;

namespace {

struct Estate {
  tests::House house;

  Estate() {
    tests::write_file(house.file("key"), "a key of the test's own, 32 bytes");
    tests::write_file(
        house.file("ladders.yaml"),
        "ladders:\n  default: &all\n"
        "    open: {rule_groups: 3, mention_groups: 6, within: 1h, p: 1.0e-6}\n    remind: 15m\n"
        "    rungs:\n      - {name: duty, who: {person: duty}, enter: {always: true}, ack: 10m, "
        "authority: 0}\n"
        "  product-safety: *all\npeople:\n  duty: {name: 值班, channels: [terminal]}\n"
        "  service: {name: 客服主管, channels: [terminal], may: [reveal]}\n");
    house.settings("follow: true", "hash_key: {file: key}\n");
    house.add(tests::House::complaints(0, 1, 3));
    house.start();
    house.wait_until("an incident is open", [&] { return house.incidents().size() == 1; });
  }

  tests::Said command(std::vector<std::string> words) {
    words.insert(words.end(), {"--config", house.file("qingyu.yaml")});
    return tests::said(words, house.folder());
  }
  std::vector<std::string> members() {
    return tests::lines_of(command({"members", house.incident()}).out);
  }
  size_t entries(const std::string& what) {
    size_t count = 0;
    for (const json& line : house.ledger())
      count += line.value("kind", "") == "decision" && line.value("what", "") == what;
    return count;
  }
};

}  // namespace

TEST_CASE("a member is revealed to who may and says why, and the decision log has it") {
  Estate estate;
  estate.house.wait_until("the three authors are listed",
                          [&] { return estate.members().size() == 3; });
  const std::string incident = estate.house.incident();
  const std::string handle = estate.members().front().substr(0, 16);
  for (const std::string& line : estate.members()) CHECK(line.find("群") != std::string::npos);
  CHECK(handle.find_first_not_of("0123456789abcdef") == std::string::npos);

  const auto duty =
      estate.command({"reveal", incident, handle, "--by", "duty", "--because", "要打电话"});
  CHECK(duty.code == 1);
  CHECK(duty.out.find("无权查看") != std::string::npos);
  CHECK(estate.entries("revealed") == 0);

  const auto service =
      estate.command({"reveal", incident, handle, "--by", "service", "--because", "要打电话"});
  CHECK_MESSAGE(service.code == 0, service.out, service.err);
  const std::string id = tests::lines_of(service.out).back();
  CHECK_MESSAGE((id == "u1" || id == "u2" || id == "u3"), service.out);
  CHECK(estate.entries("revealed") == 1);
  CHECK(estate.house.command({"audit", "verify"}).code == 0);

  CHECK(
      estate.command({"reveal", incident, "0000000000000001", "--by", "service", "--because", "x"})
          .code == 1);
  CHECK(estate.house.stop() == 0);
  // A stopped system can write nothing down, so it reveals nothing.
  const auto stopped =
      estate.command({"reveal", incident, handle, "--by", "service", "--because", "要打电话"});
  CHECK(stopped.code == 1);
  CHECK(stopped.out.find("\nu") == std::string::npos);
}

TEST_CASE("who asks to be erased is gone, with their words") {
  Estate estate;
  estate.house.wait_until("the three authors are listed",
                          [&] { return estate.members().size() == 3; });
  const auto refused = estate.command({"erase", "u2", "--by", "duty", "--because", "不该"});
  CHECK(refused.code == 1);
  CHECK(refused.err.find("无权删除") != std::string::npos);
  CHECK(estate.members().size() == 3);
  const auto erased =
      estate.command({"erase", "u2", "--by", "service", "--because", "本人要求 13812345678"});
  CHECK(erased.code == 0);
  CHECK(erased.out.starts_with("已删除 1 处身份"));
  CHECK(estate.members().size() == 2);
  estate.house.wait_until("their words are gone", [&] { return estate.entries("erased") == 1; });
  for (const json& line : estate.house.ledger())
    CHECK(line.dump().find("13812345678") == std::string::npos);
  estate.house.add(tests::House::complaints(5, 4, 8));
  estate.house.wait_until("the boss would be told", [&] { return estate.members().size() == 10; });
  CHECK(estate.house.command({"audit", "verify"}).code == 0);
  CHECK(estate.house.stop() == 0);
}
