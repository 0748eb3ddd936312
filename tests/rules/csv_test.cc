// Rows of CSV files: quotes, line ends, columns by name, and what is said of bad rows.
#include "rules/csv.h"

#include <doctest/doctest.h>

#include <random>

using rules::CsvTable;
using rules::Findings;
using rules::SourceFile;

namespace {

struct Table {
  explicit Table(std::string text, std::vector<rules::CsvColumn> columns = {{"a"}, {"b"}}) {
    file.name = "t.csv";
    file.bytes = std::move(text);
    CsvTable table(file, std::move(columns), findings);
    while (table.next()) {
      rows.append("[").append(table.field(0)).append("|").append(table.field(1)).append("]");
      lines.push_back(table.place().line);
    }
    table.finish();
    for (const rules::Finding& f : findings.take()) codes.append(f.code).append(" ");
  }

  SourceFile file;
  Findings findings;
  std::string rows, codes;
  std::vector<int> lines;
};

}  // namespace

TEST_CASE("plain rows, with any line ends and with or without a last one") {
  CHECK(Table("a,b\n1,2\n3,4\n").rows == "[1|2][3|4]");
  CHECK(Table("a,b\r\n1,2\r\n3,4").rows == "[1|2][3|4]");
  CHECK(Table("\xEF\xBB\xBF"
              "a,b\n1,2")
            .rows == "[1|2]");
  CHECK(Table("a,b\n\n1,2\n \n").rows == "[1|2]");
}

TEST_CASE("quotes keep commas, quotes and line breaks") {
  CHECK(Table("a,b\n\"1,5\",\"say \"\"hi\"\"\"\n").rows == "[1,5|say \"hi\"]");
  const Table broken_line("a,b\n\"x\ny\",2\n3,4\n");
  CHECK(broken_line.rows == "[x\ny|2][3|4]");
  CHECK(broken_line.lines == std::vector<int>{2, 4});
  CHECK(Table("a,b\n 5\" disk ,2\n").rows == "[5\" disk|2]");  // a quote inside is a quote
  CHECK(Table("a,b\n\"\",\" \"\n").rows == "[|]");
}

TEST_CASE("columns go by the header's names, others are ignored, an optional one may be absent") {
  CHECK(Table("x,b,y,a\n9,2,9,1\n").rows == "[1|2]");
  CHECK(Table("a\n1\n", {{"a"}, {"b", false}}).rows == "[1|]");
  const Table missing("a,c\n1,2\n");
  CHECK(missing.rows == "");
  CHECK(missing.codes == "missing-column ");
  CHECK(Table("").codes == "missing-column missing-column ");
}

TEST_CASE("a row with another number of fields is left out and told") {
  const Table t("a,b\n1\n2,3\n4,5,6\n7,8\n");
  CHECK(t.rows == "[2|3][7|8]");
  CHECK(t.codes == "bad-row bad-row ");
}

TEST_CASE("a quote that is never closed ends the file with an error") {
  const Table t("a,b\n1,2\n3,\"4\n5,6\n");
  CHECK(t.rows == "[1|2]");
  CHECK(t.codes == "open-quote ");
}

TEST_CASE("numbers are whole or broken, not negative, not words; nothing is zero") {
  SourceFile file;
  file.bytes = "n,x\n1.5,\n,\n-1,\nabc,\n1e999,\n1e3,\n101,\nnan,\n1 2,\n";
  Findings findings;
  CsvTable table(file, {{"n"}}, findings);
  std::string read;
  while (table.next()) {
    double value = -7;
    const bool good = table.number(0, 1000, value);
    read += good ? std::to_string(static_cast<int>(value * 10)) + " " : "bad ";
  }
  CHECK(read == "15 0 bad bad bad 10000 1010 bad bad ");
}

TEST_CASE("whatever a table holds comes back after quoting") {
  std::mt19937 random(11);
  constexpr std::string_view kBytes = "ab,\"\n\r x1";
  for (int round = 0; round < 500; ++round) {
    std::string text = "a,b\n", expected;
    for (int row = 0; row < 3; ++row) {
      expected += "[";
      for (int cell = 0; cell < 2; ++cell) {
        std::string value = "v";  // no cell is blank, so no row is
        for (size_t n = random() % 6; n > 0; --n) value += kBytes[random() % kBytes.size()];
        value += "w";
        text += "\"";
        for (const char c : value) text.append(c == '"' ? 2 : 1, c);
        text += cell == 0 ? "\"," : "\"\n";
        expected += value;
        expected += cell == 0 ? "|" : "]";
      }
    }
    REQUIRE(Table(text).rows == expected);
  }
}
