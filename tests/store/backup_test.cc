// Backup of a store in use, restore with its checks, and the lock that tells a running daemon.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "store/backup.h"
#include "store/daemon_lock.h"
#include "tests/store/places.h"

using core::Code;
using tests::at;
using tests::value;

namespace {

struct BackupStory {
  tests::SqlitePlace place;
  std::string backup_path = place.folder().file("backup.db");

  store::StoreSpec spec() const { return place.spec(); }
  store::StoreSpec backup_spec() const {
    store::StoreSpec spec = place.spec();
    spec.path = backup_path;
    return spec;
  }
  void append(const std::string& bytes) {
    value(place.open()->append({0, "command", at(1), bytes}));
  }
  std::string journal(const store::StoreSpec& of) {
    std::string all;
    for (const auto& e : value(tests::open_or_fail(of)->journal(0, 100'000))) all += e.bytes + " ";
    return all;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(place.folder().path()))
      names.push_back(file.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

TEST_CASE_FIXTURE(BackupStory, "a backup is one file that holds what the store held") {
  const auto daemon = place.open();
  append("one");
  value(store::backup(spec(), backup_path));
  struct stat status = {};
  REQUIRE(::stat(backup_path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(files() ==
        std::vector<std::string>{"backup.db", "store.db", "store.db-shm", "store.db-wal"});
  append("two");
  CHECK(journal(backup_spec()) == "one ");
  value(store::backup(spec(), backup_path));  // over the older one
  CHECK(journal(backup_spec()) == "one two ");
}

TEST_CASE_FIXTURE(BackupStory, "a backup in the middle of commits is one checkpoint") {
  const auto store = place.open();
  std::atomic<bool> stop = false;
  std::string failure;
  std::thread shard([&] {
    core::Checkpoint c;
    c.fence = value(store->take(0));
    for (int n = 1; !stop && failure.empty(); ++n) {
      c.drained = at(n);
      c.families.clear();
      for (int f = 0; f < 40; ++f)
        c.families.emplace_back(std::to_string(f), std::to_string(n) + std::string(3000, '.'));
      if (auto done = store->commit(c); !done) failure = done.error().message;
    }
  });
  for (int round = 0; round < 10; ++round) {
    value(store::backup(spec(), backup_path));
    const core::ShardState state = value(tests::open_or_fail(backup_spec())->load(0));
    for (const auto& [family, bytes] : state.families)
      CHECK(std::stoll(bytes) == core::to_ms(state.drained));
  }
  stop = true;
  shard.join();
  CHECK(failure.empty());
}

TEST_CASE_FIXTURE(BackupStory, "a backup or restore killed at any moment leaves old or new") {
  append(std::string(2'000'000, 'a'));
  value(store::backup(spec(), backup_path));
  const std::string old_journal = journal(spec());
  append(std::string(2'000'000, 'b'));
  const std::string new_journal = journal(spec());
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t process = ::fork();
    if (process == 0) {
      if (::write(ends[1], "!", 1) != 1) ::_exit(1);
      static_cast<void>(round % 2 == 0 ? store::backup(spec(), backup_path)
                                       : store::restore(backup_path, spec()));
      ::_exit(0);
    }
    char mark = 0;
    REQUIRE(::read(ends[0], &mark, 1) == 1);
    for (int i = 0; i < round * 2000; ++i) std::this_thread::yield();  // another moment each round
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    for (const store::StoreSpec& of : {spec(), backup_spec()}) {
      const std::string now = journal(of);
      CHECK((now == old_journal || now == new_journal));
    }
    ::close(ends[0]);
    ::close(ends[1]);
  }
}

TEST_CASE_FIXTURE(BackupStory, "a restore brings back the backup and keeps what was there") {
  append("one");
  value(store::backup(spec(), backup_path));
  append("two");
  value(store::restore(backup_path, spec()));
  CHECK(journal(spec()) == "one ");
  store::StoreSpec before = spec();
  before.path += ".before-restore";
  CHECK(journal(before) == "one two ");
  append("three");
  CHECK(journal(spec()) == "one three ");
}

TEST_CASE_FIXTURE(BackupStory, "a restore to a place without a store makes one") {
  append("one");
  value(store::backup(spec(), backup_path));
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(spec().path + part);
  value(store::restore(backup_path, spec()));
  CHECK(journal(spec()) == "one ");
  struct stat status = {};
  REQUIRE(::stat(spec().path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE_FIXTURE(BackupStory, "a restore replaces a damaged store") {
  append("one");
  value(store::backup(spec(), backup_path));
  std::ofstream(spec().path) << std::string(9000, 'x');
  value(store::restore(backup_path, spec()));
  CHECK(journal(spec()) == "one ");
  CHECK(std::filesystem::file_size(spec().path + ".before-restore") == 9000);
}

TEST_CASE_FIXTURE(BackupStory, "commands that have the store open see what was restored") {
  append("one");
  value(store::backup(spec(), backup_path));
  append("two");
  const auto command = place.open();
  CHECK(value(command->journal(0, 9)).size() == 2);
  value(store::restore(backup_path, spec()));
  CHECK(value(command->journal(0, 9)).size() == 1);
  CHECK(value(command->append({0, "command", at(1), "x"})) == 2);
  CHECK(journal(spec()) == "one x ");
}

TEST_CASE_FIXTURE(BackupStory, "a backup that is damaged, foreign or missing changes nothing") {
  append("one");
  value(store::backup(spec(), backup_path));
  append("two");
  Code expected = Code::BadSettings;
  SUBCASE("cut off") { std::filesystem::resize_file(backup_path, 8192); }
  SUBCASE("overwritten inside") {
    std::fstream file(backup_path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 4096);
    file << std::string(4096, '\xa5');
  }
  SUBCASE("foreign") { std::ofstream(backup_path) << "hello, this is a text file\n"; }
  SUBCASE("empty") { std::filesystem::resize_file(backup_path, 0); }
  SUBCASE("missing") {
    std::filesystem::remove(backup_path);
    expected = Code::NotFound;
  }
  const auto restored = store::restore(backup_path, spec());
  REQUIRE(!restored.ok());
  CHECK(restored.error().code == expected);
  CHECK(journal(spec()) == "one two ");
  CHECK(!std::filesystem::exists(spec().path + ".before-restore"));
}

TEST_CASE_FIXTURE(BackupStory, "what cannot be backed up says so and leaves nothing behind") {
  CHECK(store::backup(spec(), backup_path).error().code == Code::NotFound);
  append("one");
  CHECK(store::backup(spec(), spec().path).error().code == Code::BadSettings);
  CHECK(store::restore(spec().path, spec()).error().code == Code::BadSettings);
  CHECK(store::backup(spec(), place.folder().file("no/folder.db")).error().code ==
        Code::BadSettings);
  for (const char* kind : {"memory", "redis"}) {
    store::StoreSpec other = spec();
    other.kind = kind;
    CHECK(store::backup(other, backup_path).error().message.find("not in this version") !=
          std::string::npos);
    CHECK(store::restore(backup_path, other).error().code == Code::BadSettings);
  }
  CHECK(files() == std::vector<std::string>{"store.db"});
}

TEST_CASE_FIXTURE(BackupStory, "a restore is refused while a daemon runs, which is named") {
  append("one");
  value(store::backup(spec(), backup_path));
  CHECK(!store::daemon_of(spec()).has_value());
  {
    const auto daemon = store::DaemonLock::take(spec());
    REQUIRE(daemon.ok());
    CHECK(store::daemon_of(spec()) == ::getpid());
    const auto refused = store::restore(backup_path, spec());
    REQUIRE(!refused.ok());
    CHECK(refused.error().code == Code::Conflict);
    CHECK(refused.error().message.find(tests::name("process ", ::getpid())) != std::string::npos);
    CHECK(store::DaemonLock::take(spec()).error().code == Code::Conflict);
    CHECK(store::backup(spec(), backup_path).ok());
  }
  CHECK(!store::daemon_of(spec()).has_value());
  value(store::restore(backup_path, spec()));
}

TEST_CASE_FIXTURE(BackupStory, "the lock of a daemon that was killed is free") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t daemon = ::fork();
  if (daemon == 0) {
    const auto lock = store::DaemonLock::take(spec());
    if (lock.ok() && ::write(ends[1], "!", 1) == 1) ::pause();
    ::_exit(1);
  }
  char mark = 0;
  REQUIRE(::read(ends[0], &mark, 1) == 1);
  CHECK(store::daemon_of(spec()) == daemon);
  CHECK(!store::DaemonLock::take(spec()).ok());
  ::kill(daemon, SIGKILL);
  ::waitpid(daemon, nullptr, 0);
  CHECK(!store::daemon_of(spec()).has_value());
  CHECK(store::DaemonLock::take(spec()).ok());
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE_FIXTURE(BackupStory, "a daemon is found by every name of its store") {
  append("one");
  store::StoreSpec link = spec();
  link.path = place.folder().file("link.db");
  std::filesystem::create_symlink(spec().path, link.path);
  const auto daemon = store::DaemonLock::take(link);
  REQUIRE(daemon.ok());
  CHECK(store::DaemonLock::take(spec()).error().code == Code::Conflict);
}

TEST_CASE("stores that are not files need no lock") {
  for (const char* kind : {"memory", "redis"}) {
    store::StoreSpec spec;
    spec.kind = kind;
    const auto first = store::DaemonLock::take(spec), second = store::DaemonLock::take(spec);
    CHECK(first.ok());
    CHECK(second.ok());
    CHECK(!store::daemon_of(spec).has_value());
  }
}

TEST_CASE("a lock that cannot be made is refused in one line") {
  store::StoreSpec spec;
  spec.path = "/no/such/folder/store.db";
  CHECK(store::DaemonLock::take(spec).error().code == Code::BadSettings);
}
