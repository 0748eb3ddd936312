// A file that is written while it is read.
#include <filesystem>

#include "tests/ingest/file_fixture.h"

using Strings = std::vector<std::string>;
using tests::Files;
namespace fs = std::filesystem;

namespace {

struct Following : Files {
  void follow(int64_t position = -1) { open({path("log")}, position, ingest::Follow::Yes); }
};

}  // namespace

TEST_CASE_FIXTURE(Following, "lines are given when their line break has come") {
  write("log", "one\ntw");
  follow();
  CHECK(texts(read_all()) == Strings{"one"});
  CHECK(source->at_end(0));
  CHECK_FALSE(source->ended(0));
  CHECK(source->lag(0) == 2);
  append("log", "o\nthree\n");
  const auto more = read_all();
  CHECK(texts(more) == Strings{"two", "three"});
  CHECK(more[0].offset == 4);
  CHECK(more[1].place == path("log") + ":3");
  CHECK(source->lag(0) == 0);
}

TEST_CASE_FIXTURE(Following, "a file that is not there yet is waited for") {
  follow();
  CHECK(read_all().empty());
  CHECK(source->at_end(0));
  append("log", "one\n");
  CHECK(texts(read_all()) == Strings{"one"});
}

TEST_CASE_FIXTURE(Following, "only the last file is followed") {
  const auto first = write("first", "a\nb");
  open({first, write("log", "")}, -1, ingest::Follow::Yes);
  CHECK(texts(read_all()) == Strings{"a", "b"});
  append("log", "c\n");
  CHECK(texts(read_all()) == Strings{"c"});
}

TEST_CASE_FIXTURE(Following,
                  "a rotated file is read to its end, then the new one from its beginning") {
  write("log", "one\n");
  follow();
  CHECK(texts(read_all()) == Strings{"one"});
  append("log", "two\nlast");
  fs::rename(path("log"), path("log.1"));
  CHECK(texts(read_all()) == Strings{"two"});
  write("log", "new\n");
  const auto more = read_all();
  CHECK(texts(more) == Strings{"last", "new"});
  CHECK(more[1].offset == 12);
  CHECK(more[1].place == path("log") + ":1");
}

TEST_CASE_FIXTURE(Following,
                  "a truncated file is read from its beginning, and positions go on growing") {
  write("log", "one\ntwo\n");
  follow();
  CHECK(read_all().size() == 2);
  fs::resize_file(path("log"), 0);
  CHECK(read_all().empty());
  append("log", "new\n");
  const auto more = read_all();
  CHECK(texts(more) == Strings{"new"});
  CHECK(more[0].offset == 8);
}

TEST_CASE_FIXTURE(Following, "after a restart reading goes on where it stopped") {
  write("log", "one\ntwo\nthree\n");
  follow(4);
  CHECK(texts(read_all()) == Strings{"two", "three"});
  follow(14);
  CHECK(read_all().empty());
  append("log", "four\n");
  const auto more = read_all();
  CHECK(texts(more) == Strings{"four"});
  CHECK(more[0].offset == 14);
}

TEST_CASE_FIXTURE(Following,
                  "a file replaced during the restart is read whole behind the old position") {
  for (const char* text : {"n1\nn2\n", "a line of another length\nn2\n"}) {
    write("log", text);
    follow(15);
    const auto all = read_all();
    REQUIRE(all.size() == 2);
    CHECK(all[0].offset == 15);
    CHECK(all[1].bytes == "n2");
    append("log", "n3\n");
    CHECK(texts(read_all()) == Strings{"n3"});
  }
}
