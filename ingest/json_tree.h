#pragma once
// A whole JSON text to walk about in, for platforms whose records are nested and of many shapes.
// Total: asking a node for what it has not gives an empty node, "" or nothing, so that a decoder
// reads like the platform's documentation.
//
//   JsonTree tree;
//   if (const Fault fault = tree.parse(bytes); fault.stops()) return refuse(reason_of(fault));
//   tree.root()["image"]["md5sum"].text();
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/json_token.h"

namespace ingest {

// A value of a JsonTree. Valid until the tree parses again or dies.
class JsonNode {
 public:
  JsonNode() = default;

  explicit operator bool() const { return document_ != nullptr; }  // null is there and is_null()
  bool is_object() const;
  bool is_array() const;
  bool is_null() const;

  JsonNode operator[](std::string_view key) const;  // the first of that name
  std::vector<JsonNode> elements() const;           // of an array; else none

  std::string_view text() const;  // of a string, else ""
  // Of a whole number, or of a string of digits: platforms write ids and times as either.
  std::optional<int64_t> integer() const;
  bool truth() const;  // true, or a number other than 0

 private:
  friend class JsonTree;
  const void* document_ = nullptr;
  size_t index_ = 0;
};

class JsonTree {
 public:
  JsonTree();
  ~JsonTree();

  // Broken, Lone; invalid UTF-8 is Broken too (see reason_of()).
  Fault parse(std::string_view bytes);
  JsonNode root() const;  // REQUIRES: the last parse() succeeded.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ingest
