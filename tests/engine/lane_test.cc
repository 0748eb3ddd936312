#include "engine/lane.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "core/text/fold.h"
#include "core/text/mask.h"
#include "core/text/utf8.h"
#include "tests/engine/stepped.h"

namespace {

constexpr core::Time kStart = core::from_ms(1'776'300'000'000);

constexpr const char* kPersonal[] = {"13812345678",
                                     "138-1234-5678",
                                     "+86 138 1234 5678",
                                     "１３８１２３４５６７８",
                                     "①③⑧①②③④⑤⑥⑦⑧",
                                     "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
                                     "¹³⁸ ¹²³⁴ ⁵⁶⁷⁸",
                                     "⑴⑶⑻⑴⑵⑶⑷⑸⑹⑺⑻",
                                     "010-62345678-801",
                                     "330106199001011234",
                                     "33010619900101123X",
                                     "6222 0212 3456 7890",
                                     "202603101234567",
                                     "zhang.san_1@example.com.cn",
                                     "ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ",
                                     "abc@example.com",
                                     "abc﹫example.com",
                                     "文三路88号",
                                     "文三路八十八号",
                                     "翠苑小区3栋2单元501室",
                                     "翠苑小区3-2-501",
                                     "三棟二單元"};

constexpr const char* kSaid[] = {"霁野洗衣液过期了还卖",
                                 "朴禾酸奶吃完拉肚子",
                                 "星砾坚果礼盒是假货吧",
                                 "木垣洗衣液",
                                 "今天天气不错",
                                 "快递放门口了",
                                 "过*期",
                                 "😂",
                                 "чай"};

class Speaker {
 public:
  explicit Speaker(unsigned seed) : random_(seed) {}

  // Fills `batch` with events: some with something personal in the text, in the title of a link or
  // in the name of the group.
  void fill(engine::Batch& batch, size_t size) {
    batch.clear();
    for (size_t i = 0; i < size; ++i) {
      auto slot = std::make_unique<core::Event>();
      core::Event& event = *slot;
      event.id = "e" + std::to_string(++count_);
      event.kind = core::Kind::Chat;
      event.at = event.published = kStart + core::Millis(static_cast<int64_t>(count_));
      event.channel_id = "g" + std::to_string(random_() % 60);
      event.author_id = "u";
      event.channel_name = random_() % 4 == 0 ? some(1) : "";
      event.text = some(random_() % 8);
      if (random_() % 3 == 0) event.attachments.push_back({"link", "", some(1 + random_() % 2)});
      batch.push(slot);
    }
  }

  size_t personal() const { return personal_; }  // said so far

 private:
  std::string some(size_t pieces) {
    std::string text;
    for (; pieces > 0; --pieces) {
      const bool personal = random_() % 4 == 0;
      personal_ += personal;
      text += personal ? disguised(kPersonal[random_() % std::size(kPersonal)])
                       : kSaid[random_() % std::size(kSaid)];
      text += "，";
    }
    return text;
  }

  // Often with something invisible in it.
  std::string disguised(const char* personal) {
    static constexpr std::u32string_view kInvisible = U"\u200B\u2060\uFEFF\u0301";
    std::u32string chars = core::text::to_utf32(personal);
    for (size_t n = random_() % 3; n > 0; --n)
      chars.insert(1 + random_() % (chars.size() - 1), 1,
                   kInvisible[random_() % kInvisible.size()]);
    return core::text::to_utf8(chars);
  }

  std::mt19937 random_;
  size_t count_ = 0, personal_ = 0;
};

void check_nothing_personal(const std::string& text) {
  CAPTURE(text);
  core::text::Folded folded;
  core::text::fold(text, folded);
  for (const char* personal : kPersonal)
    REQUIRE(folded.chars.find(core::text::fold_word(personal)) == folded.chars.npos);
  std::string again = text;
  REQUIRE_FALSE(core::text::mask(again));
}

std::string bytes(const core::Signal& signal) {
  core::ByteWriter out;
  core::write(out, signal);
  return out.take();
}

// Takes a batch through the lane; each message is judged as `alone` judges what was left of it.
// Returns the number of signals.
size_t check_batch(engine::Lane& lane, engine::Batch& batch, rules::Judge& alone) {
  lane.begin(batch);
  size_t count = 0;
  for (size_t i = 0; i < batch.size(); ++i) {
    const core::Event& event = batch.event(i);
    check_nothing_personal(event.text);
    std::vector<core::Signal> signals, expected;
    lane.judge(batch, i, signals);
    core::text::Folded folded;
    core::text::fold(event.text, folded);
    alone.judge(event, folded, expected);
    REQUIRE(signals.size() == expected.size());
    for (size_t k = 0; k < signals.size(); ++k) {
      check_nothing_personal(signals[k].excerpt);
      check_nothing_personal(signals[k].channel_name);
      expected[k].channel_name = signals[k].channel_name;
      REQUIRE_MESSAGE((bytes(signals[k]) == bytes(expected[k])), event.text);
    }
    count += signals.size();
  }
  return count;
}

}  // namespace

TEST_CASE("nothing personal leaves a lane, wherever in a message it stands") {
  // The second Book takes over in the middle of a batch: its messages are judged one by one then.
  engine::BookShelf shelf = tests::composed_shelf();
  shelf.emplace_back(kStart + core::Millis(2'000), shelf.front().second);
  engine::Lane lane(shelf, {}, {});
  const auto alone = rules::make_judge(shelf.front().second);
  Speaker speaker(1);
  engine::Batch batch;
  size_t signals = 0;
  for (size_t size = 1; size <= 128; ++size) {
    speaker.fill(batch, size);
    signals += check_batch(lane, batch, *alone);
  }
  CHECK(speaker.personal() > 5'000);  // the test is about something
  CHECK(lane.counters().masked.value() > 3'000);
  CHECK(signals > 5'000);
}

TEST_CASE("what a person says of a decision is masked on its way to the shards") {
  engine::Doorbell lane_bell, reader_bell, shard_bell;
  engine::BatchLink inlet(2, lane_bell, reader_bell);
  engine::Link outlet(8, shard_bell, lane_bell);
  engine::Lane lane(tests::composed_shelf(), {&inlet}, {&outlet});
  auto slot = std::make_unique<core::Event>();
  slot->id = "a1";
  slot->at = slot->published = kStart;
  slot->kind = core::Kind::Command;
  slot->act.emplace();
  slot->act->what = "decide";
  slot->act->because = "他的电话13812345678，住文三路88号";
  auto batch = std::make_unique<engine::Batch>();
  batch->push(slot);
  REQUIRE(inlet.full.push(batch));
  REQUIRE(lane.step());
  core::Record record;
  REQUIRE(outlet.ring.pop(record));
  CHECK(std::get<core::ActRecord>(record.what).act.because == "他的电话***********，住******");
}
