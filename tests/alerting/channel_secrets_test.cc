#include "alerting/channel_secrets.h"

#include <doctest/doctest.h>

using alerting::Destination;
using alerting::redacted;

namespace {

Destination destination(std::string url, std::vector<std::string> secrets = {}) {
  Destination d;
  d.url = std::move(url);
  d.secrets = std::move(secrets);
  return d;
}

}  // namespace

TEST_CASE("a robot's key never survives, whole or in its URL") {
  const Destination d =
      destination("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx&v=2");
  CHECK(redacted("no host for " + d.url, d) == "no host for ***");
  CHECK(redacted("key 693a91f6-7xxx is unknown, 693a91f6-7xxx", d) == "key *** is unknown, ***");
  CHECK(redacted("api freq out of limit", d) == "api freq out of limit");
}

TEST_CASE("tokens in the path, user, password and signing secrets are secrets") {
  const Destination d =
      destination("https://bob:hunter22@hooks.example.com/services/T00B00longtoken/x",
                  {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"});
  CHECK(redacted("T00B00longtoken", d) == "***");
  CHECK(redacted("hunter22", d) == "***");
  CHECK(redacted("bob:hunter22", d) == "***");
  CHECK(redacted("signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", d) == "signed with ***");
  CHECK(redacted("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", d) == "***");
  CHECK(redacted("services", d) == "services");
}

TEST_CASE("hosts and schemes are read from all forms of URLs") {
  CHECK(alerting::host_of("https://QYAPI.weixin.qq.com/x") == "qyapi.weixin.qq.com");
  CHECK(alerting::host_of("https://qyapi.weixin.qq.com@evil.example/x") == "evil.example");
  CHECK(alerting::host_of("http://[::1]:8080/x") == "::1");
  CHECK(alerting::host_of("http://a:8080?x=http://b") == "a");
  CHECK(alerting::host_of("nonsense").find('/') == std::string::npos);
  CHECK(alerting::host_of("") == "");
  CHECK(alerting::scheme_of("HTTPS://a") == "https");
  CHECK(alerting::scheme_of("a/b") == "");
}
