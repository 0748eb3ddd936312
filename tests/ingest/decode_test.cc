// The project's own event line.
#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "core/text/utf8.h"
#include "ingest/decode.h"
#include "ingest/fields.h"

namespace {

using nlohmann::ordered_json;

struct Decoding {
  std::unique_ptr<ingest::Decoder> decoder = ingest::make_decoder("qingyu");
  ingest::EventBatch out;

  // "" when the line is one event.
  std::string reason(std::string_view line) {
    out.clear();
    const auto decoded = decoder->decode(line, out);
    if (!decoded) {
      CHECK(out.size() == 0);
      CHECK(decoded.error().code == core::Code::BadInput);
      return decoded.error().message;
    }
    CHECK(out.size() == 1);
    return "";
  }
  core::Event& event(std::string_view line) {
    REQUIRE_MESSAGE(reason(line) == "", line);
    return out[0];
  }
};

const char* const kWhole =
    R"({"id":"e1","ts":1773100000123,"platform":"wecom","kind":"chat",)"
    R"("channel":{"id":"g7","name":"团购7群","members":480,"service":true},)"
    R"("author":{"id":"u9","followers":31,"role":"owner"},"text":"还有三个月就過期了","forward_of":"e0",)"
    R"("reply_to":"e00","root":"e000","counts":{"likes":3,"reposts":1.0,"origin":"x"},"tags":["a","b"],)"
    R"("attachments":[{"kind":"image","hash":"h1","title":"图"},{"kind":"file"}],"customer":"c1",)"
    R"("order":"o1","level":"orange","later":[{"x":null}]})";

ordered_json plain() {
  ordered_json json;
  json["id"] = "e1";
  json["ts"] = 1773100000123;
  json["kind"] = "post";
  json["channel"] = {{"id", "weibo"}};
  json["text"] = "好";
  return json;
}

std::string without(const char* field) {
  ordered_json json = plain();
  json.erase(field);
  return json.dump();
}

std::string with(const char* field, const ordered_json& value) {
  ordered_json json = plain();
  json[field] = value;
  return json.dump();
}

}  // namespace

TEST_CASE_FIXTURE(Decoding, "every field of a line reaches its event") {
  const core::Event& e = event(kWhole);
  CHECK(e.id == "e1");
  CHECK(core::to_ms(e.published) == 1773100000123);
  CHECK(e.platform == "wecom");
  CHECK(e.kind == core::Kind::Chat);
  CHECK(e.channel_id == "g7");
  CHECK(e.channel_name == "团购7群");
  CHECK(e.channel_members == 480);
  CHECK(e.author_id == "u9");
  CHECK(e.author_followers == 31);
  CHECK(e.author_role == core::Role::Owner);
  CHECK(e.text == "还有三个月就過期了");
  CHECK(e.forward_of == "e0");
  CHECK(e.reply_to == "e00");
  CHECK(e.root == "e000");
  REQUIRE(e.counts.size() == 2);
  CHECK(e.counts[1].name == "reposts");
  CHECK(e.counts[1].value == 1);
  CHECK(e.tags == std::vector<std::string>{"service", "a", "b"});
  REQUIRE(e.attachments.size() == 2);
  CHECK(e.attachments[0].hash == "h1");
  CHECK(e.attachments[0].title == "图");
  CHECK(e.attachments[1].kind == "file");
  CHECK(e.customer == "c1");
  CHECK(e.order == "o1");
  CHECK(e.reported_level == 3);
  CHECK_FALSE(e.act);
}

TEST_CASE_FIXTURE(Decoding, "a slot that is used again keeps nothing of the event before") {
  event(kWhole);
  const core::Event& e = event(plain().dump());
  CHECK(e.tags.empty());
  CHECK(e.attachments.empty());
  CHECK(e.channel_members == 0);
  CHECK(e.author_role == core::Role::None);
  CHECK(e.root.empty());
  CHECK(e.reported_level == 0);
}

TEST_CASE_FIXTURE(Decoding, "what an event cannot be without is named when it is missing") {
  for (const char* field : {"id", "ts", "kind", "channel", "text"}) {
    CHECK(reason(without(field)) == std::string("missing_field: ") + field);
    CHECK(reason(with(field, nullptr)) == std::string("missing_field: ") + field);
  }
  CHECK(reason(with("channel", {{"name", "x"}})) == "missing_field: channel");
  CHECK(reason(with("id", "")) == "missing_field: id");
  CHECK(reason(with("text", "")) == "");
}

TEST_CASE_FIXTURE(Decoding, "a field of the wrong type or with an unknown word is named") {
  CHECK(reason(with("text", true)) == "bad_field: text");
  CHECK(reason(with("channel", "weibo")) == "bad_field: channel");
  CHECK(reason(with("kind", "rumour")) == "bad_field: kind");
  CHECK(reason(with("tags", "a")) == "bad_field: tags");
  CHECK(reason(with("author", {{"followers", "12"}})) == "bad_field: author.followers");
  CHECK(reason(with("level", "purple")) == "bad_field: level");
  CHECK(reason(with("sensitivity", 6)) == "bad_field: sensitivity");
  CHECK(reason(with("id", std::string(ingest::kIdMax + 1, 'x'))) == "bad_field: id");
  CHECK(reason(with("root", std::string(ingest::kIdMax + 1, 'x'))) == "bad_field: root");
}

TEST_CASE_FIXTURE(Decoding, "optional fields may be null") {
  for (const char* field : {"platform", "author", "forward_of", "counts", "tags", "attachments",
                            "customer", "level", "sensitivity", "published"})
    CHECK_MESSAGE(reason(with(field, nullptr)) == "", field);
}

TEST_CASE_FIXTURE(Decoding, "a time that is no time of this century is a bad time") {
  for (const ordered_json& ts : {ordered_json(1773100000), ordered_json(0), ordered_json("x"),
                                 ordered_json(-5), ordered_json(1773100000123456)})
    CHECK(reason(with("ts", ts)) == "bad_time");
  CHECK(reason(with("published", 12)) == "bad_time");
  CHECK(core::to_ms(event(with("published", 1773000000000)).published) == 1773000000000);
}

TEST_CASE_FIXTURE(Decoding, "bytes that are no JSON are told apart by what is wrong with them") {
  const std::string line = plain().dump();
  CHECK(reason("") == "broken_json");
  CHECK(reason("null") == "broken_json");
  CHECK(reason("12") == "broken_json");
  CHECK(reason("hello") == "broken_json");
  CHECK(reason(line + "x") == "broken_json");
  CHECK(reason(line + line) == "broken_json");
  CHECK(reason(line.substr(0, line.size() - 1)) == "broken_json");
  CHECK(reason(R"({"id":"a" "ts":1})") == "broken_json");
  CHECK(reason(R"({"id":"a","new":tru,"text":"x"})") == "broken_json");
  CHECK(reason(R"({"id":"a","new":{"x":01}})") == "broken_json");
  CHECK(reason(R"({"id":"a","new":"\q"})") == "broken_json");
  CHECK(reason("{\"id\":\"a\nb\"}") == "broken_json");
  CHECK(reason("{\"id\":\"a\xff\"}") == "invalid_utf8");
  CHECK(reason("{\"new\":\"\xed\xa0\x80\",\"id\":\"a\"}") == "invalid_utf8");
  CHECK(reason("\xff") == "invalid_utf8");
  CHECK(reason(R"({"id":"a","text":"\ud83d"})") == "lone_surrogate");
  CHECK(reason(R"({"id":"a","new":["\ude00"]})") == "lone_surrogate");
  std::string named = line;
  named.insert(1, R"("\ud83d":1,)");
  CHECK(reason(named) == "lone_surrogate");
}

TEST_CASE_FIXTURE(Decoding, "a message above the limit is too large whatever it holds") {
  ordered_json json = plain();
  json["new"] = std::string(core::kMessageMax, 'x');
  CHECK(reason(json.dump()) == "too_large");
  json["new"] = std::string(core::kMessageMax - plain().dump().size() - 9, 'x');
  CHECK(json.dump().size() == core::kMessageMax);
  CHECK(reason(json.dump()) == "");
}

TEST_CASE_FIXTURE(Decoding, "a long text is cut between characters, and that is counted") {
  std::string text;
  while (text.size() <= core::kTextMax) text += "期";
  const core::Event& e = event(with("text", text));
  CHECK(e.text.size() <= core::kTextMax);
  CHECK(e.text.size() > core::kTextMax - 3);
  CHECK(core::text::valid_utf8(e.text));
  CHECK(decoder->cuts().texts == 1);
}

TEST_CASE_FIXTURE(Decoding, "lists are kept up to their limits, and what is left out is counted") {
  ordered_json json = plain();
  for (size_t i = 0; i < ingest::kTagsMax + 5; ++i) json["tags"].push_back("t");
  for (size_t i = 0; i < ingest::kAttachmentsMax + 3; ++i)
    json["attachments"].push_back({{"kind", "image"}});
  for (size_t i = 0; i < ingest::kCountsMax + 2; ++i) json["counts"][std::to_string(i)] = i;
  const core::Event& e = event(json.dump());
  CHECK(e.tags.size() == ingest::kTagsMax);
  CHECK(e.attachments.size() == ingest::kAttachmentsMax);
  CHECK(e.counts.size() == ingest::kCountsMax);
  CHECK(decoder->cuts().items == 10);
}

TEST_CASE_FIXTURE(Decoding,
                  "five steps of sensitivity fall on four levels, and a level stands over them") {
  const std::map<int, int> levels = {{1, 1}, {2, 1}, {3, 2}, {4, 3}, {5, 4}};
  for (const auto& [step, level] : levels)
    CHECK(event(with("sensitivity", step)).reported_level == level);
  ordered_json json = plain();
  json["level"] = "blue";
  json["sensitivity"] = 5;
  CHECK(event(json.dump()).reported_level == 1);
}

TEST_CASE_FIXTURE(Decoding, "roles that are not known are others, people without one are none") {
  using core::Role;
  const std::map<std::string, Role> roles = {
      {"owner", Role::Owner},           {"admin", Role::Admin},
      {"staff", Role::Staff},           {"user", Role::None},
      {"member", Role::None},           {"", Role::None},
      {"moderator of all", Role::Other}};
  for (const auto& [name, role] : roles)
    CHECK(event(with("author", {{"id", "u"}, {"role", name}})).author_role == role);
}

TEST_CASE_FIXTURE(Decoding, "a recall needs no text, and names what is taken back") {
  ordered_json json = plain();
  json.erase("text");
  json["recall_of"] = "e0";
  CHECK(event(json.dump()).recall_of == "e0");
}

TEST_CASE_FIXTURE(Decoding, "commands and outcomes carry an act, and need no channel or text") {
  const core::Event& command =
      event(R"({"id":"c1","ts":1773100000000,"kind":"command","what":"decide","incident":"INC-1",)"
            R"("by":"ceo","option":"return","because":"贵","door":"cli"})");
  REQUIRE(command.act);
  CHECK(command.act->what == "decide");
  CHECK(command.act->incident == "INC-1");
  CHECK(command.act->by == "ceo");
  CHECK(command.act->option == "return");
  CHECK(command.act->because == "贵");
  CHECK(command.act->door == "cli");
  const core::Event& outcome = event(
      R"({"id":"o1","ts":1773100000000,"kind":"outcome","what":"delivered","notification":"ab"})");
  REQUIRE(outcome.act);
  CHECK(outcome.act->notification == "ab");
  CHECK(outcome.act->by.empty());
  CHECK(outcome.act->because.empty());
  CHECK_FALSE(event(plain().dump()).act);
}

TEST_CASE_FIXTURE(Decoding, "every act of people and of the courier is known, with its words") {
  for (const char* what : {"ack", "decide", "approve", "reject", "close", "escalate", "deescalate",
                           "advise", "result", "handover", "silence", "unsilence"}) {
    const core::Event& e = event(std::string(R"({"id":"c1","ts":1773100000000,"kind":"command",)") +
                                 R"("incident":"INC-1","by":"duty","value":"30","revision":7,)" +
                                 R"("what":")" + what + R"("})");
    REQUIRE(e.act);
    CHECK(e.act->what == what);
    CHECK(e.act->value == "30");
    CHECK(e.act->revision == 7);
  }
  for (const char* what : {"delivered", "accepted", "refused", "unknown", "suppressed"})
    CHECK(event(std::string(
                    R"({"id":"o1","ts":1773100000000,"kind":"outcome","notification":"ab",)") +
                R"("what":")" + what + R"("})")
              .act);
}

TEST_CASE_FIXTURE(Decoding, "an act that cannot be carried out is refused") {
  const auto act = [](const char* rest) {
    std::string line = R"({"id":"c1","ts":1773100000000,)";
    return line.append(rest).append("}");
  };
  CHECK(reason(act(R"("kind":"command","what":"ack","by":"x")")) == "missing_field: incident");
  CHECK(reason(act(R"("kind":"command","what":"ack","incident":"I")")) == "missing_field: by");
  CHECK(reason(act(R"("kind":"command","what":"sue","incident":"I","by":"x")")) ==
        "bad_field: what");
  CHECK(reason(act(R"("kind":"outcome","what":"delivered")")) == "missing_field: notification");
  CHECK(reason(act(R"("kind":"outcome","what":"ack","notification":"n")")) == "bad_field: what");
}

TEST_CASE_FIXTURE(Decoding, "an act that was refused leaves nothing to the next one") {
  CHECK(reason(R"({"id":"c","ts":1773100000000,"kind":"command","because":"old","by":"\ud800"})") ==
        "lone_surrogate");
  const core::Event& next = event(
      R"({"id":"c","ts":1773100000000,"kind":"command","what":"ack","incident":"I","by":"x"})");
  REQUIRE(next.act);
  CHECK(next.act->because.empty());
}

TEST_CASE_FIXTURE(Decoding, "of a field that comes twice the first counts") {
  const core::Event& e = event(
      R"({"id":"a","id":"b","ts":1773100000000,"kind":"post","channel":{"id":"c"},"text":""})");
  CHECK(e.id == "a");
}

TEST_CASE_FIXTURE(Decoding, "layout, order of fields and a byte order mark make no difference") {
  ordered_json json = ordered_json::parse(kWhole);
  const std::string indented = json.dump(2);
  CHECK(event(indented).text == "还有三个月就過期了");
  CHECK(event(std::string("\xef\xbb\xbf").append(json.dump())).id == "e1");
  CHECK(event(json.dump(-1, ' ', true)).text == "还有三个月就過期了");
  ordered_json reversed;
  for (auto it = json.rbegin(); it != json.rend(); ++it) reversed[it.key()] = it.value();
  CHECK(event(reversed.dump()).channel_name == "团购7群");
  CHECK(event(std::string(" \r\n").append(json.dump()).append(" \n")).id == "e1");
}

namespace {

// Whether another library takes the bytes for one event: the obvious code.
bool obviously_an_event(const std::string& bytes) {
  std::map<std::string, int> names;
  const auto count_names = [&names](int depth, auto kind, nlohmann::json& parsed) {
    if (depth == 1 && kind == nlohmann::json::parse_event_t::key)
      ++names[parsed.get<std::string>()];
    return true;
  };
  const auto json = nlohmann::json::parse(bytes, count_names, false);
  for (const auto& [name, times] : names)
    if (times > 1) return false;  // the two libraries keep different ones
  return json.is_object() && json.contains("id") && json["id"].is_string() && json["id"] != "" &&
         json.contains("ts") && json["ts"] == 1773100000123 && json.contains("text") &&
         json["text"].is_string() && json.value("kind", "") == "chat" && json.contains("channel") &&
         json["channel"].is_object() && json["channel"].value("id", "") == "g7";
}

}  // namespace

TEST_CASE_FIXTURE(Decoding,
                  "damaged lines are refused exactly where another JSON library refuses them") {
  const std::string line =
      R"({"id":"e1","ts":1773100000123,"kind":"chat","channel":{"id":"g7"},)"
      R"("text":"a\n\u8fc7期","more":[1,-2.5e3,true,null,{"x":"\ud83d\ude00"}]})";
  REQUIRE(obviously_an_event(line));
  std::mt19937 random(7);
  size_t accepted = 0, refused = 0;
  for (int i = 0; i < 30'000; ++i) {
    std::string damaged = line;
    static const char kBytes[] = "{}[]\",:\\u0e1-.tfn x\xff\xe6\x80";
    for (size_t n = 1 + random() % 2; n > 0; --n) {
      const size_t at = random() % damaged.size();
      const char byte = kBytes[random() % (sizeof kBytes - 1)];
      if (random() % 3 == 0) {
        damaged.erase(at, 1);
      } else if (random() % 2 == 0) {
        damaged.insert(at, 1, byte);
      } else {
        damaged[at] = byte;
      }
    }
    const bool parses = nlohmann::json::accept(damaged);
    out.clear();
    const bool ours = decoder->decode(damaged, out).ok();
    if (!parses) REQUIRE_MESSAGE(!ours, damaged);
    if (obviously_an_event(damaged)) REQUIRE_MESSAGE(ours, damaged);
    (ours ? accepted : refused) += 1;
  }
  CHECK(accepted > 2000);
  CHECK(refused > 10'000);
}
