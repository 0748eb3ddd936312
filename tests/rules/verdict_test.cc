// When a rule fires: `any`, `all`, `none`, `except`, `near`, `from`, `weigh`.
#include <doctest/doctest.h>

#include "rules/findings.h"
#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;
using rules_test::Said;

namespace {

// A rule with these conditions, and what it says to each text.
struct Table {
  std::string_view when;
  std::vector<const char*> hit;
  std::vector<const char*> miss;
};

void check(const Table& table) {
  DeskOfFiles desk;
  desk.write_rule(table.when, table.hit.front());
  desk.open();
  for (const char* text : table.hit)
    CHECK_MESSAGE(desk.hits(text), table.when << " | " << std::string(text));
  for (const char* text : table.miss)
    CHECK_MESSAGE(!desk.hits(text), table.when << " | " << std::string(text));
}

}  // namespace

TEST_CASE("any: one of the words, lists and expressions") {
  check({"{any: [发霉, 长毛, {re: '烂了.{0,2}[一两三]个'}]}",
         {"全发霉了", "長毛了", "烂了整整三个"},
         {"没事", "烂了", "毛长"}});
}

TEST_CASE("all: every item, of a list one word") {
  check({"{any: [$couriers], all: [不送, 三天]}",
         {"顺丰三天不送", "三天了圆通还不送货"},
         {"顺丰不送", "三天不送", "顺丰三天"}});
  check({"{all: [$couriers, 丢件]}", {"圆通丢件"}, {"丢件", "圆通"}});
}

TEST_CASE("none: a veto anywhere in the message") {
  check({"{any: [过期], none: [$advertising, 护照]}",
         {"过期了"},
         {"过期了，团购价", "护照过期", "过期。。。。我的护照"}});
}

TEST_CASE("except masks only the words inside the phrase") {
  check({"{any: [过期, 临期], except: [没过期, 会员过期]}",
         {"过期了", "没过期，那个过期了", "没过期但是临期", "会员过期了牛奶也过期了"},
         {"没过期", "会员过期", "特意看了,没过*期", "没过期没过期"}});
}

TEST_CASE("except lifts a veto that lies inside its phrase") {
  check({"{any: [过期], none: [广告], except: [不是广告]}",
         {"不是广告，真的过期了"},
         {"广告：过期了", "不是广告也是广告，过期"}});
}

TEST_CASE("an expression that touches an excepted phrase does not count") {
  check({"{any: [{re: '过期.{0,6}牛奶'}], except: [没过期]}",
         {"过期的牛奶", "没过期的酸奶，过期的鲜牛奶"},
         {"没过期的牛奶"}});
}

TEST_CASE("near: two words with few characters between them, in either order") {
  check({"{near: {words: [生产日期], of: [去年, 前年], within: 3}}",
         {"生产日期去年", "生产日期是在去年", "去年的生产日期", "前年啊那生产日期"},
         {"生产日期上写的是去年", "生产日期", "去年", "去年买的那个生产日期"}});
}

TEST_CASE("near: words that overlap are no pair") {
  check({"{near: {words: [保质期], of: [质期只剩, 不多], within: 20}}",
         {"保质期不多"},
         {"保质期只剩"}});
}

TEST_CASE("any or near suffices, and all is asked for besides") {
  check({"{any: [发霉], near: {words: [日期], of: [涂改], within: 5}, all: [客服]}",
         {"发霉了客服不管", "日期被涂改，客服呢"},
         {"发霉了", "日期被涂改", "客服"}});
}

TEST_CASE("a masked word is no partner and fills no `all`") {
  check({"{near: {words: [日期], of: [涂改], within: 9}, except: [没有涂改]}",
         {"日期有涂改"},
         {"日期没有涂改"}});
  check({"{any: [发霉], all: [过期], except: [没过期]}", {"发霉又过期"}, {"发霉但没过期"}});
}

TEST_CASE("words are folded like texts: case, width, traditional characters") {
  check({"{any: [過期, ＡＢＣ牌, Sf Express]}",
         {"过期", "過期", "abc牌", "sf express", "SF-EXPRESS"},
         {"过去", "ab牌"}});
}

TEST_CASE("expressions are folded too, and ignore case") {
  check({"{any: [{re: '過期.{0,3}ABC'}]}", {"过期的abc", "過期abc"}, {"过期", "abc"}});
}

TEST_CASE("an expression without a word that every match holds is found as well") {
  check({"{any: [{re: '[一二三]星(差评|烂评)'}, {re: '差评|烂透'}]}",
         {"一星差评", "差评", "烂透了"},
         {"一星", "好评"}});
}

TEST_CASE("from: other kinds of messages are not looked at") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期], from: {kind: [ticket, report]}}", "过期了");
  desk.open();
  CHECK(desk.families({.text = "过期了东西都过期了", .kind = core::Kind::Chat}) == "");
  CHECK(desk.judge({.text = "过期了", .kind = core::Kind::Ticket}).size() == 1);
  CHECK(desk.judge({.text = "过期了", .kind = core::Kind::Tip}).size() == 1);  // `report`
}

TEST_CASE("weigh: what is known of the message changes the weight, in 0..2000") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了",
                  "    weigh: {image: +200, group_leader: +300, own_staff: -700, forward: -50}\n");
  desk.open();
  const auto weight = [&](const Said& said) {
    return desk.judge(said).at(0).hits.at(0).weight_permille;
  };
  CHECK(weight({.text = "过期了"}) == 1000);
  CHECK(weight({.text = "过期了", .attachments = {{"image", "h", ""}}}) == 1200);
  CHECK(weight({.text = "过期了", .attachments = {{"video", "h", ""}}}) == 1000);
  CHECK(weight({.text = "过期了", .role = core::Role::Owner}) == 1300);
  CHECK(weight({.text = "过期了", .role = core::Role::Admin}) == 1300);
  CHECK(weight({.text = "过期了", .role = core::Role::Staff}) == 300);
  CHECK(weight({.text = "过期了", .forward_of = "e0"}) == 950);
  CHECK(weight({.text = "过期了", .kind = core::Kind::Repost}) == 950);
}

TEST_CASE("weigh: the weight is clipped") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了",
                  "    weigh: {image: 2000, group_leader: 2000, own_staff: -2000}\n");
  desk.open();
  CHECK(
      desk.judge({.text = "过期了", .role = core::Role::Owner, .attachments = {{"image", "h", ""}}})
          .at(0)
          .hits.at(0)
          .weight_permille == 2000);
  const auto staff = desk.judge({.text = "过期了", .role = core::Role::Staff});
  REQUIRE(staff.size() == 1);  // kept, and too light to count
  CHECK(staff[0].hits.at(0).weight_permille == 0);
}

TEST_CASE("a list of the file goes before a shared list of the same name") {
  DeskOfFiles desk;
  desk.write("lists.yaml", "lists:\n  bad: [过期]\n");
  desk.write("pack.yaml",
             "pack: p\nowner: qa\nlists: {bad: [发霉]}\nrules:\n"
             "  - {id: r, name: r, issue: expiry, level: blue, when: {any: [$bad]},"
             " tests: [{hit: 发霉了}, {miss: 过期了}]}\n");
  desk.open();
  CHECK(desk.codes() == "unused-list");
  CHECK(desk.hits("发霉"));
  CHECK_FALSE(desk.hits("过期"));
}
