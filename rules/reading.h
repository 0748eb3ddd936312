#pragma once
// Reading: from YAML nodes to values, by one table of fields a kind of object. The table is the
// only place that names the keys of an object: the loader, the check for unknown keys with its
// suggestions and (later) the JSON Schema all go by it.
//
//   constexpr Field<Near> kNear[] = {
//       {{"words", Shape::Words, Presence::Required, "..."}, [](Reading& r, const Node& n, Near& o)
//       {...}}};
//   read_object(reading, node, "near", kNear, near);
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/level.h"
#include "core/time.h"
#include "rules/findings.h"
#include "rules/yaml.h"

namespace rules {

enum class Shape : uint8_t { Text, Id, Flag, Number, Duration, Level, Words, List, Object };
enum class Presence : uint8_t {
  Optional,
  Required,
  Later,  // a word of a later version: refused with "not in this version"
};

// A key that an object may have, and what it is for.
struct Key {
  std::string_view name;
  Shape shape = Shape::Text;
  Presence presence = Presence::Optional;
  std::string_view meaning;  // one line for authors
};

// A key and how its value gets into a T.
template <typename T>
struct Field {
  Key key;
  void (*read)(class Reading&, const Node&, T&);  // reports what is wrong; null for Later
};

inline constexpr size_t kTextCharsMax = 2000;  // of one value

// One file being read. Every reader reports a finding and returns nullopt when the node is wrong.
class Reading {
 public:
  Reading(const SourceFile& file, Findings& findings) : file_(file), findings_(findings) {}

  Place place(const Node& node) const { return {&file_, node.line, node.column}; }
  Findings& findings() { return findings_; }
  void error(const Node& at, std::string_view code, std::string message,
             std::string suggestion = {});

  std::optional<std::string> text(const Node& node);  // not empty
  std::optional<std::string> id(const Node& node);    // a-z 0-9 - _, at most 64
  std::optional<bool> flag(const Node& node);
  std::optional<int64_t> integer(const Node& node, int64_t low, int64_t high);
  std::optional<double> real(const Node& node, double low, double high);
  std::optional<core::Millis> duration(const Node& node);  // 30s 10m 4h 7d, at most 365d
  std::optional<core::Level> level(const Node& node);
  // The position of the word among `choices`.
  std::optional<size_t> choice(const Node& node, std::span<const std::string_view> choices);

  bool is_list(const Node& node);
  bool is_map(const Node& node);

  // The values of `node` in the order of `keys`, nullptr where one is absent; reports unknown,
  // missing and later keys. Empty when `node` is no map.
  std::vector<const Node*> values(const Node& node, std::string_view what,
                                  std::span<const Key> keys);

 private:
  void wrong_type(const Node& node, std::string_view chinese, std::string_view english);

  const SourceFile& file_;
  Findings& findings_;
};

template <typename T, size_t N>
std::vector<Key> keys_of(const Field<T> (&fields)[N]) {
  std::vector<Key> keys;
  for (const Field<T>& field : fields) keys.push_back(field.key);
  return keys;
}

// The keys of every kind of object in a kind of file.
using Schema = std::vector<std::pair<std::string_view, std::vector<Key>>>;

// Reads every field that is there, in the order of the table. `what` names the object in messages.
template <typename T, size_t N>
void read_object(Reading& reading, const Node& node, std::string_view what,
                 const Field<T> (&fields)[N], T& out) {
  const std::vector<const Node*> values = reading.values(node, what, keys_of(fields));
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i] != nullptr && fields[i].read != nullptr) fields[i].read(reading, *values[i], out);
}

// Stores what `value` holds, if anything.
template <typename T, typename U>
void keep(std::optional<U> value, T& out) {
  if (value) out = std::move(*value);
}

}  // namespace rules
