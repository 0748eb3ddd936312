// Every fault of CHANNELS 4 at random, and a process that is killed again and again: what each
// notification came to is what the vendors' servers have seen (CHANNELS 8 tests 14 and 15).
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "alerting/channel.h"
#include "store/open.h"
#include "tests/alerting/courier_chaos.h"
#include "tests/fakes/dingtalk_robot.h"
#include "tests/fakes/feishu_robot.h"
#include "tests/fakes/pagerduty.h"
#include "tests/fakes/scaled_clock.h"
#include "tests/fakes/slack_webhook.h"
#include "tests/fakes/smtp_server.h"
#include "tests/fakes/teams_workflow.h"
#include "tests/fakes/webhook_receiver.h"
#include "tests/fakes/wecom_robot.h"
#include "tests/servers.h"

using core::Delivery;
using core::Millis;
using fakes::SmtpServer;
using nlohmann::json;

namespace {

const std::string kKey = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa";
const std::string kHookKey = "0123456789abcdef01234567";
const std::string kHookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

struct Scale {
  int count, kills;
  Millis every;
  int64_t speed;
  int life_ms;  // of a process, at most
};
Scale scale() {
  const char* all = std::getenv("QINGYU_ALL");
  if (all != nullptr && *all == '1') return {10'000, 50, Millis(1'800), 60, 10'000};
  return {600, 6, Millis(2'000), 150, 2'500};
}

uint64_t seed() {
  const char* given = std::getenv("QINGYU_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20260310;
}

bool is_ok(fakes::Fault fault) {
  return fault == fakes::Fault::EmptyOk || fault == fakes::Fault::NotJson ||
         fault == fakes::Fault::JsonWithoutCode;
}

// The vendors, on one time line with the courier.
struct World {
  const Scale& scale;
  int64_t from_ns = fakes::ScaledClock::now_ns();
  fakes::ScaledClock clock{fakes::kStart, from_ns, scale.speed};
  fakes::WecomRobot wecom{clock, {kKey}};
  fakes::DingtalkRobot dingtalk{clock, {.secret = "SECret-of-dingtalk"}};
  fakes::FeishuRobot feishu{clock, {.secret = "secret-of-feishu"}};
  fakes::SlackWebhook slack{clock};
  fakes::TeamsWorkflow teams{clock};
  fakes::Pagerduty pagerduty{clock};
  fakes::WebhookReceiver webhook{clock, kHookKey};
  SmtpServer mail{clock};
  std::mt19937_64 random{seed()};

  explicit World(const Scale& s) : scale(s) {}

  std::vector<fakes::HttpServer*> servers() {
    return {&wecom.server(), &dingtalk.server(),  &feishu.server(), &slack.server(),
            &teams.server(), &pagerduty.server(), &webhook.server()};
  }

  // Three connections of ten go wrong.
  void sow_faults(int connections) {
    const std::vector<fakes::Fault> kinds = fakes::all_faults();
    for (fakes::HttpServer* server : servers()) {
      std::vector<fakes::Fault> faults;
      for (int i = 0; i < connections; ++i) {
        fakes::Fault fault =
            random() % 10 < 3 ? kinds[random() % kinds.size()] : fakes::Fault::None;
        // Any 2xx is a webhook's proof, whoever says it.
        if (server == &webhook.server() && is_ok(fault)) fault = fakes::Fault::ServerError;
        faults.push_back(fault);
      }
      server->fail_next(faults);
    }
    using Stage = SmtpServer::Stage;
    const std::vector<std::pair<Stage, std::vector<std::string>>> stages = {
        {Stage::Greeting, {"421 4.3.2 busy", SmtpServer::kDrop}},
        {Stage::Sender, {"451 4.3.0 later", SmtpServer::kDrop}},
        {Stage::Recipient, {"450 4.2.1 busy", "550 5.1.1 unknown"}},
        {Stage::Begin, {"451 4.3.0 no room", SmtpServer::kDrop}},
        {Stage::End, {"451 4.3.0 no room", SmtpServer::kDrop, SmtpServer::kStall}}};
    for (const auto& [stage, replies] : stages)
      for (int i = 0; i < connections; ++i)
        mail.say_next(stage, {random() % 10 < 1 ? replies[random() % replies.size()] : ""});
  }

  // One answer with a vendor's own code, now and then.
  void say_something() {
    const std::vector<std::string> codes = {
        R"({"errcode":-1,"errmsg":"system busy"})",
        R"({"errcode":45009,"errmsg":"api freq out of limit"})",
        R"({"errcode":40058,"errmsg":"markdown.content exceed max length 4096"})",
        R"({"errcode":93000,"errmsg":"invalid webhook url"})"};
    wecom.say_next({codes[random() % codes.size()]});
    const std::vector<fakes::Reply> replies = {
        {503, "", "text/plain", {{"Retry-After", "30"}}}, {429, "", "", {}}, {404, "", "", {}}};
    webhook.say_next({replies[random() % replies.size()]});
  }

  json settings(const std::string& store) {
    const auto to = [](std::string_view kind, const std::string& url,
                       std::vector<std::string> secrets = {}, json options = json::object()) {
      return json{{"id", std::string(kind) + ":chaos"},
                  {"kind", kind},
                  {"url", url},
                  {"secrets", std::move(secrets)},
                  {"options", std::move(options)}};
    };
    return {{"store", store},
            {"from_ms", core::to_ms(fakes::kStart)},
            {"from_ns", from_ns},
            {"speed", scale.speed},
            {"count", scale.count},
            {"every_ms", scale.every.count()},
            {"destinations",
             {to("wecom", wecom.url(kKey)), to("dingtalk", dingtalk.url(), {"SECret-of-dingtalk"}),
              to("feishu", feishu.url(), {"secret-of-feishu"}), to("slack", slack.url()),
              to("teams", teams.url()),
              to("pagerduty", pagerduty.url(), {fakes::Pagerduty::routing_key()}),
              to("webhook", webhook.url(), {kHookSecret}),
              to("email", mail.url(), {}, {{"from", "qingyu@example.com"}})}}};
  }
};

// The process lives, dies at moments drawn by lot, and lives again until all is over.
bool live(World& world, const tests::Temporary& folder, const std::string& settings) {
  const std::vector<std::string> command = {QINGYU_COURIER_WORKER, settings};
  for (int kill = 0; kill < world.scale.kills; ++kill) {
    world.say_something();
    tests::Child child(command, folder.file("log"));
    const std::chrono::milliseconds life(
        200 + static_cast<int>(world.random() % static_cast<uint64_t>(world.scale.life_ms)));
    if (child.ends_within(life)) return child.wait() == 0;
    child.kill9();
  }
  tests::Child child(command, folder.file("log"));
  constexpr std::chrono::minutes kPatience{10};
  if (!child.ends_within(kPatience)) return false;
  const int code = child.wait();
  if (code != 0) MESSAGE(child.last_lines());
  return code == 0;
}

// What the vendors' servers have, by kind and by how a message names itself: the copies in order.
struct Journal {
  std::map<std::string_view, std::vector<std::string>> posts;
  std::map<std::string, std::string> shown;  // webhook
  World& world;

  explicit Journal(World& w) : world(w) {
    for (const auto& p : w.wecom.posted()) posts["wecom"].push_back(p.content);
    posts["dingtalk"] = w.dingtalk.posted();
    posts["feishu"] = w.feishu.posted();
    posts["slack"] = w.slack.posted();
    posts["teams"] = w.teams.posted();
    for (const auto& s : w.webhook.shown()) shown[s.id] = s.body;
    for (auto& [kind, bodies] : posts)
      for (const std::string& body : bodies) index(kind, body);
    for (const SmtpServer::Letter& letter : w.mail.letters()) {
      const std::string id = letter.id.substr(1, letter.id.find('@') - 1);
      letters[id].push_back(letter.bytes);
    }
  }
  std::vector<std::string> of(std::string_view kind, int number, int hop) const {
    const auto it = indexed.find(std::string(kind) + chaos::reference(number, hop));
    return it != indexed.end() ? it->second : std::vector<std::string>{};
  }
  bool has(std::string_view kind, int number, int hop, const core::Notification& n) const {
    if (kind == "webhook") return shown.contains(n.id);
    if (kind == "email") return letters.contains(n.id);
    if (kind != "pagerduty") return !of(kind, number, hop).empty();
    const auto rendered = alerting::make_channel(kind)->render(n, {}, {}, {});
    const std::string key = json::parse(rendered.body)["dedup_key"];
    return !world.pagerduty.alerts(key).empty();
  }

  std::map<std::string, std::vector<std::string>> indexed;  // by kind and reference
  std::map<std::string, std::vector<std::string>> letters;  // by notification

 private:
  void index(std::string_view kind, const std::string& body) {
    constexpr std::string_view kName = "INC-20260310-";
    constexpr size_t kDigits = 8;
    for (size_t at = body.find(kName); at != std::string::npos; at = body.find(kName, at + 1)) {
      const std::string rest = body.substr(at, kName.size() + kDigits + 12);
      const size_t revision = rest.find(" · r");
      if (revision != kName.size() + kDigits) continue;
      const std::string reference = rest.substr(0, rest.find(" ·", revision + 4) + 3);
      std::vector<std::string>& copies = indexed[std::string(kind) + reference];
      if (copies.empty() || copies.back() != body) copies.push_back(body);
    }
  }
};

struct Tally {
  size_t delivered = 0, gathered = 0, accepted = 0, failed_over = 0, dead = 0, copies = 0;
};

// What the store says: each row's state, and the outcomes that were journalled for it.
struct Books {
  std::map<std::string, core::OutboxState> rows;
  std::map<std::string, std::vector<std::string>> told;

  explicit Books(core::Store& store) {
    for (const auto& [item, state] : *store.outbox("")) rows[item.id] = state;
    for (uint64_t after = 0;;) {
      const auto entries = *store.journal(after, 1'000);
      for (const core::JournalEntry& entry : entries) {
        const size_t blank = entry.bytes.find(' ');
        told[entry.bytes.substr(blank + 1)].push_back(entry.bytes.substr(0, blank));
        after = entry.sequence;
      }
      if (entries.empty()) return;
    }
  }
};

struct Audit {
  const Scale& scale;
  Books books;
  Journal journal;
  Tally tally = {};

  // One notification: what the store says of it is what its vendor has seen.
  void check(int number, int hop) {
    const core::Notification n = chaos::notification(number, hop, scale.every);
    const core::OutboxState& state = books.rows.at(n.id);
    CAPTURE(number);
    CAPTURE(hop);
    CAPTURE(state.vendor_answer);
    REQUIRE(books.told[n.id].size() == 1);
    if (state.delivery == Delivery::Dead)
      check_dead(number, hop, books.told[n.id].front());
    else
      check_told(number, hop, n, state);
    const std::vector<std::string> copies =
        journal.of(chaos::kKinds[chaos::kind_of(number, hop)], number, hop);
    CHECK(copies.size() <= 2);
    for (size_t i = 1; i < copies.size(); ++i) {
      ++tally.copies;
      CHECK(copies[i].find("（重发）") != std::string::npos);
    }
  }
  bool exists(int number, int hop) const {
    return hop < chaos::kHops &&
           books.rows.contains(chaos::notification(number, hop, scale.every).id);
  }

 private:
  void check_dead(int number, int hop, const std::string& what) {
    CHECK((what == "refused" || what == "unknown"));
    const bool further = exists(number, hop + 1);
    CHECK(further == (hop + 1 < chaos::kHops));
    ++(further ? tally.failed_over : tally.dead);
  }

  void check_told(int number, int hop, const core::Notification& n,
                  const core::OutboxState& state) {
    constexpr std::string_view kInDigest = "in the digest ";
    const std::string_view kind = chaos::kKinds[chaos::kind_of(number, hop)];
    const bool proves = kind != "teams" && kind != "pagerduty";
    CHECK(state.delivery == (proves ? Delivery::Delivered : Delivery::Accepted));
    CHECK(books.told[n.id].front() == (proves ? "delivered" : "accepted"));
    ++(proves ? tally.delivered : tally.accepted);
    if (!state.vendor_answer.starts_with(kInDigest)) {
      CHECK(journal.has(kind, number, hop, n));
      return;
    }
    ++tally.gathered;
    const size_t end = state.vendor_answer.find(',');
    const std::string leader = state.vendor_answer.substr(kInDigest.size(), end - kInDigest.size());
    REQUIRE(books.rows.contains(leader));
    CHECK(books.rows[leader].delivery == state.delivery);
  }
};

}  // namespace

TEST_CASE("under every fault and kill -9 each notification has one true end") {
  const Scale scale = ::scale();
  World world(scale);
  world.sow_faults(scale.count);
  const tests::Temporary folder;
  const std::string settings = folder.file("settings.json");
  std::ofstream(settings) << world.settings(folder.file("store.db"));
  REQUIRE(live(world, folder, settings));

  store::StoreSpec where;
  where.path = folder.file("store.db");
  auto opened = store::open_store(where);
  REQUIRE(opened.ok());
  Audit audit{scale, Books(**opened), Journal(world)};
  for (int number = 0; number < scale.count; ++number) {
    REQUIRE(audit.exists(number, 0));
    for (int hop = 0; audit.exists(number, hop); ++hop) audit.check(number, hop);
  }
  size_t repeated = 0;
  for (const auto& [id, letters] : audit.journal.letters) {
    for (const std::string& letter : letters) CHECK(letter == letters.front());
    repeated += letters.size() - 1;
  }
  std::map<std::string, std::string> bodies;  // by webhook-id: a repetition is the same bytes
  for (const fakes::Request& r : world.webhook.server().journal())
    CHECK(bodies.emplace(r.header("webhook-id"), r.body).first->second == r.body);
  CHECK(world.teams.dropped() == 0);
  const Tally& tally = audit.tally;
  CHECK(tally.delivered > 0);
  CHECK(tally.failed_over > 0);
  MESSAGE(scale.count << " notifications, " << scale.kills << " kills: delivered "
                      << tally.delivered << " (" << tally.gathered << " in digests), accepted "
                      << tally.accepted << ", failed over " << tally.failed_over
                      << ", dead and said so " << tally.dead << "; marked copies " << tally.copies
                      << ", repeated letters " << repeated << ", repeated webhooks "
                      << world.webhook.repeated());
}
