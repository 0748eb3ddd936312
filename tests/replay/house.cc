#include "tests/replay/house.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <fstream>

namespace tests {

namespace {

using namespace std::chrono_literals;

constexpr int64_t kStart = 1'776'300'000'000;
constexpr int64_t kMinute = 60'000;
constexpr int kLooksMax = 600;

constexpr const char* kPack =
    "pack: tiny\nowner: qa\nrules:\n  - id: expired\n    name: 过期\n    issue: expiry\n"
    "    level: yellow\n    subject: product\n    when: {any: [过期]}\n"
    "    tests: [{hit: 过期了}, {miss: 很好}]\n";
constexpr const char* kLadders =
    "ladders:\n  default: &all\n"
    "    open: {rule_groups: 3, mention_groups: 6, within: 1h, p: 1.0e-6}\n    remind: 15m\n"
    "    rungs:\n"
    "      - {name: duty, who: {person: duty}, enter: {always: true}, ack: 10m, authority: 0}\n"
    "      - {name: boss, who: {person: boss}, enter: {groups: 9}, ack: 15m, decide: 30m, "
    "authority: unlimited}\n"
    "  product-safety: *all\npeople:\n  duty: {name: 值班, channels: [terminal]}\n"
    "  boss: {name: 主管, channels: [terminal]}\n";

}  // namespace

House::House() {
  write_file(file("pack.yaml"), kPack);
  write_file(file("lists.yaml"), "lists: {}\n");
  write_file(file("ladders.yaml"), kLadders);
  write_file(
      file("catalogue.csv"),
      "sku,name,aliases,brand,merchant,department,category,unit_price_cny,units_sold_7d,"
      "gross_margin\nTB103,汀白洗衣液2kg,汀白洗衣液,汀白,汀白商行,家清,洗衣液,39.9,1000,0.3\n");
  write_file(file("merchants.csv"),
             "merchant_id,name,type,grade,rating,since\nM01,汀白商行,商家,A,4.5,2020\n");
  write_file(file("stores.csv"), "store_id,name,city,district,format,area_m2\n");
  write_file(file("groups.csv"), "group_id,name,kind,members\n");
  write_file(file("events.jsonl"), "");
  settings("");
}

void House::settings(const std::string& source, const std::string& more) {
  const std::string rules = std::string(QINGYU_SOURCE_DIR) + "/rules/";
  write_file(file("qingyu.yaml"),
             "store: {kind: sqlite, path: live.db}\nshards: 2\nsources:\n"
             "  - {name: chats, kind: file, paths: [events.jsonl]" +
                 (source.empty() ? "" : ", " + source) +
                 "}\npacks: [pack.yaml]\nlists: lists.yaml\ntaxonomy: " + rules +
                 "taxonomy.yaml\nladders: ladders.yaml\nlimits: " + rules +
                 "limits.yaml\ncatalogue: .\ndead_letters: {path: letters.jsonl}\n" + more);
}

std::string House::line(int minute, const std::string& kind, const std::string& keys) {
  static int lines = 0;
  return R"({"id":"e)" + std::to_string(++lines) + R"(","ts":)" +
         std::to_string(kStart + minute * kMinute) + R"(,"platform":"wechat","kind":")" + kind +
         "\"," + keys + "}\n";
}

std::string House::message(int minute, int group, const std::string& text) {
  const std::string g = std::to_string(group);
  return line(minute, "chat",
              R"("channel":{"id":"g)" + g + R"(","name":"群)" + g + R"("},"author":{"id":"u)" + g +
                  R"("},"text":")" + text + "\"");
}

std::string House::complaints(int minute, int first, int groups) {
  std::string all;
  for (int i = 0; i < groups; ++i)
    all += message(minute + i, first + i, "我买的汀白洗衣液过期了还卖");
  return all;
}

void House::add(const std::string& lines) {
  std::ofstream(file("events.jsonl"), std::ios::binary | std::ios::app) << lines;
}

Said House::command(std::vector<std::string> words) {
  words.insert(words.end(), {"--store", store()});
  return said(words, folder());
}

Ran House::run_to_end() {
  return qingyu({"run", "--config", file("qingyu.yaml"), "--until-end"}, folder());
}

void House::start(const std::string& speed) {
  const std::vector<std::string> words = {qingyu_path(),       "run",     "--config",
                                          file("qingyu.yaml"), "--speed", speed};
  daemon_ = std::make_unique<Child>(words, file("daemon.log"));
}

int House::stop() {
  daemon_->signal(SIGTERM);
  return daemon_->wait();
}

void House::wait_until(const std::string& what, const std::function<bool()>& come) {
  for (int i = 0; i < kLooksMax; ++i) {
    if (come()) return;
    REQUIRE_MESSAGE(!daemon_->ends_within(50ms), what << ": " << log());
  }
  FAIL("it never came about: " << what << "\n" << log());
}

std::vector<nlohmann::json> House::incidents() {
  return json_lines(command({"incidents", "--all", "--json"}).out);
}

std::string House::incident() {
  const auto all = incidents();
  REQUIRE(all.size() == 1);
  return all.front().at("incident");
}

std::vector<nlohmann::json> House::ledger() {
  return json_lines(command({"show", incident(), "--json"}).out);
}

std::string House::states() {
  std::string all;
  for (const auto& line : ledger())
    if (line.at("kind") == "incident") all += line.at("state").get<std::string>() + " ";
  return all;
}

nlohmann::json House::status() {
  const auto asked = command({"status", "--json"});
  return asked.code == 0 ? nlohmann::json::parse(asked.out) : nlohmann::json::object();
}

std::vector<nlohmann::json> House::dead_letters() const {
  return json_lines(read_file(file("letters.jsonl")));
}

std::vector<nlohmann::json> json_lines(const std::string& text) {
  std::vector<nlohmann::json> all;
  for (const std::string& line : lines_of(text)) all.push_back(nlohmann::json::parse(line));
  return all;
}

}  // namespace tests
