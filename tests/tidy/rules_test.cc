// Every rule notices what it is there for, and lets its neighbours pass.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/tidy/house.h"

namespace tidy {

namespace {

using Rule = Flags (*)(const House&);

// The flags of a house that holds nothing but these files.
Flags flags_of(Rule rule, std::initializer_list<std::pair<std::string, std::string>> files) {
  House house;
  for (const auto& [path, text] : files) house.add(path, text);
  return rule(house);
}

size_t count(Rule rule, const std::string& path, const std::string& text) {
  return flags_of(rule, {{path, text}}).size();
}

std::string repeated(const std::string& line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line;
  return text;
}

}  // namespace

TEST_CASE("a flag names file and line") {
  const Flags flags =
      flags_of(forbidden_folders, {{"store/a.cc", "\n#include \"rules/book.h\"\n"}});
  CHECK(to_text(flags) == "\n  store/a.cc:2: store/ must not include \"rules/book.h\"");
}

TEST_CASE("peers that include each other, and core that includes anybody, are flagged") {
  CHECK(count(forbidden_folders, "core/a.h", "#include \"store/b.h\"\n") == 1);
  CHECK(count(forbidden_folders, "core/a.h", "#include \"engine/b.h\"\n") == 1);
  CHECK(count(forbidden_folders, "rules/a.cc", "#include \"detectors/b.h\"\n") == 1);
  CHECK(count(forbidden_folders, "rules/a.cc", "#include \"engine/b.h\"\n") == 1);
  CHECK(count(forbidden_folders, "engine/a.cc", "#include \"tests/b.h\"\n") == 1);
  CHECK(count(forbidden_folders, "rules/a.cc",
              "#include \"rules/b.h\"\n#include \"core/text/c.h\"\n") == 0);
  CHECK(count(forbidden_folders, "engine/a.cc", "#include \"rules/b.h\"\n") == 0);
  CHECK(count(forbidden_folders, "tests/engine/a.cc", "#include \"rules/b.h\"\n") == 0);
  CHECK(count(forbidden_folders, "rules/a.cc", "#include \"known_words.inc\"\n") == 0);
  CHECK(count(forbidden_folders, "rules/a.cc", "// #include \"store/b.h\"\n") == 0);
}

TEST_CASE("third-party headers outside their home are flagged") {
  CHECK(count(third_party_headers, "store/a.cc", "#include <sqlite3.h>\n") == 0);
  CHECK(count(third_party_headers, "store/a.h", "#include <sqlite3.h>\n") == 1);
  CHECK(count(third_party_headers, "rules/a.cc", "#include <sqlite3.h>\n") == 1);
  CHECK(count(third_party_headers, "engine/settings.cc", "#include <yaml-cpp/yaml.h>\n") == 0);
  CHECK(count(third_party_headers, "engine/lane.cc", "#include <yaml-cpp/yaml.h>\n") == 1);
  CHECK(count(third_party_headers, "rules/a.cc", "#include <openssl/sha.h>\n") == 0);
  CHECK(count(third_party_headers, "core/a.cc", "#include <openssl/sha.h>\n") == 1);
  CHECK(count(third_party_headers, "core/a.cc", "#include <unistd.h>\n") == 1);
  CHECK(count(third_party_headers, "core/a.cc", "#include <vector>\n") == 0);
  CHECK(count(third_party_headers, "engine/a.cc", "#include <sys/stat.h>\n") == 0);
  CHECK(count(third_party_headers, "engine/a.cc", "#include <zmq.h>\n") == 1);
  CHECK(count(third_party_headers, "engine/bench_floor.cc", "#include <simdjson.h>\n") == 0);
  CHECK(count(third_party_headers, "tests/a.cc", "#include <simdjson.h>\n") == 0);
}

TEST_CASE("a namespace of another folder is flagged") {
  CHECK(count(other_namespaces, "store/a.cc", "namespace engine {\n}\n") == 1);
  CHECK(count(other_namespaces, "store/a.cc", "namespace store::rows {\nnamespace x {}\n}\n") == 0);
  CHECK(count(other_namespaces, "store/a.cc",
              "using namespace std;\nnamespace {}\nnamespace engine {}\n") == 0);
}

TEST_CASE("a header without #pragma once is flagged") {
  CHECK(count(missing_pragma_once, "core/a.h", "// words\n#pragma once\n") == 1);
  CHECK(count(missing_pragma_once, "core/a.h", "#pragma once\n") == 0);
  CHECK(count(missing_pragma_once, "core/a.cc", "") == 0);
}

TEST_CASE("long files are flagged") {
  CHECK(count(long_files, "core/a.h", repeated("\n", 150)) == 0);
  CHECK(count(long_files, "core/a.h", repeated("\n", 151)) == 1);
  CHECK(count(long_files, "core/a.cc", repeated("\n", 400)) == 0);
  CHECK(count(long_files, "core/a.cc", repeated("\n", 401)) == 1);
  CHECK(count(long_files, "docs/a.md", repeated("\n", 5000)) == 0);
}

TEST_CASE("long functions are flagged") {
  CHECK(count(long_functions, "core/a.cc", "void f() {\n" + repeated("g();\n", 68) + "}\n") == 0);
  CHECK(count(long_functions, "core/a.cc", "void f() {\n" + repeated("g();\n", 69) + "}\n") == 1);
  CHECK(count(long_functions, "core/a.h",
              "class C {\n" + repeated("void f() { g(); }\n", 100) + "};\n") == 0);
}

TEST_CASE("long lines are flagged, and Chinese counts a column a character") {
  CHECK(count(long_lines, "core/a.cc", std::string(100, 'x') + "\n") == 0);
  CHECK(count(long_lines, "core/a.cc", std::string(101, 'x')) == 1);
  CHECK(count(long_lines, "core/a.cc", repeated("晴", 100)) == 0);
  CHECK(count(long_lines, "deploy/a.sh", "\n\n" + repeated("雨", 101) + "\n") == 1);
  const std::string raw = "auto s = R\"(a\n" + std::string(101, 'x') + "\n)\";\n";
  CHECK(count(long_lines, "core/a.cc", raw) == 1);
  CHECK(count(long_lines, "tests/a.cc", raw) == 0);
  CHECK(count(long_lines, "tests/a.cc", raw + std::string(101, 'x')) == 1);
  CHECK(count(long_lines, "README.md", std::string(300, 'x')) == 0);
}

TEST_CASE("names that say nothing are flagged") {
  CHECK(count(banned_names, "core/a.h", "class PacketManager {};\n") == 1);
  CHECK(count(banned_names, "core/a.h", "enum class InfoKind { A };\n") == 1);
  CHECK(count(banned_names, "core/a.h", "using BaseRow = int;\n") == 1);
  CHECK(count(banned_names, "core/string_util.cc", "") == 1);
  CHECK(count(banned_names, "core/a.h", "struct Database { int data(); };\n") == 0);
  CHECK(count(banned_names, "store/a.h", "struct redisContext;\n") == 0);
  CHECK(count(banned_names, "core/a.h", "// class PacketManager {};\n") == 0);
  CHECK(count(banned_names, "core/a.h", "const char* s = \"class Util\";\n") == 0);
}

TEST_CASE("two types of one name are flagged") {
  const auto flags = [](const std::string& a, const std::string& b) {
    return flags_of(types_defined_twice, {{"engine/a.h", a}, {"engine/b.cc", b}}).size();
  };
  const std::string one = "namespace engine {\nstruct Span { int a; };\n}\n";
  CHECK(flags(one, "namespace engine {\nclass Span final : Base<int> {};\n}\n") == 1);
  CHECK(flags(one, "namespace engine {\nenum class Span : uint8_t { A };\n}\n") == 1);
  CHECK(flags(one, "namespace engine {\nnamespace {\nstruct Span {};\n}\n}\n") == 0);
  CHECK(flags(one, "namespace engine {\nstruct Other { struct Span {}; };\n}\n") == 0);
  CHECK(flags(one, "namespace engine {\nstruct Span;\nstruct Matcher::Span {};\n}\n") == 0);
  CHECK(flags(one, "namespace engine {\nnamespace inner {\nstruct Span {};\n}\n}\n") == 0);
  CHECK(flags(one, "namespace engine {\nSpan f(struct Span s) {}\n}\n") == 0);
}

TEST_CASE("threads outside engine are flagged") {
  CHECK(count(threads_outside_engine, "store/a.cc", "std::jthread t(f);\n") == 1);
  CHECK(count(threads_outside_engine, "store/a.cc", "pthread_create(&t, 0, f, 0);\n") == 1);
  CHECK(count(threads_outside_engine, "engine/a.cc", "std::thread t(f);\n") == 0);
  CHECK(count(threads_outside_engine, "store/a.cc", "int thread = 1; my::thread();\n") == 0);
}

TEST_CASE("looking at a clock where only records tell the time is flagged") {
  CHECK(count(clocks, "alerting/desk.cc", "auto t = std::chrono::system_clock::now();\n") == 1);
  CHECK(count(clocks, "engine/lane.cc", "auto t = std::chrono::system_clock::now();\n") == 1);
  CHECK(count(clocks, "engine/wall_clock.cc", "auto t = std::chrono::system_clock::now();\n") == 0);
  CHECK(count(clocks, "rules/a.cc", "auto t = std::chrono::steady_clock::now();\n") == 1);
  CHECK(count(clocks, "engine/lane.cc", "auto t = std::chrono::steady_clock::now();\n") == 0);
  CHECK(count(clocks, "rules/a.cc", "return time(nullptr);\n") == 1);
  CHECK(count(clocks, "rules/a.cc", "auto t = std::time(nullptr);\n") == 1);
  CHECK(count(clocks, "engine/lane.cc", "clock_gettime(CLOCK_REALTIME, &t);\n") == 1);
  CHECK(count(clocks, "engine/screen.cc", "auto text = clock(change.at);\n") == 0);
  CHECK(count(clocks, "rules/a.cc", "Time time(int x);\nauto a = b.time(1);\n") == 0);
  CHECK(count(clocks, "rules/a.h", "void f(core::Clock& clock);\n") == 1);
  CHECK(count(clocks, "alerting/courier.h", "core::Clock& clock_;\n") == 0);
  CHECK(count(clocks, "ingest/a.h", "core::Clock& clock_;\n") == 0);
}

TEST_CASE("calls that make two runs differ are flagged") {
  CHECK(count(banned_calls, "rules/a.cc", "std::hash<int>()(1);\n") == 1);
  CHECK(count(banned_calls, "rules/a.cc", "int x = rand();\n") == 1);
  CHECK(count(banned_calls, "rules/a.cc", "std::random_device device;\n") == 1);
  CHECK(count(banned_calls, "detectors/a.cc", "double x = std::exp(1.0);\n") == 1);
  CHECK(count(banned_calls, "alerting/a.cc", "double x = lgamma(y);\n") == 1);
  CHECK(count(banned_calls, "detectors/a.cc", "double x = core::exp(1.0);\n") == 0);
  CHECK(count(banned_calls, "detectors/a.cc", "double x = std::sqrt(1.0);\n") == 0);
  CHECK(count(banned_calls, "detectors/a.cc", "// exp(1)\nint log = 1; q.pow(2);\n") == 0);
  CHECK(count(banned_calls, "engine/a.cc", "double x = std::exp(1.0);\n") == 0);
  CHECK(count(banned_calls, "tests/a.cc", "std::this_thread::sleep_for(1s);\n") == 1);
}

TEST_CASE("identifiers with letters outside ASCII are flagged, texts are not") {
  CHECK(count(letters_outside_ascii, "core/a.cc", "int 过期 = 1;\n") == 1);
  CHECK(count(letters_outside_ascii, "core/a.cc", "f(\"过期\");  // 过期\n") == 0);
}

TEST_CASE("a source that no list names is flagged") {
  CHECK(count(unlisted_sources, "core/a.cc", "") == 1);
  CHECK(
      flags_of(unlisted_sources, {{"core/a.cc", ""}, {"core/CMakeLists.txt", "SOURCES data.cc\n"}})
          .size() == 1);
  CHECK(flags_of(unlisted_sources, {{"core/a.cc", ""}, {"core/CMakeLists.txt", "SOURCES a.cc)\n"}})
            .empty());
  CHECK(flags_of(unlisted_sources,
                 {{"core/text/a.cc", ""}, {"core/CMakeLists.txt", "SOURCES text/a.cc b.cc\n"}})
            .empty());
}

TEST_CASE("a folder without a README is flagged") {
  CHECK(count(folders_without_readme, "core/text/a.cc", "") == 1);
  CHECK(flags_of(folders_without_readme, {{"core/a.cc", ""}, {"core/README.md", ""}}).empty());
  CHECK(count(folders_without_readme, "CMakeLists.txt", "") == 0);
}

TEST_CASE("a path of one machine is flagged in any file") {
  const std::string path = std::string("/wo") + "rk/main";
  CHECK(count(paths_of_one_machine, "docs/a.md", "see " + path) == 1);
  CHECK(count(paths_of_one_machine, "core/a.cc", "// " + path) == 1);
  CHECK(count(paths_of_one_machine, "docs/a.md", "field work/life, /home/me") == 0);
}

TEST_CASE("unfinished work without an issue is flagged") {
  const std::string note = std::string("TO") + "DO", never = std::string("FIX") + "ME";
  CHECK(count(unfinished_work, "core/a.cc", "// " + note + ": later\n") == 1);
  CHECK(count(unfinished_work, "core/a.cc", "// " + note + "(#12): later\n") == 0);
  CHECK(count(unfinished_work, "core/a.cc", "f(\"" + note + "\");\n") == 0);
  CHECK(count(unfinished_work, "core/a.cc", "/*\n " + never + " */\n") == 1);
  CHECK(count(unfinished_work, "deploy/a.sh", "# " + never + "\n") == 1);
  CHECK(count(unfinished_work, "deploy/a.sh", "mktemp /tmp/a.XXXXXX\n") == 0);
}

TEST_CASE("a script that goes on after an error is flagged") {
  const std::string shebang = "#!/usr/bin/env bash\n# Words.\n";
  CHECK(count(careless_scripts, "deploy/a.sh", shebang + "echo\n") == 1);
  CHECK(count(careless_scripts, "deploy/a.sh", shebang + "set -e\necho\n") == 1);
  CHECK(count(careless_scripts, "deploy/a.sh", shebang + "\nset -euo pipefail\necho\n") == 0);
  CHECK(count(careless_scripts, ".ci/run", shebang + "echo\n") == 1);
  CHECK(count(careless_scripts, "deploy/a.sh", "echo\n") == 1);
  CHECK(count(careless_scripts, "deploy/a.sh", "# shellcheck shell=bash\necho\n") == 0);
}

}  // namespace tidy
