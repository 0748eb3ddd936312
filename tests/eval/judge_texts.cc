// Which rules take each message: a line of ids for each line of standard input.
//
//   judge_texts RULES_FOLDER PACK... < events.jsonl      {"text": ..., "kind": ...} or plain text
//
// With a folder in the environment variable QINGYU_CATALOGUE, words inside its names do not count.
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "rules/inspector.h"

namespace {

core::Event event_of(const std::string& line) {
  core::Event event;
  event.kind = core::Kind::Chat;
  event.at = core::from_ms(1'770'000'000'000);
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) {
    event.text = line;
    return event;
  }
  event.text = json.value("text", std::string());
  if (const auto kind = core::kind_from(json.value("kind", std::string("chat"))))
    event.kind = *kind;
  return event;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::cerr << "judge_texts RULES_FOLDER PACK...\n", 2;
  const std::string folder = argv[1];
  rules::BookFiles files;
  files.packs.assign(argv + 2, argv + argc);
  files.lists = folder + "/lists.yaml";
  files.taxonomy = folder + "/taxonomy.yaml";
  files.ladders = folder + "/ladders.yaml";
  if (const char* catalogue = std::getenv("QINGYU_CATALOGUE")) files.catalogue = catalogue;
  std::vector<rules::Finding> findings;
  const auto book = rules::load_book(files, findings);
  if (book == nullptr) {
    for (const rules::Finding& finding : findings)
      if (finding.severity == rules::Severity::Error) std::cerr << rules::to_text(finding) << '\n';
    return 2;
  }
  const auto inspector = rules::make_inspector(book);
  for (std::string line; std::getline(std::cin, line);) {
    std::string ids;
    for (const rules::RuleSeen& rule : inspector->look(event_of(line)).rules)
      ids += (ids.empty() ? "" : " ") + rule.rule;
    std::cout << ids << '\n';
  }
  return 0;
}
