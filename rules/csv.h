#pragma once
// Rows of a CSV file (RFC 4180: quotes, doubled quotes, line breaks inside quotes; BOM and CRLF
// too). The header's names decide the columns; columns nobody asks for are ignored. A catalogue is
// another system's export: a bad row is a warning and is left out, and only a file that is bad in
// more than a tenth of its rows, or lacks a column, is an error.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/findings.h"
#include "rules/sources.h"

namespace rules {

inline constexpr size_t kCsvColumnsMax = 200;
inline constexpr size_t kCsvRowsMax = 2'000'000;
inline constexpr size_t kBadRowsFree = 10;  // so many may be bad in any file

struct CsvColumn {
  std::string_view name;
  bool required = true;
};

// Reads one file from its first row to its last.
class CsvTable {
 public:
  // Reads the header. Without the required columns (a finding) there are no rows.
  CsvTable(const SourceFile& file, std::vector<CsvColumn> columns, Findings& findings);

  // Moves to the next row that has as many fields as the header; false at the end.
  bool next();

  // The field of column `i` of the constructor's list, blanks around it cut off; "" when the file
  // has no such column.
  std::string_view field(size_t i) const;
  // The field as a whole number or fraction >= 0; "" is 0. False: reported as a bad row.
  bool number(size_t i, double max, double& out);

  // Reports the row as bad.
  void bad_row(std::string_view code, std::string message);
  Place place() const { return {&file_, row_line_, 0}; }

  // REQUIRES: next() gave false. Reports a file with too many bad rows.
  void finish();

 private:
  bool read_row();

  const SourceFile& file_;
  Findings& findings_;
  std::vector<CsvColumn> columns_;
  std::vector<int> index_;  // of each column in a row; -1: absent
  std::vector<std::string> row_;
  std::string_view rest_;
  size_t header_fields_ = 0, rows_ = 0, bad_rows_ = 0;
  int line_ = 1, row_line_ = 1;
};

}  // namespace rules
