// `qingyu oncall now|next`: who is on duty, who sleeps, and who takes over when.
#include <doctest/doctest.h>

#include "tests/replay/house.h"

namespace {

constexpr const char* kLadders = R"(
ladders:
  default:
    consult: {who: {role: peers}, within: 10m}
    rungs:
      - {name: duty, who: {rota: pr}, enter: {always: true}, ack: 10m, authority: 0}
      - {name: boss, who: {person: boss}, enter: {groups: 9}, decide: 30m, authority: unlimited}
  product-safety:
    rungs:
      - {name: duty, who: {role: peers}, enter: {always: true}, ack: 10m, authority: 0}
people:
  anna: {name: 安娜, channels: [terminal]}
  ben: {name: 本本, channels: [terminal], quiet_hours: {from: "22:00", to: "07:30"}}
  carl: {name: 卡尔, channels: [terminal]}
  boss: {name: 老板, channels: [terminal], zone: Europe/London, quiet_hours: {from: "23:00", to: "07:00"}}
roles:
  peers: {name: 同行, people: [anna, ben]}
rotas:
  pr:
    name: 公关值班
    layers:
      - {people: [anna, ben], start: "2026-03-02 09:00"}
      - {people: [carl], start: "2026-03-02 09:00"}
    overrides:
      - {from: "2026-03-18 00:00", to: "2026-03-19 00:00"}
  abroad:
    name: 海外值班
    zone: America/New_York
    layers:
      - {people: [boss, carl], start: "2026-03-02 09:00", turn: daily}
)";

struct Office : tests::House {
  Office() { tests::write_file(file("ladders.yaml"), kLadders); }

  tests::Said asked(std::vector<std::string> words) {
    words.insert(words.begin(), "oncall");
    words.insert(words.end(), {"--config", file("qingyu.yaml")});
    return tests::said(words, folder());
  }
  std::string told(const std::vector<std::string>& words) {
    const auto ran = asked(words);
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    CHECK_MESSAGE(ran.err.empty(), ran.err);
    return ran.out;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Office,
                  "oncall now tells everybody on duty, by rung and by rota, and who sleeps") {
  CHECK(told({"now", "--at", "2026-03-10 10:00"}) ==
        R"(值班 on call  2026-03-10 10:00 周二 Tue (UTC+08:00)

阶梯 ladder default
  1 duty  本本（ben）  值班表 rota pr
      备班 standby 卡尔（carl）
  2 boss  老板（boss） [免打扰到 asleep until 2026-03-10 15:00]
  协同 consult  安娜（anna）、本本（ben）  角色 role peers

阶梯 ladder product-safety
  1 duty  安娜（anna）、本本（ben）  角色 role peers

值班表 rota abroad 海外值班  America/New_York（America/New_York 2026-03-09 22:00）
  第 1 层 layer 1  在班 on duty  卡尔（carl）  2026-03-09 21:00 → 2026-03-10 21:00

值班表 rota pr 公关值班  Asia/Shanghai
  第 1 层 layer 1  在班 on duty  本本（ben）  2026-03-09 09:00 → 2026-03-16 09:00
  第 2 层 layer 2  备班 standby  卡尔（carl）  2026-03-02 09:00 → 不变 no end
)");
}

TEST_CASE_FIXTURE(Office, "on a holiday the second layer is on duty, and before the rota nobody") {
  const std::string holiday = told({"now", "--at", "2026-03-18 23:00"});
  CHECK(holiday.find("第 1 层 layer 1  备班 standby  无人 nobody  2026-03-18 00:00 → 2026-03-19 "
                     "00:00\n  第 2 层 layer 2  在班 on duty  卡尔（carl）") != std::string::npos);
  CHECK(holiday.find("本本（ben） [免打扰到 asleep until 2026-03-19 07:30]") != std::string::npos);
  const std::string before = told({"now", "--at", "2026-03-01 12:00"});
  CHECK(before.find("1 duty  无人 nobody  值班表 rota pr") != std::string::npos);
  CHECK(before.find("现在无人值班 nobody is on duty now") != std::string::npos);
}

TEST_CASE_FIXTURE(Office,
                  "oncall next lists who hands over to whom, across a change of the clock") {
  // New York's clocks go forward on 2026-03-08: nine o'clock there is 22:00 in Beijing before, and
  // 21:00 after it.
  CHECK(told({"next", "--at", "2026-03-07 12:00", "--days", "3"}) ==
        R"(今后 3 天的交接 hand-overs  2026-03-07 12:00 起 from (UTC+08:00)
2026-03-07 22:00 周六 Sat（America/New_York 09:00）  海外值班  老板（boss） → 卡尔（carl）
2026-03-08 21:00 周日 Sun（America/New_York 09:00）  海外值班  卡尔（carl） → 老板（boss）
2026-03-09 09:00 周一 Mon  公关值班  安娜（anna） → 本本（ben）
2026-03-09 21:00 周一 Mon（America/New_York 09:00）  海外值班  老板（boss） → 卡尔（carl）
)");
  const std::string holiday = told({"next", "--at", "1773734400000", "--days", "3"});
  CHECK(holiday.find("2026-03-18 00:00 周三 Wed  公关值班  安娜（anna） → 卡尔（carl）\n") !=
        std::string::npos);
  CHECK(holiday.find("2026-03-19 00:00 周四 Thu  公关值班  卡尔（carl） → 安娜（anna）\n") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(Office, "without rotas nobody hands over, and that is said") {
  House house;
  const auto ran =
      tests::said({"oncall", "next", "--config", house.file("qingyu.yaml")}, house.folder());
  CHECK(ran.code == 0);
  CHECK(ran.out.find("没有值班表") != std::string::npos);
}

TEST_CASE_FIXTURE(Office, "oncall without a PIN in sight, and wrong use in one line") {
  const std::string hash =
      "$argon2id$v=19$m=65536,t=3,p=1$c2VjcmV0c2FsdHNhbHQ$c2VjcmV0aGFzaHNlY3JldGhhc2g";
  std::string text(kLadders);
  text.replace(text.find("安娜, "), std::string("安娜, ").size(), "安娜, pin: \"" + hash + "\", ");
  tests::write_file(file("ladders.yaml"), text);
  CHECK(told({"now"}).find("c2VjcmV0") == std::string::npos);
  CHECK(asked({"now", "--at", "tomorrow"}).code == 2);
  CHECK(asked({"now", "--at", "2026-02-30 10:00"}).err.find("--at") != std::string::npos);
  CHECK(asked({"next", "--days", "0"}).code == 2);
  CHECK(asked({}).code == 2);
  tests::write_file(file("ladders.yaml"), text + "colour: blue\n");
  const auto broken = asked({"now"});
  CHECK(broken.code == 2);
  CHECK(broken.err.find("unknown key `colour`") != std::string::npos);
}
