#include <charconv>
#include <cmath>

#include "rules/book.h"
#include "rules/catalogue.h"

namespace rules {

namespace {

constexpr std::string_view kHeader = "# qingyu baselines 1";
constexpr size_t kFamiliesMax = 1'000'000;

void append(std::string& out, double value) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

bool positive(std::string_view s, double& out) {
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), out);
  return error == std::errc{} && end == s.data() + s.size() && std::isfinite(out) && out > 0;
}

std::string_view take_until(std::string_view& rest, char mark) {
  const size_t end = std::min(rest.find(mark), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

}  // namespace

std::string write_baselines(const LearnedRates& learned) {
  std::string out(kHeader);
  out += '\n';
  for (const auto& [family, rate] : learned) {
    out += family;
    out += '\t';
    append(out, rate.first);
    out += '\t';
    append(out, rate.second);
    out += '\n';
  }
  return out;
}

void read_baselines(const SourceFile& file, Findings& findings, core::Limits& limits) {
  std::string_view rest = file.bytes;
  if (take_until(rest, '\n') != kHeader)
    return findings.error(
        {&file, 1, 1}, "wrong-type",
        both("不是基线文件", "not a baselines file: line 1 is not `" + std::string(kHeader) + "`"));
  for (int line = 2; !rest.empty(); ++line) {
    std::string_view row = take_until(rest, '\n');
    if (row.empty()) continue;
    const std::string_view family = take_until(row, '\t');
    const std::string_view a = take_until(row, '\t');
    std::pair<double, double> rate;
    if (family.find(':') == std::string_view::npos || !positive(a, rate.first) ||
        !positive(row, rate.second) || limits.learned.size() >= kFamiliesMax) {
      findings.warning({&file, line, 1}, "bad-row",
                       both("这一行有误，没有采用", "a bad row, left out"));
      continue;
    }
    limits.learned.insert_or_assign(std::string(family), rate);
  }
}

}  // namespace rules
