#include "rules/csv.h"

#include <charconv>
#include <cmath>

namespace rules {

namespace {

std::string_view trimmed(std::string_view s) {
  constexpr std::string_view kBlanks = " \t";
  const size_t first = s.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

CsvTable::CsvTable(const SourceFile& file, std::vector<CsvColumn> columns, Findings& findings)
    : file_(file), findings_(findings), columns_(std::move(columns)), rest_(file.bytes) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  index_.assign(columns_.size(), -1);
  if (!read_row()) row_.clear();
  header_fields_ = row_.size();
  for (size_t i = 0; i < columns_.size(); ++i)
    for (size_t k = 0; k < row_.size(); ++k)
      if (trimmed(row_[k]) == columns_[i].name) index_[i] = static_cast<int>(k);
  std::vector<std::string_view> names(row_.begin(), row_.end());
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].required || index_[i] >= 0) continue;
    findings_.error({&file_, 1, 0}, "missing-column",
                    both("缺少列 " + quoted(columns_[i].name),
                         "column " + quoted(columns_[i].name) + " is missing"),
                    nearest(columns_[i].name, names));
    rest_ = {};
  }
}

bool CsvTable::next() {
  while (!rest_.empty()) {
    if (!read_row()) return false;
    if (row_.size() == 1 && trimmed(row_[0]).empty()) continue;
    if (++rows_ > kCsvRowsMax) {
      findings_.error(place(), "too-large", both("行数太多", "too many rows"));
      rest_ = {};
      return false;
    }
    if (row_.size() == header_fields_) return true;
    const std::string want = std::to_string(header_fields_), have = std::to_string(row_.size());
    bad_row("bad-row", both("应有 " + want + " 列，实有 " + have + " 列",
                            "expected " + want + " fields, found " + have));
  }
  return false;
}

// Takes one row off `rest_`. False when a quote is never closed: what follows cannot be trusted.
bool CsvTable::read_row() {
  row_.assign(1, {});
  row_line_ = line_;
  bool in_quotes = false;
  size_t i = 0;
  for (; i < rest_.size(); ++i) {
    const char c = rest_[i];
    if (c == '\n') ++line_;
    if (in_quotes) {
      if (c != '"')
        row_.back().push_back(c);
      else if (i + 1 < rest_.size() && rest_[i + 1] == '"')
        row_.back().push_back(rest_[++i]);
      else
        in_quotes = false;
    } else if (c == '"' && trimmed(row_.back()).empty()) {
      row_.back().clear();
      in_quotes = true;
    } else if (c == ',' && row_.size() < kCsvColumnsMax) {
      row_.emplace_back();
    } else if (c == '\n') {
      ++i;
      break;
    } else if (c != '\r') {
      row_.back().push_back(c);
    }
  }
  rest_.remove_prefix(i);
  if (!in_quotes) return true;
  rest_ = {};
  findings_.error(place(), "open-quote", both("引号没有关上", "a quote is never closed"));
  return false;
}

std::string_view CsvTable::field(size_t i) const {
  return index_[i] < 0 ? std::string_view() : trimmed(row_[static_cast<size_t>(index_[i])]);
}

bool CsvTable::number(size_t i, double max, double& out) {
  std::string_view s = field(i);
  out = 0;
  if (s.empty()) return true;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (error == std::errc{} && end == s.data() + s.size() && std::isfinite(out) && out >= 0 &&
      out <= max)
    return true;
  const std::string name = quoted(columns_[i].name), value = quoted(s);
  bad_row("bad-row",
          both(name + " 不是合理的数字: " + value, name + " is not a sensible number: " + value));
  return false;
}

void CsvTable::bad_row(std::string_view code, std::string message) {
  ++bad_rows_;
  findings_.warning(place(), code, std::move(message));
}

void CsvTable::finish() {
  if (bad_rows_ <= kBadRowsFree || bad_rows_ * 10 <= rows_) return;
  const std::string bad = std::to_string(bad_rows_), all = std::to_string(rows_);
  findings_.error({&file_, 0, 0}, "bad-rows",
                  both(all + " 行里有 " + bad + " 行有误", bad + " of " + all + " rows are bad"));
}

}  // namespace rules
