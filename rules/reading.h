#pragma once
// Reading: from YAML nodes to values, by one table of fields a kind of object. The table is the
// only place that names the keys of an object and says what their values may be: the loader, the
// check for unknown keys with its suggestions and the JSON Schema (schema.h) all go by it.
//
//   constexpr Field<Near> kNear[] = {
//       {{"within", Shape::Number, Presence::Required, "...", {.low = 0, .high = kNearWithinMax}},
//        [](Reading& r, const Node& n, Near& o) { keep(r.integer(n), o.within); }}};
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
#include "rules/keys.h"
#include "rules/yaml.h"

namespace rules {

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
             std::string suggestion = {}, std::optional<Edit> mend = {});

  std::optional<std::string> text(const Node& node);  // not empty
  std::optional<std::string> id(const Node& node);    // a-z 0-9 - _, at most 64
  std::optional<bool> flag(const Node& node);
  std::optional<int64_t> integer(const Node& node, int64_t low, int64_t high);
  std::optional<double> real(const Node& node, double low, double high);
  std::optional<core::Millis> duration(const Node& node);  // 30s 10m 4h 7d, at most 365d
  std::optional<core::Level> level(const Node& node);
  // The position of the word among `choices`.
  std::optional<size_t> choice(const Node& node, std::span<const std::string_view> choices);
  // The same by the form of the key that is being read.
  std::optional<int64_t> integer(const Node& node);
  std::optional<double> real(const Node& node);
  std::optional<size_t> choice(const Node& node);

  bool is_list(const Node& node);
  bool is_map(const Node& node);

  // The values of `node` in the order of `keys`, nullptr where one is absent; reports unknown,
  // missing and later keys. Empty when `node` is no map.
  std::vector<const Node*> values(const Node& node, std::string_view what,
                                  std::span<const Key> keys);

  // What the value may be that is read now; gives the form of before, for afterwards.
  const Form* read_as(const Form* form) { return std::exchange(form_, form); }

 private:
  void check_plain(const Node& node);
  std::optional<Edit> mended(const Node& node, std::string_view text) const;
  void wrong_type(const Node& node, std::string_view chinese, std::string_view english);

  const SourceFile& file_;
  Findings& findings_;
  const Form* form_ = nullptr;
};

template <typename T, size_t N>
std::vector<Key> keys_of(const Field<T> (&fields)[N]) {
  std::vector<Key> keys;
  for (const Field<T>& field : fields) keys.push_back(field.key);
  return keys;
}

// Reads every field that is there, in the order of the table. `what` names the object in messages.
template <typename T, size_t N>
void read_object(Reading& reading, const Node& node, std::string_view what,
                 const Field<T> (&fields)[N], T& out) {
  const std::vector<const Node*> values = reading.values(node, what, keys_of(fields));
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] == nullptr || fields[i].read == nullptr) continue;
    const Form* before = reading.read_as(&fields[i].key.form);
    fields[i].read(reading, *values[i], out);
    reading.read_as(before);
  }
}

// Stores what `value` holds, if anything.
template <typename T, typename U>
void keep(std::optional<U> value, T& out) {
  if (value) out = std::move(*value);
}

}  // namespace rules
