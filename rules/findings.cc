#include "rules/findings.h"

#include <algorithm>
#include <tuple>

#include "core/text/utf8.h"
#include "rules/pins.h"

namespace rules {

namespace {

constexpr size_t kSourceLineMax = 160;  // code points shown of a line
constexpr size_t kQuotedMax = 60;
constexpr size_t kSuggestionWordMax = 64;  // longer words are no typos

std::string line_of(const SourceFile& file, int line) {
  if (file.role == Role::Ladders) {
    const std::string shown = line_without_pins(file.bytes, line);
    return std::string(core::text::prefix_of(shown, kSourceLineMax * 4));
  }
  std::string_view rest = file.bytes;
  for (int i = 1; i < line; ++i) {
    const size_t newline = rest.find('\n');
    if (newline == std::string_view::npos) return {};
    rest.remove_prefix(newline + 1);
  }
  return std::string(core::text::prefix_of(rest.substr(0, rest.find('\n')), kSourceLineMax * 4));
}

// A line that can be printed: no control characters, no broken bytes.
std::u32string printable(std::string_view bytes, size_t code_points_max) {
  std::u32string chars = core::text::to_utf32(bytes);
  if (chars.size() > code_points_max) chars.resize(code_points_max);
  for (char32_t& c : chars)
    if (c < 0x20 || c == 0x7f) c = U' ';
  return chars;
}

// Terminals show Han and full-width characters two columns wide.
bool wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
         (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
         (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
         (c >= 0x20000 && c <= 0x3fffd);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Optimal string alignment: insert, delete, replace, swap of neighbours.
size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i)
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + same});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

void Findings::error(const Place& place, std::string_view code, std::string message,
                     std::string suggestion, std::optional<Edit> mend) {
  ++errors_;
  add(place, Severity::Error, code, std::move(message), std::move(suggestion), std::move(mend));
}

void Findings::warning(const Place& place, std::string_view code, std::string message,
                       std::string suggestion, std::optional<Edit> mend) {
  add(place, Severity::Warning, code, std::move(message), std::move(suggestion), std::move(mend));
}

void Findings::add(const Place& place, Severity severity, std::string_view code,
                   std::string message, std::string suggestion, std::optional<Edit> mend) {
  if (found_.size() >= kFindingsMax && (severity == Severity::Warning || errors_ > kFindingsMax)) {
    ++left_out_;
    return;
  }
  Finding f;
  f.file = place.file != nullptr ? place.file->name : "";
  f.line = place.line;
  f.column = place.column;
  f.severity = severity;
  f.code = code;
  const bool has_pins = place.file != nullptr && place.file->role == Role::Ladders;
  f.message = has_pins ? message_without_pins(std::move(message)) : std::move(message);
  f.suggestion = std::move(suggestion);
  f.mend = std::move(mend);
  if (place.file != nullptr && place.line > 0) f.source_line = line_of(*place.file, place.line);
  found_.push_back(
      {place.file != nullptr ? place.file->order : -1, place.line, place.column, std::move(f)});
}

std::vector<Finding> Findings::take() {
  std::ranges::sort(found_, [](const Ordered& a, const Ordered& b) {
    return std::tie(a.file, a.line, a.column, a.finding.code, a.finding.message) <
           std::tie(b.file, b.line, b.column, b.finding.code, b.finding.message);
  });
  std::vector<Finding> all;
  all.reserve(found_.size() + 1);
  for (Ordered& o : found_) {
    // What an alias repeats is one mistake.
    const bool again = !all.empty() && all.back().line == o.line && all.back().column == o.column &&
                       all.back().code == o.finding.code && all.back().file == o.finding.file &&
                       all.back().message == o.finding.message;
    if (!again) all.push_back(std::move(o.finding));
  }
  if (left_out_ > 0) {
    Finding more;
    more.severity = Severity::Warning;
    more.code = "too-many";
    const std::string n = std::to_string(left_out_);
    more.message = both("还有 " + n + " 处没有列出", n + " more are not listed");
    all.push_back(std::move(more));
  }
  found_.clear();
  return all;
}

std::string both(std::string_view chinese, std::string_view english) {
  std::string s(chinese);
  s.append(" (").append(english).append(")");
  return s;
}

std::string quoted(std::string_view word) {
  std::string s(1, '`');
  s += core::text::to_utf8(printable(word, kQuotedMax));
  return s += '`';
}

std::string_view nearest_word(std::string_view word,
                              const std::vector<std::string_view>& candidates) {
  const std::u32string typed = core::text::to_utf32(word);
  if (typed.empty() || typed.size() > kSuggestionWordMax) return {};
  std::string_view best;
  size_t best_distance = std::max<size_t>(1, (typed.size() + 1) / 3) + 1;
  for (std::string_view candidate : candidates) {
    if (candidate != word && std::ranges::equal(candidate, word, {}, lower, lower))
      return candidate;
    const std::u32string chars = core::text::to_utf32(candidate);
    if (chars.size() > kSuggestionWordMax) continue;
    const size_t distance = edit_distance(typed, chars);
    if (distance > 0 && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view best = nearest_word(word, candidates);
  return best.empty() ? std::string() : "did you mean " + quoted(best) + "?";
}

std::string to_text(const Finding& f) {
  std::string s = f.file.empty() ? std::string("-") : f.file;
  if (f.line > 0) {
    s += ":" + std::to_string(f.line);
    if (f.column > 0) s += ":" + std::to_string(f.column);
  }
  s += f.severity == Severity::Error ? ": error: " : ": warning: ";
  s += f.message;
  if (!f.suggestion.empty()) s += "; " + f.suggestion;
  if (f.source_line.empty()) return s;
  const std::u32string line = printable(f.source_line, kSourceLineMax);
  s += "\n    " + core::text::to_utf8(line);
  const size_t before = f.column > 0 ? static_cast<size_t>(f.column) - 1 : 0;
  if (f.column == 0 || before > line.size()) return s;
  s += "\n    ";
  for (size_t i = 0; i < before; ++i) s += wide(line[i]) ? "  " : " ";
  return s + "^";
}

}  // namespace rules
