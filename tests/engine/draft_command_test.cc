// `qingyu draft`: what it writes has passed the check, with examples that were really said.
#include "engine/draft_command.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/draft_pack.h"
#include "engine/scratch_store.h"
#include "engine/settings.h"
#include "engine/texts.h"
#include "rules/book.h"

namespace {

class Folder {
 public:
  Folder() : path_(*engine::temporary_folder("qingyu-draft-test")) {}
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
    return path_ + "/" + name;
  }
  std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  const std::string path_;
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("draft: a pack is written that checks clean, with masked examples of what was said") {
  const Folder folder;
  engine::DraftOptions options;
  options.hits = folder.write("hits.txt",
                              "保温杯漏水，打我电话13812345678\n这个保温杯底下\"漏水\"\n"
                              "新买的杯子漏水了！\n漏水漏得厉害\n");
  options.ordinary =
      folder.write("ordinary.jsonl",
                   "{\"id\":\"1\",\"ts\":1773100000000,\"platform\":\"wecom\",\"kind\":\"chat\","
                   "\"channel\":{\"id\":\"g\"},\"author\":{\"id\":\"a\"},\"text\":"
                   "\"保温杯真好用\"}\n好天气\n");
  options.id = "cup-leak";
  options.config = engine::shipped("deploy/qingyu.yaml");
  options.out = folder.path("out.yaml");
  REQUIRE(engine::draft(options) == 0);
  const std::string pack = content(options.out);
  CHECK(pack.find("any: [\"漏水\"]") != std::string::npos);
  CHECK(pack.find("13812345678") == std::string::npos);

  auto settings = engine::load_settings(options.config);
  REQUIRE(settings);
  settings->book.packs = {options.out};
  std::vector<rules::Finding> findings;
  CHECK(rules::load_book(settings->book, findings) != nullptr);
}

TEST_CASE("draft: the name that all examples say is no word of the rule") {
  const Folder folder;
  engine::DraftOptions options;
  options.hits = folder.write("hits.txt",
                              "云汐优选买的碗碎了一个\n云汐优选发来的盘子，碎了一地\n"
                              "碎了两只，云汐优选不理人\n云汐优选的杯子又碎了\n");
  options.ordinary = folder.write("ordinary.txt", "碎了就算了吧\n今天天气好\n到货很快\n");
  options.config = engine::shipped("deploy/qingyu.yaml");
  options.out = folder.path("out.yaml");
  REQUIRE(engine::draft(options) == 0);
  const std::string with_names = content(options.out);
  CHECK(with_names.find("any: [\"碎了\"]") != std::string::npos);
  // In a house that does not know the shop it is the best word there is.
  options.catalogue = folder.path("empty");
  std::filesystem::create_directory(options.catalogue);
  folder.write(
      "empty/catalogue.csv",
      "sku,name,aliases,brand,merchant,department,category,unit_price_cny,units_sold_7d\n");
  REQUIRE(engine::draft(options) == 0);
  CHECK(content(options.out).find("any: [\"云汐\"]") != std::string::npos);
}

TEST_CASE("draft: too few different examples is one line and exit code 1") {
  const Folder folder;
  engine::DraftOptions options;
  options.hits = folder.write("hits.txt", "漏水了\n漏水了\n");
  options.config = engine::shipped("deploy/qingyu.yaml");
  CHECK(engine::draft(options) == 1);
  options.hits = folder.path("no-such-file");
  CHECK(engine::draft(options) == 2);
}

TEST_CASE("texts: JSON lines and plain lines of one file, broken ones are counted") {
  const Folder folder;
  const std::string path = folder.write(
      "mixed",
      "平常一句\r\n\n{\"id\":\"1\",\"ts\":1773100000000,\"platform\":\"wecom\",\"kind\":\"chat\","
      "\"channel\":{\"id\":\"g\"},\"author\":{\"id\":\"a\"},\"text\":\"一条\"}\n{\"broken\n[发怒] "
      "又来\n");
  const auto texts = engine::read_texts(path);
  REQUIRE(texts);
  CHECK(texts->texts == std::vector<std::string>{"平常一句", "一条", "[发怒] 又来"});
  CHECK(texts->unreadable == 1);
  const auto cut = engine::read_texts(path, "qingyu", 1);
  REQUIRE(cut);
  CHECK(cut->texts.size() == 1);
  CHECK(cut->left_out == 2);
}

TEST_CASE("a line is JSON when it is an object or a list of objects, whole or broken") {
  for (const char* json : {"{\"a\":1}", "{}", "[{\"a\":1}]", "[]", "{ \"a", "[ {"})
    CHECK(engine::is_json(json, 0));
  for (const char* text : {"[发怒] 过期", "{笑脸}", "[", "{", "平常", "[1]"})
    CHECK_FALSE(engine::is_json(text, 0));
}
