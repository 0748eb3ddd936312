#include "engine/reader.h"

#include <algorithm>

#include "core/check.h"
#include "core/hash.h"
#include "core/log.h"

namespace engine {

namespace {

constexpr size_t kEventsPerBatch = 128;  // of a lane: they stay in the cache from decode to verdict

}  // namespace

// Where the streams' decisions go: events to the lane of their channel, marks to every lane.
class Reader::Dealer final : public StreamSink {
 public:
  Dealer(Reader& reader, std::vector<BatchLink*> lanes)
      : reader_(reader), lanes_(std::move(lanes)) {
    INVARIANT(!lanes_.empty());
    for (size_t i = 0; i < lanes_.size(); ++i) open_.push_back(std::make_unique<Batch>());
  }

  void at(uint32_t stream, const ingest::RawMessage* message) {
    stream_ = stream;
    message_ = message;
  }

  void accept(core::EventSlot& event) override { open_[lane_of(*event)]->push(event, stream_); }
  void mark(const core::Mark& mark) override {
    for (auto& batch : open_) batch->push(stream_, mark);
  }
  void refuse(const core::Event& event, int64_t offset, uint32_t index,
              std::string reason) override {
    ingest::RawMessage message = message_ != nullptr ? *message_ : ingest::RawMessage{};
    message.partition = stream_ - reader_.spec_.first_stream;
    message.offset = offset;
    reader_.dead_letter(message, index, reason, event.text);  // the raw bytes may be gone by now
  }

  // Whether everything could be handed on.
  bool flush() {
    bool all = true;
    for (size_t i = 0; i < lanes_.size(); ++i)
      if (!open_[i]->empty()) all = flush(i) && all;
    return all;
  }
  bool full() const {
    return std::ranges::any_of(open_, [](const auto& b) { return b->size() >= kEventsPerBatch; });
  }

 private:
  size_t lane_of(const core::Event& event) const {
    if (lanes_.size() == 1) return 0;
    const std::string& key = !event.channel_id.empty() ? event.channel_id : event.id;
    return core::hash64(key) % lanes_.size();
  }

  bool flush(size_t i) {
    BatchLink& link = *lanes_[i];
    if (!link.full.push(open_[i])) return false;
    link.lane_bell.ring();
    if (!link.empty.pop(open_[i])) open_[i] = std::make_unique<Batch>();
    open_[i]->clear();
    return true;
  }

  Reader& reader_;
  std::vector<BatchLink*> lanes_;
  std::vector<std::unique_ptr<Batch>> open_;  // one a lane, being filled
  uint32_t stream_ = 0;
  const ingest::RawMessage* message_ = nullptr;
};

Reader::Reader(ingest::Source& source, std::unique_ptr<ingest::Decoder> decoder, ReaderSpec spec,
               ingest::DeadLetters& dead_letters, MarkBoard& board, std::vector<BatchLink*> lanes)
    : source_(source),
      decoder_(std::move(decoder)),
      spec_(std::move(spec)),
      dead_letters_(dead_letters),
      board_(board),
      announcements_(source.partitions().size()),
      ended_(source.partitions().size(), false),
      wanted_(source.partitions().size(), true),
      stalled_(source.partitions().size(), false),
      dealer_(std::make_unique<Dealer>(*this, std::move(lanes))) {
  INVARIANT(decoder_ != nullptr);
  for (size_t i = 0; i < source.partitions().size(); ++i) streams_.emplace_back(spec_.limits);
}

Reader::~Reader() = default;

core::Result<core::Unit> Reader::start(const std::vector<std::string>& states,
                                       std::vector<std::vector<core::Announcement>> announcements) {
  std::vector<int64_t> positions(streams_.size(), -1);
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    if (i < states.size() && !states[i].empty()) {
      const auto restarted = streams_[i].restart(states[i]);
      if (!restarted) return restarted.error();
      positions[i] = streams_[i].read_from();
    }
    if (i < announcements.size())
      announcements_[i].assign(announcements[i].begin(), announcements[i].end());
    publish(i);
  }
  return source_.start(positions);
}

Reader::Step Reader::step(core::Millis wait, core::Time until) {
  if (!flush()) {
    source_.keep_alive();
    return Step::Blocked;
  }
  if (std::ranges::all_of(ended_, [](bool e) { return e; })) return Step::Ended;
  if (cursor_ == polled_.size() && !poll(wait)) return Step::Failed;
  held_until_ = core::kTimeMax;
  const bool worked = take_messages(until);
  publish_all();
  const bool handed_on = flush();
  if (!handed_on) return Step::Blocked;
  return worked ? Step::Worked : Step::Idle;
}

// Whether the source can be read on. REQUIRES: everything polled before was taken.
bool Reader::poll(core::Millis wait) {
  end_partitions();
  want_balanced();
  const auto polled = source_.poll(wait, spec_.poll_messages);
  cursor_ = 0;
  polled_ = {};
  if (polled) {
    polled_ = *polled;
  } else if (polled.error().code == core::Code::Unavailable) {
    core::log(core::LogLevel::Warning, "source: " + polled.error().message);
  } else {
    error_ = polled.error();
    return false;
  }
  if (polled_.empty()) {
    end_partitions();
    repeat_last_announcements();
  }
  return true;
}

// A reader with several partitions reads on only where the others are not left far behind: shards
// hold what lies beyond the slowest mark in memory.
void Reader::want_balanced() {
  if (board_.streams() == 1) return;
  const core::Time slowest = board_.smallest_busy();
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    const core::Time mark = streams_[i].mark();
    const bool wanted = mark == core::kTimeMin || slowest == core::kTimeMax || mark <= slowest ||
                        (slowest != core::kTimeMin && mark - slowest <= spec_.ahead_max);
    if (wanted != wanted_[i]) source_.want(i, wanted);
    wanted_[i] = wanted;
  }
}

bool Reader::take_messages(core::Time until) {
  bool worked = false;
  while (cursor_ < polled_.size()) {
    const ingest::RawMessage& message = polled_[cursor_];
    if (dealer_->full() && !flush()) return worked;
    if (!decoded_) decoded_ = decode(message);
    if (decoded_ && events_.size() > 0 && events_[0].published > until) {
      held_until_ = events_[0].published;
      return worked;
    }
    if (decoded_) take(message);
    decoded_ = false;
    ++cursor_;
    worked = true;
  }
  return worked;
}

// Whether events_ holds the message's events, all new. What was dealt with before a crash, or
// cannot be decoded, is finished here.
bool Reader::decode(const ingest::RawMessage& message) {
  const uint32_t stream = stream_id(message.partition);
  dealer_->at(stream, &message);
  const Stream::Seen seen = streams_[message.partition].seen(message.offset);
  if (seen == Stream::Seen::Dealt) return false;
  if (seen == Stream::Seen::No) repeat_announcements(message.partition, message.offset);
  events_.clear();
  const auto decoded = decoder_->decode(message.bytes, events_);
  if (seen == Stream::Seen::Waits) {
    for (uint32_t i = 0; i < events_.size(); ++i)
      streams_[message.partition].take_again(events_.slot(i), message.offset, i);
    return false;
  }
  counters_.messages.add();
  counters_.bytes.add(message.bytes.size());
  for (const ingest::BadElement& bad : decoder_->bad_elements())
    dead_letter(message, bad.index, bad.reason, bad.bytes);
  if (decoded) return true;
  dead_letter(message, 0, decoded.error().message, message.bytes);
  streams_[message.partition].passed(message.next, *dealer_);
  return false;
}

void Reader::take(const ingest::RawMessage& message) {
  Stream& stream = streams_[message.partition];
  dealer_->at(stream_id(message.partition), &message);
  for (uint32_t i = 0; i < events_.size(); ++i) {
    if (events_[i].act && spec_.acts == ActEvents::Refused) {
      dead_letter(message, i, "not_allowed: acts are not taken from this source", message.bytes);
    } else {
      stream.take(events_.slot(i), message.offset, i, message.broker_ms, *dealer_);
    }
  }
  stream.passed(message.next, *dealer_);
}

void Reader::dead_letter(const ingest::RawMessage& message, uint32_t index,
                         const std::string& reason, std::string_view bytes) {
  ingest::DeadLetter letter;
  letter.stream = source_.partitions()[message.partition];
  letter.offset = message.offset;
  letter.index = index;
  letter.place = source_.place(message.partition, message.offset);
  letter.reason = reason;
  letter.bytes = bytes;
  dead_letters_.put(letter);
}

// What was announced when the stream stood at or before `position` comes before the message there.
void Reader::repeat_announcements(uint32_t partition, int64_t position) {
  auto& waiting = announcements_[partition];
  while (!waiting.empty() && waiting.front().position <= position) {
    dealer_->at(stream_id(partition), nullptr);
    streams_[partition].announce(waiting.front().at, *dealer_);
    waiting.pop_front();
  }
}

// Where nothing more is to be read, time goes on from where it was before a restart.
void Reader::repeat_last_announcements() {
  for (uint32_t i = 0; i < streams_.size(); ++i)
    if (!announcements_[i].empty() && source_.at_end(i))
      repeat_announcements(i, streams_[i].next());
}

void Reader::end_partitions() {
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    if (ended_[i] || !source_.ended(i)) continue;
    repeat_announcements(i, std::numeric_limits<int64_t>::max());
    dealer_->at(stream_id(i), nullptr);
    streams_[i].end(*dealer_);
    ended_[i] = true;
  }
}

void Reader::announce(uint32_t partition, core::Time at) {
  dealer_->at(stream_id(partition), nullptr);
  streams_[partition].announce(at, *dealer_);
  publish(partition);
}

void Reader::set_stalled(uint32_t partition, bool stalled) {
  stalled_[partition] = stalled;
  publish(partition);
}

bool Reader::drained(uint32_t partition) const {
  return held_until_ != core::kTimeMax || (cursor_ == polled_.size() && source_.at_end(partition));
}

void Reader::publish(uint32_t partition) {
  const Stream& s = streams_[partition];
  const bool idle = stalled_[partition] || drained(partition);
  const auto going = ended_[partition] ? MarkBoard::Going::Ended
                     : idle            ? MarkBoard::Going::Idle
                                       : MarkBoard::Going::Busy;
  board_.set(stream_id(partition), s.mark(), s.newest(), going, source_.lag(partition));
}

void Reader::publish_all() {
  uint64_t accepted = 0, late = 0;
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    publish(i);
    accepted += streams_[i].counters().accepted;
    late += streams_[i].counters().late;
  }
  counters_.accepted.set(accepted);
  counters_.late.set(late);
  counters_.cut.set(decoder_->cuts().texts + decoder_->cuts().items);
}

bool Reader::flush() { return dealer_->flush(); }

}  // namespace engine
