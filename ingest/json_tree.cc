#include "ingest/json_tree.h"

#include <simdjson.h>

#include <bit>
#include <charconv>

#include "ingest/json_string.h"
#include "ingest/padded_bytes.h"

namespace ingest {

namespace {

namespace dom = simdjson::dom;

static_assert(PaddedBytes::kPadding >= simdjson::SIMDJSON_PADDING);

// An element is a document and an index into it; a node holds the same without naming the library.
struct Place {
  const void* document;
  size_t index;
};
static_assert(sizeof(dom::element) == sizeof(Place));

}  // namespace

struct JsonTree::State {
  dom::parser parser;
  PaddedBytes padded;
  dom::element root;
};

namespace {

dom::element element_of(const void* document, size_t index) {
  return std::bit_cast<dom::element>(Place{document, index});
}

}  // namespace

JsonTree::JsonTree() : state_(std::make_unique<State>()) {}
JsonTree::~JsonTree() = default;

Fault JsonTree::parse(std::string_view bytes) {
  const std::string_view copy = state_->padded.assign(bytes);
  const auto error = state_->parser.parse(copy.data(), copy.size(), false).get(state_->root);
  if (error == simdjson::SUCCESS) return kNone;
  const bool lone =
      error == simdjson::STRING_ERROR && worst_escape(bytes) == Unescaped::LoneSurrogate;
  return lone ? kLone : kBroken;
}

JsonNode JsonTree::root() const {
  const Place place = std::bit_cast<Place>(state_->root);
  JsonNode node;
  node.document_ = place.document;
  node.index_ = place.index;
  return node;
}

bool JsonNode::is_object() const {
  return document_ != nullptr && element_of(document_, index_).is_object();
}

bool JsonNode::is_array() const {
  return document_ != nullptr && element_of(document_, index_).is_array();
}

bool JsonNode::is_null() const {
  return document_ != nullptr && element_of(document_, index_).is_null();
}

JsonNode JsonNode::operator[](std::string_view key) const {
  JsonNode node;
  if (!is_object()) return node;
  dom::element found;
  if (element_of(document_, index_)[key].get(found) != simdjson::SUCCESS) return node;
  const Place place = std::bit_cast<Place>(found);
  node.document_ = place.document;
  node.index_ = place.index;
  return node;
}

std::vector<JsonNode> JsonNode::elements() const {
  std::vector<JsonNode> nodes;
  dom::array array;
  if (!is_array() || element_of(document_, index_).get(array) != simdjson::SUCCESS) return nodes;
  for (const dom::element element : array) {
    const Place place = std::bit_cast<Place>(element);
    JsonNode& node = nodes.emplace_back();
    node.document_ = place.document;
    node.index_ = place.index;
  }
  return nodes;
}

std::string_view JsonNode::text() const {
  std::string_view text;
  if (document_ == nullptr || element_of(document_, index_).get(text) != simdjson::SUCCESS)
    return {};
  return text;
}

std::optional<int64_t> JsonNode::integer() const {
  int64_t number = 0;
  if (document_ != nullptr && element_of(document_, index_).get(number) == simdjson::SUCCESS)
    return number;
  const std::string_view digits = text();
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (digits.empty() || error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

bool JsonNode::truth() const {
  bool is_true = false;
  if (document_ != nullptr && element_of(document_, index_).get(is_true) == simdjson::SUCCESS)
    return is_true;
  return integer().value_or(0) != 0;
}

}  // namespace ingest
