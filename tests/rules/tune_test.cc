// What `tune` proposes keeps every right message, whatever people said.
#include "rules/tune.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "rules/inspector.h"
#include "tests/rules/desk_of_files.h"

using rules::TuneStep;
using rules::TuneTask;
using rules::Tuning;
using rules_test::DeskOfFiles;

namespace {

const rules::Finding* error_in(const std::vector<rules::Finding>& findings) {
  for (const rules::Finding& finding : findings)
    if (finding.severity == rules::Severity::Error) return &finding;
  return nullptr;
}

// The Book with the proposal in it.
std::shared_ptr<const rules::Book> changed(DeskOfFiles& desk, const Tuning& tuning) {
  desk.write("pack.yaml", tuning.after);
  std::vector<rules::Finding> findings;
  auto book = rules::load_book(desk.files, findings);
  const rules::Finding* error = error_in(findings);
  REQUIRE_MESSAGE(book != nullptr, tuning.after << (error ? rules::to_text(*error) : ""));
  return book;
}

}  // namespace

TEST_CASE("tune: a phrase around the word leaves the false alarms out") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期, 发霉], except: [没过期]}", "牛奶过期了");
  desk.open();
  const Tuning tuning = rules::tune(
      desk.book, {"r",
                  {"买到过期的牛奶", "过期三天了还卖"},
                  {"会员过期了怎么续", "我的会员过期啦", "提醒会员过期时间", "会员过期能退吗"}});
  REQUIRE_MESSAGE(!tuning.steps.empty(), tuning.refused);
  CHECK(tuning.steps[0].kind == TuneStep::Kind::Except);
  CHECK(tuning.steps[0].word == "会员过期");
  CHECK(tuning.steps[0].removed == 4);
  CHECK(tuning.right == 2);
  CHECK(tuning.wrong == 4);
  CHECK(tuning.wrong_left == 0);
  const auto inspector = rules::make_inspector(changed(desk, tuning));
  CHECK(inspector->fires("r", "过期三天了还卖"));
  CHECK_FALSE(inspector->fires("r", "会员过期后还能买吗"));
}

TEST_CASE("tune: a single example teaches nothing, nor two that have nothing in common") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "牛奶过期了");
  desk.open();
  const Tuning one = rules::tune(desk.book, {"r", {}, {"会员过期了", "会员过期了"}});
  CHECK(one.steps.empty());
  CHECK(one.refused.find("nothing is learnt from one") != std::string::npos);
  const Tuning two = rules::tune(desk.book, {"r", {}, {"会员过期，", "护照过期，"}});
  CHECK(two.steps.empty());
  CHECK(two.after.empty());
  CHECK_FALSE(two.refused.empty());
}

TEST_CASE("tune: nothing that an example or a right message needs is given up") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "会员过期了");
  desk.open();
  CHECK(
      rules::tune(desk.book, {"r", {}, {"会员过期吗", "会员过期呢", "会员过期哦"}}).steps.empty());
  DeskOfFiles other;
  other.write_rule("{any: [过期]}", "牛奶过期了");
  other.open();
  const Tuning tuning =
      rules::tune(other.book, {"r", {"会员过期牛奶"}, {"会员过期吗", "会员过期呢", "会员过期哦"}});
  for (const TuneStep& step : tuning.steps) CHECK(step.word.find("会员过期") == std::string::npos);
}

TEST_CASE("tune: a narrower distance, a word less, and a veto are proposed where they help") {
  DeskOfFiles near;
  near.write_rule("{near: {words: [日期], of: [只剩], within: 12}}", "日期只剩一天");
  near.open();
  Tuning tuning =
      rules::tune(near.book, {"r",
                              {"保质日期上写着只剩两天"},
                              {"看日期，明天的菜，今天的只剩汤", "日期不对啊，店里只剩他",
                               "换个日期，再说吧，钱只剩一百"}});
  REQUIRE_MESSAGE(!tuning.steps.empty(), tuning.refused);
  CHECK(tuning.steps[0].kind == TuneStep::Kind::Within);
  CHECK(tuning.wrong_left == 0);

  DeskOfFiles drop;
  drop.write_rule("{any: [过期, 日期]}", "牛奶过期了");
  drop.open();
  tuning =
      rules::tune(drop.book, {"r", {"过期了"}, {"日期，好", "，日期，", "日期！看", "见日期"}});
  REQUIRE_MESSAGE(!tuning.steps.empty(), tuning.refused);
  CHECK(tuning.steps[0].kind == TuneStep::Kind::Drop);
  CHECK(tuning.after.find("any: [过期]") != std::string::npos);

  DeskOfFiles veto;
  veto.write_rule("{any: [过期]}", "牛奶过期了");
  veto.open();
  tuning = rules::tune(
      veto.book, {"r",
                  {"过期，难吃"},
                  {"优惠券，过期，快用", "快用，过期，优惠券", "优惠券！过期！", "过期。优惠券"}});
  REQUIRE_MESSAGE(!tuning.steps.empty(), tuning.refused);
  CHECK(tuning.steps[0].kind == TuneStep::Kind::None);
  CHECK(tuning.wrong_left == 0);
}

TEST_CASE("tune: no proposal loses a true one, on thousands of random verdict sets") {
  static constexpr const char* kRules[] = {
      "{any: [过期, 发霉], except: [没过期]}",
      "{any: [过期, 发霉, 坏了], none: [广告]}",
      "{near: {words: [日期, 保质期], of: [只剩, 快到], within: 8}, except: [日期只剩]}",
      "{count: {words: [过期, 发霉, 坏了, 日期], at_least: 2}}",
      "{any: [过期], all: [会员]}",
      "{any: [{re: '过.{0,2}期'}, 发霉]}",
      "{any: [过期, 日期], near: {words: [会员], of: [牛奶], within: 4}}"};
  static constexpr const char* kHits[] = {"发霉了",     "坏了",   "保质期快到", "过期又发霉",
                                          "会员过期了", "过了期", "会员牛奶"};
  static constexpr const char* kPieces[] = {"过期", "发霉",   "坏了", "日期", "保质期", "只剩",
                                            "快到", "没过期", "会员", "牛奶", "优惠券", "，",
                                            "了",   "吗",     "广告", " ",    "我的",   "*"};
  std::mt19937_64 random(20261130);
  size_t sets = 0, proposals = 0, steps = 0;
  int64_t removed = 0;
  std::set<TuneStep::Kind> kinds;
  for (size_t r = 0; r < std::size(kRules); ++r) {
    DeskOfFiles desk;
    desk.write_rule(kRules[r], kHits[r]);
    desk.open();
    const auto before = rules::make_inspector(desk.book);
    for (int i = 0; i < 300; ++i, ++sets) {
      TuneTask task{"r", {}, {}};
      // A topic of its own that the false alarms share, in most of the sets.
      const std::string topic = kPieces[random() % std::size(kPieces)];
      for (size_t n = 1 + random() % 30; n > 0; --n) {
        std::string text;
        const bool wrong = random() % 2 == 0;
        for (size_t k = 1 + random() % 6; k > 0; --k)
          text += kPieces[random() % std::size(kPieces)];
        if (wrong && random() % 3 != 0) text += topic + "过期";
        (wrong ? task.wrong : task.right).push_back(text);
      }
      const Tuning tuning = rules::tune(desk.book, task);
      if (tuning.steps.empty()) {
        CHECK_FALSE(tuning.refused.empty());
        continue;
      }
      ++proposals;
      steps += tuning.steps.size();
      for (const TuneStep& step : tuning.steps) kinds.insert(step.kind);
      const auto after = rules::make_inspector(changed(desk, tuning));
      for (const std::string& text : task.right)
        if (before->fires("r", text))
          CHECK_MESSAGE(after->fires("r", text), text << "\n" << tuning.after);
      size_t fired = 0, fire = 0;
      for (const std::string& text : task.wrong) {
        fired += before->fires("r", text) ? 1 : 0;
        fire += after->fires("r", text) ? 1 : 0;
      }
      CHECK_MESSAGE(fire <= fired, tuning.after);
      removed += tuning.wrong - tuning.wrong_left;
    }
  }
  CHECK(sets >= 2000);
  CHECK(proposals > 200);
  CHECK(removed > 1000);
  CHECK(kinds.size() == 4);
  MESSAGE(sets << " sets, " << proposals << " proposals, " << steps << " steps");
}
