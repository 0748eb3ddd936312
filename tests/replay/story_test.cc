// The shipped story, decided by the real program: one golden ledger. QINGYU_WRITE_GOLDEN=1 writes
// it anew: read the difference before you commit it.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/replay/house.h"

namespace {

const std::string kRoot = QINGYU_SOURCE_DIR;
const std::string kStory = kRoot + "/deploy/story/";
const std::string kGolden = kRoot + "/tests/replay/story.ledger.golden";
const std::string kAgain = "QINGYU_WRITE_GOLDEN=1 replay_test -tc='*golden ledger*' writes it anew";

// The ledger of the story as `file`, on this layout.
std::string ledger_of(const std::string& file, const std::vector<std::string>& layout,
                      const std::string& folder, const std::string& input = "/dev/null") {
  std::vector<std::string> words = {
      "replay", file, "--catalogue", kStory + "catalogue", "--ledger", folder + "/ledger.jsonl"};
  words.insert(words.end(), layout.begin(), layout.end());
  const auto ran = tests::said(words, folder, input);
  REQUIRE_MESSAGE(ran.code == 0, ran.err);
  return tests::read_file(folder + "/ledger.jsonl");
}

}  // namespace

TEST_CASE("the shipped story is decided as its golden ledger says") {
  const tests::Temporary folder;
  const std::string ledger = ledger_of(kStory + "events.jsonl", {}, folder.path());
  if (std::getenv("QINGYU_WRITE_GOLDEN") != nullptr) tests::write_file(kGolden, ledger);
  const auto lines = tests::lines_of(ledger);
  const auto golden = tests::lines_of(tests::read_file(kGolden));
  for (size_t i = 0; i < std::min(lines.size(), golden.size()); ++i)
    REQUIRE_MESSAGE(lines[i] == golden[i], "line " << i + 1 << "; " << kAgain);
  CHECK_MESSAGE(ledger == tests::read_file(kGolden), kAgain);
}

TEST_CASE("the golden ledger holds what the story is there to show") {
  std::string told, states;
  for (const auto& line : tests::json_lines(tests::read_file(kGolden))) {
    if (line["kind"] == "incident" && line["family"] == "brand:汀白") {
      const std::string because = line["because"]["code"];
      states += line["state"].get<std::string>() + " " + line.value("rung_name", "") + " " +
                because + "\n";
    }
    if (line["kind"] != "notification") continue;
    told += line["cause"].get<std::string>() + " " + line["person"].get<std::string>() + "\n";
  }
  CHECK(states ==
        "open duty rule_groups\nacknowledged duty acknowledged\nacknowledged duty subject\n"
        "acknowledged duty groups_doubled\nacknowledged manager rung_loss\n"
        "acknowledged director rung_loss\nacknowledged director groups_doubled\n"
        "decided director decided\nclosed director closed_by\n");
  CHECK(told ==
        "opened duty\nescalated cs-manager\nescalated duty\nescalated cs-manager\nescalated duty\n"
        "escalated qa-director\ndecided cs-manager\ndecided duty\ndecided qa-director\n"
        "review cs-manager\nreview qa-director\nreview duty\n"
        "all_clear duty\nall_clear cs-manager\nall_clear qa-director\n");
}

TEST_CASE(
    "the story's ledger is the same on any lanes and shards, from a pipe, and packed (slow)") {
  const tests::Temporary folder;
  const std::string golden = tests::read_file(kGolden);
  const std::string events = kStory + "events.jsonl", packed = folder.file("events.jsonl.zst");
  for (const char* lanes : {"1", "4"})
    for (const char* shards : {"1", "3"})
      CHECK_MESSAGE(
          ledger_of(events, {"--lanes", lanes, "--shards", shards}, folder.path()) == golden,
          lanes << " lanes, " << shards << " shards");
  CHECK(ledger_of("-", {}, folder.path(), events) == golden);
  tests::run({"zstd", "-q", events, "-o", packed}, folder.file("zstd.log"));
  CHECK(ledger_of(packed, {}, folder.path()) == golden);
}

TEST_CASE("a ledger on standard output stands alone there, and the summary beside it") {
  const tests::Temporary folder;
  const auto ran = tests::said(
      {"replay", kStory + "events.jsonl", "--catalogue", kStory + "catalogue", "--ledger", "-"},
      folder.path());
  CHECK(ran.code == 0);
  CHECK(ran.out == tests::read_file(kGolden));
  CHECK(ran.err.find("dead letters: 0\n") != std::string::npos);
}
