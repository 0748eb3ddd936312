#include "core/text/fingerprint.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "core/hash.h"
#include "core/text/utf8.h"

namespace text = core::text;

namespace {

text::Folded folded(const std::string& utf8) {
  text::Folded out;
  text::fold(utf8, out);
  return out;
}

uint64_t copy(const std::string& utf8) {
  std::vector<uint64_t> ignored;
  return text::copy_marks(folded(utf8), ignored);
}

std::vector<uint64_t> prints(const std::string& utf8) {
  std::vector<uint64_t> out;
  text::copy_marks(folded(utf8), out);
  return out;
}

bool near(const std::string& a, const std::string& b) {
  return text::near_copies(prints(a), prints(b));
}

constexpr const char* kRumour =
    "紧急通知：今天下午城东菜场的草莓检出农药超标，已经有三个孩子住院，请大家马上扔掉，转发给家人";

std::string random_han(std::mt19937& random, size_t n) {
  std::string out;
  for (size_t i = 0; i < n; ++i) {
    text::append_utf8(out, 0x4E00 + static_cast<char32_t>(random() % 3000));
  }
  return out;
}

// Winnowing as in the paper (Schleimer, Wilkerson, Aiken 2003), without care for speed.
std::vector<uint64_t> plain_winnowing(const std::u32string& kept) {
  std::vector<uint64_t> grams;
  for (size_t i = 0; i + 4 <= kept.size(); ++i) {
    const uint64_t first = uint64_t{kept[i]} << 42 | uint64_t{kept[i + 1]} << 21 | kept[i + 2];
    grams.push_back(core::hash_mix(core::kHashSeed + first, kept[i + 3]));
  }
  std::set<uint64_t> chosen;
  for (size_t i = 0; i + 4 <= grams.size(); ++i) {
    const auto from = grams.begin() + static_cast<std::ptrdiff_t>(i);
    chosen.insert(*std::min_element(from, from + 4));
  }
  std::vector<uint64_t> out(chosen.begin(), chosen.end());
  if (out.size() > text::kFingerprintsMax) out.resize(text::kFingerprintsMax);
  return out;
}

}  // namespace

TEST_CASE("texts that differ in what is left out have the same copy hash") {
  const uint64_t plain = copy("草莓检出农药超标请扔掉");
  CHECK(plain != 0);
  for (const char* other :
       {"草莓检出农药超标，请扔掉！！！", "【草莓】检出 农药超标  请扔掉\n",
        "@张三 草莓检出农药超标请扔掉", "草莓检出农药超标请扔掉[图片]", "草莓😱检出农药超标请扔掉😱",
        "草莓檢出農藥超標請扔掉", "草莓检出农药超标请扔掉https://t.cn/A6abcde",
        "@所有人：草莓检出农药超标请扔掉", "www.example.com/a?b=1，草莓检出农药超标请扔掉"}) {
    CAPTURE(other);
    CHECK(copy(other) == plain);
  }
  CHECK(copy("草莓检出农药超标请吃掉") != plain);
  CHECK(copy("草莓检出农药超标请扔掉1") != plain);
}

TEST_CASE("short texts are no copies of each other") {
  CHECK(copy("收到收到收到收") == 0);
  CHECK(copy("收到收到收到收到") != 0);
  CHECK(prints("收到收到收到收").empty());
  CHECK(copy("@张三 好的[微笑][微笑]") == 0);
  CHECK_FALSE(near("收到", "收到"));
}

TEST_CASE("a name without an end does not swallow the message") {
  CHECK(copy("@张三快来看看草莓检出农药超标的消息请大家马上扔掉") != 0);
  CHECK(copy("买的草莓[草莓检出农药超标请扔掉") != 0);
}

TEST_CASE("fingerprints agree with plain winnowing on random texts") {
  std::mt19937 random(31);
  for (int round = 0; round < 2'000; ++round) {
    const std::string utf8 = random_han(random, random() % 120);
    const text::Folded out = folded(utf8);
    std::vector<uint64_t> expected;
    if (out.chars.size() >= text::kCopyCharsMin) expected = plain_winnowing(out.chars);
    REQUIRE(prints(utf8) == expected);
  }
}

TEST_CASE("two texts that share seven characters share a fingerprint") {
  std::mt19937 random(32);
  for (int round = 0; round < 2'000; ++round) {
    const std::string shared = random_han(random, 7);
    const auto a = prints(random_han(random, random() % 8 + 1) + shared + random_han(random, 6));
    const auto b = prints(random_han(random, random() % 8 + 1) + shared + random_han(random, 6));
    std::vector<uint64_t> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    REQUIRE_FALSE(both.empty());
  }
}

TEST_CASE("forwards with a comment, a changed figure or a cut end are near copies") {
  const std::string rumour = kRumour;
  CHECK(near(rumour, rumour));
  CHECK(near(rumour, "大家看看这个！" + rumour));
  CHECK(near(rumour,
             "紧急通知：今天下午城西菜场的草莓检出农药超标，已经有五个孩子住院，请大家马上扔掉，转"
             "发给家人"));
  CHECK(near(rumour, std::string(text::slice(rumour, 0, 30))));
  CHECK_FALSE(
      near(rumour, "今天的草莓很甜，孩子喜欢，下次还来买，物流也快，包装完好，推荐给家人朋友们"));
  CHECK_FALSE(near(rumour, ""));
}

TEST_CASE("near_copies needs two or three shared and a quarter of the smaller") {
  using Prints = std::vector<uint64_t>;
  const Prints ten = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(text::near_copies({1, 2}, ten));
  CHECK_FALSE(text::near_copies({1, 20}, ten));
  CHECK_FALSE(text::near_copies({1, 2, 20, 21, 22, 23}, ten));
  CHECK(text::near_copies({1, 2, 3, 21, 22, 23}, ten));
  Prints many = {1, 2, 3};
  for (uint64_t i = 100; i < 109; ++i) many.push_back(i);
  Prints others = ten;
  for (uint64_t i = 200; i < 210; ++i) others.push_back(i);
  CHECK(text::near_copies(many, others));  // 3 of 12
  many.push_back(109);
  CHECK_FALSE(text::near_copies(many, others));  // 3 of 13
}

TEST_CASE("a very long text has few fingerprints") {
  std::mt19937 random(33);
  const auto out = prints(random_han(random, 50'000));
  CHECK(out.size() == text::kFingerprintsMax);
  CHECK(std::is_sorted(out.begin(), out.end()));
}
