#include "engine/book_watch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/servers.h"

namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

struct Files {
  tests::Temporary folder;
  rules::BookFiles files;
  Files() {
    std::filesystem::create_directory(folder.file("packs"));
    write(folder.file("packs/a.yaml"), "a");
    write(folder.file("lists.yaml"), "b");
    files.packs = {folder.file("packs")};
    files.lists = folder.file("lists.yaml");
    files.catalogue = folder.path();
  }
};

}  // namespace

TEST_CASE("a change is told once, when the files have stood still for one look") {
  Files f;
  engine::BookWatch watch(f.files);
  CHECK_FALSE(watch.look());
  CHECK_FALSE(watch.look());
  write(f.folder.file("packs/a.yaml"), "longer");
  CHECK_FALSE(watch.look());
  write(f.folder.file("lists.yaml"), "longer too");  // somebody is still writing
  CHECK_FALSE(watch.look());
  CHECK(watch.look());
  CHECK_FALSE(watch.look());
}

TEST_CASE("files that come, go, or are put in another's place are changes") {
  Files f;
  engine::BookWatch watch(f.files);
  const auto changed = [&] {
    watch.look();
    return watch.look();
  };
  write(f.folder.file("packs/b.yml"), "b");
  CHECK(changed());
  write(f.folder.file("packs/notes.txt"), "no rules");
  CHECK_FALSE(changed());
  std::filesystem::remove(f.folder.file("packs/b.yml"));
  CHECK(changed());
  write(f.folder.file("groups.csv"), "");
  CHECK(changed());
  write(f.folder.file("other"), "b");
  const auto time = std::filesystem::last_write_time(f.folder.file("lists.yaml"));
  std::filesystem::rename(f.folder.file("other"), f.folder.file("lists.yaml"));
  std::filesystem::last_write_time(f.folder.file("lists.yaml"), time);
  CHECK(changed());
  CHECK_FALSE(changed());
}

TEST_CASE("files that a pack names are watched from when they are known") {
  Files f;
  write(f.folder.file("words.txt"), "x");
  engine::BookWatch watch(f.files);
  write(f.folder.file("packs/a.yaml"), "changed meanwhile");
  watch.also({f.folder.file("words.txt"), f.folder.file("packs/a.yaml")});
  watch.look();
  CHECK(watch.look());  // what had changed before is not forgotten
  write(f.folder.file("words.txt"), "xy");
  watch.look();
  CHECK(watch.look());
  watch.also({});
  write(f.folder.file("words.txt"), "xyz");
  watch.look();
  CHECK_FALSE(watch.look());
}
