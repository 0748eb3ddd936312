// The JSON Schemas: the files in rules/schema/ are what the program prints, and a real validator
// (jsonschema, by validate.py) says the same of documents as the loader.
//
// What a schema cannot say is left to `qingyu check` and not asked here: names that other parts
// define (lists, issues, ladders, people, zones), ids that are there twice, contradictions, rules
// that cannot fire, failing examples, the syntax and cost of expressions, durations above a year,
// the 30th of February, duplicate keys, and how a number is written (1.0, 0x10).
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>

#include "rules/pack.h"
#include "rules/policy_files.h"
#include "rules/schema.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kDocuments = 600;

std::string schema_folder() { return std::string(QINGYU_SOURCE_DIR) + "/rules/schema"; }

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Good documents that have every key at least once.
const std::map<std::string, json>& good_documents() {
  static const std::map<std::string, json> documents = {
      {"pack", json::parse(R"({"pack": "p", "owner": "qa",
        "lists": {"a": ["过期", "$b", {"file": "w.txt"}], "b": ["临期", 12315], "c": {"file": "v.txt"}},
        "rules": [{"id": "r", "name": "n", "issue": "expiry", "level": "red", "department": "d",
          "stage": "s", "subject": "product", "ladder": "default", "mode": "active",
          "fold": "standard", "valid_from": "2026-10-01", "valid_to": "2026-10-02 08:30",
          "owner": "o", "runbook": "u", "weigh": {"image": 200, "group_leader": 1, "own_staff": -5,
          "forward": 0},
          "when": {"any": ["$a", {"re": "a{2}"}], "all": ["投诉"], "none": ["广告"],
            "except": ["没过期"], "near": {"words": ["保质期"], "of": ["只剩"], "within": 12},
            "count": {"words": ["一一", "二二"], "at_least": 2},
            "from": {"kind": ["chat", "post"], "platform": ["weibo"], "channel": ["g1"]}},
          "tests": [{"hit": "过期"}, {"miss": "好"}]}]})")},
      {"lists",
       json::parse(R"({"lists": {"advertising": ["团购价"], "more": {"file": "w.txt"}}})")},
      {"taxonomy", json::parse(R"({"departments": ["a"], "stages": ["b"], "issues": [
        {"id": "expiry", "name": "过期", "department": "a", "stage": "b", "exposure_threat": true,
         "ladder": "default"}]})")},
      {"limits", json::parse(R"({"group_view_permille": 500, "default_group_members": 130,
        "follower_view_permille": 100, "loss_share_permille": 200, "prior_mentions_a": 0.5,
        "prior_mentions_b_hours": 2, "drift_s2": 0.01, "zone_offset_minutes": 480})")},
      {"ladders", json::parse(R"({"ladders": {"default": {
        "open": {"rule_groups": 3, "category_groups": 3, "mention_groups": 6, "within": "1h",
          "p": 0.000001, "evidence_p": 0.01, "quiet": "4h", "reopen": "2d"},
        "remind": "15m", "golden": "1h", "briefing": "09:30",
        "consult": {"who": {"role": "peers"}, "within": "15m", "up_to": 3},
        "rungs": [{"name": "duty", "who": {"person": "a"}, "enter": {"always": true}, "ack": "10m",
            "authority": 0},
          {"name": "boss", "who": {"rota": "r"}, "enter": {"level": "red", "groups": 9, "threats": 2,
            "people": {"over": 5, "within": "6h"}, "loss": {"over": 5, "chance": 0.3},
            "speed": {"over": 30}}, "decide": "30m", "authority": "unlimited",
            "quiet_hours": {"from": "23:00", "to": "07:00", "unless_loss_over": 5}}]}},
        "people": {"a": {"name": "n", "channels": ["terminal", "wecom:qa"], "zone": "Asia/Shanghai",
          "contacts": {"wecom": "w"}, "may": ["audit"], "quiet_hours": {"from": "23:00",
          "to": "07:00"}}},
        "roles": {"peers": {"name": "n", "people": ["a"]}},
        "rotas": {"r": {"name": "n", "zone": "Asia/Shanghai", "layers": [{"people": ["a"],
          "start": "2026-03-02 09:00", "turn": "weekly"}], "overrides": [{"from":
          "2026-10-01 00:00", "to": "2026-10-08 00:00", "person": "a"}]}},
        "options": [{"id": "o", "name": "n", "issues": ["expiry"], "cost": {"refund": 1000,
          "per_unit": 1, "fixed": 2, "take_up": [1, 2, 3]}, "actions": ["x"]}],
        "actions": {"x": {"name": "n", "channel": "webhook:s", "undo": "u", "confirm": "20m"}},
        "four_eyes_over": 5, "fallback": "a",
        "inhibit": [{"source_at_least": "red", "target_at_most": "blue", "same_category": false}],
        "mute_times": [{"from": "20:00", "to": "24:00", "weekdays": ["sat"], "people": ["a"]}]})")}};
  return documents;
}

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  // One to three changes; what is left may still be good.
  void change(json& document) {
    for (size_t n = 1 + below(3); n > 0; --n) {
      std::vector<json*> nodes;
      collect(document, nodes);
      change_node(*nodes[below(nodes.size())]);
    }
  }
  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

 private:
  static void collect(json& node, std::vector<json*>& out) {
    out.push_back(&node);
    if (node.is_structured())
      for (json& inner : node) collect(inner, out);
  }

  void change_node(json& node) {
    static const std::vector<json> kValues = {json::object(),
                                              json::array(),
                                              nullptr,
                                              5,
                                              -5,
                                              1.5,
                                              true,
                                              "x",
                                              "",
                                              "5",
                                              "true",
                                              "Bad Word!",
                                              "10m",
                                              "red",
                                              "off",
                                              99999999999999,
                                              {{"x", 1}},
                                              {"x"}};
    const size_t what = below(5);
    if (node.is_object() && what == 0) {
      node["zzz"] = 1;
    } else if (node.is_object() && !node.empty() && what <= 2) {
      auto key = std::next(node.begin(), static_cast<std::ptrdiff_t>(below(node.size())));
      json value = *key;
      const std::string name = key.key();
      node.erase(key);
      if (what == 2) node["X" + name] = std::move(value);
    } else if (node.is_array() && !node.empty() && what <= 1) {
      if (what == 0) node.erase(node.begin());
      if (what == 1) node.push_back(node.front());
    } else {
      node = kValues[below(kValues.size())];
    }
  }

  std::mt19937 random_;
};

// What the loader says against the structure of a document; "" when nothing.
std::string structural_findings(const std::string& kind, const std::string& text) {
  static const std::set<std::string> kStructural = {
      "wrong-type",     "unknown-key", "missing-key",         "out-of-range",
      "unknown-choice", "empty-list",  "too-large",           "too-many",
      "quoted-value",   "re-not-here", "not-in-this-version", "bad-pin"};
  rules::SourceFile file;
  file.role = kind == "ladders" ? rules::Role::Ladders : rules::Role::Pack;
  file.name = kind;
  file.bytes = text;
  rules::Findings found;
  rules::Zones zones;
  core::Limits limits;
  if (kind == "pack") rules::read_pack(file, found);
  if (kind == "lists") rules::read_lists(file, found);
  if (kind == "taxonomy") rules::read_taxonomy(file, found);
  if (kind == "limits") rules::read_limits(file, found, limits);
  if (kind == "ladders") rules::read_ladders(file, zones, found);
  std::string said;
  for (const rules::Finding& f : found.take())
    if (kStructural.contains(f.code)) said += rules::to_text(f) + "\n";
  return said;
}

// "valid" or "invalid" of each document, by its path.
std::map<std::string, std::string> validated(const std::vector<std::string>& paths) {
  std::string command = "python3 -B '" + std::string(QINGYU_SOURCE_DIR) +
                        "/tests/rules/validate.py' '" + schema_folder() + "'";
  for (const std::string& path : paths) command += " '" + path + "'";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> piece{};
  for (size_t n; (n = fread(piece.data(), 1, piece.size(), pipe)) > 0;) out.append(piece.data(), n);
  REQUIRE_MESSAGE(pclose(pipe) == 0, "python3-jsonschema and python3-yaml: tests/install.sh");
  std::map<std::string, std::string> verdicts;
  std::istringstream lines(out);
  for (std::string verdict, path; lines >> verdict >> path;) verdicts[path] = verdict;
  return verdicts;
}

}  // namespace

TEST_CASE("the schemas in rules/schema are what the program prints") {
  for (const std::string_view name : rules::schema_names()) {
    const std::string path = schema_folder() + "/" + std::string(name) + ".json";
    const std::string printed = rules::json_schema(name);
    if (std::getenv("QINGYU_WRITE_GOLDEN") != nullptr)
      std::ofstream(path, std::ios::binary) << printed;
    CHECK_MESSAGE(content(path) == printed, path);
  }
  CHECK(rules::json_schema("nothing").empty());
}

TEST_CASE("a real validator and the loader say the same of hundreds of good and bad documents") {
  const fs::path folder = fs::temp_directory_path() / ("qingyu_schema_" + std::to_string(getpid()));
  fs::create_directories(folder);
  const char* seed = std::getenv("QINGYU_SEED");
  Mutator mutator(seed != nullptr ? static_cast<uint32_t>(std::atoi(seed)) : 5);
  std::map<std::string, std::string> said;  // path -> structural findings
  std::vector<std::string> paths;
  const auto add = [&](const std::string& kind, const json& document) {
    const std::string path =
        (folder / (kind + "." + std::to_string(paths.size()) + ".json")).string();
    const std::string text = document.dump(1);
    std::ofstream(path, std::ios::binary) << text;
    said[path] = structural_findings(kind, text);
    paths.push_back(path);
  };
  for (const auto& [kind, good] : good_documents()) {
    add(kind, good);
    CHECK_MESSAGE(said[paths.back()].empty(), said[paths.back()]);
  }
  while (paths.size() < kDocuments) {
    auto it = std::next(good_documents().begin(),
                        static_cast<std::ptrdiff_t>(mutator.below(good_documents().size())));
    // Packs and ladders have the most to say.
    if (mutator.below(3) > 0)
      it = good_documents().find(mutator.below(2) == 0 ? "pack" : "ladders");
    json document = it->second;
    mutator.change(document);
    add(it->first, document);
  }
  const std::map<std::string, std::string> verdicts = validated(paths);
  CHECK(verdicts.size() == paths.size());
  size_t good = 0, bad = 0;
  for (const std::string& path : paths) {
    const std::string& verdict = verdicts.at(path);
    (verdict == "valid" ? good : bad) += 1;
    CHECK_MESSAGE((verdict == "valid") == said[path].empty(), verdict, ": ", content(path), "\n",
                  said[path]);
  }
  CHECK(good >= 50);
  CHECK(bad >= 150);
  MESSAGE("schema and loader agree on ", good, " good and ", bad, " bad documents");
  fs::remove_all(folder);
}

TEST_CASE("the shipped files are valid by their schemas, as editors read YAML") {
  const fs::path folder =
      fs::temp_directory_path() / ("qingyu_shipped_" + std::to_string(getpid()));
  fs::create_directories(folder);
  const fs::path rules = fs::path(QINGYU_SOURCE_DIR) / "rules";
  std::vector<std::string> paths;
  const auto add = [&](const fs::path& file, const std::string& kind) {
    const fs::path copy = folder / (kind + "." + file.filename().string());
    fs::copy_file(file, copy);
    paths.push_back(copy.string());
  };
  for (const auto& entry : fs::directory_iterator(rules / "packs"))
    if (entry.path().extension() == ".yaml") add(entry.path(), "pack");
  for (const std::string name : {"lists", "taxonomy", "ladders", "limits"})
    add(rules / (name + ".yaml"), name);
  const std::map<std::string, std::string> verdicts = validated(paths);
  CHECK(verdicts.size() == paths.size());
  for (const auto& [path, verdict] : verdicts) CHECK_MESSAGE(verdict == "valid", path);
  fs::remove_all(folder);
}
