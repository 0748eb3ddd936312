#include "ingest/decode.h"

#include "ingest/decoders/decoders.h"

namespace ingest {

namespace {

struct Row {
  std::string_view name;
  std::unique_ptr<Decoder> (*make)();
};

constexpr Row kDecoders[] = {
    {"qingyu", make_qingyu},
    {"wecom", make_wecom},
    {"weibo", make_weibo},
};

}  // namespace

core::Event& EventBatch::push() {
  if (size_ == slots_.size()) slots_.push_back(std::make_unique<core::Event>());
  core::Event& event = *slots_[size_++];
  event.clear();
  return event;
}

std::unique_ptr<Decoder> make_decoder(std::string_view name) {
  if (name == kArchiveDecoder) return make_archive();
  for (const Row& row : kDecoders)
    if (row.name == name) return row.make();
  return nullptr;
}

std::vector<std::string_view> decoder_names() {
  std::vector<std::string_view> names;
  for (const Row& row : kDecoders) names.push_back(row.name);
  return names;
}

}  // namespace ingest
