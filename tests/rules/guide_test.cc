// The author's guide tells the truth, in both languages: every YAML block of rules/README.md and
// rules/README.en.md is loaded among the shipped files (with small shared lists). A block is fenced
// as "```yaml pack", "lists", "ladders" or "limits"; a block "when" shows a mistake and must be
// refused.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "rules/findings.h"
#include "rules/story.h"
#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;

namespace {

struct Block {
  std::string kind, text;
};

std::vector<Block> blocks(const std::string& file) {
  std::ifstream in(std::string(QINGYU_SOURCE_DIR) + "/rules/" + file);
  std::vector<Block> all;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line.starts_with("```yaml");
      if (inside) all.push_back({line.substr(3), ""});
    } else if (inside) {
      all.back().text.append(line).append("\n");
    }
  }
  return all;
}

// Loads a block in place of the shipped file of its kind.
std::string load(const Block& block) {
  DeskOfFiles desk;
  const std::string root = std::string(QINGYU_SOURCE_DIR) + "/rules/";
  const std::string kind = block.kind.substr(block.kind.find(' ') + 1);
  if (kind != "pack" && kind != "when") desk.write_rule("{any: [过期]}", "过期了");
  desk.write("harm.txt", "划伤\n烫伤  # 也算\n");
  if (kind != "ladders") desk.files.ladders = root + "ladders.yaml";
  if (kind == "pack" || kind == "when") desk.files.taxonomy = root + "taxonomy.yaml";
  if (kind == "when")
    desk.write_rule("\n      " + block.text.substr(0, block.text.find('\n')) + "\n      " +
                        block.text.substr(block.text.find('\n') + 1),
                    "发霉");
  else
    desk.write(kind + ".yaml", block.text);
  desk.load();
  return desk.printed();
}

// Reads a story; playing it is the business of `qingyu test`.
void check_story(const Block& block) {
  rules::SourceFile file;
  file.name = "guide.story.yaml";
  file.bytes = block.text;
  rules::Findings findings;
  CHECK(rules::read_story(file, findings));
  CHECK(findings.take().empty());
}

}  // namespace

TEST_CASE("every YAML example of the author's guide is executed") {
  for (const std::string file : {"README.md", "README.en.md"}) {
    size_t good = 0, refused = 0;
    for (const Block& block : blocks(file)) {
      if (block.kind == "yaml story") {
        check_story(block);
        ++good;
        continue;
      }
      const std::string printed = load(block);
      if (block.kind == "yaml when") {
        CHECK_MESSAGE(printed.find("error") != std::string::npos, file);
        ++refused;
        continue;
      }
      CHECK_MESSAGE(printed.empty(), file << " " << block.kind << "\n" << printed);
      ++good;
    }
    CHECK(good == (file == "README.md" ? 13 : 11));
    CHECK(refused == 1);
  }
}
