// The shipped story is what deploy/story/compose.py makes, and holds what it is there to show. That
// the program tells it rightly is tests/replay's affair.
#include <doctest/doctest.h>

#include <algorithm>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/servers.h"

namespace tests {

namespace {

using Json = nlohmann::json;

const std::string kStory = QINGYU_SOURCE_DIR "/deploy/story";
constexpr int64_t kMinute = 60'000;
constexpr int64_t kMidnight = 1'776'268'800'000;  // 2026-04-16 00:00 in Beijing

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Json> events() {
  std::vector<Json> events;
  std::ifstream file(kStory + "/events.jsonl");
  for (std::string line; std::getline(file, line);) events.push_back(Json::parse(line));
  return events;
}

// Minutes of the story's day.
int64_t minute_of(const Json& event) {
  return (event.at("ts").get<int64_t>() - kMidnight) / kMinute;
}

constexpr int64_t at(int64_t hour, int64_t minute) { return hour * 60 + minute; }

bool says(const Json& event, const std::string& words) {
  return event.value("text", "").find(words) != std::string::npos;
}

// sku -> 20 % of a week's sales in yuan, of the lines of catalogue.csv with this brand.
std::map<std::string, double> losses_of(const std::string& brand) {
  std::map<std::string, double> losses;
  std::ifstream file(kStory + "/catalogue/catalogue.csv");
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream columns(line);
    for (std::string cell; std::getline(columns, cell, ',');) cells.push_back(cell);
    REQUIRE(cells.size() == 10);
    if (cells[3] == brand) losses[cells[0]] = std::stod(cells[7]) * std::stod(cells[8]) * 0.2;
  }
  return losses;
}

}  // namespace

TEST_CASE("composing the story again gives the shipped bytes") {
  const Temporary folder;
  run({"python3", "-B", kStory + "/compose.py", folder.path()}, folder.file("log"));
  CHECK(read_file(folder.file("events.jsonl")) == read_file(kStory + "/events.jsonl"));
  CHECK(read_file(folder.file("catalogue/groups.csv")) ==
        read_file(kStory + "/catalogue/groups.csv"));
}

TEST_CASE("the story's events are in order, and refer to earlier ones only") {
  std::set<std::string> known;
  int64_t newest = 0;
  for (const Json& event : events()) {
    for (const char* name : {"forward_of", "reply_to"})
      if (event.contains(name)) CHECK(known.contains(event.at(name).get<std::string>()));
    CHECK(known.insert(event.at("id").get<std::string>()).second);
    CHECK(event.at("ts").get<int64_t>() >= newest);
    newest = event.at("ts").get<int64_t>();
    CHECK(minute_of(event) >= at(12, 30));
    CHECK(minute_of(event) < at(19, 30));
  }
  CHECK(std::filesystem::file_size(kStory + "/events.jsonl") < 1'200'000);
}

TEST_CASE("the spread reaches 60 of 90 groups, and three of them before a quarter of an hour") {
  std::map<std::string, int64_t> reached;
  std::set<std::string> all;
  for (const Json& event : events()) {
    if (event.at("kind") != "chat") continue;
    const auto group = event.at("channel").at("id").get<std::string>();
    all.insert(group);
    if (says(event, "汀白") && minute_of(event) >= at(13, 40))
      reached.try_emplace(group, minute_of(event));
  }
  CHECK(all.size() == 90);
  CHECK(reached.size() == 60);
  CHECK(std::ranges::count_if(reached, [](auto& r) { return r.second < at(13, 55); }) == 3);
  CHECK(std::ranges::count_if(reached, [](auto& r) { return r.second < at(16, 11); }) < 18);
  CHECK(std::ranges::count_if(reached, [](auto& r) { return r.second >= at(18, 15); }) == 0);
}

TEST_CASE("before the photo the brand is named by its advertisement only") {
  std::set<std::string> groups;
  for (const Json& event : events()) {
    if (minute_of(event) >= at(13, 40) || !says(event, "汀白")) continue;
    CHECK(says(event, "限时团购"));
    groups.insert(event.at("channel").at("id").get<std::string>());
  }
  CHECK(groups.size() >= 6);  // as many as would open an incident, were it not advertising
}

TEST_CASE("the expected loss climbs the rungs one by one, and ends within the director's means") {
  const auto losses = losses_of("汀白");
  CHECK(losses.at("TB101") < 50'000);
  CHECK(losses.at("TB102") > 50'000);
  CHECK(losses.at("TB102") < 300'000);
  CHECK(losses.at("TB103") > 300'000);
  CHECK(losses.at("TB103") < 1'000'000);
}

TEST_CASE("people act in the story in the order in which they are told") {
  std::vector<std::string> acts;
  for (const Json& event : events())
    if (event.at("kind") == "command") {
      CHECK(event.at("incident") == "family:brand:汀白");
      acts.push_back(event.at("by").get<std::string>() + " " + event.at("what").get<std::string>());
    }
  CHECK(acts == std::vector<std::string>{"duty ack", "qa-director decide", "qa-director close"});
}

TEST_CASE("the afternoon's chatter does not repeat itself") {
  std::ifstream file(kStory + "/chatter.txt");
  std::set<std::string> patterns;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("> ") || line.starts_with("- ")) patterns.insert(line.substr(2));
  CHECK(patterns.size() >= 150);

  std::map<std::string, int> times;  // a group and what was said in it
  int most = 0, chats = 0;
  for (const Json& event : events()) {
    if (event.at("kind") != "chat") continue;
    ++chats;
    most = std::max(most, ++times[event.at("channel").at("id").get<std::string>() +
                                  event.at("text").get<std::string>()]);
  }
  CHECK(chats > 4000);
  CHECK(most <= 3);
}

}  // namespace tests
