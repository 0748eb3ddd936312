// What `fold` of a rule decides: strict takes words as they are written, aggressive finds them
// disguised, and neither changes what the other rules of the Book see.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/text/utf8.h"
#include "rules/guise_scanner.h"
#include "rules/inspector.h"
#include "rules/matcher.h"
#include "tests/rules/desk_of_files.h"

namespace {

using core::text::Folded;
using rules::Match;

constexpr const char* kAggressive = "    fold: aggressive\n";

// A Book with one aggressive rule.
struct Desk : rules_test::DeskOfFiles {
  void rule(const std::string& when, const std::string& hit) {
    write_rule(when, hit, kAggressive);
    open();
  }
  // The tricks by which the first word of the text was found.
  std::string tricks(const std::string& text) {
    core::Event event;
    event.kind = core::Kind::Chat;
    event.text = text;
    const auto inspector = rules::make_inspector(book);
    const rules::Seen& seen = inspector->look(event);
    return seen.words.empty() ? "-" : rules::tricks_text(seen.words.front().tricks);
  }
  bool found_by(const std::string& text, uint16_t tricks) {
    core::Event event;
    event.kind = core::Kind::Chat;
    event.text = text;
    const auto inspector = rules::make_inspector(book);
    const rules::Seen& seen = inspector->look(event);
    return std::ranges::find(seen.words, tricks, &rules::WordSeen::tricks) != seen.words.end();
  }
};

// Words scanned for with and without disguise.
class Pair {
 public:
  Pair(const std::vector<std::u32string>& words, uint16_t tricks) {
    std::vector<rules::Guises::Word> of;
    for (size_t i = 0; i < words.size(); ++i) of.push_back({static_cast<uint32_t>(i), words[i]});
    rules::CompileError error;
    guises = rules::Guises::create(of, tricks);
    plain.emplace(rules::Matcher::create(words, {}, error));
    guised.emplace(rules::Matcher::create(words, {}, error, {}, guises));
  }
  std::shared_ptr<const rules::Guises> guises;
  std::optional<rules::Scanner> plain, guised;
};

Folded folded(const std::string& text) {
  Folded out;
  core::text::fold(text, out);
  return out;
}

std::string shown(const std::vector<Match>& matches) {
  std::string text;
  for (const Match& m : matches)
    text += std::to_string(m.begin) + "-" + std::to_string(m.end) + " " +
            std::to_string(m.pattern) + " " + std::to_string(m.tricks) + "; ";
  return text;
}

// Texts of words, their disguises and what stands between.
std::string random_text(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "过期", "果期",   "guoqi",  "guo", "qi",   "过",   "期",   "其月", "变质",
      "质变", "保质期", "保期质", "bzq", "发霉", "发梅", "机票", "木几", "票",
      "了",   "的",     "👩",      "🐘",   "*",    " ",    "，",   "ab",   "12",
      "1",    "\n",     "没",     "人",  "女人", "结果", "期待"};
  std::string text;
  for (size_t n = random() % 12; n > 0; --n) text += kPieces[random() % kPieces.size()];
  return text;
}

const std::vector<std::u32string> kWords = {U"过期", U"变质", U"保质期", U"发霉", U"机票", U"女人"};

}  // namespace

TEST_CASE_FIXTURE(Desk, "an aggressive rule finds its words by sound, and says so") {
  rule("{any: [过期, 发霉, 变质]}", "奶粉果期了");
  CHECK(tricks("奶粉果期了") == "sound");
  CHECK(tricks("奶粉锅漆了") == "sound");
  CHECK(tricks("奶粉guoqi了") == "pinyin");
  CHECK(tricks("奶粉guo qi了") == "pinyin");
  CHECK(tricks("奶粉guò qī了") == "pinyin");
  CHECK(tricks("奶粉过qi了") == "pinyin");
  CHECK(tricks("奶粉guo期了") == "pinyin");
  CHECK(tricks("奶粉果qi了") == "sound, pinyin");
  CHECK(tricks("奶粉过期了") == "");
  CHECK(tricks("奶粉过*期了") == "removed");
}

TEST_CASE_FIXTURE(Desk, "what makes sense as it stands is no disguise") {
  rule("{any: [过期, 变质, 保质期]}", "奶粉果期了");
  for (const char* text : {"结果期待了很久", "国旗飘扬", "国企员工", "果汁好喝", "他编织了毛衣",
                           "good morning guys", "the gigabyte", "这是鞭炮质量", "饱食终日"}) {
    CAPTURE(text);
    CHECK(tricks(text) == "-");
  }
}

TEST_CASE_FIXTURE(Desk, "an aggressive rule finds characters that are split or look alike") {
  rule("{any: [机票, 过期, 歧视]}", "木几票太贵");
  CHECK(tricks("木几票太贵") == "split");
  CHECK(found_by("辶寸其月的奶", rules::kSplit));
  CHECK(found_by("止支礻见我们", rules::kSplit));
  CHECK(tricks("奶粉过琪了") == "sound");  // it also looks alike; sound is asked for first
  CHECK(tricks("饥票太贵") != "-");
}

TEST_CASE_FIXTURE(Desk, "an aggressive rule finds shuffled characters, emoji and first letters") {
  rule("{any: [保质期, 大象粪, 退货难]}", "保期质不对");
  CHECK(tricks("保期质不对") == "shuffled");
  CHECK(tricks("质保期不对") == "shuffled");
  CHECK(tricks("质期保不对") == "-");  // a mere rotation: too many of them are ordinary text
  CHECK(tricks("地上有大🐘粪") == "emoji");
  CHECK(tricks("这家thn") == "initials");
  CHECK(tricks("这家thng") == "-");
}

TEST_CASE_FIXTURE(Desk, "an exception holds for disguised words, and may be disguised itself") {
  rule("{any: [过期], except: [会员过期]}", "奶粉果期了");
  CHECK(hits("奶粉果期了"));
  CHECK_FALSE(hits("会员过期了"));
  CHECK_FALSE(hits("会员果期了"));
}

TEST_CASE_FIXTURE(Desk, "a word and its disguise are one word to `count`") {
  rule("{count: {words: [过期, 发霉], at_least: 2}}", "又过期又发霉");
  CHECK(hits("果期的和发霉的"));
  CHECK_FALSE(hits("过期的和guoqi的"));
}

TEST_CASE_FIXTURE(Desk, "near and all take disguised words, none does not") {
  rule("{all: [奶粉, 过期], none: [发霉]}", "奶粉过期");
  CHECK(hits("奶粉guoqi了"));
  CHECK(hits("奶粉guoqi了，famei了"));
  CHECK_FALSE(hits("奶粉guoqi了，发霉了"));
  rule("{near: {words: [奶粉], of: [过期], within: 3}}", "奶粉过期");
  CHECK(hits("奶粉早就guoqi了"));
  CHECK_FALSE(hits("奶粉是昨天早上买的，guoqi了"));
}

TEST_CASE("a strict rule takes only words that stand as they are written") {
  rules_test::DeskOfFiles desk;
  desk.write_rule("{any: [过期, spam]}", "过期", "    fold: strict\n");
  desk.open();
  for (const char* text : {"奶粉过期了", "奶粉過期了", "ｓｐａｍ", "SPAM"}) CHECK(desk.hits(text));
  for (const char* text : {"奶粉过*期了", "奶粉过\u200B期了", "奶粉过😀期了", "奶粉过 期了", "sраm",
                           "奶粉guoqi了", "奶粉果期了"})
    CHECK_FALSE(desk.hits(text));
}

TEST_CASE("the same texts by a standard rule: hidden inside, but not disguised") {
  rules_test::DeskOfFiles desk;
  desk.write_rule("{any: [过期, spam]}", "过期");
  desk.open();
  for (const char* text : {"奶粉过期了", "奶粉过*期了", "奶粉过\u200B期了", "奶粉过😀期了", "sраm"})
    CHECK(desk.hits(text));
  CHECK_FALSE(desk.hits("奶粉guoqi了"));
  CHECK_FALSE(desk.hits("奶粉果期了"));
}

TEST_CASE("rules of one Book with the same word and different folds do not see each other's") {
  const std::string head = "pack: p\nowner: o\nrules:\n";
  const auto rule = [](const std::string& id, const std::string& fold) {
    return "  - id: " + id +
           "\n    name: n\n    issue: expiry\n    level: yellow\n    fold: " + fold +
           "\n    when: {any: [过期]}\n    tests: [{hit: 过期}, {miss: 好}]\n";
  };
  rules_test::DeskOfFiles desk;
  desk.write_rule("{any: [别的]}", "别的");
  desk.write("pack.yaml",
             head + rule("a", "aggressive") + rule("n", "standard") + rule("s", "strict"));
  desk.load();
  REQUIRE_MESSAGE(desk.book != nullptr, desk.printed());
  const auto inspector = rules::make_inspector(desk.book);
  const auto fired = [&](const std::string& text) {
    std::string ids;
    for (const char* id : {"a", "n", "s"})
      if (inspector->fires(id, text)) ids += id;
    return ids;
  };
  CHECK(fired("奶粉过期了") == "ans");
  CHECK(fired("奶粉过*期了") == "an");
  CHECK(fired("奶粉果期了") == "a");
  CHECK(fired("结果期待") == "");
}

TEST_CASE("5,000 random texts: aggressive finds what standard finds, and guises beside it") {
  Pair pair(kWords, rules::kGuises);
  std::mt19937 random(20260401);
  size_t guises = 0;
  for (int round = 0; round < 5'000; ++round) {
    const std::string text = random_text(random);
    const Folded message = folded(text);
    std::vector<Match> plain, guised;
    pair.plain->scan(message, plain);
    pair.guised->scan(message, guised);
    REQUIRE(std::is_sorted(guised.begin(), guised.end()));
    for (const Match& m : guised) {
      REQUIRE_MESSAGE((m.begin < m.end && m.end <= message.chars.size()), text);
      REQUIRE_MESSAGE(m.is_guise() == ((m.tricks & rules::kGuises) != 0), text);
    }
    guises += static_cast<size_t>(
        std::count_if(guised.begin(), guised.end(), [](const Match& m) { return m.is_guise(); }));
    std::erase_if(guised, [](const Match& m) { return m.is_guise(); });
    REQUIRE_MESSAGE(guised == plain, text << ": " << shown(guised) << "/ " << shown(plain));
  }
  CHECK(guises > 1'000);  // the test is about something
}

TEST_CASE("random texts scanned together give what each alone gives, guises too") {
  Pair pair(kWords, rules::kGuises);
  rules::CompileError error;
  rules::Scanner together(rules::Matcher::create(kWords, {}, error, {}, pair.guises));
  std::mt19937 random(20260402);
  for (int round = 0; round < 100; ++round) {
    std::vector<Folded> batch;
    together.begin_adding();
    for (size_t n = random() % 40; n > 0; --n) {
      batch.push_back(folded(random_text(random)));
      together.add(batch.back());
    }
    together.scan_added();
    for (size_t i = 0; i < batch.size(); ++i) {
      std::vector<Match> alone, added;
      pair.guised->scan(batch[i], alone);
      if (together.found(i)) together.scan(i, batch[i], added);
      REQUIRE_MESSAGE(added == alone, shown(added) << "/ " << shown(alone));
    }
  }
}

TEST_CASE("each trick alone finds its own disguise and no other") {
  const std::vector<std::pair<uint16_t, std::string>> samples = {
      {rules::kSound, "奶粉果期了"},  {rules::kPinyin, "famei了"},   {rules::kSplit, "木几票贵"},
      {rules::kShuffled, "保期质短"}, {rules::kInitials, "看bzq吧"}, {rules::kEmoji, "坏👩人"}};
  for (const auto& [trick, own] : samples) {
    Pair pair(kWords, trick);
    for (const auto& [other, text] : samples) {
      CAPTURE(text);
      CAPTURE(rules::tricks_text(trick));
      std::vector<Match> matches;
      pair.guised->scan(folded(text), matches);
      std::erase_if(matches, [](const Match& m) { return !m.is_guise(); });
      CHECK(matches.empty() == (trick != other));
    }
  }
}

TEST_CASE("words beyond the limit are counted and stand undisguised only") {
  std::vector<rules::Guises::Word> words;
  for (uint32_t i = 0; i < rules::kGuiseWordsMax + 7; ++i)
    words.push_back({i, core::text::to_utf32("w" + std::to_string(i))});
  CHECK(rules::Guises::create(words, rules::kSound)->left_out() == 7);
}

TEST_CASE("a text that makes the walk long is cut short, counted, and the same every time") {
  const std::vector<std::u32string> words = {std::u32string(90, U'的') + U"一"};
  Pair pair(words, rules::kGuises);
  std::string text;
  for (int i = 0; i < 6'000; ++i) text += "得";
  std::vector<Match> first, second;
  pair.guised->scan(folded(text), first);
  CHECK(pair.guised->dropped() == 1);
  pair.guised->scan(folded(text), second);
  CHECK(first == second);
}
