#include "engine/event_finder.h"

#include <optional>

#include "engine/lane.h"
#include "ingest/decode.h"
#include "ingest/file_source.h"

namespace engine {

namespace {

constexpr size_t kMessagesAtOnce = 1024;
constexpr core::Millis kWait{50};

}  // namespace

core::Result<core::Event> find_event(const std::string& id, const std::vector<std::string>& files,
                                     const std::string& decoder_name) {
  auto source = ingest::open_files(files, ingest::Follow::No);
  if (!source) return source.error();
  const int64_t start[] = {-1};
  if (const auto started = (*source)->start(start); !started) return started.error();
  const auto decoder = ingest::make_decoder(decoder_name);
  ingest::EventBatch events;
  std::optional<core::Event> found;
  while (!(*source)->ended(0)) {
    const auto polled = (*source)->poll(kWait, kMessagesAtOnce);
    if (!polled) return polled.error();
    for (const ingest::RawMessage& raw : *polled) {
      if (raw.bytes.find(id) == std::string_view::npos) continue;  // a wecom id is its message's
      events.clear();
      if (!decoder->decode(raw.bytes, events)) continue;
      for (size_t i = 0; i < events.size(); ++i)
        if (events[i].id == id) found = events[i];
    }
  }
  if (!found) return core::Error{core::Code::NotFound, "no event " + id + " in these files"};
  found->at = found->published;
  Lane::add_titles(*found);
  return *found;
}

}  // namespace engine
