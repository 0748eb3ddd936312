// Letters by the real transport to a real mail server on the loopback (CHANNELS 2.10, 7.4).
#include <doctest/doctest.h>

#include <algorithm>

#include "alerting/smtp.h"
#include "tests/alerting/courier_office.h"
#include "tests/fakes/smtp_server.h"

using alerting::Outcome;
using core::Millis;
using fakes::SmtpServer;
using How = alerting::TransportResult::How;
using Stage = SmtpServer::Stage;

namespace {

const std::string kPassword = "correct-horse-battery";

struct MailRoom {
  fakes::FakeClock clock;
  SmtpServer server;
  alerting::HttpLimits limits;
  alerting::Destination to;
  core::Notification told = fakes::sample("email:qa");

  explicit MailRoom(fakes::SmtpRules rules = {}) : server(clock, std::move(rules)) {
    limits.ca_file = server.certificate_file();
    to.id = "email:qa";
    to.kind = "email";
    to.url = server.url();
    to.allow_private = true;
    to.options = {{"from", "qingyu@example.com"}};
    told.contacts = {{"email", "wang.qing@example.com"}};
  }
  void with_password(const std::string& password = kPassword) {
    to.options["user"] = "qingyu";
    to.secrets = {password};
  }
  alerting::HttpRequest request() const {
    const auto channel = alerting::make_channel("email");
    return channel->prepare(channel->render(told, {}, to, {}), to, told, told.at, {});
  }
  alerting::TransportResult transported(alerting::HttpRequest request) const {
    return alerting::make_http_transport(limits)->send(request, to);
  }
  alerting::SendResult send() const {
    return alerting::make_channel("email")->classify(transported(request()));
  }
  bool said(const std::string& command) const {
    return std::ranges::any_of(server.dialogue(),
                               [&](const std::string& line) { return line.starts_with(command); });
  }
};

struct SecretRoom : MailRoom {
  SecretRoom() : MailRoom({"qingyu", kPassword, /*starttls=*/true, /*tls_at_once=*/false}) {
    with_password();
  }
};

}  // namespace

TEST_CASE_FIXTURE(MailRoom, "a letter arrives as it was written, and 250 is the proof") {
  const alerting::SendResult result = send();
  CHECK(result.outcome == Outcome::Delivered);
  CHECK(result.vendor_answer == "SMTP 250 2.0.0 taken");
  REQUIRE(server.letters().size() == 1);
  const SmtpServer::Letter letter = server.letters().front();
  CHECK(letter.from == "qingyu@example.com");
  CHECK(letter.to == std::vector<std::string>{"wang.qing@example.com"});
  CHECK(letter.id == "<" + told.id + "@example.com>");
  CHECK(letter.bytes + "\r\n" == request().body);
}

TEST_CASE_FIXTURE(SecretRoom, "with STARTTLS name, password and letter go through TLS") {
  CHECK(send().outcome == Outcome::Delivered);
  REQUIRE(server.letters().size() == 1);
  CHECK(server.letters()[0].secret);
  CHECK(server.letters()[0].user == "qingyu");
}

TEST_CASE("smtps is TLS from the first byte") {
  MailRoom room({"qingyu", kPassword, /*starttls=*/false, /*tls_at_once=*/true});
  room.with_password();
  CHECK(room.send().outcome == Outcome::Delivered);
  REQUIRE(room.server.letters().size() == 1);
  CHECK(room.server.letters()[0].secret);
}

TEST_CASE_FIXTURE(SecretRoom, "a wrong password is a dead destination, and is in no words") {
  with_password("wrong-password");
  const alerting::SendResult result = send();
  CHECK(result.outcome == Outcome::DeadDestination);
  CHECK(result.vendor_answer.find("wrong-password") == std::string::npos);
  CHECK(server.letters().empty());
}

TEST_CASE_FIXTURE(SecretRoom, "a certificate that nobody vouches for gets no password") {
  limits.ca_file.clear();
  CHECK(transported(request()).how == How::NotSent);
  CHECK_FALSE(said("AUTH"));
  CHECK_FALSE(said("MAIL"));
}

TEST_CASE_FIXTURE(MailRoom,
                  "where plain text is not allowed a server without STARTTLS is refused") {
  alerting::HttpRequest strict = request();
  strict.envelope->plain_allowed = false;
  const auto result = transported(strict);
  CHECK(result.how == How::Refused);
  CHECK(result.error == "the server offers no STARTTLS");
  CHECK(alerting::make_channel("email")->classify(result).outcome == Outcome::DeadDestination);
  CHECK_FALSE(said("MAIL"));
  to.allow_private = false;
  CHECK_FALSE(request().envelope->plain_allowed);
  CHECK(transported(request()).how == How::Refused);
  CHECK(server.connections() == 1);
}

TEST_CASE("each stage's reply is classified, and nothing is delivered without 250") {
  struct Row {
    Stage stage;
    std::string reply;
    Outcome outcome;
    size_t letters;
  };
  const std::vector<Row> rows = {
      {Stage::Greeting, "421 4.3.2 too busy", Outcome::RetryDestination, 0},
      {Stage::Greeting, "554 5.3.2 no mail here", Outcome::DeadMessage, 0},
      {Stage::Greeting, SmtpServer::kDrop, Outcome::RetryMessage, 0},
      {Stage::Hello, SmtpServer::kDrop, Outcome::RetryMessage, 0},
      {Stage::Sender, "451 4.3.0 try later", Outcome::RetryMessage, 0},
      {Stage::Sender, "530 5.7.0 log in first", Outcome::DeadDestination, 0},
      {Stage::Sender, "552 5.3.4 too big", Outcome::FixContent, 0},
      {Stage::Recipient, "450 4.2.1 busy", Outcome::RetryMessage, 0},
      {Stage::Recipient, "550 5.1.1 nobody of that name", Outcome::DeadMessage, 0},
      {Stage::Recipient, SmtpServer::kDrop, Outcome::RetryMessage, 0},
      {Stage::Begin, "451 4.3.0 no room", Outcome::RetryMessage, 0},
      {Stage::Begin, SmtpServer::kDrop, Outcome::RetryMessage, 0},
      {Stage::End, "451 4.3.0 no room", Outcome::RetryMessage, 0},
      {Stage::End, "554 5.6.0 spam", Outcome::DeadMessage, 0},
      {Stage::End, "250 queued", Outcome::Delivered, 1},
      {Stage::End, SmtpServer::kDrop, Outcome::Unknown, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.stage));
    CAPTURE(row.reply);
    MailRoom room;
    room.server.say_next(row.stage, {row.reply});
    CHECK(room.send().outcome == row.outcome);
    CHECK(room.server.letters().size() == row.letters);
  }
}

TEST_CASE_FIXTURE(MailRoom, "a connection that is refused was not sent") {
  to.url = "smtp://127.0.0.1:1";
  CHECK(transported(request()).how == How::NotSent);
  CHECK(send().outcome == Outcome::RetryMessage);
}

TEST_CASE_FIXTURE(MailRoom, "a server that falls silent is unknown only behind the letter's end") {
  alerting::HttpRequest hurried = request();
  hurried.timeout = Millis(300);
  server.say_next(Stage::Sender, {SmtpServer::kStall});
  CHECK(transported(hurried).how == How::NotSent);
  server.say_next(Stage::End, {SmtpServer::kStall});
  CHECK(transported(hurried).how == How::MaybeSent);
  CHECK(server.letters().size() == 1);
}

TEST_CASE_FIXTURE(
    MailRoom, "one good address of a person is enough, and the busy one outweighs the wrong one") {
  told.contacts = {{"email", "one@example.com"}, {"email", "two@example.com"}};
  server.say_next(Stage::Recipient, {"550 5.1.1 <one@example.com> is unknown", ""});
  const alerting::SendResult partly = send();
  CHECK(partly.outcome == Outcome::Delivered);
  CHECK(partly.vendor_answer == "1 of 2 addresses refused, SMTP 250 2.0.0 taken");
  CHECK(server.letters().at(0).to == std::vector<std::string>{"two@example.com"});
  server.say_next(Stage::Recipient, {"450 4.2.1 busy", "550 5.1.1 unknown"});
  CHECK(send().outcome == Outcome::RetryMessage);
  server.say_next(Stage::Recipient, {"550 5.1.1 unknown", "553 5.1.3 what"});
  CHECK(send().outcome == Outcome::DeadMessage);
  CHECK(server.letters().size() == 1);
}

TEST_CASE_FIXTURE(MailRoom, "who has no address fails alone, and no words repeat an address") {
  server.say_next(Stage::Recipient, {"550 5.1.1 <wang.qing@example.com>: unknown"});
  const alerting::SendResult refused = send();
  CHECK(refused.vendor_answer.find("wang.qing") == std::string::npos);
  told.contacts.clear();
  const alerting::SendResult nobody = send();
  CHECK(nobody.outcome == Outcome::DeadMessage);
  CHECK(nobody.vendor_answer == "no e-mail address of this person");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(MailRoom, "pages and letters come back in the order in which they were given") {
  fakes::HttpServer page(clock, [](const fakes::Request&) {
    return fakes::Reply{201, "", "", {}};
  });
  alerting::HttpRequest letter = request(), http;
  http.url = page.url("/x");
  const auto results =
      alerting::make_http_transport()->send_all({{&letter, &to}, {&http, &to}, {&letter, &to}});
  REQUIRE(results.size() == 3);
  CHECK(results[0].status == 250);
  CHECK(results[1].status == 201);
  CHECK(results[2].status == 250);
}

TEST_CASE_FIXTURE(
    Office,
    "the courier repeats a doubtful letter as the same letter, and a refused one to nobody") {
  fakes::SmtpServer mail(clock);
  alerting::CourierSpec spec;
  alerting::Destination to{"email:qa", "email", mail.url(), {}, true};
  to.options = {{"from", "qingyu@example.com"}};
  spec.destinations = {to};
  REQUIRE(alerting::check_destinations(spec.destinations).ok());
  spec.print = [](const core::Notification&, const std::string&) {};
  spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                         const core::Act& act) { return outbox.conclude(id, state, act); };
  courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
  core::Notification n = fakes::sample("email:qa", 1, 1);
  n.contacts = {{"email", "wang@example.com"}};
  mail.say_next(Stage::Greeting, {"421 4.3.2 busy"});
  mail.say_next(Stage::End, {"451 4.3.0 later", SmtpServer::kDrop});
  add(n);
  run_out(Millis(600'000));
  CHECK(outbox.outcome_of(n.id) == "delivered");
  CHECK(outbox.state_of(n.id).attempts == 4);
  REQUIRE(mail.letters().size() == 2);
  CHECK(mail.shown() == 1);
  CHECK(mail.letters()[0].bytes == mail.letters()[1].bytes);
  core::Notification other = fakes::sample("email:qa", 2, 1);
  add(other);  // nobody to send it to
  run_out(Millis(60'000));
  CHECK(outbox.outcome_of(other.id) == "refused");
  CHECK(outbox.written().find("wang@") == std::string::npos);
}
