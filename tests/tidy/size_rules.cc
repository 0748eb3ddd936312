#include <algorithm>
#include <set>

#include "tests/tidy/house.h"

namespace tidy {

namespace {

constexpr int kHeaderLinesMax = 150;
constexpr int kSourceLinesMax = 400;
constexpr int kFunctionLinesMax = 70;
constexpr int kColumnsMax = 100;

int lines_of(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

// Code points: the bytes that do not continue one.
int columns_of(std::string_view line) {
  return static_cast<int>(std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; }));
}

bool has_columns(const File& file) {
  return file.cpp() || file.script() || file.path.ends_with(".py") ||
         file.path.ends_with(".cmake") || file.name() == "CMakeLists.txt";
}

// The lines of raw strings in tests: what is expected whole cannot be wrapped.
std::set<int> unwrappable_lines(const File& file) {
  std::set<int> lines;
  for (const Token& token : file.tokens) {
    const bool raw = token.kind == TokenKind::Text && token.text.data() != file.text.data() &&
                     token.text.data()[-1] == 'R';
    for (int i = 0; file.test() && raw && i <= lines_of(token.text); ++i)
      lines.insert(token.line + i);
  }
  return lines;
}

}  // namespace

Flags long_files(const House& house) {
  Flags flags;
  for (const auto& file : house.files()) {
    const int most = file->header() ? kHeaderLinesMax : kSourceLinesMax;
    if (file->cpp() && lines_of(file->text) > most)
      flags.push_back(
          {file->path, 0,
           std::to_string(lines_of(file->text)) + " lines; at most " + std::to_string(most)});
  }
  return flags;
}

Flags long_functions(const House& house) {
  Flags flags;
  for (const auto& file : house.files())
    for (const FunctionSpan& span : functions_of(file->tokens))
      if (const int lines = span.last_line - span.first_line + 1; lines > kFunctionLinesMax)
        flags.push_back({file->path, span.first_line,
                         span.name + "() has " + std::to_string(lines) + " lines; at most " +
                             std::to_string(kFunctionLinesMax)});
  return flags;
}

Flags long_lines(const House& house) {
  Flags flags;
  for (const auto& file : house.files()) {
    if (!has_columns(*file)) continue;
    const std::set<int> unwrappable = unwrappable_lines(*file);
    std::string_view rest = file->text;
    for (int line = 1; !rest.empty(); ++line) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      if (const int columns = columns_of(rest.substr(0, end));
          columns > kColumnsMax && !unwrappable.contains(line))
        flags.push_back({file->path, line, std::to_string(columns) + " columns"});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return flags;
}

}  // namespace tidy
