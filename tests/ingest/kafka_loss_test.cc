// The broker is killed and comes back.
#include "tests/ingest/kafka_fixture.h"

using tests::Topic;

namespace {

// Polls until partition 0 is not at its end any more: the loss was noticed.
void notice_loss(ingest::Source& source) {
  for (int i = 0; i < 600 && source.at_end(0); ++i) {
    const auto polled = source.poll(core::Millis{50}, 100);
    REQUIRE(polled);
    CHECK(polled->empty());
  }
  CHECK_FALSE(source.at_end(0));
}

}  // namespace

TEST_CASE_FIXTURE(Topic,
                  "a broker that is lost is waited for, and nothing is lost or given twice") {
  fill(1000);
  const auto source = open(spec());
  read(*source, [&] { return all_at_end(*source); });
  broker.kill9();
  notice_loss(*source);
  broker.restart();
  fill(500);
  read(*source, [&] { return count() == 4500; });
  read(*source, [&] { return all_at_end(*source); });
  check_numbers(0, 1500);
}

TEST_CASE_FIXTURE(Topic,
                  "when nothing was written meanwhile, the end is known again after a loss") {
  fill(10);
  const auto source = open(spec());
  read(*source, [&] { return all_at_end(*source); });
  broker.kill9();
  notice_loss(*source);
  broker.restart();
  read(*source, [&] { return all_at_end(*source); });
  check_numbers(0, 10);
}

TEST_CASE_FIXTURE(Topic, "a bounded read survives losses in its middle") {
  fill(20'000);
  ingest::KafkaSpec bounded = spec();
  bounded.bounded = true;
  bounded.queue_kbytes = 1;
  bounded.properties.push_back({"fetch.message.max.bytes", "20000"});
  const auto source = open(bounded);
  for (int loss = 1; loss <= 2; ++loss) {
    read(*source, [&] { return count() > static_cast<size_t>(loss) * 10'000; });
    broker.kill9();
    for (int i = 0; i < 5; ++i) {
      const auto polled = source->poll(core::Millis{20}, 0);
      REQUIRE(polled);
    }
    broker.restart();
  }
  read(*source, [&] { return all_ended(*source); });
  check_numbers(0, 20'000);
}
