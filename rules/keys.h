#pragma once
// Keys: what the objects of a YAML file may hold, as tables that the loader (reading.h) and the
// JSON Schema (schema.h) share.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rules {

enum class Shape : uint8_t {
  Text,       // any scalar; with a pattern where the form has one
  Id,         // a-z 0-9 - _
  Flag,       // true or false
  Number,     // whole; or one of the form's choices
  Real,       //
  Duration,   // 30s 10m 4h 7d
  Level,      // blue yellow orange red
  Choice,     // one of the form's choices
  Words,      // list of words and $lists
  Patterns,   // the same with {re: ...}
  WordLists,  // lists of words, $lists and {file: ...}, by name
  List,       // any list; only where there is no schema (the settings)
  Texts,      // list of texts
  Ids,        // list of ids
  Choices,    // list of choices
  Numbers,    // list of whole numbers
  Reals,      // list of numbers
  TextsBy,    // texts by one of the form's choices
  Object,     // an object of the form's kind
  Objects,    // list of them
  ObjectsBy,  // objects by id
};
enum class Presence : uint8_t {
  Optional,
  Required,
  Later,  // a word of a later version: refused with "not in this version"
};

// What a value may be, beyond its shape.
struct Form {
  double low = 0, high = 0;                        // Number(s), Real(s): both included
  std::span<const std::string_view> choices = {};  // Choice(s), TextsBy; beside a Number
  std::string_view object = {};                    // Object(s), ObjectsBy: its name in the Schema
  size_t least = 0, most = 0;                      // entries of a list; 0: no limit
  std::string_view pattern = {};   // ECMAScript, of a Text; the reader says the same in its words
  std::string_view required = {};  // ObjectsBy: an id that must be there
};

constexpr Form in(double low, double high) { return {.low = low, .high = high}; }
constexpr Form among(std::span<const std::string_view> choices, size_t least = 0) {
  return {.choices = choices, .least = least};
}
constexpr Form of(std::string_view object, size_t least = 0, size_t most = 0) {
  return {.object = object, .least = least, .most = most};
}
constexpr Form entries(size_t least, size_t most) { return {.least = least, .most = most}; }
constexpr Form in_or(double low, double high, std::span<const std::string_view> choices) {
  return {.low = low, .high = high, .choices = choices};
}
constexpr Form in_each(double low, double high, size_t entries) {
  return {.low = low, .high = high, .least = entries, .most = entries};
}
constexpr Form of_with(std::string_view object, std::string_view id) {
  return {.object = object, .required = id};
}
constexpr Form entries_like(size_t least, size_t most, std::string_view pattern) {
  return {.least = least, .most = most, .pattern = pattern};
}
constexpr Form like(std::string_view pattern) { return {.pattern = pattern}; }

// A key that an object may have, and what it is for.
struct Key {
  std::string_view name;
  Shape shape = Shape::Text;
  Presence presence = Presence::Optional;
  std::string_view meaning;  // one line for authors
  Form form = {};
};

// The kinds of objects in a kind of file, the whole file first.
enum class Together : uint8_t { Any, ExactlyOne };  // of the keys
struct ObjectKind {
  std::string_view name;
  std::vector<Key> keys;
  Together together = Together::Any;
};
using Schema = std::vector<ObjectKind>;

std::span<const std::string_view> level_words();
std::string_view id_pattern();
std::string_view duration_pattern();

}  // namespace rules
