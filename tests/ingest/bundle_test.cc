// Several events in one message: arrays, wrapped arrays, JSON lines.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ingest/decode.h"
#include "ingest/fields.h"

namespace {

std::string line(const std::string& id) {
  return R"({"id":")" + id +
         R"(","ts":1773100000000,"kind":"post","channel":{"id":"c"},"text":"x"})";
}

// The parts one after the other. (GCC 12 warns wrongly of "x" + string.)
std::string text(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) all += part;
  return all;
}

struct Bundles {
  std::unique_ptr<ingest::Decoder> decoder = ingest::make_decoder("qingyu");
  ingest::EventBatch out;

  std::string message;  // bad elements point into it

  std::vector<std::string> ids(std::string bytes) {
    message = std::move(bytes);
    out.clear();
    const auto decoded = decoder->decode(message, out);
    std::vector<std::string> ids;
    if (!decoded) return {text({"refused: ", decoded.error().message})};
    for (size_t i = 0; i < out.size(); ++i) ids.push_back(out[i].id);
    return ids;
  }
  std::vector<std::string> bad() const {
    std::vector<std::string> all;
    for (const ingest::BadElement& b : decoder->bad_elements())
      all.push_back(text({std::to_string(b.index), " ", b.reason, " ", b.bytes}));
    return all;
  }
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Bundles, "an array, a wrapped array and JSON lines give their events in order") {
  const std::string a = line("a"), b = line("b"), c = line("c");
  const Strings all = {"a", "b", "c"};
  CHECK(ids(text({"[", a, ",", b, ",\n", c, "]"})) == all);
  CHECK(ids(text({"{\"events\":[", a, ",", b, ",", c, "],\"next\":{\"page\":2}}"})) == all);
  CHECK(ids(text({"{ \"events\" : [", a, ",", b, ",", c, "]}"})) == all);
  CHECK(ids(text({a, "\n", b, "\r\n\n", c, "\n"})) == all);
  CHECK(ids("[]") == Strings{});
  CHECK(bad().empty());
}

TEST_CASE_FIXTURE(Bundles, "events are appended to what the batch holds already") {
  REQUIRE(decoder->decode(line("a"), out));
  REQUIRE(decoder->decode(text({"[", line("b"), "]"}), out));
  CHECK_FALSE(decoder->decode(text({"[", line("c"), ","}), out));
  REQUIRE(out.size() == 2);
  CHECK(out[1].id == "b");
}

TEST_CASE_FIXTURE(Bundles, "an element that is no event is set aside with its own bytes") {
  const std::string a = line("a"), b = R"({"id":"b"})", c = line("c"), d = "7";
  CHECK(ids(text({"[", a, ", ", b, " ,", c, ",", d, "]"})) == Strings{"a", "c"});
  REQUIRE(bad().size() == 2);
  CHECK(bad()[0].starts_with("1 missing_field: ts {\"id\":\"b\"}"));
  CHECK(bad()[1].starts_with("3 bad_field: events 7"));
  CHECK(ids(line("a")) == Strings{"a"});
  CHECK(bad().empty());
}

TEST_CASE_FIXTURE(Bundles, "a line that is broken costs only itself") {
  const std::string broken = R"({"id":"b",)", bytes = "{\"id\":\"\xff\"}";
  CHECK(ids(text({line("a"), "\n", broken, "\n", bytes, "\n", line("c")})) == Strings{"a", "c"});
  CHECK(bad() == Strings{text({"1 broken_json ", broken}), text({"2 invalid_utf8 ", bytes})});
}

TEST_CASE_FIXTURE(Bundles, "an array that breaks off is refused whole") {
  CHECK(ids(text({"[", line("a"), ",", line("b")})) == Strings{"refused: broken_json"});
  CHECK(ids(text({"[", line("a"), ",{\"id\":}]"})) == Strings{"refused: broken_json"});
  CHECK(ids(text({"[", line("a"), "]x"})) == Strings{"refused: broken_json"});
  CHECK(ids(text({"{\"events\":[", line("a"), "],\"next\":tru}"})) ==
        Strings{"refused: broken_json"});
  CHECK(bad().empty());
}

TEST_CASE_FIXTURE(Bundles, "an object that is laid out strangely is no bundle") {
  const std::string strange =
      "{\n\"id\":\"a\",\"ts\":1773100000000,\"kind\":\"post\",\"text\":\"\",\"channel\":\n{\"id\":"
      "\"c\"}}";
  CHECK(ids(strange) == Strings{"a"});
  const std::string stranger =
      "{\"channel\":\n{\"id\":\"c\"},\"id\":\"a\",\"ts\":1773100000000,\"kind\":\"post\",\"text\":"
      "\"\"}";
  CHECK(ids(stranger) == Strings{"a"});
}

TEST_CASE_FIXTURE(Bundles, "a bundle has a largest size") {
  std::string most = text({"[", line("0")});
  for (size_t i = 1; i < ingest::kBundleMax; ++i) most += text({",", line(std::to_string(i))});
  CHECK(ids(text({most, "]"})).size() == ingest::kBundleMax);
  CHECK(ids(text({most, ",", line("x"), "]"})) == Strings{"refused: too_large: events"});
}

TEST_CASE("platform records come in bundles too") {
  ingest::EventBatch out;
  const auto weibo = ingest::make_decoder("weibo");
  const std::string status =
      R"({"mid":"1","created_at":"2026-03-10 10:00:00","text":"a","user":{"id":5}})";
  REQUIRE(weibo->decode(text({"{\"statuses\":[", status, ",{\"mid\":\"2\"},", status, "]}"}), out));
  CHECK(out.size() == 2);
  REQUIRE(weibo->bad_elements().size() == 1);
  CHECK(weibo->bad_elements()[0].index == 1);
  CHECK(weibo->bad_elements()[0].reason == "missing_field: created_at");
  REQUIRE(weibo->decode(text({status, "\n", status, "\n{\"mid\""}), out));
  CHECK(out.size() == 4);
  REQUIRE(weibo->bad_elements().size() == 1);
  CHECK(weibo->bad_elements()[0].reason == "broken_json");
  CHECK_FALSE(weibo->decode("[1,2", out));
  CHECK(out.size() == 4);
}
