// Settings that have no test of their own elsewhere.
#include "engine/settings.h"

#include <doctest/doctest.h>

#include <fstream>

#include "alerting/courier.h"
#include "tests/servers.h"

namespace {

// A settings file with this list of channels.
std::string settings_with(const tests::Temporary& folder, const std::string& channels) {
  const std::string file = folder.file("qingyu.yaml");
  std::ofstream(folder.file("password")) << "correct-horse\n";
  std::ofstream(file) << "store: {kind: memory}\nsources: []\npacks: [rules]\nlists: lists.yaml\n"
                         "taxonomy: taxonomy.yaml\nladders: ladders.yaml\nchannels:\n"
                      << channels;
  return file;
}

}  // namespace

TEST_CASE("a mailbox is a channel: its server, sender, user, and its password from a file") {
  const tests::Temporary folder;
  const auto settings = engine::load_settings(settings_with(
      folder,
      "  - id: email:duty\n    url: smtps://mail.example:465\n    secrets: [{file: password}]\n"
      "    options: {from: qingyu@mail.example, user: qingyu}\n"));
  REQUIRE_MESSAGE(settings.ok(), settings.error().message);
  REQUIRE(settings->destinations.size() == 1);
  const alerting::Destination& to = settings->destinations[0];
  CHECK(to.kind == "email");
  CHECK(to.secrets == std::vector<std::string>{"correct-horse"});
  CHECK(alerting::check_destinations(settings->destinations).ok());
}

TEST_CASE("a password in the settings themselves, and a mailbox without a sender, are errors") {
  const tests::Temporary folder;
  const auto open_secret = engine::load_settings(
      settings_with(folder, "  - {id: \"email:a\", url: \"smtps://m.example\", secrets: [x]}\n"));
  CHECK_FALSE(open_secret.ok());
  const auto no_sender = engine::load_settings(
      settings_with(folder, "  - {id: \"email:a\", url: \"smtps://mail.example\"}\n"));
  REQUIRE(no_sender.ok());
  const auto checked = alerting::check_destinations(no_sender->destinations);
  REQUIRE_FALSE(checked.ok());
  CHECK(checked.error().message.find("from") != std::string::npos);
  CHECK(checked.error().message.find("mail.example") == std::string::npos);
}

TEST_CASE("an archive has a folder, days and bytes; none is kept where the settings name none") {
  const tests::Temporary folder;
  const auto read = [&](const std::string& archive) {
    return engine::load_settings(settings_with(folder, "  []\n" + archive));
  };
  const auto none = read("");
  REQUIRE(none.ok());
  CHECK(none->archive.path.empty());
  const auto plain = read("archive: {path: kept}\n");
  REQUIRE(plain.ok());
  CHECK(plain->archive.path == folder.file("kept"));
  CHECK(plain->archive.limits.keep == core::Millis{int64_t{30} * 24 * 3'600'000});
  CHECK(plain->archive.limits.bytes_max == 20'000'000'000);
  const auto said = read("archive: {path: kept, days: 7, bytes_max: 500MB}\n");
  REQUIRE(said.ok());
  CHECK(said->archive.limits.keep == core::Millis{int64_t{7} * 24 * 3'600'000});
  CHECK(said->archive.limits.bytes_max == 500'000'000);
  for (const char* wrong :
       {"{days: 7}", "{path: kept, days: 0}", "{path: kept, bytes_max: 20}",
        "{path: kept, bytes_max: 20TB}", "{path: kept, bytes_max: 9MB}",
        "{path: kept, bytes_max: 99999999999999999999GB}", "{path: kept, hours: 3}"}) {
    const auto refused = read("archive: " + std::string(wrong) + "\n");
    CAPTURE(wrong);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("qingyu.yaml:9:") != std::string::npos);
  }
}
