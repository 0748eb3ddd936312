// The shipped rules: they load without a word of complaint, and every example does what it says.
#include <doctest/doctest.h>

#include <fstream>

#include "core/rota.h"
#include "rules/book.h"
#include "tests/rules/desk_of_files.h"

namespace {

rules::BookFiles shipped() {
  const std::string root = std::string(QINGYU_SOURCE_DIR) + "/rules/";
  rules::BookFiles files;
  files.packs = {root + "packs"};
  files.lists = root + "lists.yaml";
  files.taxonomy = root + "taxonomy.yaml";
  files.ladders = root + "ladders.yaml";
  files.limits = root + "limits.yaml";
  return files;
}

}  // namespace

TEST_CASE("the shipped packs load without errors or warnings and their examples hold") {
  std::vector<rules::Finding> findings;
  const auto book = rules::load_book(shipped(), findings);
  std::string printed;
  for (const rules::Finding& f : findings) printed += rules::to_text(f) + "\n";
  CHECK_MESSAGE(findings.empty(), printed);
  REQUIRE(book != nullptr);
  CHECK(book->rules() > 0);
  CHECK(book->words() > book->rules());
  CHECK(book->policy().ladder("product-safety").rungs.size() == 4);
}

TEST_CASE("the shipped ladders state their hours, their peers and what near-expiry may cost") {
  std::vector<rules::Finding> findings;
  const auto book = rules::load_book(shipped(), findings);
  REQUIRE(book != nullptr);
  const core::Policy& policy = book->policy();
  for (const auto& [id, ladder] : policy.ladders) {
    CHECK(ladder.golden == core::Millis(3600'000));
    CHECK(ladder.briefing_minute == 9 * 60 + 30);
    REQUIRE(ladder.consult.has_value());
    CHECK(ladder.consult->within == core::Millis(15 * 60'000));
    for (const std::string& peer : policy.roles.at(ladder.consult->who.id).people)
      for (const core::Rung& rung : ladder.rungs) CHECK(rung.who.id != peer);
  }
  CHECK(policy.options.size() == 3);
  for (const core::ResponseOption& option : policy.options) {
    CHECK(option.issues == std::vector<std::string>{"expiry"});
    CHECK(policy.issues.contains("expiry"));
    CHECK(option.cost.take_up_permille[2] > option.cost.take_up_permille[0]);
  }
}

TEST_CASE("the rota that the shipped ladders show as a comment loads when it is taken out of it") {
  std::ifstream in(shipped().ladders);
  std::string text;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    inside = inside || line == "# rotas:";
    text.append(inside && line.starts_with("# ") ? line.substr(2) : line).append("\n");
  }
  REQUIRE(inside);
  const std::string fixed = "who: {person: duty}, ";
  text.replace(text.find(fixed), fixed.size(), "who: {rota: duty-rota}, ");
  rules_test::DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了");
  desk.write("ladders.yaml", text);
  desk.open();
  CHECK_MESSAGE(desk.findings.empty(), desk.printed());
  const core::Who duty{core::Who::Kind::Rota, "duty-rota"};
  const auto on = [&](int64_t ms) {
    return core::resolve(desk.book->policy(), duty, core::from_ms(ms)).now;
  };
  CHECK(on(1'772'413'200'000) == std::vector<std::string>{"agent-a"});  // 2026-03-02 09:00
  CHECK(on(1'773'018'000'000) == std::vector<std::string>{"agent-b"});  // a week later
}

TEST_CASE("the matching library passes its known failing cases") {
  const core::Result<core::Unit> result = rules::matcher_self_test();
  CHECK_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  CHECK(rules::matcher_version().starts_with("5.4"));
}
