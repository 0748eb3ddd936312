// What an older program saved is read still. The layout is written here by hand, field by field:
// bytes that a newer writer made would follow every change of it.
#include <doctest/doctest.h>

#include "core/hash.h"
#include "desk_story.h"

using namespace desk_test;
using core::ByteWriter;

namespace {

constexpr uint64_t kDelivery = 0x1234'5678'9abc'def0;

void write_words(ByteWriter& out, std::initializer_list<const char*> words) {
  for (const char* word : words) out.str(word);
}

void write_numbers(ByteWriter& out, std::initializer_list<uint64_t> numbers) {
  for (const uint64_t n : numbers) out.u64(n);
}

// One message of a quarter past.
void write_window(ByteWriter& out, uint64_t version) {
  write_numbers(out, {0, 1});  // dropped, one entry
  out.time(at(15min));
  write_numbers(out, {77, 1'000});  // event, group
  out.i64(100'000);                 // people x 1000
  write_numbers(out, {1 + 2 + 4, 2});
  out.str("near-expiry");
  out.u64(1);
  write_words(out, {"near-expiry", "expiry", ""});
  write_numbers(out, {2, 1});
  out.str("SKU1");
  write_numbers(out, {1'000, 1});
  write_words(out, {"洗衣液", "群g1", "还有三个月就过期"});
  if (version >= 2) out.u64(0);  // nobody threatens
  out.u64(1);                    // the incident it belongs to
}

void write_tally(ByteWriter& out, uint64_t version) {
  out.u64(0);  // all groups are in the sample
  out.i64(3);
  write_numbers(out, {3, 1'000, 1, 500, 1, 400, 1});  // differences and marks
  out.u64(1);                                         // growth: the stride
  out.time(at(15min));
  out.u64(1);
  out.i64(3);
  out.i64((at(15min) - core::Time{}).count());
  out.u64(1);  // excerpts
  out.time(at(15min));
  write_numbers(out, {77, 2, 0});
  write_words(out, {"群g1", "还有三个月就过期"});
  out.u64(1);  // issues
  write_words(out, {"expiry", ""});
  write_numbers(out, {2, 1});
  out.u64(1);  // categories
  out.str("洗衣液");
  for (const int64_t n : {300'000, 3, 0}) out.i64(n);  // people x 1000, messages, copies
  out.time(at(15min));
  out.u64(2);
  out.str("near-expiry");
  if (version >= 2) out.u64(0);  // nobody threatens
  out.u64(0);
}

void write_new_fields(ByteWriter& out) {
  write_numbers(out, {0, 1, 0});  // asleep; calmed level and rung
  out.i64(0);                     // threats before
  out.str("");                    // silenced by
  out.u64(0);                     // consultation: running
  out.str("");
  write_numbers(out, {0, 0, 0, 0});  // sensitivity, asked, advice, due
  write_numbers(out, {0, 0, 0});     // resolution: proposed, decided, actions
}

// Opened at a quarter past; duty was told and has until 25 past.
void write_incident(ByteWriter& out, uint64_t version) {
  out.u64(1);
  write_words(out, {"INC-20260310-ABCDEFGH", "", "", "", "expiry", "product:SKU1", "default"});
  write_numbers(out, {1, 0, 2, 1});  // revision, open, yellow, rung
  out.str("rule_groups");
  out.u64(1);
  out.str("groups");
  out.i64(3);
  out.str("");
  out.i64(3);  // groups before
  out.time(at(15min));
  out.time(core::Time{});
  for (const auto& due : {std::optional(at(25min)), std::optional<core::Time>(),
                          std::optional<core::Time>(), std::optional(at(4h + 15min)),
                          std::optional<core::Time>()}) {  // ack decide remind quiet forget
    out.u64(due ? 1 : 0);
    if (due) out.time(*due);
  }
  if (version >= 2) write_numbers(out, {0, 0, 0});  // wake, briefing, silence
  write_numbers(out, {1, 1});                       // told: one, on rung 1
  out.str("duty");
  write_numbers(out, {1, kDelivery, 1, 1, 0});  // one delivery of revision 1, rung 1, Opened
  write_words(out, {"duty", "terminal"});
  write_numbers(out, {0, 0});  // pending, without a due time
  if (version >= 2) write_new_fields(out);
  write_tally(out, version);
  out.u64(0);
}

std::string desk_of(uint64_t version) {
  ByteWriter out;
  write_numbers(out, {version, 0});
  out.time(at(15min));
  out.u64(1);  // ordinals given
  out.str("");
  out.u64(0);
  write_window(out, version == 1 ? 1 : 2);
  out.u64(1);
  write_incident(out, version == 1 ? 1 : 2);
  return out.take();
}

bool loads(DeskStory& story, const std::string& bytes) {
  core::ByteReader in(bytes);
  return story.desk->load(in) && in.at_end();
}

}  // namespace

TEST_CASE_FIXTURE(DeskStory, "a desk saved in layout 1 is read, and its new fields are empty") {
  REQUIRE(loads(*this, desk_of(1)));
  const std::string now_saved = saved();  // in today's layout
  DeskStory again;
  REQUIRE(loads(again, now_saved));
  CHECK(again.saved() == now_saved);
  CHECK(desk->open_incident() == "INC-20260310-ABCDEFGH");
  CHECK(desk->knows_notification("123456789abcdef0"));
}

TEST_CASE_FIXTURE(DeskStory, "a desk of layout 1 goes on where the older program stopped") {
  REQUIRE(loads(*this, desk_of(1)));
  CHECK(told(24min) == "");
  CHECK(told(25min) == "manager duty");
  CHECK(text_of(now().because) == "missed_ack minutes=10 rung=duty person=duty");
  CHECK(now().revision == 2);
  CHECK(now().groups == 3);
  hit("g9", 26min, {.level = core::Level::Red});
  CHECK(now().groups == 4);
  CHECK(now().rung == 3);
  close("duty", 27min);
  CHECK(now().state == core::IncidentState::Closed);
  CHECK(now().subject == "product:SKU1");
}

TEST_CASE("bytes of layout 1 that end early are refused, and layouts nobody wrote too") {
  const std::string bytes = desk_of(1);
  for (size_t size = 0; size < bytes.size(); ++size) {
    DeskStory story;
    REQUIRE_FALSE(loads(story, bytes.substr(0, size)));
    REQUIRE_FALSE(story.desk->open());
  }
  for (const uint64_t version : {0, 9}) {
    DeskStory story;
    CHECK_FALSE(loads(story, desk_of(version)));
  }
}
