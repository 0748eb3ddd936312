#pragma once
// A client that sends just the bytes it is told to, for tests of our own HTTP server: attacks too.
#include <cstdint>
#include <string>

namespace tests {

struct Answer {
  int status = 0;  // 0: no answer, or not one of HTTP/1.1
  std::string head, body;
};

// Sends the bytes and reads until the server closes; "" when it cannot connect.
std::string converse(uint16_t port, const std::string& bytes);
Answer answer_from(const std::string& bytes);

// One request to 127.0.0.1. `headers`: whole lines, each with its "\r\n".
Answer ask(uint16_t port, const std::string& method, const std::string& target,
           const std::string& headers = "", const std::string& body = "");

// As a browser does: opens the page `target`, takes the nonce of its form, and presses with
// `fields` ("pin=...&option=...").
Answer press(uint16_t port, const std::string& target, const std::string& fields);
std::string nonce_of(const std::string& page);

}  // namespace tests
