#include "ingest/file_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <random>

#include "core/event.h"
#include "ingest/decode.h"
#include "tests/ingest/file_fixture.h"

using Strings = std::vector<std::string>;
using tests::Files;
using tests::Read;

TEST_CASE_FIXTURE(Files,
                  "lines of several files are one stream, with or without a last line break") {
  open({write("a.jsonl", "one\ntwo"), write("empty.jsonl", ""),
        write("b.jsonl", "three\r\n\n\r\nfour\n")});
  CHECK(source->partitions() == Strings{"file"});
  const auto all = read_all();
  CHECK(texts(all) == Strings{"one", "two", "three", "four"});
  CHECK(source->ended(0));
  CHECK(all[0].place == path("a.jsonl") + ":1");
  CHECK(all[1].place == path("a.jsonl") + ":2");
  CHECK(all[3].place == path("b.jsonl") + ":4");
  CHECK(all[1].offset == 4);
  CHECK(all[1].next == 7);
  CHECK(all[2].offset == 7);
}

TEST_CASE_FIXTURE(Files, "the source has not ended while messages are still to come") {
  open({write("a", "1\n2\n3\n")});
  CHECK_FALSE(source->at_end(0));
  CHECK(poll(2).size() == 2);
  CHECK_FALSE(source->ended(0));
  CHECK(source->lag(0) == 2);
  CHECK(texts(poll(2)) == Strings{"3"});
  CHECK(poll().empty());
  CHECK(source->ended(0));
  CHECK(source->lag(0) == 0);
}

TEST_CASE_FIXTURE(Files, "compressed files of many frames are read as their text") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "line " + std::to_string(i) + "\n";
  open({write_zst("a.zst", text, 777), write("b", "plain\n"), write_zst("c.zst", "last")});
  const auto all = read_all();
  REQUIRE(all.size() == 5002);
  CHECK(all[4999].bytes == "line 4999");
  CHECK(all[5000].offset == static_cast<int64_t>(text.size()));
  CHECK(all[5001].bytes == "last");
  CHECK(all[4999].place == path("a.zst") + ":5000");
}

namespace {

// Random lines over random files, plain and compressed, some without a last line break.
std::vector<std::string> random_files(Files& files, std::mt19937& random) {
  std::vector<std::string> paths;
  for (size_t f = 1 + random() % 4; f > 0; --f) {
    std::string text;
    for (size_t n = random() % 30; n > 0; --n)
      text += std::string(random() % 40, static_cast<char>('a' + n % 26)) +
              (random() % 4 == 0 ? "\r\n" : "\n");
    if (random() % 2 == 0) text += "unended";
    const std::string name = std::to_string(f);
    paths.push_back(random() % 2 == 0 ? files.write_zst(name + ".zst", text, 1 + random() % 200)
                                      : files.write(name, text));
  }
  return paths;
}

}  // namespace

TEST_CASE_FIXTURE(Files, "a restart behind any message gives exactly the messages after it") {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const auto paths = random_files(*this, random);
    open(paths);
    const auto all = read_all(1 + random() % 20);
    for (size_t i = 0; i <= all.size(); i += 1 + random() % 5) {
      open(paths, i == 0 ? 0 : all[i - 1].next);
      const auto rest = read_all();
      REQUIRE(rest.size() == all.size() - i);
      for (size_t k = 0; k < rest.size(); ++k) {
        CHECK(rest[k].bytes == all[i + k].bytes);
        CHECK(rest[k].offset == all[i + k].offset);
        CHECK(rest[k].next == all[i + k].next);
      }
    }
  }
}

TEST_CASE_FIXTURE(Files, "where the line number is not known after a restart, the offset is told") {
  const auto plain = write("a", "one\ntwo\nthree\n");
  const auto packed = write_zst("b.zst", "four\nfive\n");
  open({plain, packed}, 4);
  const auto all = read_all();
  CHECK(all[0].place == plain + "@4");
  CHECK(all[1].place == plain + "@8");
  CHECK(all[2].place == packed + ":1");
  open({plain, packed}, 19);
  CHECK(read_all().at(0).place == packed + ":2");
  CHECK(source->place(0, 3) == plain + "@3");
  CHECK(source->place(0, 16) == packed + "@2");
}

TEST_CASE_FIXTURE(Files, "a position that the files do not have is a bad setting") {
  const auto a = write("a", "one\ntwo\n");
  for (const int64_t position : {int64_t{2}, int64_t{100}}) {
    auto opened = ingest::open_files({a}, ingest::Follow::No);
    REQUIRE(opened);
    const auto started = (*opened)->start(std::vector<int64_t>{position});
    REQUIRE_FALSE(started);
    CHECK(started.error().code == core::Code::BadSettings);
  }
  auto packed = ingest::open_files({write_zst("b.zst", "one\n")}, ingest::Follow::No);
  REQUIRE(packed);
  CHECK_FALSE((*packed)->start(std::vector<int64_t>{5}));
}

TEST_CASE_FIXTURE(Files, "a line that is too long arrives as its head, and the next ones whole") {
  const std::string longest(core::kMessageMax, 'a'), huge(12'345'678, 'b');
  const std::string text = "first\n" + longest + "\n" + huge + "\r\nafter\n" + huge;
  for (const bool packed : {false, true}) {
    open({packed ? write_zst("t.zst", text) : write("t", text)});
    const auto all = read_all();
    REQUIRE(all.size() == 5);
    CHECK(all[1].bytes == longest);
    CHECK(all[2].bytes == huge.substr(0, core::kMessageMax + 1));
    CHECK(all[2].next == all[3].offset);
    CHECK(all[3].bytes == "after");
    CHECK(all[4].bytes.size() == core::kMessageMax + 1);
    CHECK(all[4].next == static_cast<int64_t>(text.size()));
    CHECK(all[3].place.ends_with(":4"));
    ingest::EventBatch out;
    const auto decoded = ingest::make_decoder("qingyu")->decode(all[2].bytes, out);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().message == "too_large");
  }
}

TEST_CASE_FIXTURE(
    Files, "a damaged file gives what can be read, one message that says so, and the next file") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  const std::string whole = compressed(text, 1 << 20);
  const auto next_file = write("b", "next\n");
  open({write("a.zst", whole.substr(0, whole.size() / 2)), next_file});
  const auto all = read_all();
  REQUIRE(all.size() > 3);
  CHECK(all[0].bytes == "line 0");
  CHECK(all.back().bytes == "next");
  CHECK(all[all.size() - 2].bytes.starts_with("the rest of the file cannot be read"));
  CHECK(all[all.size() - 2].next == all.back().offset);
  open({path("a.zst"), next_file}, all.back().offset);
  CHECK(texts(read_all()) == Strings{"next"});
  open({path("a.zst"), next_file}, all[all.size() - 2].offset);
  CHECK(read_all().size() == 2);
  std::string spoilt = whole;
  for (size_t i = whole.size() / 2; i < whole.size() / 2 + 50; ++i) spoilt[i] = '\x55';
  open({write("c.zst", spoilt), write("no.zst", "not compressed")});
  const auto bad = read_all();
  REQUIRE(bad.size() >= 2);
  CHECK(bad.back().bytes.starts_with("the rest of the file cannot be read"));
}

TEST_CASE_FIXTURE(Files, "files that are not there or are no files are bad settings") {
  for (const auto& paths : {Strings{path("none")}, Strings{path("")}, Strings{}}) {
    const auto opened = ingest::open_files(paths, ingest::Follow::No);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == core::Code::BadSettings);
  }
}

TEST_CASE_FIXTURE(Files, "a source that is not wanted for a while keeps its messages") {
  open({write("a", "1\n2\n")});
  source->want(0, false);
  CHECK(poll().empty());
  CHECK_FALSE(source->ended(0));
  source->want(0, true);
  CHECK(texts(read_all()) == Strings{"1", "2"});
}

namespace {

// Standard input is `text` as long as this lives, or a pipe to write to.
class StandardInput {
 public:
  StandardInput() : saved_(::dup(STDIN_FILENO)) {
    REQUIRE(::pipe(ends_) == 0);
    ::dup2(ends_[0], STDIN_FILENO);
    ::close(ends_[0]);
  }
  ~StandardInput() {
    close();
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }
  void write(const std::string& text) {
    REQUIRE(::write(ends_[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void close() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int saved_, ends_[2];
};

}  // namespace

TEST_CASE_FIXTURE(Files, "standard input is read as it comes, and ends when its writer ends") {
  StandardInput input;
  open({"-"});
  CHECK(poll().empty());
  CHECK_FALSE(source->at_end(0));
  CHECK(source->lag(0) == -1);
  input.write("one\ntw");
  CHECK(texts(poll()) == Strings{"one"});
  CHECK(poll().empty());
  input.write("o\nthree");
  CHECK(texts(poll()) == Strings{"two"});
  input.close();
  const auto rest = read_all();
  CHECK(texts(rest) == Strings{"three"});
  CHECK(rest[0].place == "-:3");
  CHECK(source->ended(0));
}

TEST_CASE_FIXTURE(Files, "standard input is skipped up to the position of a restart") {
  StandardInput input;
  input.write("one\ntwo\nthree\n");
  input.close();
  open({"-"}, 4);
  CHECK(texts(read_all()) == Strings{"two", "three"});
}
