// What the golden samples do not reach: limits and refusals of the platforms' decoders.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/text/utf8.h"
#include "ingest/decode.h"
#include "ingest/fields.h"

namespace {

using nlohmann::json;

struct Platform {
  explicit Platform(const char* name) : decoder(ingest::make_decoder(name)) {}

  std::string reason(const json& record) {
    out.clear();
    const auto decoded = decoder->decode(record.dump(), out);
    CHECK(decoder->bad_elements().empty());
    if (!decoded) CHECK(out.size() == 0);
    return decoded ? "" : decoded.error().message;
  }
  // How many events the record gives.
  size_t events(const json& record) {
    REQUIRE(reason(record) == "");
    return out.size();
  }
  core::Event& event(const json& record) {
    REQUIRE(events(record) == 1);
    return out[0];
  }

  std::unique_ptr<ingest::Decoder> decoder;
  ingest::EventBatch out;
};

json part(const std::string& text) {
  return {{"type", "ChatRecordText"},
          {"msgtime", 1773091000},
          {"content", json{{"content", text}}.dump()}};
}

struct Wecom : Platform {
  Wecom() : Platform("wecom") {}

  static json record(const char* type, const json& body) {
    return {{"msgid", "m1"},  {"action", "send"},         {"from", "zhao"},  {"tolist", {"qian"}},
            {"roomid", "r1"}, {"msgtime", 1773100000000}, {"msgtype", type}, {type, body}};
  }
  static json text() { return record("text", {{"content", "好"}}); }
  static json with(const char* field, const json& value) {
    json changed = text();
    changed[field] = value;
    return changed;
  }
  static json without(const char* field) {
    json changed = text();
    changed.erase(field);
    return changed;
  }
};

struct Weibo : Platform {
  Weibo() : Platform("weibo") {}

  static json status() {
    return {{"mid", "7"},
            {"created_at", "2026-03-10 10:00:00"},
            {"text", "好"},
            {"user", {{"id", 5}, {"screen_name", "某人"}, {"followers_count", 9}}}};
  }
  static json with(const char* field, const json& value) {
    json changed = status();
    changed[field] = value;
    return changed;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Wecom, "a record without its envelope is refused by the field that is missing") {
  for (const char* field : {"msgid", "from", "msgtime", "msgtype"})
    CHECK(reason(without(field)) == std::string("missing_field: ").append(field));
  for (const char* field : {"tolist", "roomid", "action", "text"})
    CHECK(reason(without(field)) == "");
  CHECK(reason(with("msgtime", "later")) == "bad_time");
  CHECK(reason(with("msgid", std::string(ingest::kIdMax + 1, 'm'))) == "bad_field: msgid");
  CHECK(reason(with("roomid", std::string(ingest::kIdMax + 1, 'r'))) == "bad_field: roomid");
  CHECK(reason(json(7)) == "bad_field: record");
  CHECK(reason(json("text")) == "bad_field: record");
  json revoke = record("revoke", json::object());
  CHECK(reason(revoke) == "missing_field: pre_msgid");
}

TEST_CASE_FIXTURE(Wecom, "a body of another shape than its type's gives an event without text") {
  for (const json& body :
       {json(nullptr), json(3), json("x"), json::array(), json{{"content", 5}}}) {
    CHECK(event(record("text", body)).text.empty());
    CHECK(event(record("mixed", body)).text.empty());
    CHECK(event(record("news", body)).text.empty());
    CHECK(events(record("chatrecord", body)) == 1);
  }
}

TEST_CASE_FIXTURE(Wecom, "a merged forward is unfolded up to a limit, the rest is counted") {
  json items = json::array();
  for (int i = 0; i < 300; ++i) items.push_back(part("t" + std::to_string(i)));
  CHECK(events(record("chatrecord", {{"title", "t"}, {"item", items}})) == 257);
  CHECK(out[256].id == "m1#256");
  CHECK(out[256].text == "t255");
  CHECK(decoder->cuts().items == 44);
}

TEST_CASE_FIXTURE(Wecom, "merged forwards inside merged forwards are unfolded to a depth") {
  json inner = part("innermost");
  for (int depth = 0; depth < 6; ++depth)
    inner = {{"type", "chatrecord"},
             {"content", json{{"title", "d"}, {"item", json::array({inner})}}.dump()}};
  CHECK(events(record("chatrecord", {{"item", json::array({inner})}})) == 5);
  CHECK(out[4].id == "m1#1#1#1#1");
  CHECK(decoder->cuts().items == 1);
}

TEST_CASE_FIXTURE(Wecom, "after an inner part was read the outer ones go on where they were") {
  const json nested = {{"type", "ChatRecordChatRecord"}, {"content", "{}"}};
  const json forward = {{"type", "chatrecord"},
                        {"content", json{{"item", {part("b"), part("c")}}}.dump()}};
  CHECK(events(record("chatrecord", {{"item", {part("a"), forward, part("d"), nested}}})) == 7);
  std::string texts;
  for (size_t i = 0; i < out.size(); ++i) texts += out[i].text;
  CHECK(texts == "abcd");
}

TEST_CASE_FIXTURE(Wecom,
                  "the same part has the same mark wherever it is forwarded, others differ") {
  const auto mark = [&](const json& item) {
    REQUIRE(events(record("chatrecord", {{"item", json::array({item})}})) == 2);
    return out[1].forward_of;
  };
  json later = part("a");
  later["msgtime"] = 1773091001;
  CHECK(mark(part("a")) == mark(part("a")));
  CHECK(mark(part("a")) != mark(part("b")));
  CHECK(mark(part("a")) != mark(later));
}

TEST_CASE_FIXTURE(Wecom, "parts that are no JSON inside are their own text") {
  const json item = {{"type", "ChatRecordText"}, {"content", "{不是 JSON"}};
  REQUIRE(events(record("chatrecord", {{"item", json::array({item})}})) == 2);
  CHECK(out[1].text == "{不是 JSON");
}

TEST_CASE_FIXTURE(Wecom, "only long ids with a prefix are people from outside") {
  const auto is_service = [&](const char* from) {
    json pair = with("roomid", "");
    pair["from"] = from;
    return !event(pair).customer.empty();
  };
  CHECK_FALSE(is_service("wm"));
  CHECK_FALSE(is_service("wmwang"));
  CHECK_FALSE(is_service("sun.li.of.the.northern.branch"));
  CHECK(is_service("wmAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
  CHECK(is_service("woAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST_CASE_FIXTURE(Wecom, "whoever writes, a talk of two is the same channel") {
  json there = with("roomid", ""), back = there;
  back["from"] = "qian";
  back["tolist"] = {"zhao"};
  const std::string channel = event(there).channel_id;
  CHECK(event(back).channel_id == channel);
}

TEST_CASE_FIXTURE(Wecom, "a mixed message of very many parts keeps its first ones") {
  json items = json::array();
  for (int i = 0; i < 100; ++i)
    items.push_back({{"type", "image"}, {"content", json{{"md5sum", "h"}}.dump()}});
  CHECK(event(record("mixed", {{"item", items}})).attachments.size() == ingest::kAttachmentsMax);
  CHECK(decoder->cuts().items == 100 - ingest::kAttachmentsMax);
}

TEST_CASE_FIXTURE(Weibo, "a status without what it needs is refused by the field") {
  for (const char* field : {"created_at", "text"}) {
    json record = status();
    record.erase(field);
    CHECK(reason(record) == std::string("missing_field: ").append(field));
  }
  CHECK(reason(with("mid", nullptr)) == "missing_field: id");
  CHECK(reason(with("mid", std::string(ingest::kIdMax + 1, '1'))) == "bad_field: id");
  CHECK(reason(with("created_at", "昨天 12:00")) == "bad_time");
  CHECK(reason(with("text", "")) == "");
  CHECK(reason(with("user", nullptr)) == "");
}

TEST_CASE_FIXTURE(Weibo, "an id may be a string or a number under three names") {
  json record = with("mid", nullptr);
  record["id"] = 5000000000000001;
  CHECK(event(record).id == "5000000000000001");
  record["idstr"] = "6";
  CHECK(event(record).id == "6");
  record["mid"] = "8";
  CHECK(event(record).id == "8");
}

TEST_CASE_FIXTURE(Weibo, "a repost that already quotes the original does not quote it twice") {
  json record = with("text", "转//@某人:好");
  record["retweeted_status"] = status();
  CHECK(event(record).text == "转//@某人:好");
  record["text"] = "转";
  CHECK(event(record).text == "转//@某人:好");
  record["retweeted_status"]["text"] = "";
  CHECK(event(record).text == "转");
}

TEST_CASE_FIXTURE(Weibo, "followers above what fits are as many as fit, unreadable ones none") {
  const auto followers = [&](const json& count) {
    json record = status();
    record["user"]["followers_count"] = count;
    return event(record).author_followers;
  };
  CHECK(followers(12) == 12);
  CHECK(followers("1.5万") == 15'000);
  CHECK(followers("99999亿") == 4294967295u);
  CHECK(followers("many") == 0);
  CHECK(followers(nullptr) == 0);
  CHECK(followers(-4) == 0);
}

TEST_CASE_FIXTURE(Weibo, "long texts and many pictures are cut at their limits") {
  std::string text;
  while (text.size() <= core::kTextMax) text += "好<br>";
  json record = with("text", text + text);
  for (int i = 0; i < 40; ++i) record["pic_ids"].push_back("p" + std::to_string(i));
  const core::Event& e = event(record);
  CHECK(e.text.size() <= core::kTextMax);
  CHECK(core::text::valid_utf8(e.text));
  CHECK(e.attachments.size() == ingest::kAttachmentsMax);
  CHECK(decoder->cuts().texts == 1);
  CHECK(decoder->cuts().items == 40 - ingest::kAttachmentsMax);
}

TEST_CASE("the platforms' decoders tell broken bytes apart as the others do") {
  for (const char* name : {"wecom", "weibo"}) {
    const auto decoder = ingest::make_decoder(name);
    ingest::EventBatch out;
    const auto reason = [&](const std::string& bytes) {
      const auto decoded = decoder->decode(bytes, out);
      return decoded ? "" : decoded.error().message;
    };
    CHECK(reason("") == "broken_json");
    CHECK(reason("{\"msgid\":") == "broken_json");
    CHECK(reason("{\"msgid\":\"\xff\"}") == "invalid_utf8");
    CHECK(reason("{\"msgid\":\"\\ud800\"}") == "lone_surrogate");
    CHECK(reason(std::string(core::kMessageMax + 1, '[')) == "too_large");
    CHECK(reason("[]") == "");
    CHECK(out.size() == 0);
  }
}
