#pragma once
// Settings: the one YAML file of a running system (deploy/qingyu.yaml shows every key), read into
// small structs, one for each part that needs them. Only settings.cc knows the file. Paths in it
// are relative to the file itself.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerting/channel.h"
#include "core/result.h"
#include "core/time.h"
#include "engine/stream.h"
#include "ingest/archive_writer.h"
#include "ingest/kafka_source.h"
#include "rules/book.h"
#include "store/open.h"

namespace engine {

// One entry of `sources:`.
struct SourceSettings {
  std::string name;
  std::string kind;     // file kafka
  std::string decoder;  // qingyu wecom weibo
  StreamLimits limits;
  core::Millis lag_max{60'000};
  bool reports = false;  // `qingyu report` appends to its first path
  bool acts = false;     // commands and outcomes among its events are taken: a story's
  // file
  std::vector<std::string> paths;
  bool follow = false;
  // `pace: event_time`: played at the speed at which it happened, times --speed.
  bool paced = false;
  // kafka
  ingest::KafkaSpec kafka;
};

struct DeadLetterSettings {
  std::string path;  // "" keeps only the count
  size_t bytes_max = 64 * 1024 * 1024;
};

// A signed POST every so often; the receiver alarms when none comes. `url` "": none.
struct HeartbeatSettings {
  std::string url;  // secret: it may carry a token
  std::vector<std::string> secrets;
  core::Millis every{60'000};
  bool allow_private = false;
};

// How long what is kept after it is over. The ledger and the decision log are kept for good.
struct RetentionSettings {
  core::Millis messages{int64_t{180} * 24 * 3'600'000};
  core::Millis cases{int64_t{365} * 24 * 3'600'000};
  core::Millis links{int64_t{30} * 24 * 3'600'000};
  core::Millis members{int64_t{30} * 24 * 3'600'000};
};

// The archive of masked events. Off without a path.
struct ArchiveSettings {
  std::string path;  // a folder of its own
  ingest::ArchiveLimits limits;
};

// Pages of action links, vendors' calls, /healthz and /metrics. Off without a port.
struct ConsoleSettings {
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  // What people's phones reach, "https://yuqing.example.com": without it messages have no links.
  std::string base;
  std::string keys;  // the file with the keys that sign links
  bool behind_proxy = false;
};

struct Settings {
  std::string file;  // where it was read from
  store::StoreSpec store;
  size_t lanes = 1;
  uint32_t shards = 4;
  std::vector<SourceSettings> sources;
  rules::BookFiles book;
  std::vector<alerting::Destination> destinations;
  DeadLetterSettings dead_letters;
  HeartbeatSettings heartbeat;
  RetentionSettings retention;
  ArchiveSettings archive;
  ConsoleSettings console;
};

// BadSettings: every mistake, a line each, "file:line:col: error: ..."; a secret is never shown.
core::Result<Settings> load_settings(const std::string& path);

// The settings file that `run` takes: `given`, else ./qingyu.yaml, else /etc/qingyu/qingyu.yaml; ""
// if there is none.
std::string find_settings(const std::string& given);
// Where the shipped files are: the source tree that the binary was built in, else
// /usr/share/qingyu.
std::string shipped(const std::string& relative);

}  // namespace engine
