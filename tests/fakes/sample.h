#pragma once
// The notification that tests start from: a detergent near its expiry date, twelve groups, told to
// whom the test says.
#include <string>

#include "core/notification.h"
#include "tests/fakes/fake_clock.h"

namespace fakes {

inline core::Notification sample(const std::string& channel = "terminal") {
  core::Notification n;
  n.at = kStart;
  n.cause = core::Cause::Opened;
  n.rung = 1;
  n.person = "duty";
  n.person_name = "值班";
  n.channel = channel;
  n.ack_by = kStart + core::Millis(10 * 60'000);
  n.because = {"rule_groups",
               {{"groups", 3, ""}, {"within_minutes", 60, ""}, {"rule", 0, "near-expiry"}}};
  core::IncidentChange& i = n.incident;
  i.at = n.at;
  i.incident = "INC-20260310-7K3M9Q2A";
  i.revision = 1;
  i.family = "brand:汀白";
  i.subject = "product:TB103";
  i.products = {{"TB103", 4200}, {"TB104", 300}};
  i.issue = "expiry";
  i.level = core::Level::Yellow;
  i.rung = 1;
  i.rung_name = "duty";
  i.groups = 3;
  i.people = 375;
  i.loss_cny = 120'000;
  i.messages = 5;
  i.copies = 2;
  i.first_at = kStart - core::Millis(57 * 60'000);
  i.because = n.because;
  n.subject_name = "汀白洗衣液2kg";
  n.issue_name = "临期/过期";
  n.evidence = {
      {i.first_at, "阳光小区团购群", "刚收到的洗衣液还有三个月就过期了"},
      {kStart - core::Millis(20 * 60'000), "宝妈1群", "我家这瓶也是，电话138********"},
  };
  n.id = core::notification_id(n);
  return n;
}

// The same, as one of many: incident `number`, its revision `revision`.
inline core::Notification sample(const std::string& channel, int number, uint32_t revision,
                                 core::Cause cause = core::Cause::Opened) {
  core::Notification n = sample(channel);
  n.cause = cause;
  n.at = kStart + core::Millis(revision * 1000);
  n.incident.incident = "INC-20260310-" + std::to_string(10'000'000 + number);
  n.incident.revision = revision;
  n.id = core::notification_id(n);
  return n;
}

}  // namespace fakes
