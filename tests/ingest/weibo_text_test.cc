#include "ingest/decoders/weibo_text.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "core/text/utf8.h"

TEST_CASE("tags go, line breaks and the words of pictures stay") {
  CHECK(ingest::without_html("a<br />b<br>c") == "a\nb\nc");
  CHECK(ingest::without_html("<a href='x'>@某人</a> 说") == "@某人 说");
  CHECK(ingest::without_html("好<img alt=\"[赞]\" src='u'>") == "好[赞]");
  CHECK(ingest::without_html("好<img src='u' alt=[赞]>") == "好[赞]");
  CHECK(ingest::without_html("<!-- x -->y</span>") == "y");
}

TEST_CASE("what only looks like a tag or an entity stays") {
  CHECK(ingest::without_html("1 < 2 && 3 > 2") == "1 < 2 && 3 > 2");
  CHECK(ingest::without_html("<3 <") == "<3 <");
  CHECK(ingest::without_html("<a no end") == "<a no end");
  CHECK(ingest::without_html("AT&T &unknown; &#0; &#xD800; &#99999999; &;") ==
        "AT&T &unknown; &#0; &#xD800; &#99999999; &;");
}

TEST_CASE("entities are what they stand for") {
  CHECK(ingest::without_html("&lt;&gt;&amp;&quot;&apos;&nbsp;|&#39;&#x8FC7;&#26399;") ==
        "<>&\"' |'过期");
  CHECK(ingest::without_html("&amp;lt;") == "&lt;");
}

TEST_CASE("any valid text stays valid without its HTML and never grows") {
  std::mt19937 random(4);
  static const char* const kPieces[] = {"<", ">",   "a", "/",  "br", "img alt=", "\"", "&", "amp;",
                                        "#", "x41", ";", "过", "期", " ",        "'",  "!"};
  for (int i = 0; i < 20'000; ++i) {
    std::string html;
    for (size_t n = random() % 12; n > 0; --n) html += kPieces[random() % std::size(kPieces)];
    const std::string text = ingest::without_html(html);
    REQUIRE_MESSAGE(core::text::valid_utf8(text), html);
    REQUIRE_MESSAGE(text.size() <= html.size(), html);
  }
}

TEST_CASE("times come in four shapes") {
  const auto ms = [](const char* text) {
    const auto time = ingest::weibo_time(text);
    return time ? core::to_ms(*time) : -1;
  };
  CHECK(ms("Tue May 31 17:46:55 +0800 2011") == 1306835215000);
  CHECK(ms("Tue May 31 09:46:55 +0000 2011") == 1306835215000);
  CHECK(ms("2011-05-31 17:46:55") == 1306835215000);
  CHECK(ms("2011-05-31T17:46:55+08:00") == 1306835215000);
  CHECK(ms("2011-05-31T09:46:55.123Z") == 1306835215000);
  CHECK(ms("2011-05-31T04:46:55-05:00") == 1306835215000);
  CHECK(ms("1306835215") == 1306835215000);
  CHECK(ms("1306835215000") == 1306835215000);
}

TEST_CASE("what is no absolute time is none") {
  for (const char* text :
       {"", "5分钟前", "今天 12:30", "05-31", "2011-13-31 17:46:55", "2011-02-30 17:46:55",
        "2011-05-31 25:46:55", "2011-05-31 17:46:55 x", "2011-05-31_17:46:55",
        "Tue May 31 17:46:55", "Tue Mai 31 17:46:55 +0800 2011", "Tue May 31 17:46:55 0800 2011",
        "1811-05-31 17:46:55", "2011-05-31 17:46:55+8", "17", "1306835215000000",
        "99999999999999999999999999999999999999999"})
    CHECK_MESSAGE(!ingest::weibo_time(text), text);
}

TEST_CASE("large counts are written with a unit") {
  CHECK(ingest::weibo_count("1234") == 1234);
  CHECK(ingest::weibo_count("12.3万") == 123'000);
  CHECK(ingest::weibo_count("2万") == 20'000);
  CHECK(ingest::weibo_count("1.2亿") == 120'000'000);
  for (const char* text :
       {"", "万", "1.2", "1.23万", "-3", "1.x万", "3千", "99999999999999999999万"})
    CHECK_MESSAGE(!ingest::weibo_count(text), text);
}

TEST_CASE("a picture is known by its file name") {
  CHECK(ingest::picture_of("https://host/thumbnail/006abc.jpg?x=a/b") == "006abc");
  CHECK(ingest::picture_of("006abc") == "006abc");
  CHECK(ingest::picture_of("https://host/large/") == "");
}
