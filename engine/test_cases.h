#pragma once
// TestCases: what `qingyu test` has run - examples of rules, and stories - for people, and as JUnit
// XML for whatever runs the tests.
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace engine {

struct TestCase {
  enum class Kind : uint8_t { Example, Story };
  Kind kind = Kind::Example;
  std::string file;  // where it is written
  std::string name;  // "expired hit: ...", or the story's title
  double seconds = 0;
  std::string failure;  // "": it passed; else lines for a person
};

// Whether `pattern` is in the file or in the name of it; "" is in all.
bool chosen(const TestCase& test, const std::string& pattern);

// The failures, then one line of numbers.
void print(const std::vector<TestCase>& tests, double seconds, std::ostream& out);
// JUnit XML: one suite a file; classname = file.
void print_junit(const std::vector<TestCase>& tests, double seconds, std::ostream& out);

}  // namespace engine
