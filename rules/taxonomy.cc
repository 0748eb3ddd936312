#include <algorithm>

#include "rules/policy_files.h"

namespace rules {

namespace {

struct IssueText {
  core::Issue issue;
  Place id_place;
  std::optional<Reference> ladder, department, stage;
};

std::optional<Reference> reference(Reading& r, const Node& n, std::optional<std::string> name) {
  if (!name) return std::nullopt;
  return Reference{std::move(*name), r.place(n)};
}

constexpr Field<IssueText> kIssue[] = {
    {{"id", Shape::Id, Presence::Required, "what rules call it"},
     [](Reading& r, const Node& n, IssueText& o) {
       o.id_place = r.place(n);
       keep(r.id(n), o.issue.id);
     }},
    {{"name", Shape::Text, Presence::Required, "what people see"},
     [](Reading& r, const Node& n, IssueText& o) { keep(r.text(n), o.issue.name); }},
    {{"department", Shape::Text, Presence::Required, "one of `departments`"},
     [](Reading& r, const Node& n, IssueText& o) { o.department = reference(r, n, r.text(n)); }},
    {{"stage", Shape::Text, Presence::Required, "one of `stages`"},
     [](Reading& r, const Node& n, IssueText& o) { o.stage = reference(r, n, r.text(n)); }},
    {{"exposure_threat", Shape::Flag, Presence::Optional, "a customer threatens to go public"},
     [](Reading& r, const Node& n, IssueText& o) { keep(r.flag(n), o.issue.exposure_threat); }},
    {{"ladder", Shape::Id, Presence::Optional, "a ladder of rules/ladders.yaml"},
     [](Reading& r, const Node& n, IssueText& o) { o.ladder = reference(r, n, r.id(n)); }},
};

void read_words(Reading& r, const Node& node, std::vector<std::string>& out) {
  if (!r.is_list(node)) return;
  for (const Node& item : node.items) {
    std::optional<std::string> word = r.text(item);
    if (!word) continue;
    if (std::ranges::find(out, *word) != out.end())
      r.error(item, "duplicate-word",
              both(quoted(*word) + " 重复", quoted(*word) + " is there already"));
    else
      out.push_back(std::move(*word));
  }
}

void check_word(Findings& findings, const Reference& word, const std::vector<std::string>& known,
                std::string_view code, std::string_view what) {
  if (std::ranges::find(known, word.name) != known.end()) return;
  findings.error(word.place, code,
                 both("没有定义 " + quoted(word.name),
                      "unknown " + std::string(what) + " " + quoted(word.name)),
                 nearest(word.name, {known.begin(), known.end()}));
}

void add_issue(Reading& r, const Node& node, Taxonomy& taxonomy) {
  IssueText text;
  read_object(r, node, "issue", kIssue, text);
  core::Issue& issue = text.issue;
  if (text.department) {
    check_word(r.findings(), *text.department, taxonomy.departments, "unknown-department",
               "department");
    issue.department = text.department->name;
  }
  if (text.stage) {
    check_word(r.findings(), *text.stage, taxonomy.stages, "unknown-stage", "stage");
    issue.stage = text.stage->name;
  }
  if (text.ladder) {
    issue.ladder = text.ladder->name;
    taxonomy.ladders.push_back(*text.ladder);
  }
  if (issue.id.empty()) return;
  const std::string id = issue.id;
  if (id == "mention")
    r.findings().error(text.id_place, "reserved-id",
                       both("mention 是系统用的", "`mention` is the program's own"));
  else if (!taxonomy.issues.emplace(id, std::move(issue)).second)
    r.findings().error(text.id_place, "duplicate-id",
                       both("事项 " + quoted(id) + " 重复", "issue " + quoted(id) + " twice"));
}

// Departments and stages stand before issues in the table, so they are read before them.
constexpr Field<Taxonomy> kTaxonomy[] = {
    {{"departments", Shape::Texts, Presence::Required, "departments that own issues"},
     [](Reading& r, const Node& n, Taxonomy& o) { read_words(r, n, o.departments); }},
    {{"stages", Shape::Texts, Presence::Required, "stages of the customer's journey"},
     [](Reading& r, const Node& n, Taxonomy& o) { read_words(r, n, o.stages); }},
    {{"issues", Shape::Objects, Presence::Required, "what can be wrong", of("issue")},
     [](Reading& r, const Node& n, Taxonomy& o) {
       if (!r.is_list(n)) return;
       for (const Node& item : n.items) add_issue(r, item, o);
     }},
};

}  // namespace

Taxonomy read_taxonomy(const SourceFile& file, Findings& findings) {
  Taxonomy taxonomy;
  Reading reading(file, findings);
  if (const std::optional<Node> root = parse_yaml(file, findings))
    read_object(reading, *root, "taxonomy", kTaxonomy, taxonomy);
  return taxonomy;
}

Schema taxonomy_schema() { return {{"taxonomy", keys_of(kTaxonomy)}, {"issue", keys_of(kIssue)}}; }

}  // namespace rules
