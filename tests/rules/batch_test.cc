// Many messages judged at once give what each alone gives, byte for byte: the messages of a batch
// are scanned as one long text, so that a mistake would let one message speak for its neighbour.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/text/mask.h"
#include "core/text/utf8.h"
#include "tests/rules/desk_of_files.h"

namespace {

using core::text::Folded;

// Judges every message alone and in a batch, by two judges of one Book.
class Twins {
 public:
  explicit Twins(const std::shared_ptr<const rules::Book>& book)
      : alone_(rules::make_judge(book)), together_(rules::make_judge(book)) {}

  void check(const std::vector<core::Event>& batch) {
    together_->begin_adding();
    for (const core::Event& event : batch) {
      core::text::fold(event.text, folded_);
      together_->add(folded_);
    }
    together_->scan_added();
    for (size_t i = 0; i < batch.size(); ++i) {
      const std::string expected = alone(batch[i]), given = together(i, batch[i]);
      if (given != expected)
        FAIL("message " << i << " of " << batch.size()
                        << " was judged otherwise: " << core::text::prefix_of(batch[i].text, 400));
      (expected.empty() ? silent : spoke) += 1;
    }
    REQUIRE(together_->dropped_matches() == alone_->dropped_matches());
  }

  uint64_t dropped() const { return alone_->dropped_matches(); }

  size_t spoke = 0, silent = 0;  // messages with signals, and without

 private:
  std::string alone(const core::Event& event) {
    signals_.clear();
    core::text::fold(event.text, folded_);
    alone_->judge(event, folded_, signals_);
    return bytes();
  }
  // As a lane does it.
  std::string together(size_t i, const core::Event& event) {
    signals_.clear();
    if (!together_->found(i, event)) return "";
    core::text::fold(event.text, folded_);
    together_->judge_added(i, event, folded_, signals_);
    return bytes();
  }
  std::string bytes() const {
    core::ByteWriter out;
    for (const core::Signal& signal : signals_) core::write(out, signal);
    return out.take();
  }

  std::unique_ptr<rules::Judge> alone_, together_;
  Folded folded_;
  std::vector<core::Signal> signals_;
};

// The shipped rules with the story's catalogue.
rules::BookFiles shipped() {
  const std::string root = QINGYU_SOURCE_DIR;
  rules::BookFiles files;
  files.packs = {root + "/rules/packs"};
  files.lists = root + "/rules/lists.yaml";
  files.taxonomy = root + "/rules/taxonomy.yaml";
  files.ladders = root + "/rules/ladders.yaml";
  files.limits = root + "/rules/limits.yaml";
  files.catalogue = root + "/deploy/story/catalogue";
  return files;
}

// What stands between the marks of these files: their words and names, and their examples.
std::vector<std::u32string> words_of(const rules::BookFiles& files) {
  std::vector<std::string> paths = {files.lists, files.catalogue + "/catalogue.csv",
                                    files.catalogue + "/merchants.csv",
                                    files.catalogue + "/stores.csv"};
  for (const auto& entry : std::filesystem::directory_iterator(files.packs.front()))
    paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  std::vector<std::u32string> words;
  for (const std::string& path : paths) {
    std::ifstream in(path);
    std::u32string word;
    for (std::string line; std::getline(in, line);)
      for (const char32_t c : core::text::to_utf32(line + "\n")) {
        constexpr std::u32string_view kMarks = U"\n ,:[]{}()|'\"#";
        if (kMarks.find(c) == kMarks.npos) {
          word.push_back(c);
        } else {
          const bool has_han = std::ranges::any_of(word, [](char32_t h) { return h > 0x3000; });
          if (word.size() > 1 && has_han) words.push_back(word);
          word.clear();
        }
      }
  }
  return words;
}

// Makes batches of messages: words whole, torn and disguised, in chatter. What is torn may end a
// message and go on in the next one that has any text.
class Composer {
 public:
  Composer(std::vector<std::u32string> words, unsigned seed)
      : words_(std::move(words)), random_(seed) {}

  std::vector<core::Event> batch(size_t size) {
    std::vector<core::Event> events(size);
    rest_.clear();
    for (core::Event& event : events) {
      event = someone();
      event.text = core::text::to_utf8(text());
      event.text.resize(core::text::prefix_of(event.text, core::kTextMax).size());
      core::text::mask(event.text);
    }
    return events;
  }

 private:
  size_t below(size_t n) { return random_() % n; }
  bool chance(size_t permille) { return below(1000) < permille; }
  template <typename Some>
  const auto& one_of(const Some& some) {
    return some[below(std::size(some))];
  }

  core::Event someone() {
    using core::Kind;
    static constexpr Kind kKinds[] = {Kind::Chat,        Kind::Chat,    Kind::Chat,   Kind::Post,
                                      Kind::Comment,     Kind::Review,  Kind::Survey, Kind::Ticket,
                                      Kind::AgentReport, Kind::Command, Kind::Outcome};
    core::Event event;
    event.id = "e" + std::to_string(++count_);
    event.at = event.published = core::from_ms(1'700'000'000'000);
    event.kind = one_of(kKinds);
    event.channel_id = "g0" + std::to_string(below(10));
    event.author_id = "u" + std::to_string(below(50));
    event.author_role = chance(100) ? core::Role::Owner : core::Role::None;
    if (chance(50)) event.reported_level = static_cast<uint8_t>(1 + below(4));
    return event;
  }

  std::u32string text() {
    if (chance(120)) return U"";
    std::u32string out = rest_;
    rest_.clear();
    size_t pieces = below(8);
    if (chance(20)) pieces = 100 + below(200);
    if (chance(2)) pieces = 10'000;
    for (; pieces > 0; --pieces) out += piece();
    if (chance(300)) {
      const std::u32string& word = one_of(words_);
      const size_t torn = 1 + below(word.size() - 1);
      out += word.substr(0, torn);
      rest_ = word.substr(torn);
    }
    return out;
  }

  std::u32string piece() {
    static constexpr std::u32string_view kBetween[] = {
        U" ",  U"  ",  U"\n", U"。",       U"，", U"！",         U"*",      U"****",
        U"·",  U".",   U"～", U"　",       U"😂",  U"🤮🤮",   U"[微笑]", U"[图片]",
        U"\t", U"...", U"#",  U"\u200B",   U"❤",  U"𠮷",         U"½",      U"한",
        U"@",  U"-",   U"_",  U"********", U"1",  U"12315",      U"wei",    U"пр",
        U"哦", U"的",  U"我", U"好",       U"不", U"今天吃什么", U"收到",   U"13800000000"};
    const size_t kind = below(10);
    if (kind < 4) return one_of(words_);
    if (kind < 5) return torn();
    if (kind < 6) return disguised(one_of(words_));
    if (kind < 7) return {1, static_cast<char32_t>(0x4E00 + below(0x5200))};
    return std::u32string(one_of(kBetween));
  }

  std::u32string torn() {
    const std::u32string& word = one_of(words_);
    const size_t at = 1 + below(word.size() - 1);
    return chance(500) ? word.substr(0, at) : word.substr(at);
  }

  std::u32string disguised(std::u32string word) {
    static constexpr std::u32string_view kInside[] = {
        U"*", U"·", U" ", U"　", U".", U"~", U"-", U"😂", U"[偷笑]", U"\u200B", U"\u0336", U"**"};
    static constexpr std::u32string_view kFrom = U"01oaeil发过货国", kTo = U"ol0аеі1發過貨國";
    for (char32_t& c : word) {
      if (c > U' ' && c < 0x7F && chance(300)) c += 0xFEE0;  // full width
      const size_t at = kFrom.find(c);
      if (at != kFrom.npos && chance(300)) c = kTo[at];
    }
    word.insert(1 + below(word.size() - 1), one_of(kInside));
    return word;
  }

  std::vector<std::u32string> words_;
  std::mt19937 random_;
  std::u32string rest_;  // of the word that the last text tore
  size_t count_ = 0;
};

core::Event saying(const std::string& text) {
  core::Event event;
  event.kind = core::Kind::Chat;
  event.text = text;
  return event;
}

std::string repeated(const std::string& unit, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += unit;
  return out;
}

}  // namespace

TEST_CASE("messages judged in batches of any size get the verdicts they get alone") {
  std::vector<rules::Finding> findings;
  const rules::BookFiles files = shipped();
  const auto book = rules::load_book(files, findings);
  REQUIRE(book != nullptr);
  const std::vector<std::u32string> words = words_of(files);
  REQUIRE(words.size() > 5'000);
  Twins twins(book);
  for (const unsigned seed : {1u, 20260310u, 4096u}) {
    CAPTURE(seed);
    Composer composer(words, seed);
    for (size_t size = 1; size <= 128; ++size) twins.check(composer.batch(size));
    for (const size_t size : {size_t{0}, size_t{129}, size_t{1'000}, size_t{3'000}})
      twins.check(composer.batch(size));
  }
  CHECK(twins.spoke > 10'000);  // the test is about something
  CHECK(twins.silent > 5'000);
}

TEST_CASE("a word that two messages of a batch share is in neither") {
  rules_test::DeskOfFiles desk;
  desk.write_rule("{any: [过期, 过期了吧, 吃出虫子]}", "过期");
  desk.open();
  Twins twins(desk.book);
  twins.check({saying("都过"), saying("期了吧"), saying("过"), saying(""), saying("期")});
  twins.check({saying("吃出"), saying("虫子"), saying("吃"), saying("出虫子"), saying("吃出虫")});
  CHECK(twins.spoke == 0);
  twins.check({saying("都过"), saying("过期"), saying("期了吧"), saying("过期"), saying("")});
  CHECK(twins.spoke == 2);
}

TEST_CASE("expressions find in a batch what they find alone, with a word to begin at or without") {
  const auto sayings = {saying("少了10斤"), saying("少了1"), saying("0斤"),  saying("吃出"),
                        saying("一条虫"),   saying(""),      saying("过期"), saying("吃出一条虫")};
  const auto spoke = [&](std::string_view when) {
    rules_test::DeskOfFiles desk;
    desk.write_rule(when, "过期");
    desk.open();
    Twins twins(desk.book);
    twins.check(sayings);
    return twins.spoke;
  };
  CHECK(spoke("{any: [过期, {re: '吃出.{0,3}虫'}]}") == 2);
  CHECK(spoke("{any: [过期, {re: '[0-9]{1,3}斤'}]}") == 3);  // needs no word
}

// Every character of such a message begins dozens of words: the limits of what the library reports
// of a message (kRawMatchesMax) and of what is scanned at once are passed. Of a run of letters no
// word counts, but those that were reported leave no room for the one behind the run.
TEST_CASE("messages with too many matches do not cost their neighbours any") {
  rules_test::DeskOfFiles desk;
  std::string any = "{any: [";
  for (size_t length = 2; length <= 60; ++length)
    any += repeated("哈", length) + ", " + repeated("a", length) + ", ";
  desk.write_rule(any + "过期]}", "过期");
  desk.open();
  Twins twins(desk.book);
  const core::Event some = saying("哈哈过期"), none = saying("哈"),
                    many = saying(repeated("哈", 200)), most = saying(repeated("哈", 400)),
                    huge = saying(repeated("哈", 20'000)),
                    full = saying(repeated("a", 400) + "过期");
  twins.check({some, most, some});
  CHECK(twins.dropped() > 0);
  twins.check({some, full, some});
  CHECK(twins.silent == 1);
  twins.check({none, most, most, full, none, some, huge, some, none});
  std::vector<core::Event> crowd;
  for (int i = 0; i < 100; ++i)
    crowd.insert(crowd.end(), {none, many, some, saying(""), most, full});
  twins.check(crowd);
  const uint64_t dropped = twins.dropped();
  twins.check({some, none, some});  // and then as if nothing had been
  CHECK(twins.dropped() == dropped);
}

TEST_CASE("batches around the size that is scanned at once lose nothing at its edge") {
  rules_test::DeskOfFiles desk;
  desk.write_rule("{any: [过期, 发霉]}", "过期");
  desk.open();
  Twins twins(desk.book);
  size_t spoke = 0;
  for (size_t length = 16'378; length <= 16'390; ++length) {
    twins.check({saying("过期"), saying(repeated("哦", length - 6) + "过期"), saying("期过期"),
                 saying("发"), saying("霉发霉"), saying(repeated("哦", length) + "发"),
                 saying("霉"), saying("过期")});
    CHECK(twins.spoke == (spoke += 5));
  }
}
