#include "engine/pipeline.h"

#include <algorithm>

#include "core/check.h"

namespace engine {

namespace {

constexpr const char* kCommands = "commands";

}  // namespace

core::Result<std::unique_ptr<Pipeline>> Pipeline::create(const PipelineSpec& spec,
                                                         core::Store& store, const BookShelf& shelf,
                                                         std::vector<SourceInput> inputs,
                                                         ingest::DeadLetters& dead_letters,
                                                         Shard::Publish publish) {
  const auto bound = store.bind(spec.shards);
  if (!bound) return bound.error();
  std::unique_ptr<Pipeline> made(new Pipeline(spec, std::move(inputs)));
  made->link(store, shelf, dead_letters, std::move(publish));
  const auto started = made->start(store);
  if (!started) return started.error();
  return made;
}

Pipeline::Pipeline(const PipelineSpec& spec, std::vector<SourceInput> inputs)
    : spec_(spec), inputs_(std::move(inputs)) {
  INVARIANT(spec_.lanes > 0 && spec_.shards > 0);
  name_streams();
}

Pipeline::~Pipeline() = default;

// Two sources may call their partitions alike; a stored position needs one name for ever.
void Pipeline::name_streams() {
  for (const SourceInput& input : inputs_)
    for (const std::string& partition : input.source->partitions()) {
      std::string name = partition;
      for (int n = 2; std::ranges::find(stream_names_, name) != stream_names_.end(); ++n)
        name = partition + "#" + std::to_string(n);
      stream_names_.push_back(std::move(name));
    }
  board_ = std::make_unique<MarkBoard>(stream_names_.size());
  if (spec_.acts == Acts::Journalled) stream_names_.push_back(kCommands);
}

void Pipeline::link(core::Store& store, const BookShelf& shelf, ingest::DeadLetters& dead_letters,
                    Shard::Publish publish) {
  for (const auto& [from, book] : shelf)
    policies_.add(from, std::shared_ptr<const core::Policy>(book, &book->policy()));
  for (size_t i = 0; i < inputs_.size(); ++i) reader_bells_.emplace_back();
  for (size_t i = 0; i < spec_.lanes; ++i) lane_bells_.emplace_back();
  for (size_t i = 0; i < spec_.shards; ++i) shard_bells_.emplace_back();
  for (size_t r = 0; r < inputs_.size(); ++r)
    for (size_t l = 0; l < spec_.lanes; ++l)
      batch_links_.emplace_back(spec_.batches_per_link, lane_bells_[l], reader_bells_[r]);
  for (size_t l = 0; l < spec_.lanes; ++l)
    for (size_t s = 0; s < spec_.shards; ++s)
      links_.emplace_back(spec_.records_per_link, shard_bells_[s], lane_bells_[l]);
  if (spec_.acts == Acts::Journalled)
    for (size_t s = 0; s < spec_.shards; ++s)
      links_.emplace_back(spec_.records_per_link, shard_bells_[s], control_bell_);

  uint32_t stream = 0;
  for (size_t r = 0; r < inputs_.size(); ++r) {
    SourceInput& input = inputs_[r];
    ReaderSpec spec;
    spec.limits = input.limits;
    spec.acts = input.acts;
    spec.first_stream = stream;
    stream += static_cast<uint32_t>(input.source->partitions().size());
    std::vector<BatchLink*> lanes;
    for (size_t l = 0; l < spec_.lanes; ++l) lanes.push_back(&batch_links_[r * spec_.lanes + l]);
    readers_.emplace_back(*input.source, ingest::make_decoder(input.decoder), spec, dead_letters,
                          *board_, std::move(lanes));
  }
  for (size_t l = 0; l < spec_.lanes; ++l) {
    std::vector<BatchLink*> in;
    std::vector<Link*> out;
    for (size_t r = 0; r < inputs_.size(); ++r) in.push_back(&batch_links_[r * spec_.lanes + l]);
    for (size_t s = 0; s < spec_.shards; ++s) out.push_back(&links_[l * spec_.shards + s]);
    lanes_.emplace_back(shelf, std::move(in), std::move(out), &ceiling_, board_->streams());
    if (!spec_.sinks.empty()) lanes_.back().give_events_to(spec_.sinks.at(l));
  }
  make_shards(store, std::move(publish));
}

void Pipeline::make_shards(core::Store& store, Shard::Publish publish) {
  std::vector<uint32_t> data_streams;
  for (uint32_t i = 0; i < board_->streams(); ++i) data_streams.push_back(i);
  const uint32_t command_stream = static_cast<uint32_t>(board_->streams());
  for (uint32_t s = 0; s < spec_.shards; ++s) {
    std::vector<ShardInlet> inlets;
    for (size_t l = 0; l < spec_.lanes; ++l)
      inlets.push_back({&links_[l * spec_.shards + s], data_streams});
    if (spec_.acts == Acts::Journalled)
      inlets.push_back({&links_[spec_.lanes * spec_.shards + s], {command_stream}});
    ShardSpec spec = spec_.shard;
    spec.index = s;
    shards_.emplace_back(spec, store, policies_, stream_names_, std::move(inlets), publish);
  }
  if (spec_.acts == Acts::AsEvents) return;
  std::vector<Link*> out;
  for (size_t s = 0; s < spec_.shards; ++s) out.push_back(&links_[spec_.lanes * spec_.shards + s]);
  commands_ = std::make_unique<CommandLane>(store, command_stream, std::move(out));
}

core::Result<core::Unit> Pipeline::start(core::Store& store) {
  core::Time from = core::kTimeMin;  // new acts are stamped no earlier
  int64_t sequence = std::numeric_limits<int64_t>::max();
  for (Shard& shard : shards_) {
    const auto started = shard.start();
    if (!started) return started.error();
    from = std::max(from, shard.drained());
    sequence = std::min(sequence, shard.counters().journal_sequence);
  }
  if (commands_) {
    const auto started = commands_->start(static_cast<uint64_t>(sequence), from);
    if (!started) return started.error();
  }
  if (const auto started = start_lanes(store); !started) return started.error();
  for (size_t r = 0; r < readers_.size(); ++r) {
    const auto started = start_reader(r, store);
    if (!started) return started.error();
  }
  return core::Unit{};
}

core::Result<core::Unit> Pipeline::start_lanes(core::Store& store) {
  const std::vector<std::string> streams(
      stream_names_.begin(), stream_names_.begin() + static_cast<ptrdiff_t>(board_->streams()));
  for (size_t l = 0; l < lanes_.size(); ++l) {
    const auto started = lanes_[l].start({&store, streams, l, lanes_.size()});
    if (!started) return started.error();
  }
  return core::Unit{};
}

core::Result<core::Unit> Pipeline::start_reader(size_t reader, core::Store& store) {
  std::vector<std::string> states;
  std::vector<std::vector<core::Announcement>> announcements;
  for (uint32_t i = 0; i < readers_[reader].partitions(); ++i) {
    const std::string& name = stream_names_[readers_[reader].stream_id(i)];
    states.push_back(restart_state(name));
    const int64_t from = states.back().empty() ? 0 : Stream::next_of(states.back());
    auto known = store.announcements(name, from);
    if (!known) return known.error();
    announcements.push_back(std::move(*known));
  }
  return readers_[reader].start(states, std::move(announcements));
}

// The one that lies furthest back: what a shard has seen already, it drops.
std::string Pipeline::restart_state(const std::string& stream) const {
  std::string furthest_back;
  for (const Shard& shard : shards_) {
    const auto it = shard.restart_states().find(stream);
    if (it == shard.restart_states().end()) return "";
    const bool further =
        furthest_back.empty() || Stream::next_of(it->second) < Stream::next_of(furthest_back);
    if (further) furthest_back = it->second;
  }
  return furthest_back;
}

Pipeline::Counts Pipeline::counts() const {
  Counts c;
  for (const Reader& reader : readers_) {
    c.messages += reader.counters().messages.value();
    c.events += reader.counters().accepted.value();
    c.late += reader.counters().late.value();
    c.cut += reader.counters().cut.value();
  }
  for (const Lane& lane : lanes_) {
    c.duplicates += lane.counters().duplicates.value();
    c.signals += lane.counters().signals.value();
    c.acts += lane.counters().acts.value();
    c.masked += lane.counters().masked.value();
    c.dropped_matches += lane.counters().dropped_matches.value();
    c.dropped_replies += lane.replies().forgotten.value() + lane.replies().hasty.value();
    c.inherited += lane.replies().inherited.value();
  }
  for (const Shard& shard : shards_) {
    c.repeated += shard.dropped().repeated.value();
    c.dropped_families += shard.dropped().families.value();
    c.dropped_evidence += shard.dropped().evidence.value();
  }
  return c;
}

size_t Pipeline::waiting_batches() const {
  size_t n = 0;
  for (const BatchLink& link : batch_links_) n += link.full.size();
  return n;
}

size_t Pipeline::waiting_records() const {
  size_t n = 0;
  for (const Link& link : links_) n += link.ring.size();
  for (const Shard& shard : shards_) n += shard.waiting();
  return n;
}

core::Time Pipeline::first() const {
  core::Time first = core::kTimeMax;
  for (const Reader& reader : readers_)
    for (uint32_t i = 0; i < reader.partitions(); ++i)
      first = std::min(first, reader.stream(i).first());
  return first;
}

core::Time Pipeline::newest() const {
  core::Time told = std::max(board_->newest(), board_->largest());
  // After a crash shards are ahead of the readers: what they drained was judged before it.
  for (const Shard& shard : shards_)
    if (shard.drained() != core::kTimeMax) told = std::max(told, shard.drained());
  return commands_ ? std::max(told, commands_->mark()) : told;
}

core::Time Pipeline::drained() const {
  core::Time drained = core::kTimeMax;
  for (const Shard& shard : shards_) drained = std::min(drained, shard.drained());
  return drained;
}

bool Pipeline::done() const {
  return std::ranges::all_of(shards_, [](const Shard& s) { return s.done(); });
}

}  // namespace engine
