#include "rules/database_cache.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "core/text/fold.h"
#include "rules/matcher.h"
#include "tests/servers.h"

// Compiled databases in files: found again, and whatever is wrong with a file, the matches are
// right.
namespace {

namespace fs = std::filesystem;

const std::vector<std::u32string> kWords = {U"过期", U"发霉", U"假货"};

std::vector<rules::Match> matches(const std::string& cache) {
  rules::CompileError error;
  const std::vector<rules::Expression> expressions = {{"还有.{0,4}天", {U"还有"}, 1}};
  auto matcher = rules::Matcher::create(kWords, expressions, error, cache);
  REQUIRE_MESSAGE(matcher != nullptr, error.message);
  rules::Scanner scanner(std::move(matcher));
  core::text::Folded folded;
  core::text::fold("还有三天就过期了，打开已经发霉", folded);
  std::vector<rules::Match> found;
  scanner.scan(folded, found);
  return found;
}

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

TEST_CASE("compiled databases are kept and found again") {
  tests::Temporary folder;
  const std::string cache = folder.file("cache");
  const auto without = matches("");
  REQUIRE(without.size() == 3);
  CHECK(matches(cache) == without);
  const auto kept = files_in(cache);
  REQUIRE(kept.size() == 2);  // words, expressions
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(48);
  for (const fs::path& file : kept) fs::last_write_time(file, old);
  CHECK(matches(cache) == without);
  CHECK(files_in(cache) == kept);
  for (const fs::path& file : kept) CHECK(fs::last_write_time(file) > old);  // found and touched
}

TEST_CASE("what is wrong with a kept database is noticed, and the file is written anew") {
  tests::Temporary folder;
  const std::string cache = folder.file("cache");
  const auto expected = matches(cache);
  const auto kept = files_in(cache);
  REQUIRE(kept.size() == 2);
  const std::string whole = read(kept[0]), other = read(kept[1]);
  std::string flipped = whole, longer = whole + "x", foreign = other;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 1);
  for (const std::string& bytes : {flipped, longer, foreign, std::string(), whole.substr(0, 50),
                                   whole.substr(0, whole.size() - 1), std::string(5'000, 'x')}) {
    write(kept[0], bytes);
    CHECK(matches(cache) == expected);
    CHECK(read(kept[0]) == whole);
  }
}

TEST_CASE("a cache that cannot be written costs nothing but time") {
  tests::Temporary folder;
  write(folder.file("file"), "not a folder");
  CHECK(matches(folder.file("file")).size() == 3);
  CHECK(matches(folder.file("file") + "/below").size() == 3);
  CHECK(read(folder.file("file")) == "not a folder");
}

TEST_CASE("databases that nobody used for long, and too many, are removed") {
  tests::Temporary folder;
  const std::string cache = folder.file("cache");
  fs::create_directories(cache);
  const auto now = fs::file_time_type::clock::now();
  for (size_t i = 0; i < rules::DatabaseCache::kFilesMax + 10; ++i) {
    const fs::path file = fs::path(cache) / ("recent" + std::to_string(100 + i) + ".hsdb");
    write(file, "x");
    fs::last_write_time(file, now - std::chrono::hours(100 - i));
  }
  const fs::path old = fs::path(cache) / "old.hsdb";
  write(old, "x");
  fs::last_write_time(old, now - std::chrono::hours(24 * 31));
  write(fs::path(cache) / "notes.txt", "not ours");
  matches(cache);
  CHECK_FALSE(fs::exists(old));
  CHECK(fs::exists(fs::path(cache) / "notes.txt"));
  CHECK(files_in(cache).size() == rules::DatabaseCache::kFilesMax + 1);
  CHECK_FALSE(fs::exists(fs::path(cache) / "recent100.hsdb"));
  CHECK(fs::exists(fs::path(cache) / "recent173.hsdb"));
}
