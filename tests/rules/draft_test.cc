// Draft: what it proposes from examples, that it refuses to learn from one, and that the engine
// agrees with it.
#include "rules/draft.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "rules/inspector.h"
#include "rules/phrases.h"
#include "tests/rules/desk_of_files.h"

using rules::DraftTexts;

namespace {

const std::vector<std::string> kOrdinary = {
    "今天天气不错，去公园走走",
    "晚饭吃什么好呢",
    "快递到了，放在门口了",
    "这个牌子的牛奶挺好喝的",
    "保温杯是新买的，质量很好",
    "明天上班要早起",
    "孩子的保温杯忘在学校了",
    "杯子洗干净了",
    "周末一起看电影吧",
    "群里谁有多余的电影票",
    "谢谢大家帮忙",
    "杯盖在桌子上",
};

DraftTexts cups() {
  DraftTexts texts;
  texts.hits = {"新买的保温杯漏水，包都湿了", "保温杯盖子拧紧了还是漏水",
                "漏水严重，这保温杯不能用",   "刚倒的水，保温杯底下就漏水了",
                "退货！保温杯漏水没人管",     "保温杯用了两天就漏水"};
  texts.ordinary = kOrdinary;
  return texts;
}

}  // namespace

TEST_CASE("draft: the word that examples share and ordinary messages do not use") {
  const auto when = rules::draft(cups());
  REQUIRE(when);
  REQUIRE(when->any.size() == 1);
  CHECK(when->any.front() == "漏水");
  CHECK_FALSE(when->near);
  CHECK(when->examples == 6);
  CHECK(when->covered == 6);
}

TEST_CASE("draft: words that are common each by itself are asked for together") {
  DraftTexts texts;
  texts.hits = {"酸奶打开以后有异物", "酸奶里面吃出异物", "今天的酸奶喝出异物来",
                "异物就在酸奶的盖子上", "小孩喝酸奶，看到异物"};
  texts.ordinary = {"酸奶很好喝",   "酸奶又涨价了", "酸奶买一送一", "这个酸奶推荐",
                    "酸奶到货了",   "眼睛进了异物", "喉咙有异物感", "异物卡喉怎么办",
                    "轮胎里有异物", "异物取出来了"};
  const auto when = rules::draft(texts);
  REQUIRE(when);
  CHECK(when->any.empty());
  REQUIRE(when->near);
  CHECK(when->covered == 5);
}

TEST_CASE("draft: phrases that only strangers say are excepted") {
  DraftTexts texts;
  for (const char* what : {"牛奶", "面包", "酸奶", "饼干", "果汁", "火腿", "奶酪", "薯片"})
    texts.hits.push_back(std::string(what) + "居然过期，太过分");
  for (const char* what : {"明天", "上周", "刚刚", "今年"})
    texts.ordinary.push_back(std::string(what) + "我的护照过期，要去补办");
  texts.ordinary.insert(texts.ordinary.end(), kOrdinary.begin(), kOrdinary.end());
  texts.hits.push_back("豆浆过期");
  texts.hits.push_back("鸡蛋都过期");
  const auto when = rules::draft(texts);
  REQUIRE(when);
  REQUIRE(std::ranges::find(when->any, "过期") != when->any.end());
  CHECK(std::ranges::any_of(when->except, [](const std::string& phrase) {
    return std::string("我的护照过期，要去补办").find(phrase) != std::string::npos;
  }));
}

TEST_CASE("draft: copies of one message are one example, and one is not enough") {
  DraftTexts texts = cups();
  texts.hits = {"新买的保温杯漏水，包都湿了", "新买的保温杯漏水,包都湿了!",
                "新买的保温杯漏水 包都湿了"};
  const auto refused = rules::draft(texts);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::BadInput);
}

TEST_CASE("draft: examples without anything in common give no rule") {
  DraftTexts texts;
  texts.hits = {"早上好", "吃了没有", "出门买菜", "公园散步", "电影开场"};
  texts.ordinary = kOrdinary;
  CHECK_FALSE(rules::draft(texts));
}

TEST_CASE("draft: the order of the texts does not change what is proposed of words") {
  DraftTexts texts = cups();
  const auto expected = rules::draft(texts);
  REQUIRE(expected);
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(texts.hits.begin(), texts.hits.end(), random);
    std::shuffle(texts.ordinary.begin(), texts.ordinary.end(), random);
    const auto again = rules::draft(texts);
    REQUIRE(again);
    CHECK(again->any == expected->any);
    CHECK(again->covered == expected->covered);
  }
}

TEST_CASE("draft: what the search says it covers is what the engine takes") {
  std::mt19937 random(11);
  const std::vector<std::string> goods = {"牛奶", "面包", "洗衣液", "保温杯", "苹果"};
  const std::vector<std::string> bad = {"漏了一地", "发霉长毛", "吃坏肚子", "根本打不开"};
  const std::vector<std::string> when_said = {"昨晚", "刚才", "前天在店里", "孩子说"};
  const auto any = [&](const std::vector<std::string>& of) { return of[random() % of.size()]; };
  for (int round = 0; round < 60; ++round) {
    DraftTexts texts;
    for (int i = 0; i < 12; ++i)
      texts.hits.push_back(any(when_said) + "，" + any(goods) + any(bad) +
                           std::to_string(random() % 90));
    for (int i = 0; i < 30; ++i) texts.ordinary.push_back(any(kOrdinary) + any(goods));
    const auto when = rules::draft(texts);
    if (!when) continue;
    const auto listed = [](const std::vector<std::string>& words) {
      std::string out = "[";
      for (const std::string& word : words) out += (out.size() > 1 ? ", '" : "'") + word + "'";
      return out + "]";
    };
    std::string conditions = "{";
    if (!when->any.empty()) conditions += "any: " + listed(when->any);
    if (when->near)
      conditions += std::string(when->any.empty() ? "" : ", ") +
                    "near: {words: " + listed(when->near->words) +
                    ", of: " + listed(when->near->of) +
                    ", within: " + std::to_string(when->near->within) + "}";
    if (!when->except.empty()) conditions += ", except: " + listed(when->except);
    const std::string stand_in =
        when->any.empty() ? when->near->words.front() + when->near->of.front() : when->any.front();
    rules_test::DeskOfFiles desk;
    desk.write_rule(conditions + "}", stand_in);
    desk.open();
    const auto inspector = rules::make_inspector(desk.book);
    const auto prepared = rules::prepare_texts(texts.hits);
    std::vector<uint32_t> taken;
    for (size_t i = 0; i < texts.hits.size(); ++i)
      if (inspector->fires("r", texts.hits[i])) taken.push_back(prepared[i].group);
    std::ranges::sort(taken);
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    CHECK(taken.size() == when->covered);
  }
}

TEST_CASE("first words: everyday words of the examples that are rare elsewhere") {
  DraftTexts texts = cups();
  texts.ordinary.insert(texts.ordinary.end(), 200, "保温杯真好用");
  const auto words = rules::first_words(texts, 2);
  REQUIRE_FALSE(words.empty());
  CHECK(std::ranges::find(words, "保温杯") == words.end());
}
