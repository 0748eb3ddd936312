// What good files say: taxonomy, ladders and people, limits, catalogue, baselines; and a Book's way
// through its archive.
#include <doctest/doctest.h>

#include "core/rota.h"
#include "rules/pack.h"
#include "rules/policy_files.h"
#include "rules/sources.h"
#include "tests/rules/desk_of_files.h"

using core::Level;
using core::Millis;
using rules_test::DeskOfFiles;

namespace {

// The ladder of the design's page, with every key that this version has.
constexpr std::string_view kLadders = R"(
ladders:
  default: &product
    open: {rule_groups: 4, category_groups: 8, mention_groups: 7, within: 2h, p: 1.0e-5, evidence_p: 0.01, quiet: 3h, reopen: 2d}
    remind: 20m
    rungs:
      - {name: duty,     who: {person: duty},        enter: {always: true}, ack: 10m, authority: 0}
      - {name: manager,  who: {person: cs-manager},  enter: {level: orange, loss: {over: 50000}}, ack: 15m, decide: 60m, authority: 100000}
      - {name: director, who: {person: qa-director}, enter: {level: red, groups: 20, loss: {over: 300000}}, ack: 15m, decide: 45m, authority: 1000000}
      - {name: ceo,      who: {person: ceo},         enter: {loss: {over: 1000000}, people: {over: 100000}}, decide: 30m, authority: unlimited}
  product-safety: *product
people:
  duty:        {name: 值班, channels: [terminal]}
  cs-manager:  {name: 客服经理, channels: [terminal]}
  qa-director: {name: 质检总监, channels: [wecom:qa, webhook:backup], zone: Asia/Shanghai}
  ceo:         {name: 总经理, channels: [terminal]}
)";

// Every word that the ladder's page above does not have.
constexpr const char* kEverything = R"(
ladders:
  default:
    golden: 30m
    briefing: "08:15"
    consult: {who: {role: peers}, within: 10m, up_to: 2}
    rungs:
      - {name: duty, who: {rota: pr}, enter: {always: true}, ack: 10m, authority: 0}
      - name: boss
        who: {person: boss}
        enter: {loss: {over: 100000, chance: 0.3}, people: {over: 5000, within: 6h}, speed: {over: 5}, threats: 2}
        decide: 30m
        authority: unlimited
        quiet_hours: {from: "23:00", to: "07:30", unless_loss_over: 500000}
  product-safety:
    rungs:
      - {name: duty, who: {person: a}, enter: {always: true}, ack: 10m, authority: 0}
people:
  a: {name: 甲, channels: [terminal], contacts: {wecom: jia}, may: [silence, audit]}
  b: {name: 乙, channels: [terminal], quiet_hours: {from: "22:00", to: "08:00"}}
  boss: {name: 老板, channels: [terminal]}
roles:
  peers: {name: 同行, people: [a, b]}
rotas:
  pr:
    layers:
      - {people: [a, b], start: "2026-03-02 09:00", turn: daily}
      - {people: [boss], start: "2026-03-02 09:00"}
    overrides:
      - {from: "2026-03-04 09:00", to: "2026-03-05 09:00"}
      - {from: "2026-03-05 09:00", to: "2026-03-06 09:00", person: a}
fallback: boss
options:
  - {id: refund, name: 退一赔一, issues: [expiry], cost: {refund: 2000, per_unit: 12, fixed: 3000, take_up: [100, 300, 600]}, actions: [shelf]}
  - {id: statement, name: 只发声明}
actions:
  shelf: {name: 下架, channel: "webhook:shelf", undo: 重新上架, confirm: 20m}
four_eyes_over: 400000
inhibit:
  - {source_at_least: red, target_at_most: yellow}
  - {source_at_least: orange, target_at_most: blue, same_category: false}
mute_times:
  - {from: "20:00", to: "08:00"}
  - {from: "00:00", to: "24:00", weekdays: [sat, sun], people: [a, b]}
)";

struct Files : DeskOfFiles {
  Files() { write_rule("{any: [过期]}", "过期了"); }
  const core::Policy& policy() {
    open();
    return book->policy();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Files, "a ladder has its bounds, deadlines and authority") {
  write("ladders.yaml", kLadders);
  const core::Policy& p = policy();
  REQUIRE(p.ladders.size() == 2);
  const core::Ladder& ladder = p.ladder("product-safety");
  CHECK(ladder.id == "product-safety");
  CHECK(ladder.open.rule_groups == 4);
  CHECK(ladder.open.category_groups == 8);
  CHECK(ladder.open.mention_groups == 7);
  CHECK(ladder.open.within == Millis(2 * 3600'000));
  CHECK(ladder.open.p == 1.0e-5);
  CHECK(ladder.open.evidence_p == 0.01);
  CHECK(ladder.open.quiet == Millis(3 * 3600'000));
  CHECK(ladder.open.reopen == Millis(48 * 3600'000));
  CHECK(ladder.remind == Millis(20 * 60'000));
  REQUIRE(ladder.rungs.size() == 4);
  CHECK(ladder.rungs[0].enter.always);
  CHECK(ladder.rungs[0].ack == Millis(600'000));
  CHECK_FALSE(ladder.rungs[0].decide.has_value());
  CHECK(ladder.rungs[1].enter.level == Level::Orange);
  CHECK(ladder.rungs[1].enter.loss_cny->over == 50000);
  CHECK(ladder.rungs[2].enter.groups == 20);
  CHECK(ladder.rungs[2].who.id == "qa-director");
  CHECK(ladder.rungs[3].enter.people->over == 100000);
  CHECK(ladder.rungs[3].authority_cny == -1);
  CHECK(ladder.rungs[3].decide == Millis(30 * 60'000));
}

TEST_CASE_FIXTURE(Files, "bounds have a chance, a forecast and a speed, and rungs their quiet") {
  write("ladders.yaml", kEverything);
  const core::Ladder& ladder = policy().ladder("default");
  CHECK(ladder.golden == Millis(30 * 60'000));
  CHECK(ladder.briefing_minute == 8 * 60 + 15);
  REQUIRE(ladder.consult.has_value());
  CHECK(ladder.consult->who.kind == core::Who::Kind::Role);
  CHECK(ladder.consult->who.id == "peers");
  CHECK(ladder.consult->within == Millis(10 * 60'000));
  CHECK(ladder.consult->sensitivity_max == 2);
  CHECK(ladder.rungs[0].who.kind == core::Who::Kind::Rota);
  const core::Bounds& enter = ladder.rungs[1].enter;
  CHECK(enter.loss_cny->over == 100'000);
  CHECK(enter.loss_cny->chance_permille == 300);
  CHECK(enter.loss_cny->within == Millis(0));
  CHECK(enter.people->over == 5'000);
  CHECK(enter.people->chance_permille == 500);
  CHECK(enter.people->within == Millis(6 * 3600'000));
  CHECK(enter.groups_per_hour == 5);
  CHECK(enter.exposure_threats == 2);
  REQUIRE(ladder.rungs[1].quiet_hours.has_value());
  CHECK(ladder.rungs[1].quiet_hours->from_minute == 23 * 60);
  CHECK(ladder.rungs[1].quiet_hours->to_minute == 7 * 60 + 30);
  CHECK(ladder.rungs[1].quiet_hours->unless_loss_over_cny == 500'000);
}

TEST_CASE_FIXTURE(Files, "a rota has layers, turns and stand-ins in Beijing's time") {
  write("ladders.yaml", kEverything);
  const core::Policy& p = policy();
  const core::Rota& rota = p.rotas.at("pr");
  REQUIRE(rota.layers.size() == 2);
  CHECK(rota.layers[0].turn_days == 1);
  CHECK(rota.layers[1].turn_days == 7);
  constexpr int64_t kStartMs = 1772413200'000;  // 2026-03-02 09:00 +08:00
  CHECK(core::to_ms(rota.layers[0].start) == kStartMs);
  const auto on_duty = [&](int64_t hours) {
    return core::resolve(p, {core::Who::Kind::Rota, "pr"},
                         core::from_ms(kStartMs + hours * 3600'000));
  };
  CHECK(on_duty(0).now == std::vector<std::string>{"a"});
  CHECK(on_duty(0).standby == std::vector<std::string>{"boss"});
  CHECK(on_duty(24).now == std::vector<std::string>{"b"});
  CHECK(on_duty(48).now == std::vector<std::string>{"boss"});  // a holiday: the next layer
  CHECK(on_duty(72).now == std::vector<std::string>{"a"});     // stands in for b
  CHECK(p.roles.at("peers").people == std::vector<std::string>{"a", "b"});
  CHECK(p.fallback_person == "boss");
  CHECK(p.people.at("a").contacts.at("wecom") == "jia");
  CHECK(p.people.at("a").may == std::vector<std::string>{"audit", "silence"});
  CHECK(p.people.at("b").quiet_hours->unless_loss_over_cny == -1);
}

TEST_CASE_FIXTURE(Files, "options have a cost and actions, actions a channel and a way back") {
  write("ladders.yaml", kEverything);
  const core::Policy& p = policy();
  REQUIRE(p.options.size() == 2);
  const core::ResponseOption& refund = *p.option("refund");
  CHECK(refund.issues == std::vector<std::string>{"expiry"});
  CHECK(refund.cost.refund_permille == 2'000);
  CHECK(refund.cost.per_unit_fen == 1'200);
  CHECK(refund.cost.fixed_cny == 3'000);
  CHECK(refund.cost.take_up_permille[0] == 100);
  CHECK(refund.cost.take_up_permille[1] == 300);
  CHECK(refund.cost.take_up_permille[2] == 600);
  CHECK(refund.actions == std::vector<std::string>{"shelf"});
  CHECK(p.option("statement")->cost.fixed_cny == 0);
  const core::ResponseAction& shelf = p.actions.at("shelf");
  CHECK(shelf.name == "下架");
  CHECK(shelf.channel == "webhook:shelf");
  CHECK(shelf.undo == "重新上架");
  CHECK(shelf.confirm == Millis(20 * 60'000));
  CHECK(p.four_eyes_over_cny == 400'000);
}

TEST_CASE_FIXTURE(Files, "greater incidents hold back lesser ones, and mute times what can wait") {
  write("ladders.yaml", kEverything);
  const core::Policy& p = policy();
  REQUIRE(p.inhibitions.size() == 2);
  CHECK(p.inhibitions[0].source_at_least == Level::Red);
  CHECK(p.inhibitions[0].target_at_most == Level::Yellow);
  CHECK(p.inhibitions[0].same_category);
  CHECK(p.inhibitions[1].source_at_least == Level::Orange);
  CHECK(p.inhibitions[1].target_at_most == Level::Blue);
  CHECK_FALSE(p.inhibitions[1].same_category);
  REQUIRE(p.mute_times.size() == 2);
  CHECK(p.mute_times[0].from_minute == 20 * 60);
  CHECK(p.mute_times[0].to_minute == 8 * 60);
  CHECK(p.mute_times[0].weekdays == 0x7f);
  CHECK(p.mute_times[0].people.empty());
  CHECK(p.mute_times[1].from_minute == 0);
  CHECK(p.mute_times[1].to_minute == 24 * 60);
  CHECK(p.mute_times[1].weekdays == 0x60);  // bit 5 Saturday, bit 6 Sunday
  CHECK(p.mute_times[1].people == std::vector<std::string>{"a", "b"});
}

TEST_CASE_FIXTURE(Files, "a person may have the hash of a PIN, which the Book's hash covers") {
  const auto with_pin = [&](const std::string& pin) {
    std::string text(kLadders);
    const std::string ceo = "ceo:         {name: 总经理, ";
    text.insert(text.find(ceo) + ceo.size(), pin);
    write("ladders.yaml", text);
    open();
    return book->hash();
  };
  const std::string hash =
      "$argon2id$v=19$m=65536,t=3,p=1$c2VjcmV0c2FsdHNhbHQ$c2VjcmV0aGFzaHNlY3JldGhhc2g";
  const std::string without = with_pin(""), with = with_pin("pin: \"" + hash + "\", ");
  CHECK(without != with);
  CHECK(policy().people.at("ceo").pin_hash == hash);
  CHECK(policy().people.at("duty").pin_hash.empty());
}

TEST_CASE_FIXTURE(Files, "a ladder without a briefing says off") {
  for (const char* word : {"off", "never"}) {
    std::string text(kEverything);
    text.replace(text.find("\"08:15\""), 7, word);
    write("ladders.yaml", text);
    CHECK_FALSE(policy().ladder("default").briefing_minute.has_value());
  }
}

TEST_CASE_FIXTURE(Files, "people have names, channels in order and a zone") {
  write("ladders.yaml", kLadders);
  const core::Person& director = policy().people.at("qa-director");
  CHECK(director.name == "质检总监");
  CHECK(director.channels == std::vector<std::string>{"wecom:qa", "webhook:backup"});
  CHECK(director.zone == "Asia/Shanghai");
  CHECK(policy().people.at("ceo").zone == "Asia/Shanghai");
}

TEST_CASE_FIXTURE(Files, "an issue has department, stage, ladder and the mark of a threat") {
  const core::Policy& p = policy();
  CHECK(p.issues.at("expiry").department == "质检部");
  CHECK(p.issues.at("delivery").stage == "发货配送");
  CHECK(p.issues.at("exposure_threat").exposure_threat);
  CHECK_FALSE(p.issues.at("expiry").exposure_threat);
  CHECK(p.issue_name("expiry") == "临期/过期");
}

TEST_CASE_FIXTURE(Files, "limits replace the defaults one by one") {
  CHECK(policy().limits.group_view_permille == 500);
  std::string season = "1";
  for (int i = 1; i < 168; ++i) season += i % 2 == 0 ? ", 1.5" : ", 0.5";
  write("limits.yaml",
        "group_view_permille: 400\nprior_mentions_a: 2.5\nzone_offset_minutes: 360\n"
        "season: [" +
            season + "]\n");
  const core::Limits& limits = policy().limits;
  CHECK(limits.group_view_permille == 400);
  CHECK(limits.default_group_members == 130);
  CHECK(limits.prior_mentions_a == 2.5);
  CHECK(limits.zone_offset_minutes == 360);
  REQUIRE(limits.season.size() == 168);
  CHECK(limits.season[1] == 0.5);
}

TEST_CASE_FIXTURE(Files, "an empty limits file is all defaults") {
  write("limits.yaml", "# nothing yet\n");
  CHECK(policy().limits.drift_s2 == 0.1);
}

TEST_CASE_FIXTURE(Files, "the catalogue's columns go by their names") {
  write("catalogue/catalogue.csv",
        "\xEF\xBB\xBFunits_sold_7d,gross_margin,name,sku,aliases,unit_price_cny,brand\r\n"
        "12,0.5,\"大米, 5kg \"\"新\"\"\",B,湖光米| 湖光香米 ||,9.99,湖光\r\n"
        "\r\n"
        "0,,白面,A,,,湖光\r\n");
  write("catalogue/groups.csv", "group_id,members\nx,30\n");
  const core::Catalogue& c = policy().catalogue;
  REQUIRE(c.products.size() == 2);
  CHECK(c.products[0].sku == "A");
  const core::Product& rice = c.products[1];
  CHECK(rice.name == "大米, 5kg \"新\"");
  CHECK(rice.aliases == std::vector<std::string>{"湖光米", "湖光香米"});
  CHECK(rice.price_fen == 999);
  CHECK(rice.units_sold == 12);
  CHECK(c.groups.at("x").members == 30);
  CHECK(c.product("B") == &rice);
}

TEST_CASE_FIXTURE(Files, "a merchant that only a product names is a merchant by its name") {
  write("catalogue/catalogue.csv", "sku,name,merchant\nA,湖光大米,东湖粮行\nB,白面粉,M1\n");
  write("catalogue/merchants.csv", "merchant_id,name\nM1,西湖粮行\n");
  const std::vector<core::Merchant>& merchants = policy().catalogue.merchants;
  REQUIRE(merchants.size() == 2);
  CHECK(merchants[0].id == "M1");
  CHECK(merchants[1].id == "东湖粮行");
}

TEST_CASE_FIXTURE(Files, "bad rows are left out and told; a file full of them is an error") {
  std::string rows = "sku,name,unit_price_cny\n";
  for (int i = 0; i < 11; ++i) rows.append("S").append(std::to_string(i)).append(",名,贵\n");
  write("catalogue/catalogue.csv", rows + "A,白面粉,1\n");
  load();
  CHECK(book == nullptr);
  CHECK(codes().starts_with("bad-rows bad-row"));
  for (int i = 0; i < 120; ++i) rows.append("G").append(std::to_string(i)).append(",名,1\n");
  write("catalogue/catalogue.csv", rows);
  CHECK(policy().catalogue.products.size() == 120);
}

TEST_CASE_FIXTURE(Files, "baselines are read back bit for bit") {
  const rules::LearnedRates learned = {{"brand:沐禾", {1.0 / 3.0, 6.1}},
                                       {"courier:顺丰速运", {1e-7, 12345.678901234567}}};
  write("baselines.tsv", rules::write_baselines(learned));
  CHECK(policy().limits.learned == learned);
}

TEST_CASE_FIXTURE(Files, "a Book comes back from its archive the same") {
  write_catalogue();
  write("limits.yaml", "group_view_permille: 400\n");
  open();
  const auto again = rules::load_archive(book->bytes());
  REQUIRE_MESSAGE(again.ok(), (again.ok() ? "" : again.error().message));
  CHECK((*again)->hash() == book->hash());
  CHECK((*again)->bytes() == book->bytes());
  CHECK((*again)->rules() == book->rules());
  CHECK((*again)->words() == book->words());
  CHECK((*again)->policy().catalogue.products.size() == 5);
  CHECK((*again)->policy().limits.group_view_permille == 400);
}

TEST_CASE_FIXTURE(Files, "the hash is of the files' bytes, not of where they lie") {
  open();
  const std::string hash = book->hash();
  CHECK(hash.size() == 16);
  DeskOfFiles elsewhere;
  elsewhere.write_rule("{any: [过期]}", "过期了");
  elsewhere.open();
  CHECK(elsewhere.book->hash() == hash);
  elsewhere.write_rule("{any: [过期]}", "过期啦");
  elsewhere.open();
  CHECK(elsewhere.book->hash() != hash);
}

TEST_CASE_FIXTURE(Files, "the archive does not hold the key") {
  files.hash_key = "very secret key";
  open();
  CHECK(book->bytes().find("very secret key") == std::string::npos);
}

TEST_CASE_FIXTURE(Files, "a damaged archive is one error") {
  open();
  const std::string bytes = book->bytes();
  CHECK_FALSE(rules::load_archive("").ok());
  CHECK_FALSE(rules::load_archive(bytes + "x").ok());
  for (size_t n = 0; n < bytes.size(); n += 37)
    CHECK_FALSE(rules::load_archive(std::string_view(bytes).substr(0, n)).ok());
}

TEST_CASE("packs of a folder are read in the order of their names") {
  rules::BookFiles files;
  DeskOfFiles desk;
  desk.write("pack_b.yaml", "pack: b\nowner: qa\nrulez: 1\nrules: []\n");
  desk.write("pack_a.yaml", "pack: a\nowner: qa\nrulez: 1\nrules: []\n");
  const std::string folder = desk.files.packs[0].substr(0, desk.files.packs[0].rfind('/'));
  desk.files.packs = {folder};
  desk.load();
  std::string unknown;
  for (const rules::Finding& f : desk.findings)
    if (f.code == "unknown-key") unknown += f.file.substr(folder.size() + 1) + " ";
  CHECK(unknown.starts_with("ladders.yaml"));
  CHECK(unknown.find("pack_a.yaml") < unknown.find("pack_b.yaml"));
}

TEST_CASE("every object of every file says what its keys mean") {
  for (const rules::Schema& schema : {rules::pack_schema(), rules::taxonomy_schema(),
                                      rules::ladders_schema(), rules::limits_schema()})
    for (const auto& [what, keys, together] : schema)
      for (const rules::Key& key : keys) {
        CHECK_FALSE(key.name.empty());
        CHECK_FALSE(key.meaning.empty());
      }
}
