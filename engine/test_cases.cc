#include "engine/test_cases.h"

#include <cstdio>
#include <map>
#include <ostream>

#include "core/text/utf8.h"

namespace engine {

namespace {

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

// Text of XML 1.0: what no XML may hold, even escaped, is replaced.
std::string xml(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const char32_t c = core::text::decode_at(text, at);
    const std::string_view bytes = std::string_view(text).substr(begin, at - begin);
    const bool control = c < 0x20 && c != '\n' && c != '\t';
    if (control || c == 0xFFFE || c == 0xFFFF || !core::text::valid_utf8(bytes)) {
      out += "\xEF\xBF\xBD";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n' || c == '\t') {
      out += c == '\n' ? "&#10;" : "&#9;";
    } else {
      out += bytes;
    }
  }
  return out;
}

struct Numbers {
  size_t examples = 0, stories = 0, examples_failed = 0, stories_failed = 0;
  size_t all() const { return examples + stories; }
  size_t failed() const { return examples_failed + stories_failed; }
  double seconds = 0;

  void add(const TestCase& test) {
    const bool example = test.kind == TestCase::Kind::Example;
    (example ? examples : stories) += 1;
    if (!test.failure.empty()) (example ? examples_failed : stories_failed) += 1;
    seconds += test.seconds;
  }
};

Numbers numbers_of(const std::vector<TestCase>& tests) {
  Numbers n;
  for (const TestCase& test : tests) n.add(test);
  return n;
}

std::string counts(const Numbers& n, double seconds) {
  return "tests=\"" + std::to_string(n.all()) + "\" failures=\"" + std::to_string(n.failed()) +
         "\" errors=\"0\" skipped=\"0\" time=\"" + seconds_text(seconds) + "\"";
}

void print_junit_case(const TestCase& test, std::ostream& out) {
  out << "    <testcase classname=\"" << xml(test.file) << "\" name=\"" << xml(test.name)
      << "\" time=\"" << seconds_text(test.seconds) << "\"";
  if (test.failure.empty()) {
    out << "/>\n";
    return;
  }
  const std::string first = test.failure.substr(0, test.failure.find('\n'));
  out << ">\n      <failure type=\"" << (test.kind == TestCase::Kind::Example ? "example" : "story")
      << "\" message=\"" << xml(first) << "\">" << xml(test.failure)
      << "</failure>\n    </testcase>\n";
}

}  // namespace

bool chosen(const TestCase& test, const std::string& pattern) {
  return test.name.find(pattern) != std::string::npos ||
         test.file.find(pattern) != std::string::npos;
}

void print(const std::vector<TestCase>& tests, double seconds, std::ostream& out) {
  for (const TestCase& test : tests) {
    if (test.failure.empty()) continue;
    if (test.kind == TestCase::Kind::Story)
      out << "故事没有通过 story failed: " << test.name << " (" << test.file << ")\n";
    out << test.failure << "\n\n";
  }
  const Numbers n = numbers_of(tests);
  out << (n.failed() == 0 ? "全部通过 all passed: " : "没有全部通过 failed: ") << "例子 examples "
      << n.examples - n.examples_failed << '/' << n.examples << ", 故事 stories "
      << n.stories - n.stories_failed << '/' << n.stories << ", " << seconds_text(seconds)
      << " 秒 s\n";
}

void print_junit(const std::vector<TestCase>& tests, double seconds, std::ostream& out) {
  std::map<std::string, std::vector<const TestCase*>> suites;
  for (const TestCase& test : tests) suites[test.file].push_back(&test);
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"qingyu test\" "
      << counts(numbers_of(tests), seconds) << ">\n";
  for (const auto& [file, cases] : suites) {
    Numbers n;
    for (const TestCase* test : cases) n.add(*test);
    out << "  <testsuite name=\"" << xml(file) << "\" " << counts(n, n.seconds) << ">\n";
    for (const TestCase* test : cases) print_junit_case(*test, out);
    out << "  </testsuite>\n";
  }
  out << "</testsuites>\n";
}

}  // namespace engine
