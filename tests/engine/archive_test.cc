// The archive within the system: what lanes wrote, replayed, decides what the run decided, and
// calls nobody by name.
#include <doctest/doctest.h>

#include <algorithm>

#include "engine/archive_keys.h"
#include "engine/archive_place.h"
#include "engine/lane.h"
#include "engine/texts.h"
#include "ingest/archive_line.h"
#include "ingest/archive_reader.h"
#include "ingest/decode.h"
#include "rules/keyed_hash.h"
#include "store/open.h"
#include "tests/engine/stepped.h"
#include "tests/servers.h"

namespace {

using tests::ComposedLine;
using tests::SteppedSpec;

// Without acts, which no archive holds.
std::vector<ComposedLine> story(uint64_t seed, bool late) {
  auto lines = tests::compose({.seed = seed, .late = late});
  std::erase_if(lines, [](const ComposedLine& line) { return line.channel == "acts"; });
  return lines;
}

std::unique_ptr<engine::Archivist> archivist(const std::string& folder, size_t lanes) {
  engine::ArchivistSpec spec;
  spec.folder = folder;
  spec.hash_key = "the run's own key";
  spec.lanes = lanes;
  auto opened = engine::Archivist::open(std::move(spec));
  REQUIRE(opened);
  return std::move(*opened);
}

std::vector<ComposedLine> archived(const std::string& folder) {
  auto reader = ingest::ArchiveReader::open(folder);
  REQUIRE(reader);
  std::vector<ComposedLine> lines;
  while (const ingest::ArchivedEvent* event = (*reader)->next())
    lines.push_back({core::to_ms(event->at), "", event->line});
  return lines;
}

core::Event event(core::Kind kind, const std::string& text) {
  core::Event e;
  e.id = "e1";
  e.at = e.published = core::from_ms(1'776'300'000'000);
  e.kind = kind;
  e.channel_id = "g1";
  e.channel_name = "一群13812345678";
  e.author_id = "wangwu";
  e.text = text;
  return e;
}

// The signals of one event, as bytes; who its author is sealed apart.
std::string signals_of(const core::Event& event) {
  engine::Lane lane(tests::composed_shelf(), {}, {});
  engine::Batch batch;
  auto slot = std::make_unique<core::Event>(event);
  batch.push(slot);
  std::vector<core::Signal> signals;
  lane.begin(batch);
  lane.judge(batch, 0, signals);
  REQUIRE(!signals.empty());
  core::ByteWriter out;
  for (core::Signal& signal : signals) {
    signal.author_sealed.clear();
    core::write(out, signal);
  }
  return out.take();
}

}  // namespace

TEST_CASE("the archive of a run, replayed, gives the ledger of the run") {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const bool late = seed % 2 == 0;
    CAPTURE(seed);
    const tests::Temporary temporary;
    const std::string folder = temporary.file("archive");
    const size_t lanes = 1 + seed % 3;
    const auto writing = archivist(folder, lanes);
    const auto ran =
        tests::run_stepped(late ? story(seed, true) : tests::shuffled(story(seed, false), seed),
                           {.lanes = lanes,
                            .shards = 2,
                            .partitions = 1 + static_cast<uint32_t>(seed % 2),
                            .seed = seed,
                            .crash_every = seed == 3 ? size_t{900} : 0,
                            .archivist = writing.get()});
    writing->close();
    CHECK(writing->counts().dropped_queue == 0);
    CHECK((ran.late > 0) == late);
    const auto lines = archived(folder);
    CHECK(lines.size() > 2'500);
    CHECK(std::ranges::is_sorted(lines, {}, &ComposedLine::ms));
    const auto again =
        tests::run_stepped(lines, {.shards = 3, .seed = seed + 9, .decoder = "archive"});
    CHECK(again.late == 0);
    CHECK(again.dead_letters == 0);
    CHECK(std::count(ran.ledger.begin(), ran.ledger.end(), '\n') > 20);
    CHECK(again.ledger == ran.ledger);
  }
}

TEST_CASE("the archive knows people only by their handles, and masks what names them") {
  const std::string key = "k";
  rules::Members members(key);
  core::Event e = event(core::Kind::Ticket, "过期了");
  e.customer = "C77";
  e.order = "O9";
  e.channel_id = "pair:lisi|wangwu";
  e.tags = {"service", "13812345678"};
  engine::key_people(e, key, members, nullptr);
  std::string line;
  ingest::write_archive_line(e, line);
  for (const char* personal : {"wangwu", "lisi", "C77", "O9", "13812345678"})
    CHECK_MESSAGE(line.find(personal) == line.npos, line);
  CHECK(e.author_id == rules::keyed_hash(key, "member", "wangwu"));
  CHECK(e.customer == rules::keyed_hash(key, "customer", "C77"));
  CHECK(e.order == rules::keyed_hash(key, "order", "O9"));
  CHECK(e.channel_id == "pair:" + rules::keyed_hash(key, "channel", "pair:lisi|wangwu"));
  CHECK(e.tags.front() == "service");
  const core::Event once = e;
  engine::key_people(e, key, members, nullptr);  // a key is not keyed again
  CHECK(e.author_id == once.author_id);
}

TEST_CASE("only an agents' report of one of our own people keeps its author") {
  rules::Members members("k");
  const auto ours = [](const std::string& person) { return person == "wangwu"; };
  core::Event report = event(core::Kind::AgentReport, "过期了");
  engine::key_people(report, "k", members, ours);
  CHECK(report.author_id == "wangwu");
  core::Event said = event(core::Kind::Chat, "过期了");
  engine::key_people(said, "k", members, ours);
  CHECK(said.author_id != "wangwu");
  core::Event stranger = event(core::Kind::AgentReport, "过期了");
  stranger.author_id = "zhaoliu";
  engine::key_people(stranger, "k", members, ours);
  CHECK(stranger.author_id != "zhaoliu");
}

TEST_CASE("an archived event is judged as the event was, whoever reads it") {
  rules::Members members(rules::kPublicHashKey);
  const std::string key(rules::kPublicHashKey);
  for (const core::Kind kind : {core::Kind::Chat, core::Kind::Post, core::Kind::Ticket}) {
    core::Event e = event(kind, "霁野洗衣液过期了还卖，要曝光你们，电话13812345678");
    e.channel_name = "一群";
    e.customer = "C77";
    e.order = "O9";
    e.author_role = core::Role::Owner;
    e.forward_of = "e0";
    e.attachments = {{"image", "h1", "文三路88号的照片"}};
    if (kind == core::Kind::Ticket) e.reported_level = 3;
    const std::string expected = signals_of(e);

    engine::Lane lane(tests::composed_shelf(), {}, {});
    engine::Batch batch;
    auto slot = std::make_unique<core::Event>(e);
    batch.push(slot);
    lane.begin(batch);  // masks
    engine::key_people(batch.event(0), key, members, nullptr);
    std::string line;
    ingest::write_archive_line(batch.event(0), line);
    CHECK(line.find("文三路88号") == line.npos);
    const auto decoder = ingest::make_decoder("archive");
    ingest::EventBatch read;
    REQUIRE(decoder->decode(line, read));
    read[0].at = read[0].published;
    CHECK(signals_of(read[0]) == expected);
  }
}

TEST_CASE("a handle is believed only of what comes out of the archive") {
  core::Event e = event(core::Kind::Chat, "霁野洗衣液过期了还卖");
  e.author_id = rules::keyed_hash(rules::kPublicHashKey, "member", "wangwu");
  const std::string raw = signals_of(e);
  e.keyed = true;
  const std::string keyed = signals_of(e);
  e.keyed = false;
  e.author_id = "wangwu";
  CHECK(keyed == signals_of(e));
  CHECK(raw != keyed);
}

TEST_CASE("an archive and a part of it are named by folder and days") {
  const tests::Temporary folder;
  const auto span = [&](const std::string& text) {
    const auto place = engine::archive_place(text);
    REQUIRE(place);
    REQUIRE(*place);
    CHECK((*place)->folder == folder.path());
    return (*place)->span;
  };
  constexpr int64_t kMidnight = 1'773'072'000'000;  // 2026-03-10 00:00 Beijing
  constexpr int64_t kDay = 24 * 3'600'000;
  CHECK(span(folder.path()).from == core::kTimeMin);
  CHECK(span("archive:" + folder.path()).to == core::kTimeMax);
  CHECK(core::to_ms(span(folder.path() + "@2026-03-10..2026-03-12").from) == kMidnight);
  CHECK(core::to_ms(span(folder.path() + "@2026-03-10..2026-03-12").to) == kMidnight + 3 * kDay);
  CHECK(core::to_ms(span(folder.path() + "@2026-03-10").to) == kMidnight + kDay);
  CHECK(core::to_ms(span(folder.path() + "@2026-03-10T05:30..").from) == kMidnight + 330 * 60'000);
  CHECK(core::to_ms(span(folder.path() + "@..1773072000001").to) == kMidnight + 1);
  for (const char* wrong : {"@..x", "@2026-13-01..", "@2026-03-12..2026-03-10", "@2026-3-1"})
    CHECK_FALSE(engine::archive_place(folder.path() + wrong));
  CHECK_FALSE(engine::archive_place("archive:" + folder.file("nowhere")));
  const auto file = engine::archive_place("events.jsonl");
  REQUIRE(file);
  CHECK_FALSE(*file);
}

TEST_CASE("the tools of rule authors read what was said out of an archive, or a part of it") {
  const tests::Temporary temporary;
  const std::string folder = temporary.file("archive");
  const auto writing = archivist(folder, 1);
  for (int day = 0; day < 3; ++day) {
    auto one = std::make_unique<core::Event>(event(core::Kind::Chat, "第" + std::to_string(day)));
    one->id = "e" + std::to_string(day);
    one->at = one->published += core::Millis{int64_t{day} * 24 * 3'600'000};
    writing->inlet(0).take(one);
  }
  writing->step();
  writing->close();
  const auto all = engine::read_texts(folder);
  REQUIRE(all);
  CHECK(all->texts == std::vector<std::string>{"第0", "第1", "第2"});
  CHECK(all->unreadable == 0);
  const auto part = engine::read_texts(folder + "@2026-04-17..2026-04-17");
  REQUIRE(part);
  CHECK(part->texts == std::vector<std::string>{"第1"});
}
