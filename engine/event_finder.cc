#include "engine/event_finder.h"

#include <optional>

#include "engine/archive_place.h"
#include "engine/lane.h"
#include "ingest/decode.h"
#include "ingest/file_source.h"

namespace engine {

namespace {

constexpr size_t kMessagesAtOnce = 1024;
constexpr core::Millis kWait{50};

core::Error not_found(const std::string& id, const std::string& where) {
  return {core::Code::NotFound, "no event " + id + " in " + where};
}

// Masked, and with its titles.
core::Result<core::Event> find_archived(const std::string& id, const ArchivePlace& place) {
  const auto reader = ingest::ArchiveReader::open(place.folder);
  if (!reader) return reader.error();
  const auto archived = (*reader)->find(id);
  if (!archived) return not_found(id, "the archive " + place.folder);
  ingest::EventBatch events;
  const auto decoded = ingest::make_decoder("archive")->decode(archived->line, events);
  if (!decoded) return decoded.error();
  if (events.size() == 0) return not_found(id, "the archive " + place.folder);
  events[0].at = archived->at;
  return events[0];
}

}  // namespace

core::Result<core::Event> find_event(const std::string& id, const std::vector<std::string>& files,
                                     const std::string& decoder_name) {
  if (files.size() == 1) {
    const auto place = archive_place(files.front());
    if (!place) return place.error();
    if (*place) return find_archived(id, **place);
  }
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
  if (!found) return not_found(id, "these files");
  found->at = found->published;
  Lane::add_titles(*found);
  return *found;
}

}  // namespace engine
