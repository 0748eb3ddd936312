// The repository keeps its own rules. Each rule's proof that it notices something is in
// rules_test.cc.
#include <doctest/doctest.h>

#include <fstream>

#include "tests/servers.h"
#include "tests/tidy/house.h"

namespace tidy {

namespace {

void keeps(Flags (*rule)(const House&)) {
  static const House house = House::read(QINGYU_SOURCE_DIR);
  REQUIRE(house.find("core/time.h") != nullptr);
  const Flags flags = rule(house);
  CHECK_MESSAGE(flags.empty(), to_text(flags));
}

}  // namespace

TEST_CASE("peers include only themselves and core") { keeps(forbidden_folders); }
TEST_CASE("third-party headers stay in the sources of their folder") { keeps(third_party_headers); }
TEST_CASE("a file's namespace is its folder") { keeps(other_namespaces); }
TEST_CASE("headers begin with #pragma once") { keeps(missing_pragma_once); }
TEST_CASE("headers have at most 150 lines and sources 400") { keeps(long_files); }
TEST_CASE("functions have at most 70 lines") { keeps(long_functions); }
TEST_CASE("lines have at most 100 columns") { keeps(long_lines); }
TEST_CASE("types and files have names that say something") { keeps(banned_names); }
TEST_CASE("a name is one type") { keeps(types_defined_twice); }
TEST_CASE("only engine starts threads") { keeps(threads_outside_engine); }
TEST_CASE("only sources and the courier look at a clock") { keeps(clocks); }
TEST_CASE("nothing is called that makes two runs differ") { keeps(banned_calls); }
TEST_CASE("identifiers are ASCII") { keeps(letters_outside_ascii); }
TEST_CASE("every source is built") { keeps(unlisted_sources); }
TEST_CASE("every folder has a README") { keeps(folders_without_readme); }
TEST_CASE("no file names a path of one machine") { keeps(paths_of_one_machine); }
TEST_CASE("unfinished work has an issue") { keeps(unfinished_work); }
TEST_CASE("shell scripts stop at the first error") { keeps(careless_scripts); }

TEST_CASE("clang-format has nothing to change") {
  const House house = House::read(QINGYU_SOURCE_DIR);
  std::vector<std::string> command = {"clang-format", "--dry-run", "-Werror"};
  for (const auto& file : house.files())
    if (file->cpp()) command.push_back(QINGYU_SOURCE_DIR "/" + file->path);
  const tests::Temporary folder;
  CHECK_NOTHROW(tests::run(command, folder.file("log")));
}

TEST_CASE("clang-format notices a wrong space") {
  const tests::Temporary folder;
  std::ofstream(folder.file("wrong.cc")) << "int  f( );\n";
  CHECK_THROWS(tests::run({"clang-format", "--dry-run", "-Werror", folder.file("wrong.cc")},
                          folder.file("log")));
}

}  // namespace tidy
