#include "engine/inputs.h"

#include "engine/archive_place.h"
#include "ingest/archive_source.h"
#include "ingest/file_source.h"

namespace engine {

namespace {

using core::Error;

constexpr std::string_view kKafka = "kafka://";
constexpr core::Millis kBrokerWait{30'000};
constexpr size_t kJournalAtOnce = 1024;
constexpr const char* kEndOffsets = "replay_end_offsets";
constexpr const char* kActStreams = "streams_with_acts";  // their names, a line each

core::Result<ingest::KafkaSpec> kafka_spec(const std::string& url) {
  const size_t slash = url.find('/', kKafka.size());
  ingest::KafkaSpec spec;
  spec.bounded = true;
  if (slash != std::string::npos) {
    spec.brokers = url.substr(kKafka.size(), slash - kKafka.size());
    spec.topic = url.substr(slash + 1);
  }
  if (!spec.brokers.empty() && !spec.topic.empty()) return spec;
  return Error{core::Code::BadSettings, url + ": expected kafka://HOST:PORT/TOPIC"};
}

std::string to_text(const std::vector<int64_t>& offsets) {
  std::string text;
  for (const int64_t offset : offsets) text += std::to_string(offset) + " ";
  return text;
}

std::vector<int64_t> from_text(const std::string& text) {
  std::vector<int64_t> offsets;
  size_t at = 0;
  while (at < text.size()) {
    offsets.push_back(std::strtoll(text.c_str() + at, nullptr, 10));
    at = text.find(' ', at) + 1;
    if (at == 0) break;
  }
  return offsets;
}

// A resumed replay of a topic that has grown ends where it was to end when it began.
core::Result<std::unique_ptr<ingest::Source>> open_topic(const std::string& url,
                                                         core::Store& store) {
  auto spec = kafka_spec(url);
  if (!spec) return spec.error();
  const auto kept = store.get(kEndOffsets);
  if (!kept) return kept.error();
  if (*kept) {
    spec->ends = from_text(**kept);
    return ingest::open_kafka(*spec, kBrokerWait);
  }
  auto ends = ingest::kafka_ends(*spec, kBrokerWait);
  if (!ends) return ends.error();
  const auto put = store.put(kEndOffsets, to_text(*ends));
  if (!put) return put.error();
  spec->ends = std::move(*ends);
  return ingest::open_kafka(*spec, kBrokerWait);
}

core::Result<std::vector<SourceInput>> open_archive_input(const ArchivePlace& place,
                                                          const StreamLimits& limits) {
  auto source = ingest::open_archive(place.folder, place.span);
  if (!source) return source.error();
  std::vector<SourceInput> inputs;
  inputs.push_back(
      {std::move(*source), std::string(ingest::kArchiveDecoder), limits, ActEvents::Refused});
  return inputs;
}

}  // namespace

core::Result<std::vector<SourceInput>> open_replay_inputs(const std::vector<std::string>& files,
                                                          const std::string& decoder,
                                                          const StreamLimits& limits,
                                                          core::Store& store) {
  const bool any_topic =
      std::ranges::any_of(files, [](const std::string& f) { return f.starts_with(kKafka); });
  if (any_topic && files.size() != 1)
    return Error{core::Code::BadSettings, "one kafka:// topic, or files, not both"};
  if (files.size() == 1 && !any_topic) {
    auto archive = archive_place(files.front());
    if (!archive) return archive.error();
    if (*archive) return open_archive_input(**archive, limits);
  }
  auto source =
      any_topic ? open_topic(files.front(), store) : ingest::open_files(files, ingest::Follow::No);
  if (!source) return source.error();
  std::vector<SourceInput> inputs;
  inputs.push_back({std::move(*source), decoder, limits, ActEvents::Taken});
  return inputs;
}

core::Result<std::vector<SourceInput>> open_inputs(const std::vector<SourceSettings>& sources,
                                                   core::Store& store) {
  std::vector<SourceInput> inputs;
  std::string with_acts;
  for (const SourceSettings& s : sources) {
    auto source = s.kind == "kafka" ? ingest::open_kafka(s.kafka, kBrokerWait)
                                    : ingest::open_files(s.paths, s.follow ? ingest::Follow::Yes
                                                                           : ingest::Follow::No);
    if (!source)
      return Error{source.error().code, "source " + s.name + ": " + source.error().message};
    if (s.acts)
      for (const std::string& stream : (*source)->partitions()) with_acts += stream + "\n";
    inputs.push_back(
        {std::move(*source), s.decoder, s.limits, s.acts ? ActEvents::Taken : ActEvents::Refused});
  }
  const auto noted = store.put(kActStreams, with_acts);
  if (!noted) return noted.error();
  return inputs;
}

core::Result<core::Unit> repeat_journal(core::Store& from, SourceInput& input, core::Store& to) {
  const std::vector<std::string>& streams = input.source->partitions();
  const auto with_acts = from.get(kActStreams);
  if (!with_acts) return with_acts.error();
  const bool taken = with_acts->has_value() &&
                     ("\n" + **with_acts).find("\n" + streams.front() + "\n") != std::string::npos;
  input.acts = taken ? ActEvents::Taken : ActEvents::Refused;
  const auto had = to.journal(0, 1);
  if (!had) return had.error();
  if (!had->empty()) return core::Unit{};
  for (const std::string& stream : streams) {
    const auto announcements = from.announcements(stream, 0);
    if (!announcements) return announcements.error();
    const auto kept = to.announce(*announcements);
    if (!kept) return kept.error();
  }
  for (uint64_t after = 0;;) {
    const auto entries = from.journal(after, kJournalAtOnce);
    if (!entries) return entries.error();
    for (const core::JournalEntry& entry : *entries) {
      const auto appended = to.append(entry);
      if (!appended) return appended.error();
      after = entry.sequence;
    }
    if (entries->size() < kJournalAtOnce) return core::Unit{};
  }
}

}  // namespace engine
