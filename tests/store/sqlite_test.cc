// What only the SQLite store must bear: other programs' files, damaged ones, newer and older
// schemas, other processes that hold the file.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "store/layout.h"
#include "tests/store/places.h"

using core::Code;
using tests::at;
using tests::SqlitePlace;
using tests::value;

namespace {

// Runs `sql` on the file by a connection of the test's own.
void change(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
  CHECK(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
}

std::string refusal(const store::StoreSpec& spec) {
  const auto opened = store::open_store(spec);
  REQUIRE(!opened.ok());
  CHECK(opened.error().code == Code::BadSettings);
  CHECK(opened.error().message.find('\n') == std::string::npos);
  return opened.error().message;
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a new store is for its owner's eyes only") {
  const SqlitePlace place;
  const auto store = place.open();
  value(store->append({0, "command", at(1), "x"}));
  for (const char* part : {"", "-wal", "-shm"}) {
    struct stat status = {};
    REQUIRE(::stat((place.spec().path + part).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a file of a newer schema is refused with both numbers and left alone") {
  const SqlitePlace place;
  place.open();
  const std::string newer = std::to_string(store::kSchemaVersion + 1);
  change(place.spec().path, "PRAGMA user_version = " + newer);
  const std::string before = contents(place.spec().path);
  const std::string message = refusal(place.spec());
  CHECK(says(message, "schema " + newer));
  CHECK(says(message, tests::name("up to ", store::kSchemaVersion)));
  CHECK(contents(place.spec().path) == before);
}

TEST_CASE("a store that was upgraded while open is refused by bind") {
  const SqlitePlace place;
  const auto store = place.open();
  value(store->bind(4));
  change(place.spec().path, "PRAGMA user_version = 99");
  CHECK(store->bind(4).error().code == Code::BadSettings);
  CHECK(says(store->bind(4).error().message, "schema 99"));
}

TEST_CASE("an older schema that no release wrote is refused") {
  const SqlitePlace place;
  place.open();
  for (const char* version : {"0", "-3"}) {
    change(place.spec().path, std::string("PRAGMA user_version = ") + version);
    CHECK(says(refusal(place.spec()), std::string("schema ") + version + ", which no released"));
  }
}

TEST_CASE("files that are not stores are refused and left alone") {
  const SqlitePlace place;
  const std::string path = place.spec().path;
  SUBCASE("text") { std::ofstream(path) << std::string(5000, 'x'); }
  SUBCASE("another program's database") { change(path, "CREATE TABLE t (a)"); }
  SUBCASE("another program's marked database") { change(path, "PRAGMA application_id = 7"); }
  const std::string before = contents(path);
  CHECK(says(refusal(place.spec()), "is not a Qingyu store"));
  CHECK(contents(path) == before);
  CHECK(!std::filesystem::exists(path + "-wal"));
}

TEST_CASE("an empty file becomes a store") {
  const SqlitePlace place;
  std::ofstream(place.spec().path).flush();
  CHECK(value(place.open()->take(0)) == 1);
}

TEST_CASE("a damaged store says so in one line") {
  const SqlitePlace place;
  {
    const auto store = place.open();
    for (int i = 0; i < 50; ++i)
      value(store->append({0, "command", at(i), std::string(4000, 'x')}));
  }
  {
    std::fstream file(place.spec().path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(20 * 4096, '\xa5');
  }
  const auto store = store::open_store(place.spec());
  const core::Error error = store ? (*store)->journal(0, 1000).error() : store.error();
  CHECK(error.code == Code::BadSettings);
  CHECK(says(error.message, "is damaged"));
  CHECK(says(error.message, "restore a backup"));
}

TEST_CASE("a folder that is missing, and a folder instead of a file") {
  const SqlitePlace place;
  store::StoreSpec spec = place.spec();
  spec.path = place.folder().file("no/such/folder.db");
  CHECK(says(refusal(spec), "No such file"));
  spec.path = place.folder().path();
  CHECK(says(refusal(spec), "cannot be opened"));
  spec.path = "";
  CHECK(says(refusal(spec), "needs a path"));
  spec.kind = "postgres";
  CHECK(says(refusal(spec), "one of memory, sqlite, redis"));
}

TEST_CASE("readers go on while another process writes, and its commit is seen at once") {
  const SqlitePlace place;
  const auto store = place.open();
  value(store->append({0, "command", at(1), "x"}));
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(place.spec().path.c_str(), &other) == SQLITE_OK);
  sqlite3_exec(other, "BEGIN IMMEDIATE; DELETE FROM journal", nullptr, nullptr, nullptr);
  CHECK(value(store->journal(0, 9)).size() == 1);
  CHECK(value(store->requests(9)).empty());
  sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  CHECK(value(store->journal(0, 9)).empty());
  sqlite3_close(other);
}

TEST_CASE("a store that need not survive a power cut keeps all promises to processes") {
  const SqlitePlace place;
  store::StoreSpec spec = place.spec();
  spec.durability = store::Durability::ProcessCrash;
  {
    const auto store = tests::open_or_fail(spec);
    CHECK(value(store->append({0, "command", at(1), "x"})) == 1);
  }
  CHECK(value(place.open()->journal(0, 9)).size() == 1);
}

TEST_CASE("a store of schema 1 is brought up to date and keeps what it holds") {
  const SqlitePlace place;
  {
    const auto store = place.open();
    value(store->append({0, "command", at(1), "x"}));
  }
  // As released version 1 left it.
  change(place.spec().path, "DROP TABLE slots");
  change(place.spec().path, "DROP INDEX outbox_open");
  change(place.spec().path,
         "CREATE INDEX outbox_open ON outbox (at, id) WHERE delivery NOT IN (2, 4)");
  change(place.spec().path, "PRAGMA user_version = 1");
  const auto store = place.open();
  CHECK(value(store->journal(0, 10)).size() == 1);
  value(store->keep({"grants", "k", "v", at(5)}));
  CHECK(value(store->find("grants", "k"))->value == "v");
}
