// The real transport against real servers. Its time limits are real: only where a receiver never
// answers is one short, and nothing depends on how short.
#include <doctest/doctest.h>

#include "alerting/http.h"
#include "alerting/private_address.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/http_server.h"
#include "tests/fakes/tls_server.h"

using fakes::Fault;
using How = alerting::TransportResult::How;

namespace {

constexpr std::string_view kTarget = "/send?key=SECRETKEY0001";

struct Line {
  fakes::FakeClock clock;
  fakes::HttpServer server{clock, [](const fakes::Request&) {
                             return fakes::Reply{200, "fine", "text/plain", {{"Retry-After", "7"}}};
                           }};
  std::unique_ptr<alerting::Transport> transport = alerting::make_http_transport(
      {core::Millis(500), core::Millis(20'000), /*response_bytes_max=*/64 * 1024});
  alerting::Destination to;

  Line() { to.allow_private = true; }
  alerting::TransportResult post(const std::string& url, std::string body = "{}",
                                 core::Millis timeout = core::Millis(10'000)) {
    alerting::HttpRequest request;
    request.timeout = timeout;
    request.url = url;
    request.body = std::move(body);
    request.headers = {{"Content-Type", "application/json"}, {"webhook-id", "abc"}};
    return transport->send(request, to);
  }
  alerting::TransportResult post() { return post(server.url(kTarget)); }
  alerting::TransportResult post_into(Fault fault) {
    server.fail_next({fault});
    const bool endless = fault == Fault::Stall || fault == Fault::SlowDrip;
    return post(server.url(kTarget), "{}", core::Millis(endless ? 500 : 10'000));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Line, "a POST arrives as it was given and its answer comes back") {
  const std::string text = "{\"内容\":\"过期\"}";
  const auto result = post(server.url(kTarget), text);
  CHECK(result.how == How::Answered);
  CHECK(result.status == 200);
  CHECK(result.body == "fine");
  CHECK(result.content_type == "text/plain");
  CHECK(result.retry_after == "7");
  const auto journal = server.journal();
  REQUIRE(journal.size() == 1);
  CHECK(journal[0].method == "POST");
  CHECK(journal[0].target == kTarget);
  CHECK(journal[0].body == text);
  CHECK(journal[0].header("content-type") == "application/json");
  CHECK(journal[0].header("webhook-id") == "abc");
  CHECK(journal[0].header("expect") == "");
}

TEST_CASE_FIXTURE(Line, "a request is made by its method, and only a GET has no body") {
  for (const std::string method : {"GET", "PATCH", "PUT", "POST"}) {
    alerting::HttpRequest request;
    request.method = method;
    request.url = server.url(kTarget);
    request.body = "{\"a\":1}";
    CHECK(transport->send(request, to).status == 200);
    const fakes::Request seen = server.journal().back();
    CHECK(seen.method == method);
    CHECK(seen.body == (method == "GET" ? "" : request.body));
  }
}

TEST_CASE_FIXTURE(Line, "what was certainly not sent is told from what may have been") {
  for (const Fault fault :
       {Fault::CloseAfterReading, Fault::Stall, Fault::SlowDrip, Fault::HugeAnswer}) {
    CAPTURE(static_cast<int>(fault));
    CHECK(post_into(fault).how == How::MaybeSent);
  }
  CHECK(post_into(Fault::CloseBeforeReading).how ==
        How::MaybeSent);  // the connection stood: nobody can know
  CHECK(post("http://127.0.0.1:1" + std::string(kTarget)).how == How::NotSent);
  CHECK(post("https://127.0.0.1:" + std::to_string(server.port()) + std::string(kTarget)).how ==
        How::NotSent);
  CHECK(post("http://no-such-host.invalid" + std::string(kTarget)).how == How::NotSent);
  CHECK(post().how == How::Answered);
}

TEST_CASE_FIXTURE(
    Line, "one attempt is one connection and one request, even when the receiver hangs up") {
  post();
  server.fail_next({Fault::CloseAfterReading, Fault::CloseBeforeReading});
  post();
  post();
  post();
  CHECK(server.connections() == 4);
  CHECK(server.journal().size() == 3);
}

TEST_CASE_FIXTURE(Line, "conformance 20: a redirect is an answer, not a way") {
  server.fail_next({Fault::Moved});
  const auto result = post();
  CHECK(result.how == How::Answered);
  CHECK(result.status == 301);
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Line, "conformance 20: an answer over the cap ends the exchange and says so") {
  server.fail_next({Fault::HugeAnswer});
  CHECK(post().error == "the answer is over 65536 bytes");
}

TEST_CASE_FIXTURE(Line, "conformance 20: private addresses are refused before anything is sent") {
  to.allow_private = false;
  const std::string port = std::string(":").append(std::to_string(server.port()));
  for (const std::string& host :
       {"https://127.0.0.1" + port, "https://localhost" + port, "https://[::1]" + port,
        std::string("https://169.254.169.254"), std::string("https://10.0.0.1"),
        "https://2130706433" + port, "https://0x7f.1" + port}) {
    CAPTURE(host);
    const auto result = post(host + std::string(kTarget));
    CHECK(result.how == How::Refused);
  }
  CHECK(post().how == How::Refused);  // plain http
  CHECK(post("file:///etc/passwd").how == How::Refused);
  CHECK(server.connections() == 0);
}

TEST_CASE("conformance 20: a certificate that nobody vouches for is not talked to") {
  Line line;
  const fakes::TlsServer tls;
  const auto result = line.post(tls.url());
  CHECK(result.how == How::NotSent);
  CHECK(tls.connections() == 1);
  CHECK(tls.bytes_read() == 0);
}

TEST_CASE_FIXTURE(Line, "conformance 20: no error repeats the URL") {
  std::string errors;
  for (const Fault fault : fakes::all_faults()) {
    errors += post_into(fault).error + "\n";
  }
  for (const std::string url :
       {"http://127.0.0.1:1", "ftp://127.0.0.1", "http://no-such-host.invalid", "http://[bad"})
    errors += post(url + std::string(kTarget)).error + "\n";
  to.allow_private = false;
  errors += post().error;
  CHECK(errors.find("SECRETKEY") == std::string::npos);
  CHECK(errors.find("127.0.0.1") == std::string::npos);
  CHECK(errors.find("no-such-host") == std::string::npos);
}

TEST_CASE_FIXTURE(Line, "one receiver that stalls does not cost the others their answer") {
  fakes::HttpServer other(clock, [](const fakes::Request&) { return fakes::Reply{}; });
  server.fail_next({Fault::Stall});
  alerting::HttpRequest stalled, quick;
  stalled.url = server.url(kTarget);
  stalled.timeout = core::Millis(500);
  quick.url = other.url(kTarget);
  std::vector<alerting::Parcel> parcels = {{&stalled, &to}};
  for (int i = 0; i < 20; ++i) parcels.push_back({&quick, &to});
  const auto results = transport->send_all(parcels);
  REQUIRE(results.size() == 21);
  CHECK(results[0].how == How::MaybeSent);
  for (size_t i = 1; i < results.size(); ++i) CHECK(results[i].status == 200);
}

TEST_CASE("every private, reserved and disguised address is known") {
  for (const std::string_view address : {"127.0.0.1",
                                         "127.255.255.255",
                                         "10.1.2.3",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.168.1.1",
                                         "169.254.169.254",
                                         "100.64.0.1",
                                         "0.0.0.0",
                                         "224.0.0.1",
                                         "255.255.255.255",
                                         "198.18.0.1",
                                         "::1",
                                         "::",
                                         "fe80::1",
                                         "fc00::1",
                                         "fd12::1",
                                         "ff02::1",
                                         "::ffff:127.0.0.1",
                                         "::ffff:10.0.0.1",
                                         "64:ff9b::7f00:1",
                                         "2002:7f00:1::",
                                         "2001:db8::1",
                                         "2001::1",
                                         "::127.0.0.1",
                                         "nonsense",
                                         ""})
    CHECK_MESSAGE(alerting::is_private_address(address), address);
  for (const std::string_view address :
       {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "192.167.1.1", "223.255.255.255",
        "2400:3200::1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"})
    CHECK_MESSAGE(!alerting::is_private_address(address), address);
}
