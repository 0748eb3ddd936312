// Decisions: options and authority, four eyes, actions, review, and the log of it all. Told as
// whole stories in story_response_test.cc.
#include <doctest/doctest.h>

#include <algorithm>

#include "alerting/case_library.h"
#include "alerting/decision_log.h"
#include "alerting/options.h"
#include "desk_random.h"

using namespace desk_test;
using core::Cause;
using core::IncidentState;

namespace {

core::ResponseOption option(std::string id, int64_t refund, int64_t expected,
                            std::vector<std::string> actions) {
  core::ResponseOption o;
  o.id = o.name = std::move(id);
  o.cost.refund_permille = refund;
  o.cost.take_up_permille[0] = expected / 2;
  o.cost.take_up_permille[1] = expected;
  o.cost.take_up_permille[2] = expected * 2;
  o.actions = std::move(actions);
  return o;
}

// For SKU3 (200,000 units of 40 CNY): refund 3,200,000; statement nothing.
core::Policy priced_policy() {
  core::Policy p = usual_policy();
  p.options = {option("refund", 2000, 200, {"shelf", "leaders"}),
               option("statement", 0, 0, {"leaders"})};
  p.actions["shelf"] = {"shelf", "下架", "webhook:shelf", "重新上架", 30min};
  p.actions["leaders"] = {"leaders", "联系群主", "webhook:leaders", "", 60min};
  return p;
}

struct Priced : DeskStory {
  explicit Priced(core::Policy policy = priced_policy()) : DeskStory(std::move(policy)) {
    save_and_load_always();
    for (const char* group : {"g1", "g2", "g3"}) hit(group, 0min, {.sku = "SKU3"});
  }
  void does(core::Act act, core::Millis when) {
    until(when);
    act.incident = desk->known().back();
    desk->act(act, at(when), all);
    told(when);
  }
  void act(const std::string& what, const std::string& by, core::Millis when,
           const std::string& chosen = "", const std::string& value = "") {
    core::Act a = act_of(what, by);
    a.option = chosen;
    a.value = value;
    a.because = "因为";
    does(a, when);
  }
  std::string refusal() const { return all.refusals.empty() ? "" : text_of(refused().because); }
  std::string log() const {
    std::string words;
    for (const core::DecisionEntry& e : all.entries)
      words += (words.empty() ? "" : " ") + e.what + ":" + e.by + ":" + e.option;
    return words;
  }
  std::vector<core::Notification> of(Cause cause) const {
    std::vector<core::Notification> some;
    for (const auto& n : all.notifications)
      if (n.cause == cause) some.push_back(n);
    return some;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Priced, "what is over leaves a report to all who were told, and a case") {
  act("decide", "ceo", 30min, "refund");
  act("result", "duty", 40min, "shelf", "done");
  act("result", "duty", 41min, "leaders", "done");
  act("result", "duty", 42min, "leaders", "done");
  CHECK(refusal() == "result_known action=leaders by=duty");
  CHECK(of(Cause::Action)[0].id != of(Cause::Action)[1].id);
  CHECK(of(Cause::Action)[0].action_undo == "重新上架");
  close("ceo", 2h);
  CHECK(of(Cause::AllClear).size() == 4);
  const auto review = of(Cause::Review);
  REQUIRE(review.size() == 4);
  const auto fact = [&](const std::string& name) {
    for (const core::Figure& f : review[0].facts)
      if (f.name == name) return f.number;
    return int64_t{-1};
  };
  CHECK(fact("time_to_decision_minutes") == 30);
  CHECK(fact("minutes_on:ceo") == 120);
  CHECK(fact("actions_done") == 2);
  CHECK(fact("carried_out") == 1);
  REQUIRE(all.slots.size() == 1);
  CHECK(all.slots[0].expires == now().at);  // retention counts from the closing
  alerting::ClosedCase kept;
  REQUIRE(alerting::decode(all.slots[0].value, kept));
  CHECK(kept.option == "refund");
  CHECK(kept.minutes_to_decision == 30);
  CHECK(kept.rules == std::vector<std::string>{"near-expiry"});
}

TEST_CASE_FIXTURE(Priced, "above somebody's authority it is proposed to the rung that may") {
  act("decide", "duty", 5min, "refund");
  CHECK(text_of(now().because) ==
        "needs_authority by=duty option=refund cost_cny=3200000 authority_cny=0 rung=ceo");
  CHECK(now().state == IncidentState::Open);
  REQUIRE(of(Cause::Approval).size() == 1);
  CHECK(of(Cause::Approval)[0].person == "ceo");
  CHECK(of(Cause::Approval)[0].option == "refund");
  act("approve", "director", 6min);
  CHECK(refusal() == "may_not by=director option=refund authority_cny=1000000");
  act("approve", "duty", 6min);
  CHECK(refusal() == "same_person by=duty option=refund");
  SUBCASE("approved") {
    act("approve", "ceo", 7min);
    CHECK(now().state == IncidentState::Decided);
    CHECK(log().starts_with("proposed:duty:refund approved:ceo:refund decided:ceo:refund"));
  }
  SUBCASE("rejected, and the proposer is told") {
    act("reject", "ceo", 7min);
    CHECK(text_of(now().because) == "rejected by=ceo option=refund reason=因为");
    CHECK(last().person == "duty");
    act("approve", "ceo", 8min);
    CHECK(refusal() == "nothing_proposed by=ceo");
  }
}

TEST_CASE("a proposal climbs to a rung that nobody was told on") {
  core::Policy policy = priced_policy();
  policy.options[0].cost.fixed_cny = 50'000;
  DeskStory story(policy);
  story.hit("g1", 0min, {.sku = "SKU1"});
  story.hit("g2", 0min, {.sku = "SKU1"});
  story.hit("g3", 0min, {.sku = "SKU1"});
  REQUIRE(story.now().rung == 1);
  story.decide("duty", 1min, "refund");
  CHECK(story.now().rung == 2);
  CHECK(story.now().because.code == "needs_authority");
  CHECK(story.told(1min) == "duty manager duty");
  CHECK(story.all.notifications[1].option == "refund");
}

TEST_CASE("above the bound a second person of the same authority approves") {
  core::Policy policy = priced_policy();
  policy.four_eyes_over_cny = 1'000'000;
  policy.people["vice"] = policy.people["ceo"];
  policy.people["vice"].id = "vice";
  policy.roles["tops"] = {"tops", "tops", {"ceo", "vice"}};
  policy.ladders["default"].rungs[3].who = {core::Who::Kind::Role, "tops"};
  Priced story(policy);
  story.act("decide", "ceo", 5min, "refund");
  CHECK(story.now().because.code == "needs_second");
  REQUIRE(story.of(Cause::Approval).size() == 1);
  CHECK(story.of(Cause::Approval)[0].person == "vice");
  story.act("decide", "ceo", 6min, "refund");
  CHECK(story.refusal() == "same_person by=ceo option=refund");
  story.act("approve", "manager", 6min);
  CHECK(story.refusal() == "may_not by=manager option=refund authority_cny=100000");
  story.act("decide", "vice", 7min, "refund");  // the same option: an approval
  CHECK(story.now().state == IncidentState::Decided);
  CHECK(story.log().starts_with("proposed:ceo:refund approved:vice:refund decided:ceo:refund"));
}

TEST_CASE_FIXTURE(Priced, "decisions that can take no effect are refused") {
  act("decide", "ceo", 1min, "hope");
  CHECK(refusal() == "unknown_option by=ceo option=hope known=statement, refund");
  act("decide", "chief", 1min, "refund");
  CHECK(refusal() == "no_authority_at_all by=chief");
  core::Act old = act_of("decide", "ceo");
  old.option = "statement";
  old.revision = now().revision;
  for (const char* group : {"g6", "g7", "g8", "g9"}) hit(group, 2min, {.sku = "SKU2"});
  REQUIRE(now().revision > old.revision);
  does(old, 3min);
  CHECK(refusal() == "question_changed by=ceo seen=1 revision=" + std::to_string(now().revision));
  old.revision = now().revision;
  does(old, 3min);
  CHECK(now().state == IncidentState::Decided);
  act("result", "duty", 4min, "shelf", "done");
  CHECK(refusal() == "unknown_action by=duty action=shelf known=leaders");
  act("result", "duty", 4min, "leaders", "perhaps");
  CHECK(refusal() == "bad_result by=duty value=perhaps");
}

TEST_CASE_FIXTURE(Priced, "a higher rung decides otherwise; what is kept is not sent again") {
  act("decide", "manager", 5min, "statement");
  act("decide", "duty", 6min, "refund");
  CHECK(refusal() == "already_decided by=manager option=statement minutes=1");
  act("decide", "ceo", 7min, "refund");
  CHECK(now().because.code == "overruled");
  CHECK(of(Cause::Action).size() == 2);  // leaders once, shelf
  CHECK(of(Cause::Action)[1].action == "shelf");
}

TEST_CASE_FIXTURE(Priced, "what is not carried out is told to the decider and to duty (P10)") {
  act("decide", "ceo", 5min, "refund");
  const auto sent = of(Cause::Action);
  outcome("delivered", sent[0], 6min);
  SUBCASE("no result in time") {
    CHECK(told(34min) == "");
    CHECK(told(35min) == "ceo duty");
    CHECK(text_of(now().because) == "action_late action=下架 minutes=30");
    CHECK(last().cause == Cause::ActionLate);
    CHECK(last().action == "shelf");
    act("result", "duty", 40min, "shelf", "done");  // late is not final
    CHECK(now().because.code == "action_done");
  }
  SUBCASE("failed") {
    act("result", "duty", 7min, "shelf", "failed");
    CHECK(text_of(now().because) == "action_failed action=下架 by=duty reason=因为");
    CHECK(of(Cause::ActionLate).size() == 2);
  }
  SUBCASE("not delivered") {
    outcome("refused", sent[1], 7min);
    CHECK(text_of(now().because) == "action_not_delivered action=联系群主 channel=webhook:leaders");
    CHECK(told(7min) == "ceo duty");
  }
}

TEST_CASE("an option's cost is not known without a product, and never overflows") {
  core::Policy policy = priced_policy();
  CHECK(alerting::cost_of(policy.options[0], "store:S1", "store:S1", policy).middle ==
        alerting::kCostUnknown);
  CHECK_FALSE(alerting::covers(1'000'000, {-1, -1, -1}));
  CHECK(alerting::covers(-1, {-1, -1, -1}));
  // Of the brand while it is not known which one: 4,000 + 120,000 + 3,200,000.
  CHECK(alerting::cost_of(policy.options[0], "brand:汀白", "brand:汀白", policy).middle ==
        3'324'000);
  policy.catalogue.products[0].units_sold = INT64_MAX;
  policy.catalogue.products[0].price_fen = INT64_MAX;
  const core::Interval huge =
      alerting::cost_of(policy.options[0], "product:SKU1", "brand:汀白", policy);
  CHECK(huge.low > 0);
  CHECK(huge.low <= huge.middle);
  CHECK(huge.middle <= huge.high);
}

TEST_CASE("every change of an entry, a gap and a swap break the chain where they are") {
  Priced story;
  story.act("decide", "ceo", 5min, "refund");
  story.act("result", "duty", 6min, "shelf", "done");
  const std::vector<core::DecisionEntry> whole = story.all.entries;
  REQUIRE(whole.size() == 4);
  REQUIRE_FALSE(alerting::verify_chain(whole));
  core::ByteWriter out;
  core::write(out, whole[1]);
  for (size_t k = 0; k < out.bytes().size(); ++k) {
    std::string bytes = out.bytes();
    bytes[k] = static_cast<char>(bytes[k] ^ 1);
    core::ByteReader in(bytes);
    std::vector<core::DecisionEntry> changed = whole;
    changed[1] = core::read_decision_entry(in);
    if (!in.ok() || !in.at_end()) continue;  // not readable: seen anyway
    const auto broken = alerting::verify_chain(changed);
    REQUIRE(broken);
    CHECK(broken->place == 1);
  }
  std::vector<core::DecisionEntry> gap = {whole[0], whole[2], whole[3]};
  CHECK(alerting::verify_chain(gap)->reason == alerting::Break::Missing);
  std::vector<core::DecisionEntry> swapped = {whole[0], whole[2], whole[1], whole[3]};
  CHECK(alerting::verify_chain(swapped)->place == 1);
  std::vector<core::DecisionEntry> twice = {whole[0], whole[0]};
  CHECK(alerting::verify_chain(twice)->reason == alerting::Break::OutOfOrder);
  std::vector<core::DecisionEntry> forged = whole;
  forged[1].previous[0] = forged[1].previous[0] == 'a' ? 'b' : 'a';
  forged[1].hash = alerting::hash_of(forged[1]);
  CHECK(alerting::verify_chain(forged)->reason == alerting::Break::WrongPrevious);
}

TEST_CASE("random walks with options keep the chain whole, saved and loaded after every step") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    core::Policy policy = priced_policy();
    policy.options[0].id = "return";
    policy.options[1].id = "coupon";
    if (seed % 2 == 0) policy.four_eyes_over_cny = 10'000;
    DeskStory plain(policy), saved(policy);
    saved.save_and_load_always();
    std::mt19937 again(seed);
    core::Millis now = 0min, then = 0min;
    for (int i = 0; i < 200; ++i) {
      random_step(random, plain, now);
      random_step(again, saved, then);
    }
    CHECK(bytes_of(plain.all) == bytes_of(saved.all));
    CHECK(plain.all.entries.size() == saved.all.entries.size());
    CHECK_FALSE(alerting::verify_chain(saved.all.entries));
  }
}
