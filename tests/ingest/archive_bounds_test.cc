// What the archive drops, what it keeps of it, and whom it forgets.
#include <algorithm>

#include "core/hash.h"
#include "tests/ingest/archive_fixture.h"

using core::from_ms;
using ingest::ArchiveLimits;
using tests::ArchiveFolder;
using tests::kFirstHour;
using tests::kHourMs;
using Strings = std::vector<std::string>;

namespace {

// One event an hour, two days long.
struct TwoDays : ArchiveFolder {
  void fill(const ArchiveLimits& limits) {
    open(limits);
    for (int i = 0; i < 48; ++i) add("m" + std::to_string(i), kFirstHour + i * kHourMs);
    writer->close();
  }
  static std::vector<uint64_t> hashes(const Strings& ids) {
    std::vector<uint64_t> all;
    for (const std::string& id : ids) all.push_back(core::hash64(id));
    std::ranges::sort(all);
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(TwoDays, "segments older than the days allowed go, and are counted") {
  ArchiveLimits limits;
  limits.keep = core::Millis{24 * kHourMs};
  fill(limits);
  REQUIRE(writer->over_bounds(core::kTimeMax));
  writer->trim(core::kTimeMax, {});
  CHECK_FALSE(writer->over_bounds(core::kTimeMax));
  CHECK(ids().size() == 25);
  CHECK(ids().front() == "m23");
  CHECK(writer->figures().dropped_age == 23);
  CHECK(writer->figures().dropped_size == 0);
  CHECK(writer->figures().events == 25);
}

TEST_CASE_FIXTURE(TwoDays, "a date that nobody believes makes nothing old") {
  ArchiveLimits limits;
  limits.keep = core::Millis{100 * kHourMs};
  fill(limits);
  add("future", kFirstHour + 10'000 * kHourMs);
  writer->close();
  CHECK_FALSE(writer->over_bounds(from_ms(kFirstHour + 48 * kHourMs)));
  CHECK(writer->over_bounds(core::kTimeMax));
}

TEST_CASE_FIXTURE(TwoDays, "beyond the bytes allowed the oldest segments go, and are counted") {
  fill({});
  const uint64_t all = writer->figures().bytes;
  uint64_t on_disk = 0;
  for (const auto& entry : tests::fs::directory_iterator(folder)) on_disk += entry.file_size();
  CHECK(all == on_disk);
  ArchiveLimits limits;
  limits.bytes_max = all / 2;
  open(limits);
  REQUIRE(writer->over_bounds(core::kTimeMax));
  writer->trim(core::kTimeMax, {});
  CHECK(writer->figures().bytes <= limits.bytes_max);
  CHECK(writer->figures().dropped_size == 48 - ids().size());
  CHECK(ids().size() >= 23);
  CHECK(ids().back() == "m47");
}

TEST_CASE_FIXTURE(TwoDays, "evidence is kept when its segment goes, and goes when it is none") {
  ArchiveLimits limits;
  limits.keep = core::Millis{24 * kHourMs};
  fill(limits);
  writer->trim(core::kTimeMax, hashes({"m3", "m5", "m40", "unknown"}));
  CHECK(writer->figures().kept == 2);
  CHECK(writer->figures().dropped_age == 21);
  CHECK(ids().front() == "m3");
  CHECK(reader()->find("m5"));
  CHECK_FALSE(reader()->find("m4"));
  CHECK(reader()->verify() == Strings{});

  open(limits);  // it is known again after a restart
  CHECK(writer->figures().kept == 2);
  for (int i = 48; i < 72; ++i) add("m" + std::to_string(i), kFirstHour + i * kHourMs);
  writer->close();
  writer->trim(core::kTimeMax, hashes({"m5", "m40"}));
  CHECK(writer->figures().kept == 2);
  CHECK_FALSE(reader()->find("m3"));
  CHECK(reader()->find("m5"));
  CHECK(reader()->find("m40"));
  add("m72", kFirstHour + 72 * kHourMs);
  writer->close();
  writer->trim(core::kTimeMax, {});
  CHECK(writer->figures().kept == 0);
  CHECK_FALSE(reader()->find("m40"));
  CHECK(files().front() != "kept.idx");
}

TEST_CASE_FIXTURE(TwoDays, "evidence that the kept segment has no room for is counted") {
  ArchiveLimits limits;
  limits.keep = core::Millis{24 * kHourMs};
  limits.kept_bytes_max = 350;  // of lines of 130 bytes or so
  fill(limits);
  writer->trim(core::kTimeMax, hashes({"m1", "m2", "m3", "m4", "m5"}));
  CHECK(writer->figures().kept == 2);
  CHECK(writer->figures().dropped_kept == 3);
  CHECK(ids()[0] == "m4");  // the newest stay
}

TEST_CASE_FIXTURE(ArchiveFolder, "a segment that is full is followed by another of the same hour") {
  ArchiveLimits limits;
  limits.segment_events_max = 10;
  open(limits);
  for (int i = 0; i < 25; ++i) add("m" + std::to_string(i), kFirstHour + i);
  writer->close();
  CHECK(files() == Strings{"20260310T00-0.idx", "20260310T00-0.zst", "20260310T00-1.idx",
                           "20260310T00-1.zst", "20260310T00-2.idx", "20260310T00-2.zst",
                           "qingyu.archive"});
  CHECK(ids().size() == 25);
}

TEST_CASE_FIXTURE(ArchiveFolder, "no more hours are written at once than may be") {
  open();
  for (int i = 0; i < 20; ++i) add("m" + std::to_string(i), kFirstHour + (19 - i) * kHourMs);
  writer->flush();
  size_t open_ones = 0;
  const auto seen = reader();
  for (const auto& segment : seen->segments()) open_ones += segment.closed ? 0 : 1;
  CHECK(open_ones <= ingest::ArchiveWriter::kOpenMax);
  CHECK(ids().size() == 20);
}

TEST_CASE_FIXTURE(ArchiveFolder, "a line that is too long is dropped and counted") {
  open();
  add("long", kFirstHour, std::string(ingest::kArchiveLineMax, 'x'));
  add("short", kFirstHour);
  writer->close();
  CHECK(writer->figures().dropped_line == 1);
  CHECK(ids() == Strings{"short"});
}

TEST_CASE_FIXTURE(ArchiveFolder, "without room on the disk nothing is written, all is counted") {
  ArchiveLimits limits;
  limits.disk_free_min = ~uint64_t{0};
  open(limits);
  for (int i = 0; i < 5; ++i) add("m" + std::to_string(i), kFirstHour);
  writer->close();
  CHECK(writer->figures().dropped_disk == 5);
  CHECK(writer->figures().written == 0);
  CHECK(files() == Strings{"qingyu.archive"});
}

TEST_CASE_FIXTURE(ArchiveFolder, "a folder that goes away is counted, and the writer goes on") {
  open();
  add("a", kFirstHour);
  tests::fs::remove_all(folder);
  for (int i = 0; i < 5; ++i) add("m" + std::to_string(i), kFirstHour + i * kHourMs * 4);
  writer->close();
  CHECK(writer->figures().dropped_disk == 5 - 1);  // the first hour's file was open
}

TEST_CASE_FIXTURE(TwoDays, "what an erased person said is gone from every segment, kept ones too") {
  ArchiveLimits limits;
  limits.keep = core::Millis{24 * kHourMs};
  open(limits);
  for (int i = 0; i < 48; ++i) {
    core::Event one = event("m" + std::to_string(i), kFirstHour + i * kHourMs / 4 * 3, "话");
    if (i % 3 == 0) one.author_id = "00000000000000b2";
    if (i % 5 == 0) one.customer = "00000000000000c3";
    one.text += ",\"author\":{\"id\":\"00000000000000b2\"";  // words that look like it are none
    add(one);
  }
  writer->close();
  writer->trim(core::kTimeMax, hashes({"m1", "m3"}));
  REQUIRE(reader()->find("m3"));
  const size_t before = ids().size();
  size_t theirs = 0;
  for (const std::string& id : ids()) {
    const int i = std::stoi(id.substr(1));
    theirs += i % 3 == 0 || i % 5 == 0;
  }
  writer->begin_erasing("00000000000000b2", "00000000000000c3");
  while (writer->erase_some()) {
  }
  CHECK(writer->figures().erased == theirs);
  CHECK(ids().size() == before - theirs);
  for (const std::string& id : ids()) {
    const int i = std::stoi(id.substr(1));
    CHECK(i % 3 != 0);
    CHECK(i % 5 != 0);
  }
  CHECK(reader()->verify() == Strings{});
  CHECK(writer->figures().events == ids().size());
  open(limits);  // and no index of before stands beside
  CHECK(writer->figures().events == ids().size());
}
