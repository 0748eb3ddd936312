#pragma once
// A YAML file as a tree of nodes that know their place. Checks what the library accepts silently:
// duplicate keys, aliases inside themselves, expansion without bound, control characters.
#include <optional>
#include <string>
#include <vector>

#include "rules/findings.h"
#include "rules/sources.h"

namespace rules {

inline constexpr size_t kYamlNodesMax = 200'000;  // after aliases have been expanded
inline constexpr size_t kYamlDepthMax = 32;
inline constexpr size_t kYamlKeysMax = 2000;  // of one map

struct Node {
  enum class Kind : uint8_t { Null, Scalar, List, Map };

  Kind kind = Kind::Null;
  bool plain = true;  // a scalar without quotes
  int line = 0, column = 0;
  std::string text;         // of a scalar
  std::vector<Node> keys;   // of a map: scalars, each one once
  std::vector<Node> items;  // of a list, or the values of a map in the order of `keys`

  // The value of `key`; nullptr when this is no map or has no such key.
  const Node* value(std::string_view key) const;
};

// The only document of `file`; nullopt, with findings, when it cannot be read. An empty file is a
// Null node.
std::optional<Node> parse_yaml(const SourceFile& file, Findings& findings);

}  // namespace rules
