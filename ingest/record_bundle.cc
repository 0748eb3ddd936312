#include "ingest/record_bundle.h"

#include "ingest/fields.h"

namespace ingest {

namespace {

class Reading {
 public:
  Reading(JsonTree& tree, EventBatch& out, std::vector<BadElement>& bad, const TakeRecord& take)
      : tree_(tree), out_(out), bad_(bad), take_(take) {}

  core::Result<core::Unit> lines(std::string_view rest) {
    for (uint32_t index = 0; !rest.empty(); ++index) {
      if (index == kBundleMax) return refuse(reason_of(kTooMany));
      const std::string_view line = take_line(rest);
      if (line.empty()) continue;
      const Fault fault = tree_.parse(line);
      if (fault.stops()) {
        set_aside(index, reason_of(fault, line), line);
      } else {
        element(index, tree_.root(), line);
      }
    }
    return core::Unit{};
  }

  core::Result<core::Unit> elements(const std::vector<JsonNode>& nodes, std::string_view bytes) {
    if (nodes.size() > kBundleMax) return refuse(reason_of(kTooMany));
    for (uint32_t index = 0; index < nodes.size(); ++index) element(index, nodes[index], bytes);
    return core::Unit{};
  }

  core::Result<core::Unit> one(JsonNode record) {
    const size_t before = out_.size();
    if (!record.is_object()) return refuse("bad_field: record");
    auto taken = take_(record, out_);
    if (!taken) out_.cut_to(before);
    return taken;
  }

 private:
  void element(uint32_t index, JsonNode record, std::string_view bytes) {
    const auto taken = one(record);
    if (!taken) set_aside(index, taken.error().message, bytes);
  }

  void set_aside(uint32_t index, std::string reason, std::string_view bytes) {
    bad_.push_back({index, std::move(reason), bytes.substr(0, kBadExcerptMax)});
  }

  JsonTree& tree_;
  EventBatch& out_;
  std::vector<BadElement>& bad_;
  const TakeRecord& take_;
};

}  // namespace

core::Result<core::Unit> decode_records(JsonTree& tree, std::string_view bytes,
                                        std::span<const std::string_view> wrappers, EventBatch& out,
                                        std::vector<BadElement>& bad, const TakeRecord& take) {
  bad.clear();
  if (bytes.size() > core::kMessageMax) return refuse("too_large");
  bytes = without_mark(bytes);
  Reading reading(tree, out, bad, take);
  if (is_lines(bytes)) return reading.lines(bytes);
  if (const Fault fault = tree.parse(bytes); fault.stops()) return refuse(reason_of(fault, bytes));
  const JsonNode root = tree.root();
  if (root.is_array()) return reading.elements(root.elements(), bytes);
  for (const std::string_view name : wrappers)
    if (root[name].is_array()) return reading.elements(root[name].elements(), bytes);
  return reading.one(root);
}

}  // namespace ingest
