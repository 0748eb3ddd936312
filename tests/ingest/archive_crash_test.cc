// Segments that were cut off or damaged: what was whole stays, what was not is counted, and nothing
// that lies on a disk can do harm.
#include <random>

#include "ingest/archive_format.h"
#include "tests/ingest/archive_fixture.h"

using core::from_ms;
using tests::ArchiveFolder;
using tests::kFirstHour;
using tests::kHourMs;
using Strings = std::vector<std::string>;

namespace {

struct Crashed : ArchiveFolder {
  static constexpr int kFrames = 12, kEach = 5;
  std::string segment = folder + "/20260310T00-0.zst", index = folder + "/20260310T00-0.idx";
  std::string whole;           // bytes of the segment
  std::vector<uint64_t> ends;  // of its frames

  // Twelve frames of five events, the writer gone without closing.
  Crashed() {
    open();
    for (int i = 0; i < kFrames * kEach; ++i) {
      add("m" + std::to_string(i), kFirstHour + i, "第" + std::to_string(i) + "条：过期了");
      if (i % kEach != kEach - 1) continue;
      writer->flush();
      ends.push_back(tests::fs::file_size(segment));
    }
    writer.reset();
    whole = bytes_of(segment);
    REQUIRE_FALSE(tests::fs::exists(index));
  }
  void put(const std::string& bytes) {
    writer.reset();
    tests::fs::remove(index);
    write(segment, bytes);
  }
  size_t whole_frames(size_t cut) const {
    return static_cast<size_t>(std::ranges::upper_bound(ends, cut) - ends.begin());
  }
};

}  // namespace

TEST_CASE_FIXTURE(Crashed, "cut at any byte, all frames before the cut are there, and found") {
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    CAPTURE(cut);
    put(whole.substr(0, cut));
    const size_t frames = whole_frames(cut);
    const bool near_an_end = cut < 9 || whole_frames(cut - 9) != whole_frames(cut + 9);
    CHECK(reader()->events() == frames * kEach);  // before it is mended, and after
    if (!near_an_end && cut % 31 != 0) continue;  // mending waits for the disk
    open();
    REQUIRE(writer->figures().events == frames * kEach);
    CHECK(writer->figures().cut_bytes == cut - (frames > 0 ? ends[frames - 1] : 0));
    CHECK(tests::fs::exists(index) == (frames > 0));
    if (cut % 31 != 0) continue;
    CHECK(ids().size() == frames * kEach);
    const auto from = reader();
    CHECK(from->verify() == Strings{});
    for (size_t i = 0; i < kFrames * kEach; ++i)
      CHECK(from->find("m" + std::to_string(i)).has_value() == (i < frames * kEach));
  }
}

TEST_CASE_FIXTURE(Crashed, "an archive that was mended is written on in another segment") {
  put(whole.substr(0, ends[3] + 7));
  open();
  add("new", kFirstHour + 1000);
  writer->close();
  CHECK(tests::fs::exists(folder + "/20260310T00-1.zst"));
  CHECK(ids().size() == 4 * kEach + 1);
  CHECK(ids().back() == "new");
}

TEST_CASE_FIXTURE(Crashed, "an index that does not fit its segment, or was changed, is made anew") {
  open();
  const std::string good = bytes_of(index);
  for (const std::string& bad :
       {std::string(), std::string("QYARCH1\n"), good.substr(0, good.size() - 1), good + "x",
        std::string(good).replace(10, 1, "\x7f"), std::string(good).replace(30, 1, "\x7f")}) {
    writer.reset();
    write(index, bad);
    CHECK(ids().size() == kFrames * kEach);
    open();
    CHECK(bytes_of(index) == good);
  }
  writer.reset();
  write(segment, whole.substr(0, ends[1]));  // behind its back
  open();
  CHECK(writer->figures().events == 2 * kEach);
}

TEST_CASE_FIXTURE(Crashed, "a frame that is damaged costs its own events and no other") {
  open();  // with an index
  for (size_t frame = 0; frame < kFrames; ++frame) {
    CAPTURE(frame);
    const uint64_t begin = frame == 0 ? 0 : ends[frame - 1];
    std::string bytes = whole;
    bytes[begin + (ends[frame] - begin) / 2] ^= 0x10;
    write(segment, bytes);
    const auto from = reader();
    size_t read = 0;
    while (from->next() != nullptr) ++read;
    CHECK(read == (kFrames - 1) * kEach);
    CHECK(from->unreadable() == 1);
    CHECK_FALSE(from->find("m" + std::to_string(frame * kEach)));
    CHECK(from->find("m" + std::to_string((frame + 1) % kFrames * kEach)));
    CHECK(from->verify().size() >= 1);

    put(bytes);  // and without one
    open();
    CHECK(writer->figures().events == (kFrames - 1) * kEach);
    const bool last = frame + 1 == kFrames;
    CHECK(writer->figures().damaged_bytes == (last ? 0 : ends[frame] - begin));
    CHECK(writer->figures().cut_bytes == (last ? ends[frame] - begin : 0));
    put(whole);
    open();
  }
}

TEST_CASE_FIXTURE(Crashed, "whatever bytes a folder holds, nothing is read that was not written") {
  open();
  const std::string good_index = bytes_of(index);
  writer.reset();
  std::mt19937_64 random(42);
  for (int round = 0; round < 150; ++round) {
    CAPTURE(round);
    std::string bytes = whole, index_bytes = good_index;
    const auto spoil = [&](std::string& target) {
      for (uint64_t k = random() % 4; k > 0 && !target.empty(); --k) {
        const size_t at = random() % target.size();
        switch (random() % 4) {
          case 0:
            target[at] = static_cast<char>(random());
            break;
          case 1:
            target.resize(at);
            break;
          case 2:
            target.insert(at, target.substr(random() % target.size(), random() % 64));
            break;
          default:
            target.erase(at, random() % 64);
        }
      }
    };
    spoil(bytes);
    spoil(index_bytes);
    writer.reset();
    write(segment, bytes);
    write(index, index_bytes);
    const auto look = [&] {
      const auto from = reader();
      while (const auto* event = from->next()) {
        const int i = std::stoi(id_in(event->line).substr(1));
        CHECK(event->line.find("第" + std::to_string(i) + "条：过期了") != std::string::npos);
      }
      for (const int i : {0, 17, 59})
        if (const auto found = from->find("m" + std::to_string(i)))
          CHECK(id_in(found->line) == "m" + std::to_string(i));
      from->verify();
    };
    look();
    open();
    look();
    writer->close();
  }
}
