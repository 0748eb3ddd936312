#include "core/text/mask.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "core/text/fold.h"
#include "core/text/utf8.h"

namespace text = core::text;

namespace {

// As a lane does it (engine/lane.cc): the folded text tells whether to mask at all. So every text
// of these tests that has something to mask must say so when it is folded.
std::string masked(std::string utf8) {
  text::Folded folded;
  text::fold(utf8, folded);
  if (text::mask(utf8)) REQUIRE(folded.may_hold_personal);
  return utf8;
}

struct Row {
  const char* before;
  const char* personal;  // masked
  const char* after;
};

constexpr Row kMobiles[] = {{"打我电话", "13812345678", "谢谢"},
                            {"", "13812345678", ""},
                            {"手机：", "138-1234-5678", "，"},
                            {"手机 ", "138 1234 5678", " 张"},
                            {"", "+8613812345678", ""},
                            {"", "+86 138 1234 5678", "。"},
                            {"", "0086-13812345678", ""},
                            {"", "86 13812345678", ""},
                            {"加", "１３８１２３４５６７８", "微信同号"},
                            {"", "1 3 8 1 2 3 4 5 6 7 8", "加我"},
                            {"", "138\u200B1234\u200B5678", "x"},
                            {"vx:", "19912345678", "abc"},
                            {"", "138.1234.5678", ""},
                            {"", "1381234-5678", ""},
                            {"", "①③⑧①②③④⑤⑥⑦⑧", ""},
                            {"", "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", ""},
                            {"", "¹³⁸¹²³⁴⁵⁶⁷⁸", ""},
                            {"", "⑴⑶⑻⑴⑵⑶⑷⑸⑹⑺⑻", ""},
                            {"", "⑬⒏ ⑫③④ 5678", ""},
                            {"", "1\uFE0F\u20E33\uFE0F\u20E38\uFE0F\u20E312345678", "。"},
                            {"打", "13812345678", "或"}};

constexpr Row kLandlines[] = {{"座机", "010-62345678", ""},  {"座机", "0571-88886666", "转人工"},
                              {"", "0571-88886666-801", ""}, {"", "02188886666", ""},
                              {"", "057188886666", ""},      {"(", "0571)8888 6666", ""},
                              {"", "+86-10-62345678", ""},   {"", "0755 2888 6666", ""},
                              {"电话", "88886666", ""},      {"电话：", "8888-6666", "找他"}};

constexpr Row kIdentities[] = {
    {"身份证", "330106199001011234", ""}, {"身份证", "33010619900101123X", "号"},
    {"身份证", "33010619900101123x", ""}, {"", "33010619900101123Ｘ", ""},
    {"", "330106 19900101 1234", ""},     {"", "330106-19900101-123X", ""},
    {"", "330106900101123", "旧的"}};

constexpr Row kLongNumbers[] = {{"卡号", "6222021234567890123", ""},
                                {"卡号", "6222 0212 3456 7890", ""},
                                {"卡号", "6222-0212-3456-7890-123", "工行"},
                                {"订单号", "202603101234567", "没收到"},
                                {"单号SF", "123456789012", ""}};

constexpr Row kEmails[] = {{"邮箱", "zhang.san_1@example.com.cn", "。"},
                           {"", "a@b.co", ""},
                           {"发到", "ＡＢＣ＠ｑｑ.com", "谢谢"},
                           {"", "12345@qq.com", "，"},
                           {"", "zhang﹫qq.com", ""},
                           {"", "zhang\u200B@qq.com", ""}};

constexpr Row kAddresses[] = {
    {"寄到", "浙江省杭州市西湖区文三路88号", "，谢谢"},
    {"住在", "浙江省杭州市西湖区古荡街道文三路88号华星大厦A座1203室", "。"},
    {"地址：", "北京市朝阳区建国门外大街1号", ""},
    {"送到", "文三路８８号", "楼下"},
    {"我住", "翠苑小区3栋2单元501室", "，快点"},
    {"我在", "翠苑小区3-2-501", ""},
    {"我在", "翠苑小区3\u200B-2-501", ""},
    {"我在", "翠苑小区3-501", ""},
    {"", "文\u200B三路88号", ""},
    {"", "文三路八〇号", ""},
    {"", "㊂栋㈡单元", ""},
    {"", "5幢602", "没收到"},
    {"放", "12号楼1203室", "门口"},
    {"", "A座1203", ""},
    {"", "2单元501", ""},
    {"", "三栋二单元", ""},
    {"在", "长宁路99弄5号301室", ""},
    {"", "王家村3组12号", ""},
    {"寄到", "廣東省深圳市南山區科技路1號", ""},
    {"送", "上海市浦东新区世纪大道100号", "到付"},
    {"送到", "和平路88-1号", "的"}};

std::vector<Row> all_hits() {
  std::vector<Row> rows;
  for (const std::span<const Row> some : std::initializer_list<std::span<const Row>>{
           kMobiles, kLandlines, kIdentities, kLongNumbers, kEmails, kAddresses})
    rows.insert(rows.end(), some.begin(), some.end());
  return rows;
}

void check_hit(const std::string& before, const std::string& personal, const std::string& after) {
  const std::string message = before + personal + after;
  CAPTURE(message);
  const std::string stars(text::count_code_points(personal), '*');
  CHECK(masked(message) == before + stars + after);
}

void check_hits(std::span<const Row> rows) {
  for (const Row& row : rows) check_hit(row.before, row.personal, row.after);
}

// The code points that fold to one or two digits, brackets and stops around them aside, or to '@'.
using Spellings = std::map<std::u32string, std::u32string>;

Spellings other_spellings() {
  Spellings spellings;
  for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::u32string word = text::fold_word(text::to_utf8({&c, 1}));
    word.erase(word.find_last_not_of(U"),.") + 1);
    word.erase(0, word.find_first_not_of(U'('));
    if (word == U"@" ||
        (!word.empty() && word.size() <= 2 && word.find_first_not_of(U"0123456789") == word.npos))
      spellings[word].push_back(c);
  }
  return spellings;
}

// With other spellings of at most `max` characters, of which choose(how many) chooses.
template <typename Choose>
std::string respelled(std::u32string_view chars, const Spellings& spellings, size_t max,
                      Choose choose) {
  std::u32string out;
  for (size_t i = 0, n = 0; i < chars.size(); i += n) {
    for (n = max; n > 0 && spellings.count(std::u32string(chars.substr(i, n))) == 0;) --n;
    if (n > 0) {
      const std::u32string& others = spellings.at(std::u32string(chars.substr(i, n)));
      out.push_back(others[choose(others.size())]);
    } else {
      out.push_back(chars[i]);
      n = 1;
    }
  }
  return text::to_utf8(out);
}

void check_misses(std::span<const char* const> messages) {
  for (const std::string message : messages) CHECK(masked(message) == message);
}

}  // namespace

TEST_CASE("mobile numbers are masked however they are written") {
  check_hits(kMobiles);
  CHECK(masked("13812345678/13912345678") == "***********/***********");
  CHECK(masked("13812345678 13912345678") == "*********** ***********");
}

TEST_CASE("landline numbers are masked with their extension") { check_hits(kLandlines); }

TEST_CASE("identity cards are masked, with or without groups and X") { check_hits(kIdentities); }

TEST_CASE("bank cards and other long numbers are masked") { check_hits(kLongNumbers); }

TEST_CASE("e-mail addresses are masked") { check_hits(kEmails); }

TEST_CASE("addresses are masked down to the door, with the regions before it") {
  check_hits(kAddresses);
}

TEST_CASE("what is invisible hides nothing, wherever in a message it stands") {
  // Zero-width, default-ignorable, combining and control characters.
  static constexpr std::u32string_view kInvisible =
      U"\u200B\u200D\u2060\uFEFF\u00AD\uFE0F\u0301\u20E3\u3164\u180E\x7F\U000E0100";
  for (const Row& row : all_hits()) {
    const std::u32string before = text::to_utf32(row.before), after = text::to_utf32(row.after),
                         personal = text::to_utf32(row.personal);
    const std::u32string message = before + personal + after;
    const std::u32string stars(personal.size(), U'*');
    for (size_t at = 0; at <= message.size(); ++at) {
      const bool inside = at > before.size() && at < before.size() + personal.size();
      for (const char32_t c : kInvisible) {
        std::u32string disguised = message, expected = before + stars + after;
        disguised.insert(at, 1, c);
        expected.insert(at, 1, inside ? U'*' : c);
        CAPTURE(text::to_utf8(disguised));
        CHECK(masked(text::to_utf8(disguised)) == text::to_utf8(expected));
      }
    }
  }
}

TEST_CASE("no code point that vanishes in folding hides anything") {
  const std::vector<Row> rows = all_hits();
  text::Folded folded;
  size_t vanishing = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string one = text::to_utf8({&c, 1});
    text::fold("a" + one + "a", folded);  // a space vanishes too, but is seen
    if (folded.chars != U"aa" || folded.joined[1] != text::kSeparated) continue;
    if (!text::fold_word(one).empty()) continue;
    const Row& row = rows[vanishing++ % rows.size()];
    std::u32string personal;
    for (const char32_t shown : text::to_utf32(row.personal)) personal += {shown, c, c};
    personal.resize(personal.size() - 2);
    check_hit(row.before, text::to_utf8(personal), row.after);
  }
  CHECK(vanishing > 4'000);
}

TEST_CASE("however digits and '@' are spelled, they are masked") {
  const Spellings spellings = other_spellings();
  for (const char32_t digit : std::u32string_view(U"0123456789"))
    CHECK(spellings.at({digit}).size() > 50);
  std::mt19937 random(23);
  for (const Row& row : all_hits()) {
    for (size_t n = 0; n < 100; ++n) {
      const auto nth = [&](size_t size) { return n % size; };
      const auto any = [&](size_t size) { return random() % size; };
      const std::u32string personal = text::to_utf32(row.personal);
      check_hit(row.before, respelled(personal, spellings, 1, nth), row.after);
      check_hit(row.before, respelled(personal, spellings, 2, any), row.after);
    }
  }
  for (const auto& [digits, others] : spellings) {
    if (digits == U"@") continue;
    for (const char32_t c : others) check_hit("", text::to_utf8(std::u32string(12, c)), "");
  }
}

TEST_CASE("what is no personal data stays") {
  static constexpr const char* kMessages[] = {"12315",
                                              "打12315投诉",
                                              "95588说的",
                                              "客服400-820-8820",
                                              "4008208820",
                                              "2026-03-10",
                                              "2026年03月10日12:30:45",
                                              "生产日期20260310",
                                              "2026.03.10 12:30",
                                              "价格19.9元，原价1399.00",
                                              "99 199 299 399",
                                              "净含量500g*12袋",
                                              "1000ml 24瓶 3.5kg",
                                              "满199减50，满299减80",
                                              "QY90417",
                                              "批号 20251203A1",
                                              "2021 2022 2023 2024",
                                              "一共1234567890个",
                                              "还有三个月就过期了",
                                              "@张三 你看",
                                              "a@b",
                                              "邮箱@qq",
                                              "192.168.1.100",
                                              "13800-13900元",
                                              "138元一箱，2个",
                                              "10086发的",
                                              "QQ群12345678",
                                              "①过期②漏气③少发",
                                              "⑴保质期⑵12个月",
                                              "约2½斤，12㎡"};
  check_misses(kMessages);
}

TEST_CASE("areas, lines, buildings and homographs are no addresses") {
  static constexpr const char* kMessages[] = {
      "地铁3号线",        "12号楼",          "12号楼120㎡",
      "就在12号楼下面",   "杭州市西湖区",    "浙江省杭州市西湖区文三路",
      "南京西路旗舰店",   "人民路88号店",    "人民路2号口出来",
      "坐20路10号下车",   "3月5号买的",      "你知道5号发货吗",
      "走路3分钟",        "换了线路2号",     "一栋三层别墅",
      "盖了1座3层小楼",   "3室2厅",          "1号店买的",
      "6号下单，8号收到", "3楼有卖",         "2单元群",
      "买单元旦活动",     "8号楼2024年建的", "5栋楼都停水",
      "路由器2号",        "大道理"};
  check_misses(kMessages);
}

TEST_CASE("a shop's name before its address stays") {
  CHECK(masked("永辉超市文三路88号买的") == "永辉超市******买的");
}

TEST_CASE("offsets in the masked text are offsets in the original") {
  const std::string original = "过期了！电话１３８１２３４５６７８，地址文三路88号";
  const std::string stars = masked(original);
  CHECK(text::count_code_points(stars) == text::count_code_points(original));
  CHECK(text::slice(stars, 0, 6) == "过期了！电话");
}

TEST_CASE("mask says whether it masked") {
  std::string message = "13812345678";
  CHECK(text::mask(message));
  CHECK_FALSE(text::mask(message));
  message = "没有什么";
  CHECK_FALSE(text::mask(message));
}

TEST_CASE(
    "masking keeps the number of code points, hides at least four, and needs no second time") {
  static constexpr const char* kPieces[] = {
      "1",  "3",  "8",    "138",    "1234",   "5678", "86",   "0571",     "88886666", "-",
      " ",  "+",  "(",    ")",      "x",      "@",    "qq",   ".com",     "a",        "文三路",
      "路", "号", "栋",   "单元",   "室",     "楼",   "座",   "浙江省",   "杭州市",   "区",
      "在", "线", "号楼", "3",      "501",    "村",   "小区", "大道",     "一",       "二",
      "，", "年", "6222", "\u200B", "店",     "口",   "弄",   "19900101", "330106",   "号",
      "⑳",  "⑴",  "½",    "㎏",     "\u20E3", "﹫"};
  std::mt19937 random(21);
  for (int round = 0; round < 100'000; ++round) {
    std::string message;
    for (size_t i = random() % 20; i > 0; --i) message += kPieces[random() % std::size(kPieces)];
    const std::string once = masked(message);
    CAPTURE(message);
    CAPTURE(once);
    REQUIRE(text::count_code_points(once) == text::count_code_points(message));
    REQUIRE(masked(once) == once);
    for (size_t i = once.find('*'); i != once.npos; i = once.find('*', i)) {
      const size_t end = std::min(once.find_first_not_of('*', i), once.size());
      REQUIRE(end - i >= 4);
      i = end;
    }
  }
}

TEST_CASE("every code point that makes a text personal is seen when the text is folded") {
  size_t personal = 0;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string one = text::to_utf8({&c, 1});
    const std::string digits = one + one + one + one + one + one;
    for (const std::string& message :
         {digits + digits, "abc" + one + "qq.com", "文三路十" + one, "三" + one + "二" + one})
      personal += masked(message) != message;
  }
  CHECK(personal > 800);  // digits of all kinds, '@', units and their traditional forms
}

TEST_CASE("what is personal is seen when it is folded, among whatever else and however written") {
  static constexpr std::u32string_view kPersonal[] = {
      U"13812345678", U"138 1234 5678",  U"330106199001011234", U"6222-0212-3456-7890",
      U"a.b@qq.com",  U"文三路八十八号", U"文三路88号",         U"三栋二单元",
      U"A座1203",     U"五幢六单元",     U"翠苑小区3-2-501",    U"0571-88886666"};
  // None of these has anything to see.
  static constexpr std::u32string_view kAround[] = {
      U"，", U"\n", U" ", U"😂", U"[微笑]", U"过*期", U"чай", U"，㎏。", U"한", U"\u200B", U"。"};
  static constexpr std::u32string_view kPlain = U"0123456789@号栋单座楼",
                                       kOther = U"０①②③④５⑥⑦⑧９＠號棟單座樓";
  std::mt19937 random(22);
  for (int round = 0; round < 50'000; ++round) {
    std::u32string chars;
    for (size_t i = random() % 600 / (1 + random() % 60); i > 0; --i)
      chars += kAround[random() % std::size(kAround)];
    for (char32_t c : kPersonal[random() % std::size(kPersonal)]) {
      const size_t at = kPlain.find(c);
      if (at != kPlain.npos && random() % 3 == 0) c = kOther[at];
      chars.push_back(c);
      if (random() % 16 == 0) chars.push_back(U'\u200B');
    }
    chars += kAround[random() % std::size(kAround)];
    const std::string message = text::to_utf8(chars);
    CAPTURE(message);
    REQUIRE(masked(message) != message);
  }
}

TEST_CASE("a text with neither digits nor '@' nor units of a door is not looked at twice") {
  text::Folded folded;
  for (const char* message :
       {"", "没有什么", "刚收到的洗衣液过期了，退款", "hello", "чай😂[微笑]"}) {
    text::fold("13812345678", folded);
    CHECK(folded.may_hold_personal);
    text::fold(message, folded);
    CHECK_FALSE(folded.may_hold_personal);
  }
}

TEST_CASE("long lists of numbers are searched to their end") {
  std::string message;
  for (int i = 0; i < 500; ++i) message += "12 ";
  CHECK(masked(message + "138 1234 5678") == message + "*************");
  CHECK(masked(message + "1234567890123") == message + "*************");
}
