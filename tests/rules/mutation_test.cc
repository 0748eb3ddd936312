// Thousands of good packs damaged byte by byte and line by line: the loader never crashes, and a
// pack that does not load has a finding that says why, at a place that exists.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "core/text/utf8.h"
#include "rules/findings.h"
#include "rules/pack.h"
#include "tests/rules/desk_of_files.h"

namespace {

constexpr int kPacks = 4000, kBooks = 300;

std::vector<std::string> good_packs() {
  std::vector<std::string> packs = {
      "pack: p\nowner: 质检\nlists:\n  a: [过期, $b]\n  b:\n    - 临期\n    - 快到期\nrules:\n"
      "  - id: r\n    name: 临期\n    issue: expiry\n    level: yellow\n    subject: product\n"
      "    mode: active\n    fold: standard\n    valid_from: 2026-01-01\n    owner: qa\n"
      "    when:\n      any: [$a, {re: '还有.{0,4}天过期'}]\n      none: [$advertising]\n"
      "      except: [没过期]\n      near: {words: [保质期], of: [只剩, 快到], within: 12}\n"
      "      count: {words: [变质, 发霉, 异味], at_least: 2}\n      from: {kind: [chat, post]}\n"
      "    weigh: {image: +200, own_staff: -500}\n    tests:\n      - hit: 过期了\n"
      "      - miss: 没过期\n"};
  const auto folder = std::filesystem::path(QINGYU_SOURCE_DIR) / "rules" / "packs";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& file : files) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    packs.push_back(text.str().substr(0, 4000));
  }
  return packs;
}

class Damage {
 public:
  explicit Damage(uint32_t seed) : random_(seed) {}

  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  void damage(std::string& text) {
    for (size_t n = 1 + below(4); n > 0 && !text.empty(); --n)
      below(2) == 0 ? byte(text) : line(text);
  }

 private:
  void byte(std::string& text) {
    static constexpr std::string_view kPieces[] = {
        ":",    "-",  "[",  "]",  "{",  "}",     ",",
        "\"",   "'",  "\n", "\t", " ",  "#",     "&a",
        "*a",   "|",  ">",  "：", "，", "\x04",  "$",
        "<<: ", "? ", "! ", "%",  "@",  "---\n", "9999999999999999999"};
    const size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text.erase(at, 1);
        break;
      case 1:
        text[at] = static_cast<char>(below(256));
        break;
      default:
        text.insert(at, kPieces[below(std::size(kPieces))]);
    }
  }

  void line(std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string one; std::getline(in, one);) lines.push_back(one + "\n");
    if (lines.empty()) return;
    const size_t a = below(lines.size()), b = below(lines.size());
    switch (below(4)) {
      case 0:
        lines[a].clear();
        break;
      case 1:
        lines[a] += lines[a];
        break;
      case 2:
        std::swap(lines[a], lines[b]);
        break;
      default:
        lines[a].insert(0, "  ");
    }
    text.clear();
    for (const std::string& one : lines) text += one;
  }

  std::mt19937 random_;
};

uint32_t seed() {
  const char* given = std::getenv("QINGYU_SEED");
  return given != nullptr ? static_cast<uint32_t>(std::atoi(given)) : 7;
}

}  // namespace

TEST_CASE(
    "damaged packs never crash the reader, and what is found is told at a place that exists") {
  Damage damage(seed());
  const std::vector<std::string> packs = good_packs();
  int clean = 0;
  for (int i = 0; i < kPacks; ++i) {
    rules::SourceFile file;
    file.name = "pack.yaml";
    file.bytes = packs[damage.below(2) == 0 ? 0 : damage.below(packs.size())];
    damage.damage(file.bytes);
    // The reader gets what is UTF-8; sources.cc refuses the rest.
    file.bytes = core::text::to_utf8(core::text::to_utf32(file.bytes));
    rules::Findings found;
    rules::read_pack(file, found);
    const auto lines = 1 + std::ranges::count(file.bytes, '\n');
    const std::vector<rules::Finding> findings = found.take();
    clean += findings.empty() ? 1 : 0;
    for (const rules::Finding& f : findings) {
      CHECK(f.line >= 0);
      CHECK(f.line <= lines);
      CHECK(core::text::valid_utf8(rules::to_text(f)));
      if (f.mend) CHECK((f.mend->begin <= f.mend->end && f.mend->end <= file.bytes.size()));
    }
  }
  CHECK(clean > kPacks / 100);
  CHECK(clean < kPacks * 9 / 10);
}

TEST_CASE("a damaged pack loads, or an error says why not") {
  Damage damage(seed() + 1);
  const std::string good = good_packs().front();
  int loaded = 0;
  for (int i = 0; i < kBooks; ++i) {
    std::string pack = good;
    damage.damage(pack);
    rules_test::DeskOfFiles desk;
    desk.write("pack.yaml", pack);
    desk.load();
    const bool error = std::ranges::any_of(desk.findings, [](const rules::Finding& f) {
      return f.severity == rules::Severity::Error;
    });
    CHECK_MESSAGE(error == (desk.book == nullptr), pack);
    loaded += desk.book != nullptr ? 1 : 0;
  }
  CHECK(loaded > 0);
  CHECK(loaded < kBooks);
}
