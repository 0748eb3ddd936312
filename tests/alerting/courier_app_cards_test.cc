// Cards changed in place at the vendors' own apps: what the person sees is the new figures, once.
#include <doctest/doctest.h>

#include "tests/alerting/channel_office.h"

using core::Cause;
using core::Millis;

namespace {

constexpr Millis kMinutes{120'000};

struct CardOffice : AppOffice {
  std::string tell(const std::string& channel, uint32_t revision, Cause cause) {
    const std::string id = add(told(channel, 1, revision, cause));
    run_for(kMinutes);
    return outbox.state_of(id).vendor_answer;
  }
};

}  // namespace

TEST_CASE_FIXTURE(CardOffice, "Slack's app shows each change on the one message") {
  tell("slack_app:qa", 1, Cause::Escalated);
  CHECK(tell("slack_app:qa", 2, Cause::Updated).starts_with("changed in place"));
  CHECK(tell("slack_app:qa", 3, Cause::Updated).starts_with("changed in place"));
  const auto posted = slack.posted();
  REQUIRE(posted.size() == 1);
  REQUIRE(posted[0].changes.size() == 2);
  CHECK(posted[0].changes[1].find("· r3") != std::string::npos);
}

TEST_CASE_FIXTURE(CardOffice,
                  "Feishu's app shows each change on the one card, also over a new token") {
  tell("feishu_app:qa", 1, Cause::Escalated);
  feishu.expire_tokens();
  CHECK(tell("feishu_app:qa", 2, Cause::Updated).starts_with("changed in place"));
  const auto posted = feishu.posted();
  REQUIRE(posted.size() == 1);
  REQUIRE(posted[0].changes.size() == 1);
  CHECK(posted[0].changes[0].find("· r2") != std::string::npos);
}

TEST_CASE_FIXTURE(CardOffice,
                  "after fourteen days Feishu's card is too old, and a new one follows") {
  tell("feishu_app:qa", 1, Cause::Escalated);
  clock.advance(Millis(int64_t{14} * 24 * 3600'000));
  tell("feishu_app:qa", 2, Cause::Updated);
  CHECK(feishu.posted().size() == 2);
}

TEST_CASE_FIXTURE(CardOffice, "WeCom's app changes a card once a code, and no code is used twice") {
  tell("wecom_app:qa", 1, Cause::Escalated);
  CHECK(tell("wecom_app:qa", 2, Cause::Updated).starts_with("changed in place"));
  CHECK_FALSE(tell("wecom_app:qa", 3, Cause::Updated).starts_with("changed in place"));
  CHECK(tell("wecom_app:qa", 4, Cause::Updated).starts_with("changed in place"));
  CHECK(wecom.posted().size() == 2);
  CHECK(wecom.updated().size() == 2);
  CHECK(wecom.codes_refused() == 0);
}
