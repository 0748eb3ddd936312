// The case library: which closed cases are like an incident, and what a message says of them (P1).
#include "alerting/case_library.h"

#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using core::Cause;

TEST_CASE("similar closed cases: texts, issue and subject count, and only earlier ones") {
  alerting::ClosedCase a;
  a.incident = "INC-1";
  a.issue = "expiry";
  a.subject = "product:SKU1";
  a.closed_at = at(0min);
  alerting::add_fingerprints("这批洗衣液还有三个月就过期了，群里都在说要退货", a.fingerprints);
  REQUIRE_FALSE(a.fingerprints.empty());
  alerting::ClosedCase b = a, c = a, later = a, query = a;
  b.incident = "INC-2";
  b.fingerprints.clear();
  c.incident = "INC-3";
  c.issue = "mould";
  c.subject = "product:SKU9";
  c.fingerprints.clear();
  later.incident = "INC-4";
  later.closed_at = at(2h);
  query.incident = "INC-9";
  const auto found = alerting::similar(query, {c, b, a, later}, at(1h));
  REQUIRE(found.size() == 2);
  CHECK(found[0].found.incident == "INC-1");
  CHECK(found[0].permille == 850);
  CHECK(found[1].permille == 450);
}

TEST_CASE("the similar cases of a notification: at most three, in the Policy's words, by message") {
  core::Policy policy = usual_policy();
  core::ResponseOption& refund = policy.options.emplace_back();
  refund.id = std::string("refund");
  refund.name = std::string("全额退货");
  core::Notification n;
  n.at = at(10h);
  n.cause = Cause::Opened;
  n.rung = n.incident.rung = 2;
  n.incident.incident = std::string("INC-9");
  n.incident.subject = std::string("product:SKU1");
  n.incident.issue = std::string("expiry");
  n.incident.because = {"rule_groups", {{"groups", 3, ""}, {"rule", 0, "near-expiry"}}};
  n.evidence = {{at(9h), "群", "这批洗衣液还有三个月就过期了，群里都在说要退货"}};
  alerting::ClosedCase same;
  same.incident = std::string("INC-1");
  same.issue = n.incident.issue;
  same.subject = n.incident.subject;
  same.option = std::string("refund");
  same.outcome = std::string("货已收回");
  same.rules = {"near-expiry"};
  same.closed_at = at(1h);
  alerting::add_fingerprints(n.evidence[0].excerpt, same.fingerprints);
  alerting::ClosedCase beside = same, other = same, gone = same;
  beside.incident = std::string("INC-2");
  beside.subject = std::string("product:SKU2");
  beside.category = std::string("洗衣液");  // that of SKU1 too
  beside.fingerprints.clear();
  beside.option = std::string("withdrawn-option");
  other.incident = std::string("INC-3");
  other.issue = std::string("mould");
  other.subject = std::string("product:SKU3");
  other.fingerprints.clear();  // only the rule
  gone.incident = n.incident.incident;
  const std::vector<alerting::ClosedCase> cases = {other, gone, beside, same};
  const auto found = alerting::similar_cases(n, cases, policy);
  REQUIRE(found.size() == 2);
  CHECK(found[0].incident == "INC-1");
  CHECK(found[0].subject_name == "汀白SKU1");
  CHECK(found[0].issue_name == "临期/过期");
  CHECK(found[0].option == "全额退货");
  CHECK(found[0].outcome == "货已收回");
  CHECK(found[0].closed_at == at(1h));
  CHECK(found[0].alike_permille == 1000);  // 400 + 250 + 200 + 150
  CHECK(found[1].alike_permille == 500);   // 250 + 100 + 150
  CHECK(found[1].option == "withdrawn-option");
  CHECK(alerting::similar_cases(n, {5, same}, policy).size() == 3);
  SUBCASE("only of messages by which somebody learns of it") {
    for (const Cause cause :
         {Cause::Updated, Cause::Reminder, Cause::Decided, Cause::AllClear, Cause::Action,
          Cause::ActionLate, Cause::Briefing, Cause::Review, Cause::Test}) {
      n.cause = cause;
      CHECK(alerting::similar_cases(n, cases, policy).empty());
    }
    for (const Cause cause :
         {Cause::Opened, Cause::Consulted, Cause::Reopened, Cause::Approval, Cause::Escalated}) {
      n.cause = cause;
      CHECK(alerting::similar_cases(n, cases, policy).size() == 2);
    }
    n.rung = 1;  // informed of the climb
    CHECK(alerting::similar_cases(n, cases, policy).empty());
  }
  SUBCASE("two incidents of which nobody knows what they are about are not alike by that") {
    n.incident.issue = other.issue = std::string("mention");
    CHECK(alerting::similar_cases(n, {other}, policy).empty());
  }
}
