#include "ingest/dead_letters.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "core/text/utf8.h"
#include "tests/servers.h"

namespace {

constexpr size_t kPlenty = 1 << 20;

struct Letters {
  tests::Temporary folder;
  std::string path = folder.file("dead.jsonl");

  std::unique_ptr<ingest::DeadLetters> open(bool fresh = false, size_t bytes_max = kPlenty) {
    auto opened = ingest::DeadLetters::open(path, fresh, bytes_max);
    REQUIRE(opened);
    return std::move(*opened);
  }
  static ingest::DeadLetter letter(int64_t offset, std::string_view bytes = "{",
                                   const char* reason = "broken_json") {
    return {"file", offset, 0, "posts.jsonl:" + std::to_string(offset), reason, bytes};
  }
  std::vector<nlohmann::json> lines() const {
    std::ifstream file(path);
    std::vector<nlohmann::json> all;
    for (std::string line; std::getline(file, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }
  std::string excerpt(std::string_view bytes) {
    auto letters = open(true);
    letters->put(letter(1, bytes));
    return lines().at(0)["excerpt"];
  }
};

}  // namespace

TEST_CASE_FIXTURE(Letters, "a letter is a line that says where it was and why") {
  CHECK(open()->put(
      {"kafka:events/3", 88120, 2, "events/3@88120", "missing_field: ts", "{\"id\":1}"}));
  const auto line = lines().at(0);
  CHECK(line["stream"] == "kafka:events/3");
  CHECK(line["offset"] == 88120);
  CHECK(line["index"] == 2);
  CHECK(line["place"] == "events/3@88120");
  CHECK(line["reason"] == "missing_field: ts");
  CHECK(line["size"] == 8);
  CHECK(line["excerpt"] == "{\"id\":1}");
  struct stat status;
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE_FIXTURE(Letters, "the same letter is not written twice, not even after a restart") {
  {
    const auto letters = open();
    CHECK(letters->put(letter(1)));
    CHECK_FALSE(letters->put(letter(1)));
    CHECK(letters->put(letter(2)));
    CHECK(letters->put(letter(1, "{", "future")));
    CHECK(letters->count() == 3);
  }
  const auto letters = open();
  CHECK(letters->count() == 3);
  CHECK_FALSE(letters->put(letter(2, "other bytes")));
  CHECK(letters->put(letter(3)));
  CHECK(letters->count() == 4);
  CHECK(lines().size() == 4);
}

TEST_CASE_FIXTURE(Letters, "a fresh file forgets what was there") {
  open()->put(letter(1));
  const auto letters = open(true);
  CHECK(letters->count() == 0);
  CHECK(letters->put(letter(1)));
  CHECK(lines().size() == 1);
}

TEST_CASE_FIXTURE(Letters, "a line torn by a crash is cut off, wherever it tore") {
  open()->put(letter(1));
  std::ifstream file(path);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  for (const size_t keep : {size_t{1}, whole.size() / 2, whole.size() - 1}) {
    std::ofstream(path, std::ios::trunc) << whole << whole.substr(0, keep);
    const auto letters = open();
    CHECK(letters->count() == 1);
    CHECK(letters->put(letter(2)));
    CHECK(lines().size() == 2);
  }
}

TEST_CASE_FIXTURE(Letters, "what the file has no room for is counted") {
  const auto letters = open(true, 500);
  for (int64_t i = 0; i < 20; ++i) CHECK(letters->put(letter(i)));
  CHECK(letters->count() == 20);
  CHECK(letters->dropped() == 20 - lines().size());
  CHECK(lines().size() > 1);
  CHECK_FALSE(letters->put(letter(19)));
  CHECK(letters->count() == 20);
  std::ifstream file(path);
  CHECK(std::string{std::istreambuf_iterator<char>(file), {}}.size() <= 500);
}

TEST_CASE("without a path letters are only counted") {
  auto letters = ingest::DeadLetters::open("", false, kPlenty);
  REQUIRE(letters);
  CHECK((*letters)->put(Letters::letter(1)));
  CHECK_FALSE((*letters)->put(Letters::letter(1)));
  CHECK((*letters)->count() == 1);
  CHECK((*letters)->dropped() == 0);
}

TEST_CASE_FIXTURE(Letters, "a path that cannot be written is a bad setting") {
  const auto opened = ingest::DeadLetters::open(folder.path() + "/none/dead", false, kPlenty);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == core::Code::BadSettings);
}

TEST_CASE_FIXTURE(Letters, "an excerpt is masked, also where the number is written with escapes") {
  CHECK(excerpt(R"({"text":"电话13812345678,)").find("13812345678") == std::string::npos);
  const std::string escaped = excerpt(R"({"text":"\u7535\u8bdd\u0031\u0033812345678,)");
  CHECK(escaped.find("812345678") == std::string::npos);
  CHECK(escaped.find("电话") != std::string::npos);
}

TEST_CASE_FIXTURE(Letters, "a number that the excerpt's end would cut in half is masked whole") {
  for (size_t before = 230; before < 260; ++before) {
    const std::string cut = excerpt(std::string(before, ' ') + "13812345678,");
    CHECK(cut.size() <= 256);
    CHECK(cut.find('1') == std::string::npos);
  }
}

TEST_CASE_FIXTURE(Letters, "what names a customer, an order or a person is blanked by its field") {
  const std::string text = excerpt(
      R"({"customer":"c-1\"x","order": 4711,"from":"wang","tolist":["chen","li"],"id":"customer","n":5,)");
  CHECK(
      text ==
      R"({"customer":"******","order": ****,"from":"****","tolist":[***********],"id":"customer","n":5,)");
}

TEST_CASE_FIXTURE(Letters, "bytes of any kind give a short readable excerpt") {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes.push_back(static_cast<char>(i * 37));
  const std::string text = excerpt(bytes);
  CHECK(core::text::valid_utf8(text));
  CHECK(text.size() <= 256);
  CHECK(lines().at(0)["size"] == 5000);
}

TEST_CASE_FIXTURE(Letters, "several readers write whole lines") {
  auto letters = open();
  std::vector<std::thread> readers;
  for (int r = 0; r < 4; ++r)
    readers.emplace_back([&letters, r] {
      for (int64_t i = 0; i < 100; ++i) letters->put(letter(r % 2 * 1000 + i));
    });
  for (std::thread& reader : readers) reader.join();
  CHECK(letters->count() == 200);
  CHECK(lines().size() == 200);
}
