// `qingyu check` for machines, with a sample, and mending; `qingyu schema`.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/check_command.h"
#include "tests/replay/house.h"

namespace {

using nlohmann::json;

const std::string kGood =
    "pack: p\nowner: qa\nrules:\n  - id: r\n    name: 临期\n    issue: expiry\n    level: red\n"
    "    when: {any: [没这词啦, 也没这个]}\n    tests: [{hit: 没这词啦}, {miss: 很好}]\n";

std::string with(std::string text, const std::string& old, const std::string& now) {
  return text.replace(text.find(old), old.size(), now);
}

std::string content(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("check says findings as JSON, one object a line, and as GitHub's commands") {
  const tests::Temporary folder;
  const std::string path = folder.file("p.yaml");
  tests::write_file(path, with(kGood, "issue:", "isue:"));
  const auto machine = tests::said({"check", path, "--format", "json"}, folder.path());
  CHECK(machine.code == 1);
  const auto lines = tests::lines_of(machine.out);
  REQUIRE(lines.size() == 2);
  const json second = json::parse(lines[1]);
  CHECK(second["file"] == path);
  CHECK(second["line"] == 6);
  CHECK(second["column"] == 5);
  CHECK(second["severity"] == "error");
  CHECK(second["code"] == "unknown-key");
  CHECK(second["suggestion"] == "did you mean `issue`?");
  const auto github = tests::said({"check", path, "--format", "github"}, folder.path());
  CHECK(github.code == 1);
  CHECK(github.out.find("::error file=" + path + ",line=6,col=5,title=unknown-key::rule 里没有") !=
        std::string::npos);
}

TEST_CASE("whatever bytes a finding has, its lines can be read") {
  rules::Finding f;
  f.file = "a,b:\xff%\n.yaml";
  f.line = 1;
  f.code = "x";
  f.message = "50%\r\n: \xff\"";
  CHECK(json::parse(engine::to_json_line(f))["line"] == 1);
  CHECK(engine::to_github_line(f) ==
        "::error file=a%2Cb%3A\xff%25%0A.yaml,line=1,title=x::50%25%0D%0A: \xff\"");
  f.severity = rules::Severity::Warning;
  f.file = "";
  f.line = 0;
  CHECK(engine::to_github_line(f).starts_with("::warning title=x::"));
}

TEST_CASE("check exits 0 when clean, 1 on mistakes, 2 on wrong use; strict counts warnings") {
  const tests::Temporary folder;
  const std::string path = folder.file("p.yaml");
  tests::write_file(path, kGood);
  CHECK(tests::said({"check", path, "--strict"}, folder.path()).code == 0);
  tests::write_file(path, with(kGood, "也没这个", "也没这词啦"));
  CHECK(tests::said({"check", path}, folder.path()).code == 0);
  CHECK(tests::said({"check", path, "--strict"}, folder.path()).code == 1);
  CHECK(tests::said({"check", folder.file("none.yaml")}, folder.path()).code == 2);
  CHECK(tests::said({"check", path, "--format", "xml"}, folder.path()).code == 2);
  CHECK(tests::said({"check", path, "--fix", "--format", "json"}, folder.path()).code == 2);
  CHECK(tests::said({"check", path, "--sample", folder.file("none")}, folder.path()).code == 2);
}

TEST_CASE("check tells the words and rules that match too much of a sample") {
  const tests::Temporary folder;
  const std::string path = folder.file("p.yaml"), sample = folder.file("sample.jsonl");
  tests::write_file(path, kGood);
  std::string messages;
  for (int i = 0; i < 20; ++i)
    messages += tests::House::message(i, i, i < 3 ? "没这词啦" : "今天很好");
  tests::write_file(sample, messages + "no JSON\n");
  const auto checked =
      tests::said({"check", path, "--sample", sample, "--format", "json"}, folder.path());
  CHECK(checked.code == 0);
  std::string codes;
  for (const std::string& line : tests::lines_of(checked.out))
    codes += json::parse(line)["code"].get<std::string>() + " ";
  CHECK(codes == "broad-rule broad-word ");
  CHECK(checked.out.find("15.0 % (3/20)") != std::string::npos);
  const auto wide = tests::said(
      {"check", path, "--strict", "--sample", sample, "--max-share", "20"}, folder.path());
  CHECK(wide.code == 0);
}

TEST_CASE("check --fix shows the difference and writes only when it may") {
  const tests::Temporary folder;
  const std::string path = folder.file("p.yaml");
  const std::string broken = with(kGood, "issue:", "isue:");
  tests::write_file(path, broken);
  const auto shown = tests::said({"check", path, "--fix"}, folder.path());
  CHECK(shown.code == 1);
  CHECK(shown.out.find("\n-    isue: expiry\n+    issue: expiry\n") != std::string::npos);
  CHECK(content(path) == broken);
  const auto written = tests::said({"check", path, "--fix", "--yes"}, folder.path());
  CHECK(written.code == 0);
  CHECK(content(path) == kGood);
  CHECK(tests::said({"check", path, "--fix", "--yes"}, folder.path()).code == 0);
  CHECK(content(path) == kGood);
}

TEST_CASE("schema prints what the repository has") {
  const tests::Temporary folder;
  for (const char* name : {"pack", "lists", "taxonomy", "ladders", "limits"}) {
    const auto printed = tests::said({"schema", name}, folder.path());
    CHECK(printed.code == 0);
    CHECK(printed.out ==
          content(std::string(QINGYU_SOURCE_DIR) + "/rules/schema/" + name + ".json"));
  }
  CHECK(tests::said({"schema", "nothing"}, folder.path()).code == 2);
}

TEST_CASE("check takes the whole rules folder, and a shared file alone beside the shipped packs") {
  const std::string root = QINGYU_SOURCE_DIR;
  const tests::Temporary folder;
  const auto all = tests::said({"check", root + "/rules"}, folder.path());
  CHECK(all.code == 0);
  CHECK(all.out.find("没有错误 no errors: 71 ") == 0);
  const auto lists = tests::said({"check", root + "/rules/lists.yaml"}, folder.path());
  CHECK(lists.out == all.out);
  tests::write_file(folder.file("lists.yaml"), "lists:\n  advertising: [团购价, 团购价]\n");
  const auto broken = tests::said({"check", folder.file("lists.yaml")}, folder.path());
  CHECK(broken.code == 1);  // the shipped packs use lists that it lacks
  CHECK(broken.out.find(folder.file("lists.yaml") + ":2:") != std::string::npos);
  CHECK(broken.out.find("缺少 `pack`") == std::string::npos);
}

TEST_CASE("check --fix of the shared lists changes them and no pack") {
  const tests::Temporary folder;
  for (const std::string part : {"/rules", "/deploy"})
    std::filesystem::copy(QINGYU_SOURCE_DIR + part, folder.path() + part,
                          std::filesystem::copy_options::recursive);
  const std::string settings = folder.file("deploy/qingyu.yaml");
  const std::string lists = folder.file("rules/lists.yaml"),
                    pack = folder.file("rules/packs/p.yaml");
  const std::string twice =
      with(content(lists), "    - 点击领券\n", "    - 点击领券\n    - 点击领券\n");
  tests::write_file(lists, twice);
  tests::write_file(pack, with(with(kGood, "any: [没这词啦, ", "any: [$w, "),
                               "rules:", "lists: {w: [没这词啦, 没这词啦]}\nrules:"));
  const auto one =
      tests::said({"check", lists, "--fix", "--yes", "--config", settings}, folder.path());
  CHECK_MESSAGE(content(lists) != twice, one.err);
  CHECK(content(pack).find("没这词啦, 没这词啦") != std::string::npos);
  tests::said({"check", folder.file("rules"), "--fix", "--yes"}, folder.path());
  CHECK(content(pack).find("没这词啦, 没这词啦") == std::string::npos);
}
