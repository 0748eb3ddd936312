#include "ingest/kafka_client.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>

#include "core/log.h"

#ifdef __SANITIZE_THREAD__
// The library is not instrumented: ThreadSanitizer sees its locks, but not the reference counts
// that say when a lock may be destroyed or a message's memory freed.
extern "C" const char* __tsan_default_suppressions() {
  return "race:^rd_kafka_\nrace:^rd_buf_\nrace:^rwlock_destroy\nrace:^mtx_destroy\n"
         "mutex:^rwlock_destroy\nmutex:^mtx_destroy\n";
}
#endif

namespace ingest {

namespace {

using Text = std::array<char, 512>;
using Property = std::pair<std::string, std::string>;

constexpr core::Millis kCloseMax{5000};
constexpr core::Millis kCloseStep{100};
constexpr int kSyslogError = 3, kSyslogWarning = 4;

// What the source relies on; a user cannot set these.
std::vector<Property> relied_on(const KafkaSpec& spec) {
  std::vector<Property> all = {
      {"bootstrap.servers", spec.brokers},
      {"group.id", spec.group},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"enable.partition.eof", "true"},
      {"auto.offset.reset", "earliest"},
      {"partition.assignment.strategy", "range,roundrobin"},
      {"queued.max.messages.kbytes", std::to_string(spec.queue_kbytes)},
      {"log.queue", "true"},
  };
  if (!spec.bounded && !spec.member.empty()) all.push_back({"group.instance.id", spec.member});
  return all;
}

// What was measured to be fastest in bounded memory, and quick after a loss; a user may set others.
constexpr std::array<std::pair<const char*, const char*>, 8> kPreferred = {{
    {"client.id", "qingyu"},
    {"queued.min.messages", "10000000"},
    {"fetch.queue.backoff.ms", "5"},
    {"fetch.wait.max.ms", "20"},
    {"fetch.message.max.bytes", "2000000"},
    {"session.timeout.ms", "6000"},
    {"heartbeat.interval.ms", "1500"},
    {"reconnect.backoff.max.ms", "1000"},
}};

struct ConfigurationEnd {
  void operator()(rd_kafka_conf_t* c) const { rd_kafka_conf_destroy(c); }
};
using Configuration = std::unique_ptr<rd_kafka_conf_t, ConfigurationEnd>;

// The library's own message may quote the value, so it is not passed on.
core::Result<core::Unit> set(rd_kafka_conf_t* configuration, const Property& property) {
  Text why;
  const auto& [name, value] = property;
  switch (rd_kafka_conf_set(configuration, name.c_str(), value.c_str(), why.data(), why.size())) {
    case RD_KAFKA_CONF_OK:
      return core::Unit{};
    case RD_KAFKA_CONF_UNKNOWN:
      return core::Error{core::Code::BadSettings, "kafka has no property '" + name + "'"};
    default:
      return core::Error{core::Code::BadSettings,
                         "kafka property '" + name + "' has a value that is not allowed"};
  }
}

core::Result<core::Unit> configure(rd_kafka_conf_t* configuration, const KafkaSpec& spec) {
  const auto ours = relied_on(spec);
  const auto reserved = [&ours](const std::string& name) {
    return name == "metadata.broker.list" || name == "group.instance.id" ||
           std::ranges::find(ours, name, &Property::first) != ours.end();
  };
  for (const Property& property : spec.properties)
    if (reserved(property.first))
      return core::Error{core::Code::BadSettings,
                         "kafka property '" + property.first + "' is qingyu's own to set"};
  std::vector<Property> all(kPreferred.begin(), kPreferred.end());
  all.insert(all.end(), ours.begin(), ours.end());
  all.insert(all.end(), spec.properties.begin(), spec.properties.end());
  for (const Property& property : all) {
    const auto done = set(configuration, property);
    if (!done) return done.error();
  }
  return core::Unit{};
}

core::Error unavailable(const std::string& what, rd_kafka_resp_err_t error) {
  return {core::Code::Unavailable, what + ": " + rd_kafka_err2str(error)};
}

struct ListEnd {
  void operator()(rd_kafka_topic_partition_list_t* l) const {
    rd_kafka_topic_partition_list_destroy(l);
  }
};
struct TopicEnd {
  void operator()(rd_kafka_topic_t* t) const { rd_kafka_topic_destroy(t); }
};
struct QueueEnd {
  void operator()(rd_kafka_queue_t* q) const { rd_kafka_queue_destroy(q); }
};
struct ErrorEnd {
  void operator()(rd_kafka_error_t* e) const { rd_kafka_error_destroy(e); }
};
struct MetadataEnd {
  void operator()(const rd_kafka_metadata_t* m) const { rd_kafka_metadata_destroy(m); }
};

}  // namespace

// They only write down what happened; the library calls them from the owner's thread.
struct KafkaCallbacks {
  static void logged(const rd_kafka_t* handle, int level, const char*, const char* line) {
    static_cast<const KafkaClient*>(rd_kafka_opaque(handle))->say(level, line);
  }

  static void failed(rd_kafka_t*, int error, const char* why, void* opaque) {
    auto& client = *static_cast<KafkaClient*>(opaque);
    if (error == RD_KAFKA_RESP_ERR__FATAL) client.take_fatal();
    const bool logged =
        error == RD_KAFKA_RESP_ERR__TRANSPORT || error == RD_KAFKA_RESP_ERR__RESOLVE;
    if (logged || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) client.lost_ = true;
    if (!logged) client.say(kSyslogWarning, why);
  }

  static void rebalanced(rd_kafka_t* handle, rd_kafka_resp_err_t error,
                         rd_kafka_topic_partition_list_t* partitions, void* opaque) {
    auto& client = *static_cast<KafkaClient*>(opaque);
    const bool assigned = error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    const bool fenced = rd_kafka_fatal_error(handle, nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
    if (!assigned && !fenced && rd_kafka_assignment_lost(handle) != 0) client.lost_ = true;
    if (client.on_rebalance) client.on_rebalance(assigned, partitions);
    rd_kafka_assign(handle, assigned ? partitions : nullptr);
  }
};

core::Result<std::unique_ptr<KafkaClient>> KafkaClient::open(const KafkaSpec& spec) {
  std::unique_ptr<KafkaClient> client(new KafkaClient(spec));
  Configuration configuration(rd_kafka_conf_new());
  const auto configured = configure(configuration.get(), spec);
  if (!configured) return configured.error();
  rd_kafka_conf_set_opaque(configuration.get(), client.get());
  rd_kafka_conf_set_log_cb(configuration.get(), &KafkaCallbacks::logged);
  rd_kafka_conf_set_error_cb(configuration.get(), &KafkaCallbacks::failed);
  rd_kafka_conf_set_rebalance_cb(configuration.get(), &KafkaCallbacks::rebalanced);
  Text why{};
  client->handle_ = rd_kafka_new(RD_KAFKA_CONSUMER, configuration.get(), why.data(), why.size());
  if (client->handle_ == nullptr) {
    std::string message = "kafka settings do not fit together: " + std::string(why.data());
    for (const Property& property : spec.properties)
      if (property.second.size() > 3 && message.find(property.second) != std::string::npos)
        message = "kafka settings do not fit together";
    return core::Error{core::Code::BadSettings, message};
  }
  static_cast<void>(configuration.release());  // the handle owns it now
  rd_kafka_poll_set_consumer(client->handle_);
  rd_kafka_set_log_queue(client->handle_, nullptr);
  return client;
}

// Leaves the group if a broker answers; never waits longer than kCloseMax.
KafkaClient::~KafkaClient() {
  if (handle_ == nullptr) return;
  on_rebalance = nullptr;
  const std::unique_ptr<rd_kafka_queue_t, QueueEnd> queue(rd_kafka_queue_new(handle_));
  const std::unique_ptr<rd_kafka_error_t, ErrorEnd> refused(
      rd_kafka_consumer_close_queue(handle_, queue.get()));
  for (core::Millis waited{0}; !refused && waited < kCloseMax; waited += kCloseStep) {
    if (rd_kafka_consumer_closed(handle_) != 0) break;
    rd_kafka_queue_poll_callback(queue.get(), static_cast<int>(kCloseStep.count()));
  }
  rd_kafka_destroy_flags(handle_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void KafkaClient::take_fatal() {
  Text text;
  if (rd_kafka_fatal_error(handle_, text.data(), text.size()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    fatal_ = text.data();
}

core::Result<int> KafkaClient::count_partitions(core::Millis wait) {
  const std::unique_ptr<rd_kafka_topic_t, TopicEnd> topic(
      rd_kafka_topic_new(handle_, spec_.topic.c_str(), nullptr));
  if (!topic) return core::Error{core::Code::BadSettings, "kafka: no topic can have that name"};
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error =
      rd_kafka_metadata(handle_, 0, topic.get(), &answer, static_cast<int>(wait.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return unavailable("kafka: no broker answered", error);
  const std::unique_ptr<const rd_kafka_metadata_t, MetadataEnd> metadata(answer);
  if (metadata->topic_cnt != 1)
    return core::Error{core::Code::Unavailable, "kafka: no broker knows topic " + spec_.topic};
  const rd_kafka_metadata_topic_t& found = metadata->topics[0];
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR || found.partition_cnt == 0)
    return unavailable("kafka: topic " + spec_.topic, found.err);
  return found.partition_cnt;
}

core::Result<std::vector<int64_t>> KafkaClient::ends(int count, core::Millis wait) {
  const std::unique_ptr<rd_kafka_topic_partition_list_t, ListEnd> list(
      rd_kafka_topic_partition_list_new(count));
  for (int i = 0; i < count; ++i)
    rd_kafka_topic_partition_list_add(list.get(), spec_.topic.c_str(), i)->offset =
        RD_KAFKA_OFFSET_END;  // "the offset of this time": the end
  const auto error =
      rd_kafka_offsets_for_times(handle_, list.get(), static_cast<int>(wait.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return unavailable("kafka: end offsets", error);
  std::vector<int64_t> ends(static_cast<size_t>(count), 0);
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& partition = list->elems[i];
    if (partition.err != RD_KAFKA_RESP_ERR_NO_ERROR || partition.offset < 0)
      return unavailable("kafka: end offsets", partition.err);
    ends[static_cast<size_t>(partition.partition)] = partition.offset;
  }
  return ends;
}

void KafkaClient::say(int severity, const std::string& line) const {
  const auto level = severity <= kSyslogError     ? core::LogLevel::Error
                     : severity <= kSyslogWarning ? core::LogLevel::Warning
                                                  : core::LogLevel::Info;
  for (const Property& property : spec_.properties)
    if (property.second.size() > 3 && line.find(property.second) != std::string::npos) return;
  core::log(level, "kafka: " + line);
}

}  // namespace ingest
