#include "alerting/message_fit.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/text/utf8.h"
#include "tests/alerting/message_story.h"

using alerting::Block;
using alerting::Degrade;
using alerting::Part;

namespace {

std::string lines(const std::vector<Block>& blocks) { return alerting::plain_text(blocks); }

// A line of ten bytes.
Block line(std::string text, uint8_t priority, Part part = Part::Fact) {
  Block b;
  b.part = part;
  b.text = std::move(text);
  b.priority = priority;
  return b;
}
Block fixed(std::string text, Part part = Part::Fact, size_t shrinks_to = 0) {
  Block b = line(std::move(text), 0, part);
  b.mandatory = true;
  b.shrinks_to = shrinks_to;
  return b;
}

size_t graphemes(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i = alerting::grapheme_end(text, i)) ++count;
  return count;
}

}  // namespace

TEST_CASE("what fits is left as it is") {
  const std::vector<Block> blocks = {fixed("title", Part::Title), line("one", 5), line("two", 7)};
  const alerting::Fitted f = alerting::fit(blocks, lines, 13);
  CHECK(f.fits);
  CHECK(f.body == "title\none\ntwo");
  CHECK(f.dropped == 0);
  CHECK(!f.cut);
}

TEST_CASE("whole lines go first, the least important first, of equals the later") {
  const std::string a(40, 'a'), b(40, 'b'), c(40, 'c'), d(40, 'd');
  const std::vector<Block> blocks = {
      fixed("title", Part::Title), line(a, 5), line(b, 3), line(c, 9), line(d, 5),
      line("link", 8, Part::Link)};
  const auto left = [&](size_t budget) { return alerting::fit(blocks, lines, budget).body; };
  const auto note = [](int n) { return "\n…（其余 " + std::to_string(n) + " 条见详情）"; };
  const std::string link = "\nlink：";
  CHECK(left(177) == "title\n" + a + '\n' + b + '\n' + c + '\n' + d + link);
  CHECK(left(176) == "title\n" + a + '\n' + c + '\n' + d + note(1) + link);
  CHECK(left(166) == "title\n" + a + '\n' + c + note(2) + link);
  CHECK(left(125) == "title\n" + c + note(3) + link);
  CHECK(left(84) == "title\n" + c + note(4));
  CHECK(left(76) == "title" + note(5));
}

TEST_CASE("then the reason is cut, then the title, and no less than what must stay") {
  std::string reason, title;
  for (int i = 0; i < 40; ++i) reason += "因", title += "题";
  const std::vector<Block> blocks = {fixed(title, Part::Title, 12), fixed("INC-1"),
                                     fixed(reason, Part::Fact, 12)};
  alerting::Fitted f = alerting::fit(blocks, lines, 200);
  CHECK(f.fits);
  CHECK(f.cut);
  CHECK(f.body.size() <= 200);
  CHECK(f.blocks[0].text == title);
  CHECK(f.blocks[2].text.ends_with("因…"));
  CHECK(graphemes(f.blocks[2].text) ==
        (200 - 120 - 7 - 3) / 3 + 1);  // as much as there is room for
  f = alerting::fit(blocks, lines, 120);
  CHECK(f.fits);
  CHECK(graphemes(f.blocks[2].text) == 13);  // with the "…"
  CHECK(f.blocks[0].text.ends_with("题…"));
  CHECK(f.body.size() > 115);
  f = alerting::fit(blocks, lines, 50);
  CHECK(!f.fits);
  CHECK(graphemes(f.blocks[0].text) == 13);
  CHECK(f.blocks[1].text == "INC-1");
}

TEST_CASE("a quote that goes is said to be unseen") {
  Block more = fixed("7 条，见详情", Part::More);
  more.unseen = 7;
  more.mandatory = false;
  more.priority = 200;
  const std::vector<Block> blocks = {fixed("title", Part::Title),
                                     line(std::string(60, 'q'), 1, Part::Quote), more};
  const alerting::Fitted f = alerting::fit(blocks, lines, 70);
  REQUIRE(f.fits);
  CHECK(f.body == "title\n8 条，见详情\n…（其余 1 条见详情）");
}

TEST_CASE("channels that count more than bytes say so") {
  const std::vector<Block> blocks = {fixed("title", Part::Title), line("one", 5), line("two", 7)};
  const alerting::Fitted f = alerting::fit(blocks, lines, [](const std::string& body) {
    return std::ranges::count(body, '\n') < 2 && body.find("one") == std::string::npos;
  });
  CHECK(f.fits);  // the note takes a line too
  CHECK(f.blocks.size() == 2);
}

TEST_CASE("the card of every cause and rung fits the smallest channel, whatever is written") {
  constexpr size_t kSmallest = 1'950;  // of the 2,048 bytes of a WeCom text
  std::mt19937_64 random(7);
  size_t dropped = 0;
  for (int round = 0; round < 40; ++round) {
    const size_t pieces = round % 4 == 0 ? 600 : 40;
    for (const core::Cause cause : fakes::kCauses)
      for (uint32_t rung = 1; rung <= fakes::kRungs; ++rung) {
        CAPTURE(core::name_of(cause));
        CAPTURE(rung);
        const core::Notification n = fakes::worst(cause, rung, random, pieces);
        const alerting::Extras extras = fakes::worst_extras(cause, random, pieces);
        const auto level = static_cast<Degrade>(random() % 4);
        const alerting::Fitted f =
            alerting::fit(alerting::blocks_of(n, extras, {480, level, true}), lines, kSmallest);
        REQUIRE(f.fits);
        REQUIRE(f.body.size() <= kSmallest);
        REQUIRE(core::text::valid_utf8(f.body));
        dropped += f.dropped > 0 ? 1 : 0;
        REQUIRE((f.dropped > 0) == (f.body.find("条见详情）") != std::string::npos));
        // What must be there: tag and title, the incident, the deadline, the first link.
        REQUIRE(f.blocks[0].part == Part::Title);
        REQUIRE(f.body.starts_with("（重发）【"));
        if (cause == core::Cause::Test) continue;
        REQUIRE(f.body.find("INC-20260310-7K3M9Q2A · r") != std::string::npos);
        REQUIRE(f.body.find(extras.links[0].url) != std::string::npos);
        for (const core::Time due : {n.ack_by, n.decide_by})
          if (due != core::Time{} && cause != core::Cause::Decided)
            REQUIRE(f.body.find(alerting::moment(due, 480)) != std::string::npos);
      }
  }
  CHECK(dropped > 100);
}

TEST_CASE("the true card loses no figure in the smallest channel") {
  const core::Notification n = fakes::story(core::Cause::Escalated, 4);
  const alerting::Extras extras = fakes::story_extras(core::Cause::Escalated);
  const alerting::Rendered r = alerting::rendered_within(n, extras, {}, lines, 1'950);
  CHECK(r.level == Degrade::Full);
  for (const std::string_view part :
       {"范围：", "速度：", "损失：", "尚不清楚：", "方案 1：", "方案 2：", "方案 3：",
        "等待代价：", "期限：", "黄金时间：", "请您：", "去决定："})
    CHECK_MESSAGE(r.text.find(part) != std::string::npos, part);
  CHECK(r.text.find("[RED]") == std::string::npos);
  CHECK(r.warnings.size() == 1);
}

TEST_CASE("a lower level is taken when even the mandatory lines are too much") {
  core::Notification n = fakes::story(core::Cause::Escalated, 3);
  alerting::Extras extras;
  size_t budget = 1'000;
  alerting::Rendered r;
  for (; r.level != Degrade::Neutral && budget > 0; --budget)
    r = alerting::rendered_within(n, extras, {}, lines, budget);
  CHECK(r.body.size() <= budget + 1);  // the first that is neutral still fits
  CHECK(r.text.find("舆情事件") != std::string::npos);
  CHECK(r.text.find("2026-03-10 16:30") != std::string::npos);
  const alerting::Rendered none = alerting::rendered_within(n, extras, {}, lines, 10);
  CHECK(none.level == Degrade::Neutral);
  CHECK(none.warnings.back() == "too large even so");
}
