// Explanations of real rules and texts: offsets on the original, what is masked by what, names, and
// the same answer as a lane gives.
#include "rules/explain.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/text/utf8.h"
#include "rules/text_pieces.h"
#include "tests/rules/desk_of_files.h"

using rules::Explanation;
using rules::Part;
using rules_test::DeskOfFiles;
using What = rules::Remedy::What;

namespace {

Explanation explain(const DeskOfFiles& desk, const std::string& text,
                    core::Kind kind = core::Kind::Chat) {
  core::Event event;
  event.id = "e1";
  event.kind = kind;
  event.at = core::from_ms(1'700'000'000'000);
  event.text = text;
  return rules::make_explainer(desk.book)->explain(event, "");
}

std::string said(const Explanation& e, const rules::WordSeen& word) {
  return std::string(core::text::slice(e.text, word.start, word.end));
}

// Of the rule that is nearest to firing: what its first condition that failed tells.
const rules::ConditionExplained& first_failed(const Explanation& e) {
  REQUIRE(e.rules.empty());
  REQUIRE(e.nearly.size() == 1);
  REQUIRE_FALSE(e.nearly[0].first_failed.empty());
  return e.nearly[0].conditions[e.nearly[0].first_failed[0]];
}

std::string pieces_of(const std::string& text) {
  core::text::Folded folded;
  core::text::fold(text, folded);
  std::string out, original, normalised;
  for (const rules::TextPiece& p : rules::text_pieces(text, folded)) {
    out += p.changed ? "[" + p.original + ">" + p.folded + "]" : p.original;
    original += p.original;
    normalised += p.folded;
  }
  CHECK(original == text);
  CHECK(normalised == core::text::to_utf8(folded.chars));
  return out;
}

}  // namespace

TEST_CASE("explain: pieces are the whole text, and say where folding changed it") {
  CHECK(pieces_of("很好") == "很好");
  CHECK(pieces_of("過期了") == "[過>过]期了");
  CHECK(pieces_of("过*期了") == "过[*>]期了");
  CHECK(pieces_of("ＡＢ好") == "[ＡＢ>ab]好");
  CHECK(pieces_of("").empty());
  for (const char* text : {"过😂期！！", "ﬁ㍻ok", "a\u0301b", "换行\n\n了", "\u200b零\u200b"})
    pieces_of(text);
}

TEST_CASE("explain: words stand where they stand in the original") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期, abc]}", "过期了");
  desk.open();
  for (const auto& [text, word] : {std::pair("😂牛奶過*期了", "過*期"),
                                   std::pair("手机13800138000，过\u200b期了", "过\u200b期"),
                                   std::pair("👨‍👩‍👧家：过😂期", "过😂期"),
                                   std::pair("買了ＡＢＣ", "ＡＢＣ")}) {
    CAPTURE(text);
    const Explanation e = explain(desk, text);
    REQUIRE(e.words.size() == 1);
    CHECK(said(e, e.words[0].word) == word);
    REQUIRE(e.words[0].uses.size() == 1);
    CHECK(e.words[0].uses[0].rule == "r");
    CHECK(e.words[0].uses[0].parts == std::vector<std::string>{"any"});
    REQUIRE(e.rules.size() == 1);
    CHECK(e.signals.size() == 1);
  }
}

TEST_CASE("explain: a word inside an excepted phrase is told with the phrase") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期], except: [没过期]}", "过期了");
  desk.open();
  const Explanation e = explain(desk, "没过期");
  const auto& any = first_failed(e);
  CHECK(any.part == Part::Any);
  REQUIRE(any.masked.size() == 1);
  CHECK(any.masked[0].word.pattern == "过期");
  CHECK(any.masked[0].phrases == std::vector<std::string>{"没过期"});
  REQUIRE(any.ways.size() == 2);
  CHECK(any.ways[0][0].what == What::WithoutPhrase);
  CHECK(any.ways[0][0].word == "没过期");
}

TEST_CASE("explain: a strict rule tells of a word that is written otherwise, and what would help") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了", "    fold: strict\n");
  desk.open();
  const Explanation e = explain(desk, "牛奶过*期了");
  REQUIRE(e.words.size() == 1);
  CHECK(e.words[0].word.tricks != 0);
  const rules::ConditionExplained& any = first_failed(e);
  REQUIRE(any.masked.size() == 1);
  CHECK(any.masked[0].written_otherwise);
  CHECK(said(e, any.masked[0].word) == "过*期");
  REQUIRE_FALSE(any.ways.empty());
  CHECK(any.ways[0].at(0).what == What::LessStrict);
}

TEST_CASE("explain: a disguised word is told as the word behind it, with where it stands") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期], except: [护照过期]}", "买来就guoqi了", "    fold: aggressive\n");
  desk.open();
  const Explanation e = explain(desk, "买来就guoqi了");
  REQUIRE(e.rules.size() == 1);
  REQUIRE(e.words.size() == 1);
  CHECK(e.words[0].word.pattern == "过期");
  CHECK(said(e, e.words[0].word) == "guoqi");
  CHECK(e.words[0].uses.size() == 1);
  CHECK(explain(desk, "他的护照guoqi了").rules.empty());
}

TEST_CASE("explain: a pair too far apart is told with both numbers") {
  DeskOfFiles desk;
  desk.write_rule("{near: {words: [日期], of: [涂改], within: 2}}", "日期被涂改");
  desk.open();
  const Explanation e = explain(desk, "日期好像被人涂改了");
  const auto& near = first_failed(e);
  CHECK(near.part == Part::Near);
  CHECK(*near.figure == 4);
  CHECK(*near.limit == 2);
  REQUIRE(near.ways.size() == 2);
  CHECK(near.ways[0][0].what == What::Within);
  CHECK(near.ways[0][0].number == 4);
}

TEST_CASE("explain: a veto is told with its list, a kind with what the rule takes") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期], none: [$advertising], from: {kind: [ticket]}}", "过期了");
  desk.open();
  const Explanation chat = explain(desk, "团购价，过期了");
  CHECK(first_failed(chat).part == Part::Kind);
  CHECK(first_failed(chat).actual == "chat");
  CHECK(first_failed(chat).wanted == "ticket");
  CHECK(chat.nearly[0].failures == 2);
  const Explanation ticket = explain(desk, "团购价，过期了", core::Kind::Ticket);
  const auto& none = first_failed(ticket);
  CHECK(none.part == Part::None);
  CHECK(said(ticket, none.words.at(0)) == "团购价");
  CHECK(none.ways.at(0).at(0).advertising);
}

TEST_CASE("explain: a rule without any word in the message is shown only when asked for") {
  DeskOfFiles desk;
  desk.write_rule("{count: {words: [发霉, 长毛, 异味], at_least: 2}}", "发霉，有异味");
  desk.open();
  const auto explainer = rules::make_explainer(desk.book);
  core::Event event;
  event.text = "很好";
  CHECK(explainer->explain(event, "").nearly.empty());
  const Explanation asked = explainer->explain(event, "r");
  const auto& count = first_failed(asked);
  CHECK(*count.figure == 0);
  CHECK(*count.limit == 2);
  CHECK(count.ways.at(0).size() == 2);  // two words more
}

TEST_CASE("explain: how the subject was found, and why a weak name did not count") {
  DeskOfFiles desk;
  desk.write_catalogue();
  desk.write_rule("{any: [过期]}", "过期了");
  desk.open();
  const Explanation named = explain(desk, "沐禾洗衣液过期了");
  const auto alias = std::ranges::find(named.names, size_t{2}, &rules::NameExplained::products);
  REQUIRE(alias != named.names.end());
  CHECK(said(named, alias->word) == "沐禾洗衣液");
  CHECK(alias->counts);
  REQUIRE(named.families.size() == 1);
  CHECK(named.families[0].family == "brand:沐禾");
  const Explanation category = explain(desk, "牛奶过期了");
  CHECK(category.categories == std::vector<std::string>{"牛奶"});
  REQUIRE(category.families.size() == 1);
  CHECK(category.families[0].family == "category:牛奶");
  const Explanation nothing = explain(desk, "这袋过期了");
  REQUIRE(nothing.families.size() == 1);
  CHECK(nothing.families[0].family.starts_with("unknown:"));
}

TEST_CASE(
    "explain: rules and signals are those of the lane's judge on every example of the packs") {
  DeskOfFiles desk;
  desk.files.packs = {std::string(QINGYU_SOURCE_DIR) + "/rules/packs"};
  const std::string shipped = std::string(QINGYU_SOURCE_DIR) + "/rules/";
  desk.files.lists = shipped + "lists.yaml";
  desk.files.taxonomy = shipped + "taxonomy.yaml";
  desk.files.ladders = shipped + "ladders.yaml";
  desk.open();
  const auto explainer = rules::make_explainer(desk.book);
  const auto inspector = rules::make_inspector(desk.book);
  size_t looked = 0;
  for (const rules::RuleFacts& facts : rules::facts_of(*desk.book))
    for (const std::string& text : facts.hits) {
      core::Event event;
      event.id = "e1";
      event.kind = core::Kind::Chat;
      event.at = core::from_ms(1'700'000'000'000);
      event.text = text;
      const Explanation e = explainer->explain(event, "");
      std::vector<std::string> explained, judged;
      for (const rules::RuleExplained& r : e.rules) explained.push_back(r.rule);
      for (const rules::RuleSeen& r : inspector->look(event).rules) judged.push_back(r.rule);
      REQUIRE_MESSAGE(explained == judged, text);
      ++looked;
    }
  CHECK(looked > 50);
}
