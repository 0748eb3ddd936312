// An author's expression before it is compiled, and the codes that words are scanned in.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "core/text/utf8.h"
#include "rules/alphabet.h"
#include "rules/expression.h"
#include "rules/matcher.h"
#include "rules/pieces.h"

using rules::Match;

namespace {

// "还有" or "差评 烂透": the words of which every match holds one.
std::string gates(std::string_view pattern) {
  const auto expression = rules::prepare_expression(pattern);
  REQUIRE_MESSAGE(expression.ok(), std::string(pattern));
  std::string all;
  for (const std::u32string& gate : expression->gates) {
    all += all.empty() ? "" : " ";
    all += core::text::to_utf8(gate);
  }
  return all;
}

int64_t cost(std::string_view pattern) {
  const auto expression = rules::prepare_expression(pattern);
  return expression.ok() ? expression->cost : -1;
}

std::vector<Match> scan(const std::vector<std::string>& patterns, std::string_view text) {
  std::vector<rules::Expression> expressions;
  for (const std::string& pattern : patterns)
    expressions.push_back(*rules::prepare_expression(pattern));
  rules::CompileError error;
  const auto matcher = rules::Matcher::create({}, expressions, error);
  REQUIRE_MESSAGE(matcher != nullptr, error.message);
  rules::Scanner scanner(matcher);
  core::text::Folded folded;
  core::text::fold(text, folded);
  std::vector<Match> matches;
  scanner.scan(folded, matches);
  return matches;
}

}  // namespace

TEST_CASE("the gates are the best words that stand in every match") {
  CHECK(gates("还有.{0,4}(天|个月)就?过期") == "个月就过期 个月过期 天就过期 天过期");
  CHECK(gates("(天|个月)就?过期了") == "个月就过期了 个月过期了 天就过期了 天过期了");
  CHECK(gates("保质期.{0,4}过期") == "保质期");
  CHECK(gates("收到.{0,3}ABC") == "abc");
  CHECK(gates("过期+了吗") == "了吗");
  CHECK(gates("过(?:期)甲乙") == "过期甲乙");
  CHECK(gates("差评|烂透") == "差评 烂透");
  CHECK(gates("(差评.{0,3}|烂透)了") == "差评 烂透");
  CHECK(gates("[过临]期") == "临期 过期");
  CHECK(gates("[甲-乙]丙{2}") == "丙丙");
  CHECK(gates("1[0-2]元") == "10元 11元 12元");
  CHECK(gates("甲{0,2}乙{2}") == "乙乙 甲乙乙 甲甲乙乙");
  CHECK(gates("(过期)+") == "过期");
  CHECK(gates("买[^,]{0,8}就(便宜|降)") == "就便宜 就降");
}

TEST_CASE("there is no gate where a match may do without every word") {
  CHECK(gates("过?期?了") == "");
  CHECK(gates("差评|.{3}") == "");
  CHECK(gates("(过期)?.了") == "");
  CHECK(gates("(过期)*.") == "");
  CHECK(gates("[^过]期") == "");
  CHECK(gates("(?i)过期") == "");
  CHECK(gates("\\Q过期\\E") == "");
  CHECK(gates("[0-9]{1,3}斤") == "");
}

TEST_CASE("expressions with gates are found wherever they are without") {
  std::mt19937 random(5);
  constexpr std::u32string_view kCharacters = U"还有天就过临期了ab1";
  for (const char* pattern :
       {"还有.{0,4}天就?过期", "(过|临)期.{0,2}[天了]", "(有天|就过)+.", "天{2,3}|还?有过",
        "1[0-9]?天|ABB?", "(还有|过.期天)(了|天)?就", "[过临还]{2}"}) {
    rules::CompileError error;
    const rules::Expression gated = *rules::prepare_expression(pattern);
    REQUIRE_FALSE(gated.gates.empty());
    rules::Expression ungated = gated;
    ungated.gates.clear();
    rules::Scanner with(rules::Matcher::create({}, {gated}, error));
    rules::Scanner without(rules::Matcher::create({}, {ungated}, error));
    size_t found = 0;
    for (int round = 0; round < 1500; ++round) {
      std::u32string text;
      for (int i = 0; i < 10; ++i) {
        text += kCharacters[random() % kCharacters.size()];
        if (random() % 4 == 0) text += U"还有";
        if (random() % 4 == 0) text += U"天过期";
      }
      core::text::Folded folded;
      core::text::fold(core::text::to_utf8(text), folded);
      std::vector<Match> a, b;
      with.scan(folded, a);
      without.scan(folded, b);
      REQUIRE_MESSAGE(a == b, std::string(pattern) << " " << core::text::to_utf8(text));
      found += a.empty() ? 0 : 1;
    }
    CHECK_MESSAGE(found > 50, std::string(pattern));
  }
}

TEST_CASE("matches of expressions count characters, and the shortest from each begin is kept") {
  const auto matches = scan({"还有.{0,4}(天|个月)就?过期", "过.{0,3}了"}, "看還有十二个月过期了了");
  CHECK(matches ==
        std::vector<Match>{{1, 9, rules::kFirstExpression}, {7, 10, rules::kFirstExpression + 1}});
}

TEST_CASE("the cost grows with repeats, and too much of it is refused") {
  CHECK(cost("过期") == 2);
  CHECK(cost("过.{0,12}期") == 74);
  CHECK(cost("(甲乙){3}") == 6);
  CHECK(cost("[甲乙丙]{0,10}") == 60);
  CHECK(cost("词.{0,30}词") == 182);
  CHECK(cost("词.{0,40}词") == -1);
  CHECK(cost("\\p{Han}{2,3}元") == 49);
  CHECK(cost("\\p{L}a") == 161);
  CHECK(cost("\\pL\\pL") == -1);
  CHECK(cost("[^\\p{L}a]{2}") == -1);
  CHECK(cost("((甲{1,20}){1,20}){1,20}") == -1);
  CHECK(cost("甲*乙*丙*") == -1);
  CHECK(cost("甲{9999999999999999999999}") == -1);
  CHECK(cost(std::string(300, 'a')) == -1);
}

TEST_CASE("no broken expression keeps the estimate from ending") {
  for (const char* pattern :
       {"(", ")", "))",   "[",  "[^",  "[]",  "{",  "a{", "a{3", "a{3,", "\\",
        "|", "",  "a{,}", "(|", "[\\", "\\p", "(?", "?",  "*",   "++",   "((((((((((((("})
    CHECK_NOTHROW(static_cast<void>(rules::prepare_expression(pattern)));
}

TEST_CASE("every character of the alphabet has a code of its own, no code begins inside another") {
  rules::Alphabet alphabet;
  std::u32string all;
  for (char32_t c = U'一'; all.size() < rules::Alphabet::kCharsMax; ++c) all.push_back(c);
  CHECK(alphabet.add(all));
  CHECK(alphabet.size() == rules::Alphabet::kCharsMax);
  std::vector<uint16_t> codes(all.size());
  alphabet.encode(all, codes.data());
  CHECK(std::set<uint16_t>(codes.begin(), codes.end()).size() == all.size());
  bool good = true;
  for (const uint16_t code : codes) {
    const unsigned first = code & 0xff, second = code >> 8;
    good = good && first >= 0x80 && first <= 0xfe && second >= 1 && second <= 0x7f && second != 10;
  }
  CHECK(good);
  CHECK_FALSE(alphabet.add(U"a"));
  uint16_t other[2];
  alphabet.encode(U"aé", other);
  CHECK(other[0] == other[1]);
}

TEST_CASE("characters beyond the first plane have codes too") {
  rules::Alphabet alphabet;
  CHECK(alphabet.add(U"𠮷野𠀋"));
  CHECK(alphabet.size() == 3);
  uint16_t codes[4];
  alphabet.encode(U"𠮷𠀋𠀌野", codes);
  CHECK(std::set<uint16_t>(codes, codes + 4).size() == 4);
}

TEST_CASE("pieces: the longest one wins, outside the brand, without sizes") {
  rules::Pieces pieces;
  pieces.add(1, U"沐禾山茶花洗衣液2kg", U"沐禾");
  pieces.add(2, U"沐禾雪松木洗衣液2kg", U"沐禾");
  pieces.add(3, U"沐禾净白皂", U"沐禾");
  pieces.finish();
  std::vector<uint32_t> products;
  const auto longest = [&](std::u32string_view text) {
    const size_t at = text.find(U"沐禾");
    return pieces.longest(text, at, at + 2, products);
  };
  CHECK(longest(U"沐禾的洗衣液") == 3);
  CHECK(products == std::vector<uint32_t>{1, 2});
  CHECK(longest(U"山茶花的沐禾洗衣液") == 3);
  CHECK(products == std::vector<uint32_t>{1, 2});
  CHECK(longest(U"沐禾山茶花洗衣液") == 6);
  CHECK(products == std::vector<uint32_t>{1});
  CHECK(longest(U"沐禾2kg") == 0);
  CHECK(products.empty());
  CHECK(longest(U"沐禾白皂") == 2);  // 净白 would use a character of the brand
  CHECK(products == std::vector<uint32_t>{3});
}
