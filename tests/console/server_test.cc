#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

#include "tests/console/office.h"

using tests::Office;

TEST_CASE("it tells how it is, and its figures") {
  Office office;
  CHECK(office.ask("GET", "/healthz").body == R"({"status":"ok"})");
  CHECK(office.ask("GET", "/metrics").body.find("qingyu_prefetch_suspected_total 0") !=
        std::string::npos);
  office.refuses = true;
  CHECK(office.ask("GET", "/healthz").status == 503);
  CHECK(office.ask("GET", "/nothing").status == 404);
  CHECK(office.ask("DELETE", "/healthz").status == 405);
}

TEST_CASE("what is too large is refused") {
  Office office;
  CHECK(office.ask("GET", "/healthz", "X: " + std::string(9000, 'x') + "\r\n").status == 431);
  const std::string announced =
      "POST /callbacks/a HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n";
  CHECK(tests::answer_from(tests::converse(office.server->port(), announced)).status == 413);
  CHECK(office.ask("GET", "/healthz").status == 200);
}

TEST_CASE("who sends a byte now and then, or nothing, is cut off") {
  Office office({.read_timeout = core::Millis{50}});
  // Ends only because the server closes.
  CHECK(tests::converse(office.server->port(), "GET /healthz HT") == "");
  CHECK(tests::converse(office.server->port(), "") == "");
  CHECK(office.ask("GET", "/healthz").status == 200);
}

TEST_CASE("more connections than allowed are closed, and the others go on") {
  Office office({.connections_max = 2, .read_timeout = core::Millis{600'000}});
  int idle[2];
  for (int& connection : idle) {
    connection = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(office.server->port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(connection, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  }
  CHECK(office.ask("GET", "/healthz").status == 0);
  const std::string request = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  REQUIRE(::send(idle[0], request.data(), request.size(), 0) > 0);
  char byte = 0;
  CHECK(::recv(idle[0], &byte, 1, 0) == 1);
  for (const int connection : idle) ::close(connection);
}

TEST_CASE("one address may come so often; behind a proxy its callers are told apart") {
  Office office({.behind_proxy = true}, {.burst = 3});
  const auto from = [&](const std::string& address) {
    return office.ask("GET", "/healthz", "X-Forwarded-For: 9.9.9.9, " + address + "\r\n").status;
  };
  for (int i = 0; i < 3; ++i) CHECK(from("1.1.1.1") == 200);
  CHECK(from("1.1.1.1") == 429);
  CHECK(from("2.2.2.2") == 200);
  office.clock.advance(core::Millis{200});
  CHECK(from("1.1.1.1") == 200);
}

TEST_CASE("garbage never ends it") {
  Office office({.read_timeout = core::Millis{20}}, {.burst = 100000});
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string bytes = round % 2 == 0 ? "" : "POST " + office.link("ack") + " HTTP/1.1\r\n";
    const auto size = random() % 300;
    for (unsigned i = 0; i < size; ++i) bytes += static_cast<char>(random());
    tests::converse(office.server->port(), bytes + "\r\n\r\n");
  }
  CHECK(office.ask("GET", "/healthz").status == 200);
}
