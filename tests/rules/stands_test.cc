// Which matches stand for a word and which are only the same characters in a row (DESIGN 11.9).
#include <doctest/doctest.h>

#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;

namespace {

struct Words : DeskOfFiles {
  explicit Words(std::string_view any = "{any: [过期, tnt, '12315', 吃坏肚子, 快过期, v信]}") {
    write_rule(any, "都过期了");
    open();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Words, "separators, emoji and one space inside a word do not hide it") {
  for (const char* text :
       {"过期", "过*期", "过.期了", "過 期", "过[微笑]期", "过\u200b期", "过_期"})
    CHECK_MESSAGE(hits(text), std::string(text));
}

TEST_CASE_FIXTURE(Words, "sentence punctuation and wide gaps never join two halves") {
  for (const char* text : {"不错过，期待", "过。期", "过！期", "过\n期", "过   期"})
    CHECK_MESSAGE(!hits(text), std::string(text));
}

TEST_CASE_FIXTURE(Words, "across a space no word counts whose rest begins another word") {
  CHECK_FALSE(hits("没用过 期待"));
  CHECK_FALSE(hits("用过 期间怎样"));
  CHECK(hits("过 期了"));
  CHECK(hits("东西过 期 了"));
}

TEST_CASE_FIXTURE(Words, "across a space a word counts when its rest is a whole word itself") {
  CHECK(hits("吃坏 肚子"));
  CHECK(hits("快 过期了"));
}

TEST_CASE("rule words and names are known words too: one that begins behind the space wins") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "都过期了");
  desk.open();
  CHECK(desk.hits("用过 期乐福的货"));  // 期乐福 means nothing yet
  desk.write("catalogue/catalogue.csv", "sku,name,brand\nX1,期乐福面包,期乐福\n");
  desk.open();
  CHECK_FALSE(desk.hits("用过 期乐福的货"));
}

TEST_CASE_FIXTURE(Words, "Latin words and numbers match whole words and numbers only") {
  for (const char* text : {"tnt", "用TNT寄的", "ＴＮＴ", "tnt快递", "t-n-t", "tnt123", "3tnt",
                           "la tnt", "打12315", "12315！", "电话:12315转2", "a12315b"})
    CHECK_MESSAGE(hits(text), std::string(text));
  for (const char* text : {"latnt", "tnts", "123150", "912315", "1231 5678", "àtnt"})
    CHECK_MESSAGE(!hits(text), std::string(text));
}

TEST_CASE_FIXTURE(Words, "a word of mixed scripts has borders only where letters meet letters") {
  CHECK(hits("加V信"));
  CHECK(hits("加个v信吧"));
  CHECK_FALSE(hits("kv信"));
}
