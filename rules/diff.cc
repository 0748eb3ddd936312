#include "rules/diff.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rules {

namespace {

using Lines = std::vector<std::string_view>;

constexpr std::ptrdiff_t kChangesMax = 1000;
constexpr size_t kAround = 3;  // unchanged lines shown beside a change

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// A line that stays (' '), goes ('-') or comes ('+').
struct Step {
  char kind = ' ';
  std::string_view line;
};

// Myers, "An O(ND) difference algorithm" (1986), figure 2: furthest[d] has, for each diagonal
// x - y, how far d changes reach.
class Comparison {
 public:
  Comparison(const Lines& a, const Lines& b) : a_(a), b_(b) {}

  std::vector<Step> run() {
    const auto n = static_cast<std::ptrdiff_t>(a_.size()),
               m = static_cast<std::ptrdiff_t>(b_.size());
    const std::ptrdiff_t most = std::min(n + m, kChangesMax);
    std::vector<std::ptrdiff_t> row(static_cast<size_t>(2 * most + 3), 0);
    middle_ = most + 1;
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t x = goes_down(row, d, k) ? at(row, k + 1) : at(row, k - 1) + 1;
        while (x < n && x - k < m && x - k >= 0 && line(a_, x) == line(b_, x - k)) ++x;
        row[static_cast<size_t>(middle_ + k)] = x;
        if (x >= n && x - k >= m) return path(d);
      }
      furthest_.push_back(row);
    }
    return replaced();
  }

 private:
  static std::string_view line(const Lines& lines, std::ptrdiff_t i) {
    return lines[static_cast<size_t>(i)];
  }
  std::ptrdiff_t at(const std::vector<std::ptrdiff_t>& row, std::ptrdiff_t k) const {
    return row[static_cast<size_t>(middle_ + k)];
  }
  bool goes_down(const std::vector<std::ptrdiff_t>& row, std::ptrdiff_t d, std::ptrdiff_t k) const {
    return k == -d || (k != d && at(row, k - 1) < at(row, k + 1));
  }

  std::vector<Step> path(std::ptrdiff_t d) const {
    std::vector<Step> steps;
    auto x = static_cast<std::ptrdiff_t>(a_.size()), y = static_cast<std::ptrdiff_t>(b_.size());
    for (; d > 0; --d) {
      const std::vector<std::ptrdiff_t>& row = furthest_[static_cast<size_t>(d - 1)];
      const std::ptrdiff_t k = x - y;
      const bool down = goes_down(row, d, k);
      const std::ptrdiff_t from_x = at(row, down ? k + 1 : k - 1),
                           from_y = from_x - (down ? k + 1 : k - 1);
      for (; x > from_x + (down ? 0 : 1) && y > from_y + (down ? 1 : 0); --x, --y)
        steps.push_back({' ', line(a_, x - 1)});
      if (down)
        steps.push_back({'+', line(b_, --y)});
      else
        steps.push_back({'-', line(a_, --x)});
    }
    for (; x > 0; --x) steps.push_back({' ', line(a_, x - 1)});
    std::ranges::reverse(steps);
    return steps;
  }

  std::vector<Step> replaced() const {
    std::vector<Step> steps;
    for (const std::string_view gone : a_) steps.push_back({'-', gone});
    for (const std::string_view come : b_) steps.push_back({'+', come});
    return steps;
  }

  const Lines &a_, &b_;
  std::ptrdiff_t middle_ = 0;
  std::vector<std::vector<std::ptrdiff_t>> furthest_;
};

std::string range(size_t begin, size_t count) {
  const std::string from = std::to_string(count == 0 ? begin : begin + 1);
  return count == 1 ? from : from + "," + std::to_string(count);
}

// The steps [begin, end); before them stand `a` and `b` lines.
void print_hunk(const std::vector<Step>& steps, size_t begin, size_t end, size_t a, size_t b,
                std::string& out) {
  size_t gone = 0, come = 0;
  std::string body;
  for (size_t i = begin; i < end; ++i) {
    gone += steps[i].kind != '+' ? 1 : 0;
    come += steps[i].kind != '-' ? 1 : 0;
    body.append(1, steps[i].kind).append(steps[i].line);
    if (!steps[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
  }
  out += "@@ -" + range(a, gone) + " +" + range(b, come) + " @@\n" + body;
}

}  // namespace

std::string unified_diff(const std::string& file, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Lines a = lines_of(before), b = lines_of(after);
  const std::vector<Step> steps = Comparison(a, b).run();
  std::string out = "--- " + file + "\n+++ " + file + "\n";
  const auto changes = [&](size_t i) { return steps[i].kind != ' '; };
  size_t a_lines = 0, b_lines = 0, done = 0;
  const auto pass = [&](size_t to) {
    for (; done < to; ++done) {
      a_lines += steps[done].kind != '+' ? 1 : 0;
      b_lines += steps[done].kind != '-' ? 1 : 0;
    }
  };
  for (size_t i = 0; i < steps.size(); ++i) {
    if (!changes(i)) continue;
    size_t last = i;  // of the hunk's changes
    for (size_t j = i; j < steps.size() && j <= last + 2 * kAround + 1; ++j)
      if (changes(j)) last = j;
    pass(std::max(done, i - std::min(i, kAround)));
    const size_t begin = done, end = std::min(last + kAround + 1, steps.size());
    print_hunk(steps, begin, end, a_lines, b_lines, out);
    pass(end);
    i = end - 1;
  }
  return out;
}

}  // namespace rules
