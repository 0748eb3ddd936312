// The conditions of a rule: what stands under `when:`.
#include "rules/pack_parts.h"

namespace rules {

namespace {

constexpr std::string_view kKinds[] = {"post",   "repost",    "comment",      "chat",
                                       "review", "complaint", "ticket",       "survey",
                                       "tip",    "hot",       "agent_report", "report"};

constexpr Field<Near> kNear[] = {
    {{"words", Shape::Words, Presence::Required, "one of these words ..."},
     [](Reading& r, const Node& n, Near& o) { o.words = read_items(r, n, Expressions::Refused); }},
    {{"of", Shape::Words, Presence::Required, "... near one of these"},
     [](Reading& r, const Node& n, Near& o) { o.of = read_items(r, n, Expressions::Refused); }},
    {{"within", Shape::Number, Presence::Required, "at most so many characters between them",
      in(0, kNearWithinMax)},
     [](Reading& r, const Node& n, Near& o) { keep(r.integer(n), o.within); }},
};

constexpr Field<Count> kCount[] = {
    {{"words", Shape::Words, Presence::Required, "of these words ..."},
     [](Reading& r, const Node& n, Count& o) { o.words = read_items(r, n, Expressions::Refused); }},
    {{"at_least", Shape::Number, Presence::Required, "... so many different ones",
      in(2, kCountMax)},
     [](Reading& r, const Node& n, Count& o) { keep(r.integer(n), o.at_least); }},
};

struct From {
  std::vector<core::Kind> kinds;
  std::vector<std::string> platforms, channels;
};

void read_kinds(Reading& r, const Node& node, From& out) {
  if (!r.is_list(node)) return;
  if (node.items.empty()) r.error(node, "empty-list", both("列表是空的", "an empty list"));
  for (const Node& item : node.items)
    if (const std::optional<size_t> i = r.choice(item))
      out.kinds.push_back(*core::kind_from(kKinds[*i]));
}

void read_names(Reading& r, const Node& node, std::vector<std::string>& out) {
  if (!r.is_list(node)) return;
  if (node.items.empty()) r.error(node, "empty-list", both("列表是空的", "an empty list"));
  if (node.items.size() > kFromNamesMax)
    return r.error(node, "too-large", both("列表太长", "list too long"));
  for (const Node& item : node.items)
    if (std::optional<std::string> name = r.text(item)) out.push_back(std::move(*name));
}

constexpr Field<From> kFrom[] = {
    {{"kind", Shape::Choices, Presence::Optional, "kinds of messages the rule looks at",
      among(kKinds, 1)},
     read_kinds},
    {{"platform", Shape::Texts, Presence::Optional, "platforms it looks at",
      entries(1, kFromNamesMax)},
     [](Reading& r, const Node& n, From& o) { read_names(r, n, o.platforms); }},
    {{"channel", Shape::Texts, Presence::Optional, "ids of the channels it looks at",
      entries(1, kFromNamesMax)},
     [](Reading& r, const Node& n, From& o) { read_names(r, n, o.channels); }},
};

constexpr Field<When> kWhen[] = {
    {{"any", Shape::Patterns, Presence::Optional, "at least one of these"},
     [](Reading& r, const Node& n, When& o) { o.any = read_items(r, n, Expressions::Allowed); }},
    {{"all", Shape::Patterns, Presence::Optional,
      "and every one of these; a list: one of its words"},
     [](Reading& r, const Node& n, When& o) { o.all = read_items(r, n, Expressions::Allowed); }},
    {{"none", Shape::Patterns, Presence::Optional, "and none of these anywhere in the message"},
     [](Reading& r, const Node& n, When& o) { o.none = read_items(r, n, Expressions::Allowed); }},
    {{"except", Shape::Words, Presence::Optional, "words inside these phrases do not count"},
     [](Reading& r, const Node& n, When& o) { o.except = read_items(r, n, Expressions::Refused); }},
    {{"near", Shape::Object, Presence::Optional, "two words close to each other", of("near")},
     [](Reading& r, const Node& n, When& o) {
       o.near.emplace().place = r.place(n);
       read_object(r, n, "near", kNear, *o.near);
     }},
    {{"from", Shape::Object, Presence::Optional, "which messages the rule looks at", of("from")},
     [](Reading& r, const Node& n, When& o) {
       From from;
       read_object(r, n, "from", kFrom, from);
       o.kinds = std::move(from.kinds);
       o.platforms = std::move(from.platforms);
       o.channels = std::move(from.channels);
     }},
    {{"count", Shape::Object, Presence::Optional, "so many different ones of these words",
      of("count")},
     [](Reading& r, const Node& n, When& o) {
       o.count.emplace().place = r.place(n);
       read_object(r, n, "count", kCount, *o.count);
     }},
};

}  // namespace

std::optional<Item> read_item(Reading& r, const Node& node, Expressions expressions, Files files) {
  Item item;
  item.place = r.place(node);
  if (const Node* path = node.value(kFileKey.name);
      path != nullptr && node.keys.size() == 1 && files == Files::Allowed) {
    item.kind = Item::Kind::File;
    item.place = r.place(*path);
    std::optional<std::string> name = r.text(*path);
    if (!name) return std::nullopt;
    item.text = std::move(*name);
    return item;
  }
  const Node* re = node.value(kExpressionKey.name);
  if (node.kind == Node::Kind::Map && node.keys.size() == 1 && re != nullptr) {
    item.kind = Item::Kind::Expression;
    if (expressions == Expressions::Refused) {
      r.error(node, "re-not-here",
              both("`re` 只能写在 any、all、none 里", "`re` belongs in any, all or none only"));
      return std::nullopt;
    }
    item.place = r.place(*re);
    std::optional<std::string> pattern = r.text(*re);
    if (!pattern) return std::nullopt;
    item.text = std::move(*pattern);
    return item;
  }
  std::optional<std::string> word = r.text(node);
  if (!word) return std::nullopt;
  const bool comma = word->find("，") != std::string::npos || word->find("、") != std::string::npos;
  if (comma && node.plain)
    r.findings().warning(r.place(node), "comma-in-word",
                         both("逗号要用英文的 , 才能把词分开；真要这个逗号就加引号",
                              "one word with a full-width comma: words are parted by `,`; quote "
                              "it if it is meant"));
  if (word->starts_with('$')) {
    item.kind = Item::Kind::List;
    item.text = word->substr(1);
  } else {
    item.text = std::move(*word);
  }
  return item;
}

std::vector<Item> read_items(Reading& r, const Node& node, Expressions expressions, Files files) {
  std::vector<Item> items;
  if (!r.is_list(node)) return items;
  if (node.items.empty()) r.error(node, "empty-list", both("列表是空的", "an empty list"));
  if (node.items.size() > kItemsMax) {
    r.error(node, "too-large", both("列表太长", "list too long"));
    return items;
  }
  for (const Node& entry : node.items)
    if (std::optional<Item> item = read_item(r, entry, expressions, files))
      items.push_back(std::move(*item));
  return items;
}

void read_when(Reading& r, const Node& node, When& when) {
  read_object(r, node, "when", kWhen, when);
}

void append_when_schema(Schema& schema) {
  schema.push_back({"when", keys_of(kWhen)});
  schema.push_back({"near", keys_of(kNear)});
  schema.push_back({"count", keys_of(kCount)});
  schema.push_back({"from", keys_of(kFrom)});
}

}  // namespace rules
