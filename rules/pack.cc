#include "rules/pack.h"

#include "rules/ladder_files.h"
#include "rules/pack_parts.h"

namespace rules {

namespace {

constexpr Form kPermille = in(-kWeighPermilleMax, kWeighPermilleMax);

constexpr Field<Weigh> kWeigh[] = {
    {{"image", Shape::Number, Presence::Optional, "permille when a picture is attached", kPermille},
     [](Reading& r, const Node& n, Weigh& o) { keep(r.integer(n), o.image); }},
    {{"group_leader", Shape::Number, Presence::Optional, "... the author owns or runs the group",
      kPermille},
     [](Reading& r, const Node& n, Weigh& o) { keep(r.integer(n), o.group_leader); }},
    {{"own_staff", Shape::Number, Presence::Optional, "... the author is our own staff", kPermille},
     [](Reading& r, const Node& n, Weigh& o) { keep(r.integer(n), o.own_staff); }},
    {{"forward", Shape::Number, Presence::Optional, "... the message is a forward or repost",
      kPermille},
     [](Reading& r, const Node& n, Weigh& o) { keep(r.integer(n), o.forward); }},
};

constexpr Field<Example> kExample[] = {
    {{"hit", Shape::Text, Presence::Optional, "the rule must fire on this text"},
     [](Reading& r, const Node& n, Example& o) {
       o.hit = true;
       keep(r.text(n), o.text);
     }},
    {{"miss", Shape::Text, Presence::Optional, "the rule must not fire on this text"},
     [](Reading& r, const Node& n, Example& o) { keep(r.text(n), o.text); }},
    {{"story", Shape::Text, Presence::Later, "messages over time"}, nullptr},
};

void read_examples(Reading& r, const Node& node, RuleText& rule) {
  if (!r.is_list(node)) return;
  if (node.items.size() > kExamplesMax)
    return r.error(node, "too-large", both("例子太多", "too many examples"));
  for (const Node& item : node.items) {
    Example example;
    example.place = r.place(item);
    read_object(r, item, "tests", kExample, example);
    if (item.kind == Node::Kind::Map && item.keys.size() != 1)
      r.error(item, "wrong-type",
              both("每个例子只写 hit 或 miss 之一", "an example is either hit or miss"));
    else if (!example.text.empty())
      rule.tests.push_back(std::move(example));
  }
}

// In the order of the enumerations.
constexpr std::string_view kSubjects[] = {"product", "brand", "merchant", "store",
                                          "courier", "order", "customer"};
constexpr std::string_view kFolds[] = {"strict", "standard", "aggressive"};
constexpr std::string_view kModes[] = {"active", "shadow", "off"};
constexpr std::string_view kDate =
    "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])( ([01][0-9]|2[0-3]):[0-5][0-9])?$";

void read_subject(Reading& r, const Node& node, RuleText& rule) {
  if (const std::optional<size_t> i = r.choice(node)) rule.subject = static_cast<Subject>(*i);
}

// "2026-10-01 00:00" or "2026-10-01", Beijing time.
void read_validity(Reading& r, const Node& node, RuleText& rule, core::Time& out) {
  rule.valid_place = r.place(node);
  Node whole = node;
  if (whole.text.size() == 10) whole.text += " 00:00";
  keep(read_local_time(r, whole, core::Zone{}), out);
}

void read_fold(Reading& r, const Node& node, RuleText& rule) {
  const std::optional<size_t> i = r.choice(node);
  if (i) rule.fold = static_cast<Fold>(*i);
}

void read_mode(Reading& r, const Node& node, RuleText& rule) {
  const std::optional<size_t> i = r.choice(node);
  if (!i) return;
  rule.mode = static_cast<Mode>(*i);
  rule.mode_place = r.place(node);
}

constexpr Field<RuleText> kRule[] = {
    {{"id", Shape::Id, Presence::Required, "unique in all packs"},
     [](Reading& r, const Node& n, RuleText& o) {
       o.place = r.place(n);
       keep(r.id(n), o.id);
     }},
    {{"name", Shape::Text, Presence::Required, "what people see"},
     [](Reading& r, const Node& n, RuleText& o) { keep(r.text(n), o.name); }},
    {{"issue", Shape::Id, Presence::Required, "an issue of rules/taxonomy.yaml"},
     [](Reading& r, const Node& n, RuleText& o) {
       o.issue_place = r.place(n);
       keep(r.id(n), o.issue);
     }},
    {{"level", Shape::Level, Presence::Required, "blue, yellow, orange or red"},
     [](Reading& r, const Node& n, RuleText& o) { keep(r.level(n), o.level); }},
    {{"department", Shape::Text, Presence::Optional, "instead of the issue's department"},
     [](Reading& r, const Node& n, RuleText& o) {
       o.department_place = r.place(n);
       keep(r.text(n), o.department);
     }},
    {{"stage", Shape::Text, Presence::Optional, "instead of the issue's journey stage"},
     [](Reading& r, const Node& n, RuleText& o) {
       o.stage_place = r.place(n);
       keep(r.text(n), o.stage);
     }},
    {{"subject", Shape::Choice, Presence::Optional, "what the rule is about; product when absent",
      among(kSubjects)},
     read_subject},
    {{"when", Shape::Object, Presence::Required, "when the rule fires", of("when")},
     [](Reading& r, const Node& n, RuleText& o) {
       o.when_place = r.place(n);
       read_when(r, n, o.when);
     }},
    {{"weigh", Shape::Object, Presence::Optional, "permille added to a hit's weight of 1000",
      of("weigh")},
     [](Reading& r, const Node& n, RuleText& o) { read_object(r, n, "weigh", kWeigh, o.weigh); }},
    {{"ladder", Shape::Id, Presence::Optional, "a ladder of rules/ladders.yaml"},
     [](Reading& r, const Node& n, RuleText& o) {
       o.ladder_place = r.place(n);
       keep(r.id(n), o.ladder);
     }},
    {{"tests", Shape::Objects, Presence::Optional, "examples that must hit or miss",
      of("tests", 0, kExamplesMax)},
     read_examples},
    {{"mode", Shape::Choice, Presence::Optional, "active, shadow (counted, never told) or off",
      among(kModes)},
     read_mode},
    {{"fold", Shape::Choice, Presence::Optional, "strict, standard or aggressive", among(kFolds)},
     read_fold},
    {{"valid_from", Shape::Text, Presence::Optional, "from when on: \"2026-10-01 00:00\"",
      like(kDate)},
     [](Reading& r, const Node& n, RuleText& o) { read_validity(r, n, o, o.valid_from); }},
    {{"valid_to", Shape::Text, Presence::Optional, "until when, not included", like(kDate)},
     [](Reading& r, const Node& n, RuleText& o) { read_validity(r, n, o, o.valid_to); }},
    {{"owner", Shape::Text, Presence::Optional, "who answers for it, instead of the pack's owner"},
     [](Reading& r, const Node& n, RuleText& o) { keep(r.text(n), o.owner); }},
    {{"runbook", Shape::Text, Presence::Optional, "where it says what to do when it fires"},
     [](Reading& r, const Node& n, RuleText& o) { keep(r.text(n), o.runbook); }},
};

void read_word_lists(Reading& r, const Node& node, std::vector<WordList>& lists) {
  if (!r.is_map(node)) return;
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    WordList list;
    list.place = r.place(node.keys[i]);
    const std::optional<std::string> name = r.id(node.keys[i]);
    if (node.items[i].value(kFileKey.name) != nullptr) {
      if (auto item = read_item(r, node.items[i], Expressions::Refused, Files::Allowed))
        list.items.push_back(std::move(*item));
    } else {
      list.items = read_items(r, node.items[i], Expressions::Refused, Files::Allowed);
    }
    if (!name) continue;
    list.name = *name;
    lists.push_back(std::move(list));
  }
}

void read_rules(Reading& r, const Node& node, Pack& pack) {
  if (!r.is_list(node)) return;
  for (const Node& item : node.items) {
    RuleText rule;
    rule.place = rule.when_place = r.place(item);
    const size_t errors = r.findings().errors();
    read_object(r, item, "rule", kRule, rule);
    rule.broken = r.findings().errors() > errors;
    if (!rule.id.empty()) pack.rules.push_back(std::move(rule));
  }
}

constexpr Field<Pack> kPack[] = {
    {{"pack", Shape::Id, Presence::Required, "the name of the pack, unique"},
     [](Reading& r, const Node& n, Pack& o) {
       o.place = r.place(n);
       keep(r.id(n), o.id);
     }},
    {{"owner", Shape::Text, Presence::Required, "the team that answers for it"},
     [](Reading& r, const Node& n, Pack& o) { keep(r.text(n), o.owner); }},
    {{"lists", Shape::WordLists, Presence::Optional, "word lists of this file"},
     [](Reading& r, const Node& n, Pack& o) { read_word_lists(r, n, o.lists); }},
    {{"rules", Shape::Objects, Presence::Required, "the rules", of("rule")}, read_rules},
};

struct SharedLists {
  std::vector<WordList> lists;
};

constexpr Field<SharedLists> kSharedLists[] = {
    {{"lists", Shape::WordLists, Presence::Required, "word lists that every pack may use"},
     [](Reading& r, const Node& n, SharedLists& o) { read_word_lists(r, n, o.lists); }},
};

}  // namespace

Pack read_pack(const SourceFile& file, Findings& findings) {
  Pack pack;
  pack.place = {&file, 1, 1};
  Reading reading(file, findings);
  if (const std::optional<Node> root = parse_yaml(file, findings))
    read_object(reading, *root, "pack", kPack, pack);
  return pack;
}

std::vector<WordList> read_lists(const SourceFile& file, Findings& findings) {
  SharedLists shared;
  Reading reading(file, findings);
  if (const std::optional<Node> root = parse_yaml(file, findings))
    read_object(reading, *root, "lists", kSharedLists, shared);
  return shared.lists;
}

std::vector<Item> read_word_file(const SourceFile& file, Findings& findings) {
  std::vector<Item> items;
  std::string_view rest = file.bytes;
  for (int line = 1; !rest.empty(); ++line) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view word = rest.substr(0, std::min(rest.find('#'), end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!word.empty() && (word.back() == ' ' || word.back() == '\r' || word.back() == '\t'))
      word.remove_suffix(1);
    while (!word.empty() && (word.front() == ' ' || word.front() == '\t')) word.remove_prefix(1);
    if (word.empty()) continue;
    if (items.size() == kItemsMax) {
      findings.error({&file, line, 1}, "too-large", both("列表太长", "list too long"));
      break;
    }
    items.push_back({Item::Kind::Word, std::string(word), {&file, line, 1}});
  }
  return items;
}

Schema pack_schema() {
  Schema schema = {{"pack", keys_of(kPack)}, {"rule", keys_of(kRule)}};
  append_when_schema(schema);
  schema.push_back({"weigh", keys_of(kWeigh)});
  schema.push_back({"tests", keys_of(kExample), Together::ExactlyOne});
  return schema;
}

Schema lists_schema() { return {{"lists", keys_of(kSharedLists)}}; }

}  // namespace rules
