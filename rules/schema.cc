#include "rules/schema.h"

#include <nlohmann/json.hpp>

#include "rules/ladder_files.h"
#include "rules/pack_parts.h"
#include "rules/policy_files.h"

namespace rules {

namespace {

using nlohmann::ordered_json;

struct NamedSchema {
  std::string_view name, title;
  Schema (*kinds)();
  bool may_be_empty = false;
};
constexpr NamedSchema kSchemas[] = {
    {"pack", "晴雨规则包 Qingyu rule pack", pack_schema},
    {"lists", "晴雨公共词表 Qingyu shared lists", lists_schema},
    {"taxonomy", "晴雨事项分类 Qingyu taxonomy", taxonomy_schema},
    {"ladders", "晴雨决策阶梯 Qingyu decision ladders", ladders_schema},
    {"limits", "晴雨估算参数 Qingyu limits", limits_schema, true},
};

// YAML reads 12315 and true as no text; the loader takes them as written.
ordered_json scalar() {
  return {
      {"type", {"string", "number", "boolean"}}, {"minLength", 1}, {"maxLength", kTextCharsMax}};
}

ordered_json text_like(std::string_view pattern) {
  if (pattern.empty()) return scalar();
  // A whole number could be the name of a channel.
  if (pattern == kChannel)
    return {{"type", {"string", "integer", "boolean"}}, {"pattern", pattern}};
  return {{"type", "string"}, {"pattern", pattern}};
}

ordered_json id() {
  return {{"type", {"string", "integer", "boolean"}}, {"pattern", id_pattern()}};
}

ordered_json one_of_words(std::span<const std::string_view> words) {
  return {{"enum", std::vector<std::string_view>(words.begin(), words.end())}};
}

// 3 rather than 3.0 where a bound is whole.
ordered_json bound(double value) {
  const auto whole = static_cast<int64_t>(value);
  return static_cast<double>(whole) == value ? ordered_json(whole) : ordered_json(value);
}

ordered_json number(std::string_view type, const Form& form) {
  ordered_json in_range = {
      {"type", type}, {"minimum", bound(form.low)}, {"maximum", bound(form.high)}};
  if (form.choices.empty()) return in_range;
  return {{"anyOf", ordered_json::array({in_range, one_of_words(form.choices)})}};
}

ordered_json reference(std::string_view object) {
  return {{"$ref", "#/definitions/" + std::string(object)}};
}

ordered_json list_of(ordered_json entry, size_t least, size_t most) {
  ordered_json list = {{"type", "array"}, {"items", std::move(entry)}};
  if (least > 0) list["minItems"] = least;
  if (most > 0) list["maxItems"] = most;
  return list;
}

ordered_json map_of(ordered_json name, ordered_json value) {
  return {{"type", "object"},
          {"propertyNames", std::move(name)},
          {"additionalProperties", std::move(value)}};
}

// {re: ...} or {file: ...}.
ordered_json entry_with(const Key& key) {
  ordered_json value = scalar();
  value["description"] = key.meaning;
  return {{"type", "object"},
          {"properties", {{key.name, std::move(value)}}},
          {"required", ordered_json::array({key.name})},
          {"additionalProperties", false}};
}

ordered_json words_or(const Key* other) {
  ordered_json entry = scalar();
  if (other != nullptr) entry = {{"anyOf", ordered_json::array({scalar(), entry_with(*other)})}};
  return list_of(std::move(entry), 1, kItemsMax);
}

ordered_json word_lists() {
  ordered_json one = {{"anyOf", ordered_json::array({words_or(&kFileKey), entry_with(kFileKey)})}};
  return map_of({{"pattern", id_pattern()}}, std::move(one));
}

ordered_json value_of(const Key& key) {
  const Form& form = key.form;
  switch (key.shape) {
    case Shape::Text:
      return text_like(form.pattern);
    case Shape::Id:
      return id();
    case Shape::Flag:
      return {{"type", "boolean"}};
    case Shape::Number:
      return number("integer", form);
    case Shape::Real:
      return number("number", form);
    case Shape::Duration:
      return {{"type", "string"}, {"pattern", duration_pattern()}};
    case Shape::Level:
      return one_of_words(level_words());
    case Shape::Choice:
      return one_of_words(form.choices);
    case Shape::Words:
      return words_or(nullptr);
    case Shape::Patterns:
      return words_or(&kExpressionKey);
    case Shape::WordLists:
      return word_lists();
    case Shape::List:
      return {{"type", "array"}};
    case Shape::Texts:
      return list_of(text_like(form.pattern), form.least, form.most);
    case Shape::Ids:
      return list_of(id(), form.least, form.most);
    case Shape::Choices:
      return list_of(one_of_words(form.choices), form.least, form.most);
    case Shape::Numbers:
      return list_of(number("integer", form), form.least, form.most);
    case Shape::Reals:
      return list_of(number("number", form), form.least, form.most);
    case Shape::TextsBy:
      return map_of(one_of_words(form.choices), scalar());
    case Shape::Object:
      return {{"allOf", ordered_json::array({reference(form.object)})}};
    case Shape::Objects:
      return list_of(reference(form.object), form.least, form.most);
    case Shape::ObjectsBy: {
      ordered_json map = map_of({{"pattern", id_pattern()}}, reference(form.object));
      if (!form.required.empty()) map["required"] = ordered_json::array({form.required});
      return map;
    }
  }
  return {};
}

ordered_json object_of(const ObjectKind& kind) {
  ordered_json properties = ordered_json::object(), required = ordered_json::array();
  for (const Key& key : kind.keys) {
    if (key.presence == Presence::Later) continue;
    ordered_json value = value_of(key);
    value["description"] = key.meaning;
    properties[std::string(key.name)] = std::move(value);
    if (key.presence == Presence::Required) required.push_back(key.name);
  }
  ordered_json object = {{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) object["required"] = std::move(required);
  object["additionalProperties"] = false;
  if (kind.together == Together::ExactlyOne) {
    object["minProperties"] = 1;
    object["maxProperties"] = 1;
  }
  return object;
}

}  // namespace

const std::set<std::string>& all_keys() {
  static const std::set<std::string> keys = [] {
    std::set<std::string> all;
    for (const NamedSchema& schema : kSchemas)
      for (const ObjectKind& kind : schema.kinds())
        for (const Key& key : kind.keys) all.emplace(key.name);
    return all;
  }();
  return keys;
}

std::vector<std::string_view> schema_names() {
  std::vector<std::string_view> names;
  for (const NamedSchema& schema : kSchemas) names.push_back(schema.name);
  return names;
}

std::string json_schema(std::string_view name) {
  for (const NamedSchema& named : kSchemas) {
    if (named.name != name) continue;
    const Schema kinds = named.kinds();
    ordered_json file = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                         {"title", named.title}};
    file.update(object_of(kinds.front()));
    if (named.may_be_empty) file["type"] = ordered_json::array({"object", "null"});
    ordered_json definitions = ordered_json::object();
    for (size_t i = 1; i < kinds.size(); ++i)
      definitions[std::string(kinds[i].name)] = object_of(kinds[i]);
    if (!definitions.empty()) file["definitions"] = std::move(definitions);
    return file.dump(2) + "\n";
  }
  return {};
}

}  // namespace rules
