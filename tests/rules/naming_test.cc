// Which family a message falls to and how its vote is split (DESIGN 11.5).
#include <doctest/doctest.h>

#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;
using rules_test::Said;

namespace {

struct Shop : DeskOfFiles {
  Shop() {
    write_catalogue();
    write_rule("{any: [过期, 发霉]}", "都过期了", "    subject: product\n");
    open();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Shop, "an alias of one product gives it the whole vote") {
  CHECK(votes("山茶花洗衣液用完了") == "A1 1000");
  CHECK(families("山茶花洗衣液用完了") == "brand:沐禾[]");
}

TEST_CASE_FIXTURE(Shop, "a product's full name is an alias") {
  CHECK(votes("岚牧原味酸奶8杯 到了") == "B2 1000");
}

TEST_CASE_FIXTURE(Shop, "an alias that products share is split between them") {
  CHECK(votes("沐禾洗衣液怎么样") == "A1 500 A2 500");
}

TEST_CASE_FIXTURE(Shop, "a merchant in the text chooses among the products of a shared alias") {
  CHECK(votes("在南桥商贸买的沐禾洗衣液") == "A2 1000");
  CHECK(families("在南桥商贸买的沐禾洗衣液") == "brand:沐禾[]");
}

TEST_CASE_FIXTURE(Shop,
                  "a bare brand votes for the products that share the longest further piece") {
  CHECK(votes("沐禾那个雪松木味的") == "A2 1000");
  CHECK(votes("沐禾的洗手液好用吗") == "A3 1000");
  CHECK(votes("沐禾的洗衣液好用吗") == "A1 500 A2 500");
  CHECK(votes("沐禾怎么样") == "");
  CHECK(families("沐禾怎么样") == "brand:沐禾[]");
}

TEST_CASE_FIXTURE(Shop, "two products of a brand share one vote") {
  CHECK(votes("山茶花洗衣液和雪松木洗衣液都买了") == "A1 500 A2 500");
  CHECK(votes("山茶花洗衣液和沐禾洗手液和沐禾洗衣液") == "A1 500 A3 333 A2 166");
}

TEST_CASE_FIXTURE(Shop, "the same alias twice is one vote") {
  CHECK(votes("沐禾洗手液！沐禾洗手液！雪松木洗衣液") == "A2 500 A3 500");
}

TEST_CASE_FIXTURE(Shop, "names are found leftmost and longest") {
  CHECK(families("拾味小站苇湾店在排队") == "store:S1[]");
  CHECK(families("拾味小站（江湾店）在排队") == "store:S2[]");
  CHECK(families("岚牧乳业的货车") == "merchant:M3[]");
}

TEST_CASE_FIXTURE(Shop, "a product or brand keeps merchants and stores from counting") {
  CHECK(families("北桥商贸的沐禾") == "brand:沐禾[]");
  CHECK(families("拾味小站苇湾店的沐禾卖完了") == "brand:沐禾[]");
  CHECK(families("北桥商贸和岚牧都在搞活动") == "brand:岚牧[]");
}

TEST_CASE_FIXTURE(Shop, "a hit of a rule about products falls to the named brands") {
  CHECK(families("北桥商贸的沐禾过期了") == "brand:沐禾[r]");
  CHECK(families("岚牧鲜奶和沐禾洗手液都过期了") == "brand:岚牧[r] brand:沐禾[r]");
  CHECK(families("顺丰送来的沐禾过期了") == "brand:沐禾[r] courier:顺丰速运[]");
}

TEST_CASE_FIXTURE(Shop, "without a brand the hit falls to whatever is named") {
  CHECK(families("岚牧乳业卖过期的东西") == "merchant:M3[r]");
  CHECK(families("顺丰快递来的东西都发霉了") == "courier:顺丰速运[r]");
}

TEST_CASE_FIXTURE(Shop, "without a name the hit falls to the category, else to an unknown family") {
  CHECK(families("买的牛奶过期了") == "category:牛奶[r]");
  CHECK(families("牛奶和酸奶都过期了") == "category:牛奶[r] category:酸奶[r]");
  const std::vector<core::Signal> signals = judge("昨天群里说的那个东西过期了好生气");
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].family.starts_with("unknown:"));
  CHECK(signals[0].family.size() == 8 + 16);
  CHECK_FALSE(signals[0].named);
  CHECK(families("过期了").starts_with("unknown:"));
  CHECK(families("过期了") != families("发霉了"));
}

TEST_CASE_FIXTURE(Shop, "a category without a hit is no signal") {
  CHECK(families("牛奶真好喝") == "");
  CHECK(families("今天天气不错") == "");
}

TEST_CASE_FIXTURE(Shop, "a rule about couriers, merchants or stores falls to those named") {
  write("pack.yaml",
        "pack: p\nowner: qa\nrules:\n"
        "  - {id: late, name: 慢, issue: delivery, level: blue, subject: courier,"
        " when: {any: [太慢了]}, tests: [{hit: 太慢了}, {miss: 没事}]}\n"
        "  - {id: rude, name: 态度, issue: delivery, level: blue, subject: store,"
        " when: {any: [态度差]}, tests: [{hit: 态度差}, {miss: 没事}]}\n"
        "  - {id: shop, name: 黑店, issue: delivery, level: blue, subject: merchant,"
        " when: {any: [黑心商家]}, tests: [{hit: 黑心商家}, {miss: 没事}]}\n");
  open();
  CHECK(families("沐禾的货圆通送得太慢了") == "brand:沐禾[] courier:圆通速递[late]");
  CHECK(families("沐禾的货送得太慢了") == "brand:沐禾[late]");
  CHECK(families("顺丰SF和圆通都太慢了") == "courier:圆通速递[late] courier:顺丰速运[late]");
  // The store and the merchant do not count beside the brand, but the complaint is about them.
  CHECK(families("在拾味小站苇湾店买沐禾，态度差") == "brand:沐禾[] store:S1[rude]");
  CHECK(families("北桥商贸卖的沐禾，黑心商家") == "brand:沐禾[] merchant:M1[shop]");
}

TEST_CASE_FIXTURE(Shop, "a rule about orders or customers falls to the event's own") {
  write_rule("{any: [要曝光]}", "我要曝光", "    subject: customer\n");
  open();
  const Said ticket{
      .text = "沐禾的事我要曝光", .kind = core::Kind::Ticket, .customer = "c-17", .order = "o-9"};
  const std::vector<core::Signal> signals = judge(ticket);
  REQUIRE(signals.size() == 2);
  CHECK(signals[0].family == "brand:沐禾");
  CHECK(signals[0].hits.empty());
  CHECK(signals[1].family.starts_with("customer:"));
  CHECK(signals[1].family.find("c-17") == std::string::npos);
  CHECK(signals[1].hits.size() == 1);
  CHECK_FALSE(signals[1].named);
  CHECK(families("沐禾的事我要曝光") == "brand:沐禾[r]");  // a chat has no customer
}

TEST_CASE_FIXTURE(Shop, "a ticket without a name falls to its order, else its customer") {
  const auto family = [this](Said said) {
    said.text = "收到的货过期了";
    return families(said);
  };
  const std::string order = family({.customer = "c1", .order = "o1"});
  CHECK(order.starts_with("order:"));
  CHECK(family({.customer = "c2", .order = "o1"}) == order);
  CHECK(family({.customer = "c1", .order = "o2"}) != order);
  CHECK(family({.customer = "c1"}).starts_with("customer:"));
  CHECK(families(Said{.text = "牛奶过期了", .order = "o1"}) == order);
}

TEST_CASE_FIXTURE(Shop, "the key of the settings changes the hashes of customers") {
  const Said said{.text = "收到的货过期了", .customer = "c1"};
  const std::string with_public_key = families(said);
  files.hash_key = "another key";
  open();
  CHECK(families(said) != with_public_key);
}

TEST_CASE_FIXTURE(Shop, "a level that a person reports is a signal without rule or name") {
  const Said report{
      .text = "门口有人拉横幅，围了几十个人", .kind = core::Kind::AgentReport, .reported_level = 3};
  const std::vector<core::Signal> signals = judge(report);
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].family.starts_with("unknown:"));
  CHECK(signals[0].reported_level == 3);
  CHECK(signals[0].hits.empty());
  CHECK(
      families(Said{.text = "沐禾被围了", .kind = core::Kind::AgentReport, .reported_level = 3}) ==
      "brand:沐禾[]");
}

TEST_CASE("a Book without a catalogue works: couriers are named, the rest is unknown") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了");
  desk.open();
  CHECK(desk.families("顺丰送来就过期了") == "courier:顺丰速运[r]");
  CHECK(desk.families("这个牌子的牛奶过期了啊").starts_with("unknown:"));
}

namespace {

// Brands and shops that are called like everyday things.
struct EverydayNames : DeskOfFiles {
  EverydayNames() {
    write("catalogue/catalogue.csv",
          "sku,name,aliases,brand,merchant,category\n"
          "G1,光明优倍鲜牛奶,牛奶|面包,光明,城西商贸,牛奶\n"
          "G2,光明雪松木面包,,光明,城西商贸,面包\n"
          "P1,361跑步鞋,361,361,城西商贸,鞋\n"
          "Q1,统一青椒拌面,,统一,生活,面\n"
          "S1,甲家三层抽纸,三层抽纸,甲家,城西商贸,纸\n"
          "S2,乙家三层抽纸,三层抽纸,乙家,城西商贸,纸\n"
          "S3,丙家三层抽纸,三层抽纸,丙家,城西商贸,纸\n"
          "S4,丁家三层抽纸,三层抽纸,丁家,城西商贸,纸\n");
    write_rule("{any: [过期]}", "过期了");
    open();
  }
};

}  // namespace

TEST_CASE_FIXTURE(EverydayNames, "a brand that is an ordinary word does not count alone") {
  CHECK(families("前途一片光明") == "");
  CHECK(families("班长统一收钱") == "");
  CHECK(families("光明过期了的想法").starts_with("unknown:"));
}

TEST_CASE_FIXTURE(EverydayNames, "such a brand counts beside its category, a piece or a marker") {
  CHECK(families("光明的牛奶过期了") == "brand:光明[r]");
  CHECK(families("光明那个优倍好喝") == "brand:光明[]");
  CHECK(families("光明牌的东西") == "brand:光明[]");
  CHECK(families("统一旗舰店发货了") == "brand:统一[]");
  CHECK(families("城西商贸的光明到了") == "brand:光明[]");
  CHECK(families("光明优倍鲜牛奶到了") == "brand:光明[]");
  CHECK(votes("光明优倍鲜牛奶到了") == "G1 1000");
}

TEST_CASE_FIXTURE(EverydayNames, "an alias that is a category word is only a category") {
  CHECK(families("今天牛奶打折") == "");
  CHECK(families("牛奶过期了") == "category:牛奶[r]");
  CHECK(families("面包过期了") == "category:面包[r]");
}

TEST_CASE_FIXTURE(EverydayNames, "a bare number needs more") {
  CHECK(families("跑了361天") == "");
  CHECK(families("361牌的鞋") == "brand:361[]");
}

TEST_CASE_FIXTURE(EverydayNames, "an alias of many brands needs its brand or merchant") {
  CHECK(families("三层抽纸真便宜") == "");
  CHECK(families("乙家的三层抽纸") == "brand:乙家[]");
  CHECK(votes("乙家的三层抽纸") == "S2 1000");
}

TEST_CASE_FIXTURE(EverydayNames, "a merchant that is an ordinary word needs a marker") {
  CHECK(families("美好的生活") == "");
  CHECK(families("生活旗舰店发货了") == "merchant:生活[]");
}

TEST_CASE("a shop whose name would fire a rule does not fire it") {
  DeskOfFiles desk;
  desk.write("catalogue/catalogue.csv", "sku,name,brand\nX1,湖光白米,湖光\n");
  desk.write("catalogue/stores.csv", "store_id,name\nS1,临期特卖城\n");
  desk.write_rule("{any: [临期, 过期]}", "过期了");
  desk.open();
  CHECK(desk.codes() == "name-fires");
  CHECK(desk.families("去临期特卖城逛逛") == "store:S1[]");
  CHECK(desk.families("临期特卖城的货也过期了") == "store:S1[r]");
  CHECK(desk.families("临期的湖光白米") == "brand:湖光[r]");
}

TEST_CASE("a product without a brand is a family of its own") {
  DeskOfFiles desk;
  desk.write("catalogue/catalogue.csv", "sku,name,aliases\nX1,湖光白米五斤装,湖光白米\n");
  desk.write_rule("{any: [过期]}", "过期了");
  desk.open();
  CHECK(desk.families("湖光白米过期了") == "product:X1[r]");
  CHECK(desk.votes("湖光白米过期了") == "X1 1000");
}

TEST_CASE("votes are at most eight, heaviest first, equal ones by SKU") {
  DeskOfFiles desk;
  std::string rows = "sku,name,aliases,brand\n";
  for (int i = 9; i >= 0; --i) {
    const std::string n = std::to_string(i);
    rows.append("Z").append(n).append(",湖光大米").append(n).append("号,湖光大米,湖光\n");
  }
  desk.write("catalogue/catalogue.csv", rows);
  desk.write_rule("{any: [过期]}", "过期了");
  desk.open();
  CHECK(desk.votes("湖光大米") == "Z0 100 Z1 100 Z2 100 Z3 100 Z4 100 Z5 100 Z6 100 Z7 100");
  CHECK(desk.votes("湖光大米9号") == "Z9 1000");
}
