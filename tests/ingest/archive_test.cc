// The archive of masked events: what was written is found, in order, within bounds.
#include <random>

#include "ingest/archive_segment.h"
#include "ingest/archive_source.h"
#include "ingest/decode.h"
#include "tests/ingest/archive_fixture.h"

using core::from_ms;
using ingest::ArchiveLimits;
using tests::ArchiveFolder;
using tests::kFirstHour;
using tests::kHourMs;
using Strings = std::vector<std::string>;

namespace {

core::Event random_event(std::mt19937_64& random, size_t i) {
  static const std::string kPieces[] = {"汀白", "大蓝瓶", "过*期了", "\"",
                                        "\\",   "\n",     "\t",      "😀",
                                        "\x01", "a",      "𠮷",      "{\"ts\":1,\"id\":\"x\"}"};
  const auto text = [&](size_t pieces) {
    std::string out;
    for (size_t k = random() % (pieces + 1); k > 0; --k) out += kPieces[random() % 12];
    return out;
  };
  core::Event e;
  e.id = "m" + std::to_string(i) + text(3);
  e.published = from_ms(kFirstHour + static_cast<int64_t>(random() % kHourMs));
  e.at = random() % 8 == 0 ? e.published + core::Millis{7000} : e.published;
  e.platform = text(2);
  e.kind = static_cast<core::Kind>(random() % 11);
  e.channel_id = "g" + text(2);
  e.channel_name = text(3);
  e.channel_members = static_cast<uint32_t>(random() % 500);
  e.author_id = text(1);
  e.author_followers = static_cast<uint32_t>(random() % 3);
  e.author_role = static_cast<core::Role>(random() % 5);
  e.text = text(40);
  e.forward_of = text(1);
  e.reply_to = text(1);
  e.root = text(1);
  e.customer = text(1);
  e.order = text(1);
  e.reported_level = static_cast<uint8_t>(random() % 5);
  e.sensitivity = e.reported_level > 0 ? static_cast<uint8_t>(random() % 6) : 0;
  for (size_t k = random() % 3; k > 0; --k) e.tags.push_back(text(2));
  for (size_t k = random() % 3; k > 0; --k) e.counts.push_back({"likes", -5});
  for (size_t k = random() % 3; k > 0; --k) e.attachments.push_back({"image", text(1), ""});
  return e;
}

}  // namespace

TEST_CASE("an event that went into the archive comes out of it the same") {
  std::mt19937_64 random(7);
  const auto decoder = ingest::make_decoder("archive");
  ingest::EventBatch out;
  for (size_t i = 0; i < 2000; ++i) {
    const core::Event e = random_event(random, i);
    std::string line;
    ingest::write_archive_line(e, line);
    CAPTURE(line);
    out.clear();
    REQUIRE(decoder->decode(line, out));
    REQUIRE(out.size() == 1);
    const core::Event& got = out[0];
    CHECK(got.keyed);
    CHECK(got.published == e.at);
    CHECK(got.kind == e.kind);
    CHECK(got.channel_members == e.channel_members);
    CHECK(got.author_followers == e.author_followers);
    CHECK(got.author_role == e.author_role);
    CHECK(got.reported_level == e.reported_level);
    CHECK(got.sensitivity == e.sensitivity);
    CHECK(got.tags == e.tags);
    for (const auto field :
         {&core::Event::id, &core::Event::platform, &core::Event::channel_id,
          &core::Event::channel_name, &core::Event::author_id, &core::Event::text,
          &core::Event::forward_of, &core::Event::reply_to, &core::Event::root,
          &core::Event::customer, &core::Event::order, &core::Event::recall_of})
      CHECK(got.*field == e.*field);
    REQUIRE(got.counts.size() == e.counts.size());
    for (const core::Count& count : got.counts) CHECK(count.value == -5);
    REQUIRE(got.attachments.size() == e.attachments.size());
    for (size_t k = 0; k < e.attachments.size(); ++k)
      CHECK(got.attachments[k].hash == e.attachments[k].hash);
  }
}

TEST_CASE_FIXTURE(ArchiveFolder, "every event is found by its id, whatever is in the id") {
  std::mt19937_64 random(11);
  open();
  Strings ids, lines;
  for (size_t i = 0; i < 3000; ++i) {
    const core::Event e = random_event(random, i);
    ids.push_back(e.id);
    lines.emplace_back();
    ingest::write_archive_line(e, lines.back());
    writer->add(e.at, e.id, lines.back());
    if (i == 1500) writer->flush();
  }
  for (const bool closed : {false, true}) {
    closed ? writer->close() : writer->flush();
    const auto from = reader();
    for (size_t i = 0; i < ids.size(); ++i) {
      const auto found = from->find(ids[i]);
      REQUIRE_MESSAGE(found, ids[i]);
      CHECK(found->line == lines[i]);
    }
    CHECK_FALSE(
        from->find("m1"
                   "\x02"));
    CHECK(from->unreadable() == 0);
    CHECK(from->verify() == Strings{});
    CHECK(from->events() == 3000);
  }
  CHECK(writer->figures().written == 3000);
}

TEST_CASE_FIXTURE(ArchiveFolder, "of ids with the same hash the one that was asked for is found") {
  open();
  ingest::FrameCoder coder;
  ingest::ArchiveName name;
  name.hour = from_ms(kFirstHour);
  auto segment =
      ingest::SegmentWriter::create(folder, name, coder, ingest::SegmentWriter::Place::Fresh);
  REQUIRE(segment);
  for (const char* id : {"other", "asked", "third"}) {
    std::string line;
    ingest::write_archive_line(event(id, kFirstHour, id), line);
    REQUIRE((*segment)->add(from_ms(kFirstHour), core::hash64("asked"), line));
  }
  REQUIRE((*segment)->close());
  const auto found = reader()->find("asked");
  REQUIRE(found);
  CHECK(id_in(found->line) == "asked");
  CHECK_FALSE(reader()->find("other"));  // its own hash is another
}

TEST_CASE_FIXTURE(ArchiveFolder,
                  "events come in order of time, whatever order they were written in") {
  std::mt19937_64 random(3);
  open();
  std::vector<std::pair<int64_t, std::string>> all;
  const std::string text(900, 'x');
  for (size_t i = 0; i < 4000; ++i) {
    // Two sources, one of them forty minutes behind, over five hours: frames overlap.
    const int64_t at = kFirstHour + static_cast<int64_t>(i) * 4500 + (i % 2) * 2'400'000 +
                       static_cast<int64_t>(random() % 3000);
    all.emplace_back(at, "m" + std::to_string(i));
    add(all.back().second, at, text + std::to_string(random()));
    if (i % 700 == 699) writer->flush();
  }
  writer->flush();
  std::ranges::stable_sort(all, {}, [](const auto& one) { return one.first; });
  const auto from = reader();
  for (const auto& [at, id] : all) {
    const ingest::ArchivedEvent* event = from->next();
    REQUIRE(event != nullptr);
    CHECK(event->at == from_ms(at));
  }
  CHECK(from->next() == nullptr);
  from->rewind();
  CHECK(from->next()->at == from_ms(all.front().first));

  const ingest::ArchiveSpan span{from_ms(kFirstHour + kHourMs), from_ms(kFirstHour + 2 * kHourMs)};
  Strings expected;
  for (const auto& [at, id] : all)
    if (at >= kFirstHour + kHourMs && at < kFirstHour + 2 * kHourMs) expected.push_back(id);
  CHECK(ids(span) == expected);
}

TEST_CASE_FIXTURE(ArchiveFolder, "an id that comes again soon is written once") {
  open();
  add("a", kFirstHour);
  add("b", kFirstHour + 1);
  add("a", kFirstHour);
  writer->close();
  CHECK(ids() == Strings{"a", "b"});
  CHECK(writer->figures().repeated == 1);
  open();  // a restart reads again what the last process had written
  add("a", kFirstHour);
  add("c", kFirstHour + 2);
  writer->close();
  CHECK(ids() == Strings{"a", "b", "c"});
  CHECK(writer->figures().repeated == 1);
}

TEST_CASE_FIXTURE(ArchiveFolder, "a source gives the archive's lines and goes on from a position") {
  open();
  for (int i = 0; i < 10; ++i) add("m" + std::to_string(i), kFirstHour + i * kHourMs);
  writer->close();
  auto source = ingest::open_archive(folder, {});
  REQUIRE(source);
  REQUIRE((*source)->start(std::vector<int64_t>{4}));
  Strings got;
  while (!(*source)->ended(0)) {
    const auto polled = (*source)->poll(core::Millis{0}, 4);
    REQUIRE(polled);
    for (const ingest::RawMessage& m : *polled) {
      got.push_back(id_in(std::string(m.bytes)));
      CHECK(m.next == m.offset + 1);
    }
  }
  CHECK(got == Strings{"m4", "m5", "m6", "m7", "m8", "m9"});
  auto beyond = ingest::open_archive(folder, {});
  CHECK_FALSE((*beyond)->start(std::vector<int64_t>{11}));
  CHECK_FALSE(ingest::open_archive(temporary.path(), {}));
}

TEST_CASE_FIXTURE(ArchiveFolder, "a reader sees all that was flushed while the writer goes on") {
  open();
  for (int i = 0; i < 200; ++i) {
    add("m" + std::to_string(i), kFirstHour + i * 60'000);
    writer->flush();
    const auto from = reader();
    CHECK(from->find("m" + std::to_string(i)));
    CHECK(from->find("m0"));
    CHECK(from->events() == static_cast<uint64_t>(i + 1));
  }
  CHECK(writer->figures().segments == 4);
  CHECK(ids().size() == 200);
}

TEST_CASE_FIXTURE(ArchiveFolder, "one folder has one writer") {
  open();
  const auto second = ingest::ArchiveWriter::open(folder, {}, false);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == core::Code::BadSettings);
  CHECK(second.error().message == "the archive " + folder + " is in use by another running qingyu");
}

TEST_CASE_FIXTURE(ArchiveFolder, "a fresh archive has nothing of the one before") {
  open();
  add("a", kFirstHour);
  writer->close();
  open({}, true);
  CHECK(ids().empty());
  CHECK(writer->figures().events == 0);
  CHECK(files() == Strings{"qingyu.archive"});
}
