// Which files of a Book a person means by a path.
#include "rules/named_paths.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/rules/desk_of_files.h"
#include "tests/servers.h"

namespace {

using Paths = std::vector<std::string>;

rules::BookFiles shipped() {
  rules::BookFiles files;
  files.packs = {"/s/packs"};
  files.lists = "/s/lists.yaml";
  files.taxonomy = "/s/taxonomy.yaml";
  files.ladders = "/s/ladders.yaml";
  files.limits = "/s/limits.yaml";
  return files;
}

void write(const tests::Temporary& folder, const Paths& names) {
  for (const std::string& name : names) std::ofstream(folder.file(name)) << '\n';
}

}  // namespace

TEST_CASE("a pack, or a folder of packs, replaces the packs alone") {
  const tests::Temporary folder;
  write(folder, {"a.yaml", "b.yaml"});
  for (const std::string& path : {folder.file("a.yaml"), folder.path(), folder.file("none.yaml")}) {
    rules::BookFiles files = shipped();
    rules::take_paths({path}, files);
    CHECK(files.packs == Paths{path});
    CHECK(files.lists == "/s/lists.yaml");
    CHECK(files.limits == "/s/limits.yaml");
  }
}

TEST_CASE("a shared file takes its own place, and the packs stay") {
  rules::BookFiles files = shipped();
  rules::take_paths({"x/lists.yaml", "x/ladders.yaml"}, files);
  CHECK(files.packs == Paths{"/s/packs"});
  CHECK(files.lists == "x/lists.yaml");
  CHECK(files.ladders == "x/ladders.yaml");
  CHECK(files.taxonomy == "/s/taxonomy.yaml");
  rules::take_paths({"p.yaml", "x/taxonomy.yaml"}, files);
  CHECK(files.packs == Paths{"p.yaml"});
  CHECK(files.taxonomy == "x/taxonomy.yaml");
}

TEST_CASE("a folder like the shipped one stands for all its files but the stories") {
  const tests::Temporary folder;
  std::filesystem::create_directory(folder.file("packs"));
  write(folder, {"lists.yaml", "own.yml", "a.story.yaml", "notes.md", "packs/p.yaml"});
  rules::BookFiles files = shipped();
  rules::take_paths({folder.path()}, files);
  CHECK(files.packs == Paths{folder.file("own.yml"), folder.file("packs")});
  CHECK(files.lists == folder.file("lists.yaml"));
  CHECK(files.taxonomy == "/s/taxonomy.yaml");
}

TEST_CASE("a file is among the paths that name it or its folder") {
  CHECK(rules::is_among("a/b.yaml", {"c", "a"}));
  CHECK(rules::is_among("a/b.yaml", {"./a/"}));
  CHECK(rules::is_among("a/b.yaml", {"a/b.yaml"}));
  CHECK(rules::is_among("./a.yaml", {"."}));
  CHECK_FALSE(rules::is_among("ab/c.yaml", {"a"}));
  CHECK_FALSE(rules::is_among("a.yaml", {"a"}));
  CHECK_FALSE(rules::is_among("/x/a.yaml", {"x"}));
  CHECK_FALSE(rules::is_among("a", {}));
}
