// Broken files and what their authors are told: each file of broken/ beside its golden findings.
// QINGYU_WRITE_GOLDEN=1 writes them anew: read the difference before you commit it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// broken/pack.some_mistake.yaml is loaded as pack.yaml, with good files around it.
std::string findings_of(const fs::path& path) {
  DeskOfFiles desk;
  const std::string name = path.filename().string();
  const std::string role = name.substr(0, name.find('.'));
  if (role != "pack") desk.write_rule("{any: [过期]}", "过期了");
  if (role == "catalogue")
    desk.write("catalogue/catalogue.csv", content(path));
  else
    desk.write(role + path.extension().string(), content(path));
  desk.load();
  return desk.printed();
}

std::vector<fs::path> broken_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(__FILE__).parent_path() / "broken"))
    if (entry.path().extension() != ".expected") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("broken files: every mistake is told at once, with its place") {
  const bool write = std::getenv("QINGYU_WRITE_GOLDEN") != nullptr;
  const std::vector<fs::path> files = broken_files();
  CHECK(files.size() >= 120);
  for (const fs::path& path : files) {
    const std::string printed = findings_of(path);
    const fs::path golden = path.string() + ".expected";
    if (write) std::ofstream(golden, std::ios::binary) << printed;
    CHECK_MESSAGE(printed == content(golden), path.filename().string());
    CHECK_MESSAGE(!printed.empty(), path.filename().string());
  }
}

TEST_CASE("bytes that are no UTF-8 are told with line and column") {
  DeskOfFiles desk;
  desk.write("pack.yaml", "pack: p\nowner: 质\xff检\nrules: []\n");
  desk.load();
  CHECK(desk.codes() == "invalid-utf8");
  CHECK(desk.findings.at(0).line == 2);
  CHECK(desk.findings.at(0).column == 9);
}

TEST_CASE("a control character is told, and does not end the file silently") {
  DeskOfFiles desk;
  desk.write("pack.yaml", "pack: p\nowner: qa\x04\nrules: []\n");
  desk.load();
  CHECK(desk.codes() == "control-character");
  CHECK(desk.findings.at(0).line == 2);
}

TEST_CASE("a byte-order mark and Windows line ends are no mistakes") {
  DeskOfFiles desk;
  desk.write("pack.yaml",
             "\xEF\xBB\xBFpack: p\r\nowner: qa\r\nrules:\r\n  - {id: r, name: r, issue: expiry, "
             "level: red, when: {any: [过期]}, tests: [{hit: 过期了}, {miss: 没事}]}\r\n");
  desk.load();
  CHECK_MESSAGE(desk.findings.empty(), desk.printed());
}

TEST_CASE("a file that is too large or not there is told") {
  DeskOfFiles desk;
  desk.write("pack.yaml", "pack: p\n#" + std::string(rules_test::kTooLarge, 'x') + "\n");
  desk.files.packs.push_back("no/such/pack.yaml");
  desk.files.limits = "no/such/limits.yaml";
  desk.load();
  CHECK(desk.codes() == "unreadable file-too-large unreadable");
}

TEST_CASE("mistakes of all files come in the order of files and lines") {
  DeskOfFiles desk;
  desk.write("taxonomy.yaml", "departments: [a]\nstages: [b]\nissues: 3\n");
  desk.write("lists.yaml", "lists: 3\n");
  desk.write("pack_b.yaml", "pack: b\nowner: qa\nrules: 3\n");
  desk.write("pack_a.yaml", "pack: a\nowner: qa\nrulez: 3\nrules: 4\n");
  desk.load();
  std::vector<std::pair<std::string, int>> places;
  for (const rules::Finding& f : desk.findings)
    places.emplace_back(fs::path(f.file).filename().string(), f.line);
  CHECK(places == std::vector<std::pair<std::string, int>>{{"taxonomy.yaml", 3},
                                                           {"lists.yaml", 1},
                                                           {"pack_b.yaml", 3},
                                                           {"pack_a.yaml", 3},
                                                           {"pack_a.yaml", 4}});
}

TEST_CASE("a thousand mistakes are listed, the others are counted") {
  DeskOfFiles desk;
  std::string pack = "pack: p\nowner: qa\nrules: []\n";
  for (int i = 0; i < 1500; ++i) pack.append("k").append(std::to_string(i)).append(": 1\n");
  desk.write("pack.yaml", pack);
  desk.load();
  CHECK(desk.findings.size() == 1001);
  CHECK(desk.findings.back().message.find("500") != std::string::npos);
}

TEST_CASE("a finding is printed with its line and a caret under wide characters") {
  rules::Finding f;
  f.file = "a.yaml";
  f.line = 3;
  f.column = 4;
  f.message = "不好 (bad)";
  f.suggestion = "did you mean `x`?";
  f.source_line = "过期ab";
  CHECK(rules::to_text(f) ==
        "a.yaml:3:4: error: 不好 (bad); did you mean `x`?\n    过期ab\n         ^");
  f.severity = rules::Severity::Warning;
  f.line = f.column = 0;
  f.source_line = "";
  f.suggestion = "";
  CHECK(rules::to_text(f) == "a.yaml: warning: 不好 (bad)");
}
