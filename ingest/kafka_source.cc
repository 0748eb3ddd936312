// Each partition has a queue of its own that is not forwarded to the consumer's, so that what is
// not wanted stays where it is, fetched in bounded number, while its neighbours go on; the
// consumer's own queue only carries what happened (rebalances, errors, log lines). Everything here,
// callbacks included, runs on the reader's thread.
#include "ingest/kafka_source.h"

#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "core/check.h"
#include "core/log.h"
#include "ingest/kafka_client.h"

namespace ingest {

namespace {

constexpr size_t kBatchMax = 4096;        // messages a poll
constexpr size_t kQueueKbytesMin = 1024;  // of one partition
constexpr int kHappeningsMax = 64;        // errors served a poll
constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();

struct QueueEnd {
  void operator()(rd_kafka_queue_t* q) const {
    rd_kafka_queue_io_event_enable(q, -1, nullptr, 0);
    rd_kafka_queue_destroy(q);
  }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, QueueEnd>;

struct Partition {
  Queue queue;
  int64_t next = -1;  // position to go on from; -1: the beginning
  int64_t end = kNoEnd;
  bool owned = false;   // the group gave it to us
  bool at_end = false;  // nothing was behind the last message when the broker last said so
  bool ended = false;
  bool wanted = true;
};

class KafkaSource final : public Source {
 public:
  KafkaSource(KafkaSpec spec, int count, std::unique_ptr<KafkaClient> client);
  ~KafkaSource() override;

  const std::vector<std::string>& partitions() const override { return names_; }
  core::Result<core::Unit> start(std::span<const int64_t> positions) override;
  core::Result<std::span<const RawMessage>> poll(core::Millis wait, size_t limit) override;
  void want(uint32_t i, bool wanted) override { partitions_[i].wanted = wanted; }
  void keep_alive() override { serve_happenings(); }
  bool at_end(uint32_t i) const override { return partitions_[i].at_end && !lost_; }
  bool ended(uint32_t i) const override { return partitions_[i].ended; }
  int64_t lag(uint32_t i) const override;
  std::string place(uint32_t i, int64_t offset) const override {
    return spec_.topic + "/" + std::to_string(i) + "@" + std::to_string(offset);
  }

 private:
  core::Result<core::Unit> join_anew();
  core::Result<core::Unit> open_queues();
  core::Result<core::Unit> start_bounded();
  core::Result<core::Unit> start_group();
  void rebalance(bool assigned, rd_kafka_topic_partition_list_t* list);
  void serve_happenings();
  void gather(size_t limit);
  void take(uint32_t i, rd_kafka_message_t* message);
  void trouble(Partition& partition, uint32_t i, const rd_kafka_message_t& message);
  void wait_for_messages(core::Millis wait);
  void look_at_ends(core::Millis wait);
  void release();

  KafkaSpec spec_;
  std::unique_ptr<KafkaClient> client_;
  int bell_;  // rung by the library when an empty queue gets something
  Queue happenings_;
  std::vector<std::string> names_;
  std::vector<Partition> partitions_;
  uint32_t first_ = 0;          // partition to begin the next poll with
  bool lost_ = false;           // a connection was lost and the ends are not known anew
  bool may_join_anew_ = false;  // something was lost since it last joined

  std::vector<rd_kafka_message_t*> held_;  // those given by the last poll
  std::vector<rd_kafka_message_t*> batch_;
  std::vector<RawMessage> messages_;
};

KafkaSource::KafkaSource(KafkaSpec spec, int count, std::unique_ptr<KafkaClient> client)
    : spec_(std::move(spec)),
      client_(std::move(client)),
      bell_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      partitions_(static_cast<size_t>(count)),
      batch_(kBatchMax) {
  for (int i = 0; i < count; ++i)
    names_.push_back("kafka:" + spec_.topic + "/" + std::to_string(i));
}

KafkaSource::~KafkaSource() {
  release();
  partitions_.clear();
  happenings_.reset();
  client_.reset();
  ::close(bell_);
}

core::Result<core::Unit> KafkaSource::start(std::span<const int64_t> positions) {
  INVARIANT(positions.size() == partitions_.size());
  for (size_t i = 0; i < positions.size(); ++i) partitions_[i].next = positions[i];
  const auto opened = open_queues();
  if (!opened) return opened.error();
  return spec_.bounded ? start_bounded() : start_group();
}

// Before anything is assigned: the library leaves a queue alone that was forwarded by hand, here to
// nowhere.
core::Result<core::Unit> KafkaSource::open_queues() {
  constexpr uint64_t kOne = 1;
  rd_kafka_t* const handle = client_->handle();
  happenings_.reset(rd_kafka_queue_get_consumer(handle));
  rd_kafka_queue_io_event_enable(happenings_.get(), bell_, &kOne, sizeof kOne);
  for (size_t i = 0; i < partitions_.size(); ++i) {
    Queue& queue = partitions_[i].queue;
    queue.reset(rd_kafka_queue_get_partition(handle, spec_.topic.c_str(), static_cast<int32_t>(i)));
    if (!queue) return core::Error{core::Code::Unavailable, "kafka: no queue for " + names_[i]};
    rd_kafka_queue_forward(queue.get(), nullptr);
    rd_kafka_queue_io_event_enable(queue.get(), bell_, &kOne, sizeof kOne);
  }
  return core::Unit{};
}

struct ListEnd {
  void operator()(rd_kafka_topic_partition_list_t* l) const {
    rd_kafka_topic_partition_list_destroy(l);
  }
};
using List = std::unique_ptr<rd_kafka_topic_partition_list_t, ListEnd>;

int64_t offset_from(const Partition& partition) {
  return partition.next >= 0 ? partition.next : RD_KAFKA_OFFSET_BEGINNING;
}

core::Result<core::Unit> KafkaSource::start_bounded() {
  const List list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions_.size())));
  for (size_t i = 0; i < partitions_.size(); ++i) {
    Partition& partition = partitions_[i];
    partition.end = spec_.ends[i];
    partition.ended = std::max<int64_t>(0, partition.next) >= partition.end;
    partition.at_end = partition.ended;
    partition.owned = true;
    if (!partition.ended)
      rd_kafka_topic_partition_list_add(list.get(), spec_.topic.c_str(), static_cast<int32_t>(i))
          ->offset = offset_from(partition);
  }
  const auto error = rd_kafka_assign(client_->handle(), list.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return core::Unit{};
  return core::Error{core::Code::Unavailable,
                     std::string("kafka: assign: ") + rd_kafka_err2str(error)};
}

core::Result<core::Unit> KafkaSource::start_group() {
  client_->on_rebalance = [this](bool assigned, rd_kafka_topic_partition_list_t* list) {
    rebalance(assigned, list);
  };
  const List list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), spec_.topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto error = rd_kafka_subscribe(client_->handle(), list.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return core::Unit{};
  return core::Error{core::Code::BadSettings,
                     std::string("kafka: subscribe: ") + rd_kafka_err2str(error)};
}

// What the group gives is read on from where it was read to here, whatever Kafka remembers.
void KafkaSource::rebalance(bool assigned, rd_kafka_topic_partition_list_t* list) {
  for (int k = list->cnt - 1; k >= 0; --k) {
    const auto i = static_cast<size_t>(list->elems[k].partition);
    if (i >= partitions_.size()) {
      core::log(core::LogLevel::Warning, "kafka: topic " + spec_.topic + " has grown: partition " +
                                             std::to_string(i) + " is read after a restart");
      rd_kafka_topic_partition_list_del_by_idx(list, k);
      continue;
    }
    partitions_[i].owned = assigned;
    partitions_[i].at_end = false;
    list->elems[k].offset = offset_from(partitions_[i]);
  }
}

core::Result<std::span<const RawMessage>> KafkaSource::poll(core::Millis wait, size_t limit) {
  release();
  if (client_ != nullptr) serve_happenings();
  if (client_ == nullptr || (!client_->fatal().empty() && may_join_anew_)) {
    const auto joined = join_anew();
    if (!joined) return joined.error();
  }
  if (!client_->fatal().empty())
    return core::Error{core::Code::Conflict, "kafka: " + client_->fatal()};
  if (limit == 0) return std::span<const RawMessage>();
  gather(limit);
  if (messages_.empty() && wait > core::Millis{0}) {
    if (lost_) look_at_ends(wait);
    if (!lost_) wait_for_messages(wait);
    serve_happenings();
    gather(limit);
  }
  return std::span<const RawMessage>(messages_);
}

// With a new handle: one that was fenced never works again.
core::Result<core::Unit> KafkaSource::join_anew() {
  core::log(core::LogLevel::Warning, "kafka: joining group " + spec_.group + " anew");
  for (Partition& partition : partitions_) {
    partition.queue.reset();
    partition.owned = partition.at_end = false;
  }
  happenings_.reset();
  client_.reset();
  auto opened = KafkaClient::open(spec_);
  if (!opened) return core::Error{core::Code::Unavailable, opened.error().message};
  client_ = std::move(*opened);
  may_join_anew_ = false;
  const auto queues = open_queues();
  return queues ? start_group() : queues;
}

void KafkaSource::release() {
  for (rd_kafka_message_t* message : held_) rd_kafka_message_destroy(message);
  held_.clear();
  messages_.clear();
}

// Rebalances, errors and log lines reach their callbacks in here; it also keeps the membership
// alive.
void KafkaSource::serve_happenings() {
  for (int n = 0; n < kHappeningsMax; ++n) {
    rd_kafka_message_t* const message = rd_kafka_consumer_poll(client_->handle(), 0);
    if (message == nullptr) break;
    core::log(core::LogLevel::Warning,
              std::string("kafka: ") + rd_kafka_err2str(message->err) + " for " + spec_.topic);
    if (message->err == RD_KAFKA_RESP_ERR__FATAL) client_->take_fatal();
    rd_kafka_message_destroy(message);
  }
  if (client_->take_lost()) lost_ = may_join_anew_ = true;
}

void KafkaSource::gather(size_t limit) {
  const auto count = static_cast<uint32_t>(partitions_.size());
  limit = std::min(limit, kBatchMax);
  for (uint32_t k = 0; k < count && messages_.size() < limit; ++k) {
    const uint32_t i = (first_ + k) % count;
    const Partition& partition = partitions_[i];
    if (!partition.owned || !partition.wanted || partition.ended) continue;
    const ssize_t got = rd_kafka_consume_batch_queue(partition.queue.get(), 0, batch_.data(),
                                                     limit - messages_.size());
    for (ssize_t m = 0; m < got; ++m) take(i, batch_[static_cast<size_t>(m)]);
  }
  first_ = (first_ + 1) % count;
}

void KafkaSource::take(uint32_t i, rd_kafka_message_t* message) {
  Partition& partition = partitions_[i];
  const bool is_message = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (!is_message) trouble(partition, i, *message);
  if (partition.ended || (is_message && message->offset >= partition.end)) {
    partition.ended = partition.at_end = true;
  } else if (is_message) {
    if (message->offset < partition.next)
      core::log(core::LogLevel::Error, "kafka: " + names_[i] + " begins anew at " +
                                           std::to_string(message->offset) + ", expected was " +
                                           std::to_string(partition.next));
    rd_kafka_timestamp_type_t type;
    const int64_t ms = rd_kafka_message_timestamp(message, &type);
    partition.next = message->offset + 1;
    partition.at_end = false;
    messages_.push_back({{static_cast<const char*>(message->payload), message->len},
                         i,
                         message->offset,
                         partition.next,
                         type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? ms : -1});
    held_.push_back(message);
    if (partition.next >= partition.end) partition.ended = partition.at_end = true;
    return;
  }
  rd_kafka_message_destroy(message);
}

// What a partition's queue holds beside messages: its end as the broker knows it, or an error.
void KafkaSource::trouble(Partition& partition, uint32_t i, const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    core::log(core::LogLevel::Warning,
              "kafka: " + names_[i] + ": " + rd_kafka_err2str(message.err));
    return;
  }
  // Between the last message and the end there may be records that are no messages.
  partition.next = std::max(partition.next, message.offset);
  partition.at_end = true;
  if (spec_.bounded && partition.next >= partition.end) partition.ended = true;
}

void KafkaSource::wait_for_messages(core::Millis wait) {
  pollfd ready{bell_, POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return;
  uint64_t rung = 0;
  if (::read(bell_, &rung, sizeof rung) < 0) return;  // somebody else's ring: nothing to clear
}

// After a lost connection the library does not say again that a partition is at its end.
void KafkaSource::look_at_ends(core::Millis wait) {
  const auto ends = client_->ends(static_cast<int>(partitions_.size()), wait);
  if (!ends) return;
  lost_ = false;
  for (size_t i = 0; i < partitions_.size(); ++i)
    partitions_[i].at_end =
        partitions_[i].ended ||
        (partitions_[i].owned && std::max<int64_t>(0, partitions_[i].next) >= (*ends)[i]);
}

int64_t KafkaSource::lag(uint32_t i) const {
  const Partition& partition = partitions_[i];
  if (partition.ended) return 0;
  int64_t low = 0, high = -1;  // as the last answers of the broker had them
  if (!spec_.bounded && partition.owned && client_ != nullptr)
    rd_kafka_get_watermark_offsets(client_->handle(), spec_.topic.c_str(), static_cast<int32_t>(i),
                                   &low, &high);
  if (spec_.bounded) high = partition.end;
  if (high < 0) return -1;
  return std::max<int64_t>(0, high - std::max({int64_t{0}, low, partition.next}));
}

}  // namespace

core::Result<std::unique_ptr<Source>> open_kafka(const KafkaSpec& spec, core::Millis wait) {
  core::log(core::LogLevel::Info, "librdkafka " + kafka_library_version());
  const auto asking = KafkaClient::open(spec);
  if (!asking) return asking.error();
  const auto count = (*asking)->count_partitions(wait);
  if (!count) return count.error();
  const auto partitions = static_cast<size_t>(*count);
  KafkaSpec shared = spec;
  // The library's bound is one for each queue.
  shared.queue_kbytes = std::max(kQueueKbytesMin, spec.queue_kbytes / partitions);
  auto client = KafkaClient::open(shared);
  if (!client) return client.error();
  // With a connection and the leaders known, reading begins half a second earlier, too.
  auto ends = (*client)->ends(*count, wait);
  if (!ends) return ends.error();
  if (spec.bounded && spec.ends.empty()) shared.ends = std::move(*ends);
  if (spec.bounded && shared.ends.size() != partitions)
    return core::Error{core::Code::BadSettings,
                       "kafka: topic " + spec.topic + " has another number of partitions by now"};
  return std::unique_ptr<Source>(
      std::make_unique<KafkaSource>(std::move(shared), *count, std::move(*client)));
}

core::Result<std::vector<int64_t>> kafka_ends(const KafkaSpec& spec, core::Millis wait) {
  const auto client = KafkaClient::open(spec);
  if (!client) return client.error();
  const auto count = (*client)->count_partitions(wait);
  if (!count) return count.error();
  return (*client)->ends(*count, wait);
}

std::string kafka_library_version() { return rd_kafka_version_str(); }

}  // namespace ingest
