#include "console/grants.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "console/crypt.h"
#include "console/token.h"
#include "store/open.h"
#include "tests/fakes/fake_clock.h"
#include "tests/servers.h"

namespace {

std::string vector_key() {
  std::string key;
  for (char c = 0; c < 32; ++c) key += c;
  return key;
}

const console::Bound kBound{"ack", "group:wecom-bot-a", "wecom_bot", "INC-20251231-0007", 3, "t1"};
const console::Head kHead{1, 1767225600, *console::from_hex("00112233445566778899aabbccddeeff")};

}  // namespace

TEST_CASE("conformance 1: the worked token is made byte for byte") {
  const console::Keys keys({{uint8_t{1}, vector_key()}});
  CHECK(console::to_hex(console::sha256(console::canonical_json(kBound))) ==
        "e8f6cb61a66164696b964f8f74ed1f421f4916f637a988b41fa71c2af93a3e5a");
  const std::string token = console::make_token(keys, kHead, kBound);
  CHECK(token == "AQFpVbkAABEiM0RVZneImaq7zN3u_w.SGbKrXlqe2rl3ly6pVw3Mw");
  CHECK(console::token_is_genuine(keys, token, kBound));
  auto other = kBound;
  other.act = "approve";
  CHECK_FALSE(console::token_is_genuine(keys, token, other));
  CHECK(console::to_hex(
            *console::from_base64url(console::make_token(keys, kHead, other).substr(31))) ==
        "0d509c4aea8f22326360dd99fcd195b4");
}

TEST_CASE("each character of a token counts") {
  const console::Keys keys({{uint8_t{1}, vector_key()}});
  const std::string token = console::make_token(keys, kHead, kBound);
  for (size_t i = 0; i < token.size(); ++i)
    for (const char c : std::string("AZz9_-.~ \0", 10)) {
      std::string tampered = token;
      if (tampered[i] == c) continue;
      tampered[i] = c;
      CHECK_FALSE(console::token_is_genuine(keys, tampered, kBound));
    }
  for (size_t size = 0; size < token.size(); ++size)
    CHECK_FALSE(console::token_is_genuine(keys, token.substr(0, size), kBound));
  CHECK_FALSE(console::token_is_genuine(keys, token + "A", kBound));
  const console::Keys others({{uint8_t{1}, std::string(32, 'x')}});
  CHECK_FALSE(console::token_is_genuine(others, token, kBound));
}

TEST_CASE("the same offer gives the same link again, and it dies at its time") {
  auto store = *store::open_store({.kind = "memory"});
  const console::Keys keys({{uint8_t{1}, vector_key()}});
  console::Grants grants(*store, keys, "qingyu", "https://a.example");
  const core::Time t = fakes::kStart;
  const console::Offer offer{"INC-1", 1, "zhang", "wecom", t, t + core::Millis{60'000}};
  const std::string url = *grants.mint(offer, "ack", t);
  CHECK(url == *grants.mint(offer, "ack", t + core::Millis{5'000}));
  CHECK(url != *grants.mint(offer, "decide", t));
  const std::string token = url.substr(url.rfind('/') + 1);
  const core::Time end = t + core::Millis{31 * 60'000};
  CHECK((*grants.find(token, end - core::Millis{1})).has_value());
  CHECK_FALSE((*grants.find(token, end)).has_value());
}

TEST_CASE("keys are made once, for their owner only, and old ones still verify") {
  const tests::Temporary folder;
  const std::string path = folder.file("links.key");
  const auto first = console::load_keys(path);
  REQUIRE(first.ok());
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  const std::string token = console::make_token(*first, kHead, kBound);
  REQUIRE(console::rotate_keys(path).ok());
  const auto second = console::load_keys(path);
  REQUIRE(second.ok());
  CHECK(second->signing_kid() == 2);
  CHECK(console::token_is_genuine(*second, token, kBound));
  for (int i = 0; i < 300; ++i) REQUIRE(console::rotate_keys(path).ok());
  CHECK_FALSE(console::token_is_genuine(*console::load_keys(path), token, kBound));
  ::chmod(path.c_str(), 0644);
  CHECK(console::load_keys(path).error().code == core::Code::BadSettings);
  ::chmod(path.c_str(), 0600);
  std::ofstream(path) << "1 abc\n";
  CHECK(console::load_keys(path).error().code == core::Code::BadSettings);
}
