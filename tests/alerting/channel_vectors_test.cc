// CHANNELS 3: signatures and derived keys, byte for byte, and what they must not be.
#include <doctest/doctest.h>

#include "alerting/channels/signing.h"
#include "alerting/channels/standard_webhooks.h"

TEST_CASE("conformance 1: DingTalk's signature, encoded once") {
  CHECK(alerting::dingtalk_sign(1577262236757, "this is secret") ==
        "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=");
  CHECK(alerting::dingtalk_query(1577262236757, "this is secret") ==
        "&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D");
  CHECK(alerting::dingtalk_sign(1700000000000, "SECtest0123456789abcdef") ==
        "/lfnxUUu80FwVTsIlv2F1cMGBb+PxEKAwYh/bsRxXcc=");
  const std::string query = alerting::dingtalk_query(1700000000000, "SECtest0123456789abcdef");
  CHECK(query ==
        "&timestamp=1700000000000&sign=%2FlfnxUUu80FwVTsIlv2F1cMGBb%2BPxEKAwYh%2FbsRxXcc%3D");
  CHECK(query.find("%25") == std::string::npos);
  for (const char* escape : {"%2B", "%2F", "%3D"}) CHECK(query.find(escape) != std::string::npos);
}

TEST_CASE("conformance 1: Feishu's signature is not DingTalk's the other way round") {
  CHECK(alerting::feishu_sign(1599360473, "demo") ==
        "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
  CHECK(alerting::feishu_sign(1700000000, "demo") ==
        "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=");
  CHECK(alerting::dingtalk_sign(1599360473, "demo") ==
        "DkEDUyVoOOJ539qBvUgMyzkzIdRWlf4e/V3Rq+ONJnQ=");
  CHECK(alerting::dingtalk_sign(1700000000, "demo") ==
        "Jo+BcIpYOGJCAvpJ++qSw87Rqhi9JUu1uVQKqanKycY=");
}

TEST_CASE("conformance 1: Standard Webhooks, one key and two") {
  const std::string signature = alerting::webhook_signature(
      {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
      R"({"test": 2432232314})");
  CHECK(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  CHECK(signature != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=");
  CHECK(alerting::webhook_signature(
            {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_GBkaGxwdHh8gISIjJCUmJygpKissLS4v"},
            "msg_01JGYQ0000000000000000000", 1767168000,
            R"({"type":"incident.opened","timestamp":"2025-12-31T08:00:00Z",)"
            R"("data":{"incident_id":"INC-20251231-0007","revision":3}})") ==
        "v1,Eo5JrLuY+qvhcgXmMNBH+zMK0kP0bDKIJj1N5UJGwVs= "
        "v1,2lAFwKxkLD/O6686mRGQBNzIjDP0jXcrJRdTVCG+eBo=");
}

TEST_CASE("conformance 1: GitHub's signature, and a vendor's key of an incident") {
  CHECK(alerting::github_signature("It's a Secret to Everybody", "Hello, World!") ==
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  CHECK(alerting::github_signature(
            "testsecret", R"({"type":"incident.opened","timestamp":"2025-12-31T08:00:00Z",)"
                          R"("data":{"incident_id":"INC-20251231-0007","revision":3}})") ==
        "sha256=1a1fd57b957205a54f99ca3b07753de9276b570922fface2ea78f6c139736a2a");
  CHECK(alerting::dedup_key("t1", "INC-20251231-0007") ==
        "64bc6c31f48c5c61f6c3871269bd6f66a5861b80bc8e4045c7c51463d4a497d5");
  CHECK(alerting::dedup_key("INC-20251231-0007") == alerting::sha256_hex("INC-20251231-0007"));
  CHECK(alerting::dingtalk_sign(1700000000000, "appsecret123") ==
        "EfCsChi3p2iWDpzFbhcR2EIxTmy+OfqRU9FvQY47AMs=");
}

TEST_CASE("secrets are compared whole") {
  CHECK(alerting::same_secret("abc", "abc"));
  CHECK_FALSE(alerting::same_secret("abc", "abd"));
  CHECK_FALSE(alerting::same_secret("abc", "abcd"));
}
