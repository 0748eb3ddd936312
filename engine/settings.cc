#include "engine/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/text/utf8.h"
#include "engine/settings_reading.h"
#include "ingest/decode.h"
#include "rules/reading.h"

namespace engine {

namespace {

namespace fs = std::filesystem;
using rules::both;
using rules::Field;
using rules::Node;
using rules::Presence;
using rules::Reading;
using rules::Shape;

constexpr std::string_view kFile = "file:";
constexpr size_t kSettingsBytesMax = 1 << 20;
constexpr size_t kSourcesMax = 64;

// What is being read, and where it lies: paths in it are relative to `folder`.
struct Draft {
  Settings settings;
  fs::path folder;
};

template <auto Member>
void path(Reading& r, const Node& n, Draft& d) {
  if (auto text = r.text(n)) d.settings.book.*Member = resolved(d.folder, *text);
}

// --- store ---

constexpr std::string_view kStoreKinds[] = {"memory", "sqlite", "redis"};

constexpr Field<Draft> kStore[] = {
    {{"kind", Shape::Text, Presence::Required, "memory, sqlite or redis"},
     [](Reading& r, const Node& n, Draft& d) {
       if (const auto kind = r.choice(n, kStoreKinds)) d.settings.store.kind = kStoreKinds[*kind];
     }},
    {{"path", Shape::Text, Presence::Optional, "sqlite: the file"},
     [](Reading& r, const Node& n, Draft& d) {
       if (auto text = r.text(n)) d.settings.store.path = resolved(d.folder, *text);
     }},
    {{"address", Shape::Text, Presence::Optional, "redis: host:port or the path of a socket"},
     [](Reading& r, const Node& n, Draft& d) { rules::keep(r.text(n), d.settings.store.address); }},
    {{"prefix", Shape::Text, Presence::Optional, "redis: of all keys"},
     [](Reading& r, const Node& n, Draft& d) { rules::keep(r.text(n), d.settings.store.prefix); }},
    {{"user", Shape::Text, Presence::Optional, "redis"},
     [](Reading& r, const Node& n, Draft& d) { rules::keep(r.text(n), d.settings.store.user); }},
    {{"password", Shape::Text, Presence::Optional, "redis: env:NAME or file:PATH"},
     [](Reading& r, const Node& n, Draft& d) {
       auto text = r.text(n);
       if (!text) return;
       const bool file = text->starts_with(kFile);
       d.settings.store.password_source =
           file ? std::string(kFile) + resolved(d.folder, text->substr(kFile.size())) : *text;
     }},
};

// --- sources ---

struct SourceDraft {
  SourceSettings source;
  const fs::path& folder;
};

constexpr std::string_view kSourceKinds[] = {"file", "kafka"};
constexpr std::string_view kPaces[] = {"none", "event_time"};

void read_decoder(Reading& r, const Node& n, SourceDraft& d) {
  const auto names = ingest::decoder_names();
  if (const auto which = r.choice(n, names)) d.source.decoder = names[*which];
}

void read_paths(Reading& r, const Node& n, SourceDraft& d) {
  if (!r.is_list(n)) return;
  for (const Node& item : n.items)
    if (const auto text = r.text(item)) d.source.paths.push_back(resolved(d.folder, *text));
}

void read_properties(Reading& r, const Node& n, SourceDraft& d) {
  if (!r.is_map(n)) return;
  for (size_t i = 0; i < n.keys.size(); ++i)
    if (auto value = text_or_secret(r, n.items[i], d.folder))
      d.source.kafka.properties.emplace_back(n.keys[i].text, std::move(*value));
}

template <auto Member>
void kafka_text(Reading& r, const Node& n, SourceDraft& d) {
  rules::keep(r.text(n), d.source.kafka.*Member);
}

constexpr Field<SourceDraft> kSource[] = {
    {{"name", Shape::Id, Presence::Required, "for people"},
     [](Reading& r, const Node& n, SourceDraft& d) { rules::keep(r.id(n), d.source.name); }},
    {{"kind", Shape::Text, Presence::Required, "file or kafka"},
     [](Reading& r, const Node& n, SourceDraft& d) {
       if (const auto kind = r.choice(n, kSourceKinds)) d.source.kind = kSourceKinds[*kind];
     }},
    {{"decoder", Shape::Text, Presence::Optional, "qingyu, wecom or weibo"}, read_decoder},
    {{"lateness", Shape::Duration, Presence::Optional, "disorder allowed"},
     [](Reading& r, const Node& n, SourceDraft& d) {
       rules::keep(r.duration(n), d.source.limits.lateness);
     }},
    {{"age_max", Shape::Duration, Presence::Optional, "older is a dead letter"},
     [](Reading& r, const Node& n, SourceDraft& d) {
       rules::keep(r.duration(n), d.source.limits.age_max);
     }},
    {{"lag_max", Shape::Duration, Presence::Optional, "silent for so long it holds nobody back"},
     [](Reading& r, const Node& n, SourceDraft& d) {
       rules::keep(r.duration(n), d.source.lag_max);
     }},
    {{"acts", Shape::Flag, Presence::Optional, "people's acts among its events are taken: a story"},
     [](Reading& r, const Node& n, SourceDraft& d) { rules::keep(r.flag(n), d.source.acts); }},
    {{"reports", Shape::Flag, Presence::Optional, "file: `qingyu report` writes to its first path"},
     [](Reading& r, const Node& n, SourceDraft& d) { rules::keep(r.flag(n), d.source.reports); }},
    {{"paths", Shape::List, Presence::Optional, "file: JSON lines, also .zst, - = standard input"},
     read_paths},
    {{"follow", Shape::Flag, Presence::Optional, "file: wait for more lines"},
     [](Reading& r, const Node& n, SourceDraft& d) { rules::keep(r.flag(n), d.source.follow); }},
    {{"pace", Shape::Text, Presence::Optional, "file: event_time = as fast as it happened"},
     [](Reading& r, const Node& n, SourceDraft& d) {
       if (const auto pace = r.choice(n, kPaces)) d.source.paced = *pace == 1;
     }},
    {{"brokers", Shape::Text, Presence::Optional, "kafka: host:port, by commas"},
     kafka_text<&ingest::KafkaSpec::brokers>},
    {{"topic", Shape::Text, Presence::Optional, "kafka"}, kafka_text<&ingest::KafkaSpec::topic>},
    {{"group", Shape::Text, Presence::Optional, "kafka: consumer group"},
     kafka_text<&ingest::KafkaSpec::group>},
    {{"member", Shape::Text, Presence::Optional, "kafka: static member, stable for this process"},
     kafka_text<&ingest::KafkaSpec::member>},
    {{"queue_kbytes", Shape::Number, Presence::Optional, "kafka: bound of the local queue"},
     [](Reading& r, const Node& n, SourceDraft& d) {
       if (const auto value = r.integer(n, 1024, 2'000'000))
         d.source.kafka.queue_kbytes = static_cast<size_t>(*value);
     }},
    {{"properties", Shape::Object, Presence::Optional, "kafka: passed through, e.g. TLS, SASL"},
     read_properties},
};

void check_source(Reading& r, const Node& n, const SourceSettings& s) {
  if (s.kind == "file" && s.paths.empty())
    r.error(n, "missing-key", both("文件来源要有 `paths`", "a file source needs `paths`"));
  if (s.kind == "kafka" && (s.kafka.brokers.empty() || s.kafka.topic.empty()))
    r.error(
        n, "missing-key",
        both("kafka 来源要有 `brokers` 和 `topic`", "a kafka source needs `brokers` and `topic`"));
  if (s.reports && (s.kind != "file" || !s.follow || s.decoder != "qingyu"))
    r.error(n, "contradiction",
            both("`reports` 的来源要 kind: file、follow: true、decoder: qingyu",
                 "a source with `reports` needs kind: file, follow: true, decoder: qingyu"));
  if (s.paced && s.follow)
    r.error(n, "contradiction",
            both("`pace` 和 `follow` 不能同时用", "`pace` and `follow` exclude each other"));
}

void read_sources(Reading& r, const Node& n, Draft& d) {
  if (!r.is_list(n)) return;
  if (n.items.size() > kSourcesMax)
    return r.error(n, "too-many", both("来源最多 64 个", "at most 64 sources"));
  for (const Node& item : n.items) {
    SourceDraft draft{{}, d.folder};
    draft.source.decoder = "qingyu";
    rules::read_object(r, item, "source", kSource, draft);
    check_source(r, item, draft.source);
    if (draft.source.kafka.member.empty())
      draft.source.kafka.member = "qingyu-" + draft.source.name;
    d.settings.sources.push_back(std::move(draft.source));
  }
}

// --- the file ---

constexpr Field<Draft> kDeadLetters[] = {
    {{"path", Shape::Text, Presence::Required, "the file"},
     [](Reading& r, const Node& n, Draft& d) {
       if (auto text = r.text(n)) d.settings.dead_letters.path = resolved(d.folder, *text);
     }},
    {{"megabytes_max", Shape::Number, Presence::Optional, "its bound"},
     [](Reading& r, const Node& n, Draft& d) {
       if (const auto value = r.integer(n, 1, 100'000))
         d.settings.dead_letters.bytes_max = static_cast<size_t>(*value) << 20;
     }},
};

void read_packs(Reading& r, const Node& n, Draft& d) {
  if (!r.is_list(n)) return;
  for (const Node& item : n.items)
    if (const auto text = r.text(item)) d.settings.book.packs.push_back(resolved(d.folder, *text));
}

constexpr Field<Draft> kSettings[] = {
    {{"store", Shape::Object, Presence::Required, "where state is kept"},
     [](Reading& r, const Node& n, Draft& d) { rules::read_object(r, n, "store", kStore, d); }},
    {{"lanes", Shape::Number, Presence::Optional, "threads that read messages"},
     [](Reading& r, const Node& n, Draft& d) {
       if (const auto value = r.integer(n, 1, 64)) d.settings.lanes = static_cast<size_t>(*value);
     }},
    {{"shards", Shape::Number, Presence::Optional,
      "parts of the state; fixed once a store is made"},
     [](Reading& r, const Node& n, Draft& d) {
       if (const auto value = r.integer(n, 1, 1024))
         d.settings.shards = static_cast<uint32_t>(*value);
     }},
    {{"sources", Shape::List, Presence::Required, "where messages come from"}, read_sources},
    {{"packs", Shape::List, Presence::Required, "rule packs: files or folders"}, read_packs},
    {{"lists", Shape::Text, Presence::Required, "shared word lists"},
     path<&rules::BookFiles::lists>},
    {{"taxonomy", Shape::Text, Presence::Required, "issues"}, path<&rules::BookFiles::taxonomy>},
    {{"ladders", Shape::Text, Presence::Required, "ladders and people"},
     path<&rules::BookFiles::ladders>},
    {{"limits", Shape::Text, Presence::Optional, "limits and assumptions"},
     path<&rules::BookFiles::limits>},
    {{"catalogue", Shape::Text, Presence::Optional, "folder with catalogue.csv and the others"},
     path<&rules::BookFiles::catalogue>},
    {{"cache", Shape::Text, Presence::Optional, "folder of compiled rules, beside the store"},
     path<&rules::BookFiles::cache>},
    {{"baselines", Shape::Text, Presence::Optional, "written by `qingyu learn`"},
     path<&rules::BookFiles::baselines>},
    {{"hash_key", Shape::Object, Presence::Optional, "key of customers' and orders' hashes"},
     [](Reading& r, const Node& n, Draft& d) {
       rules::keep(secret(r, n, d.folder), d.settings.book.hash_key);
     }},
    {{"channels", Shape::List, Presence::Optional, "where people are told"},
     [](Reading& r, const Node& n, Draft& d) {
       read_channels(r, n, d.folder, d.settings.destinations);
     }},
    {{"console", Shape::Object, Presence::Optional, "pages of action links, /healthz, /metrics"},
     [](Reading& r, const Node& n, Draft& d) { read_console(r, n, d.folder, d.settings.console); }},
    {{"heartbeat", Shape::Object, Presence::Optional, "who learns when this program is dead"},
     [](Reading& r, const Node& n, Draft& d) {
       read_heartbeat(r, n, d.folder, d.settings.heartbeat);
     }},
    {{"retention", Shape::Object, Presence::Optional, "how long what is kept"},
     [](Reading& r, const Node& n, Draft& d) { read_retention(r, n, d.settings.retention); }},
    {{"archive", Shape::Object, Presence::Optional, "the masked events of the last days"},
     [](Reading& r, const Node& n, Draft& d) { read_archive(r, n, d.folder, d.settings.archive); }},
    {{"dead_letters", Shape::Object, Presence::Optional, "what could not be taken in"},
     [](Reading& r, const Node& n, Draft& d) {
       rules::read_object(r, n, "dead_letters", kDeadLetters, d);
     }},
};

// The keys lie beside the store's file; with another store somebody has to say where.
void check_console(Settings& settings, const rules::Place& place, rules::Findings& findings) {
  if (settings.console.port == 0 || !settings.console.keys.empty()) return;
  if (settings.store.kind == "sqlite") {
    settings.console.keys = settings.store.path + ".keys";
    return;
  }
  findings.error(place, "missing-key",
                 both("`console` 要有 `keys`（签名密钥文件）", "`console` needs `keys`, a file"));
}

core::Error all_of(rules::Findings& findings) {
  std::string all;
  for (const rules::Finding& f : findings.take())
    all += (all.empty() ? "" : "\n") + rules::to_text(f);
  return {core::Code::BadSettings, all};
}

}  // namespace

core::Result<Settings> load_settings(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return core::Error{core::Code::BadSettings, "cannot read the settings file " + file};
  rules::SourceFile source;
  source.name = file;
  source.bytes.assign(std::istreambuf_iterator<char>(in), {});
  if (source.bytes.size() > kSettingsBytesMax || !core::text::valid_utf8(source.bytes))
    return core::Error{core::Code::BadSettings,
                       file + ": not a settings file (too large, or not UTF-8)"};
  rules::Findings findings;
  Reading reading(source, findings);
  Draft draft;
  draft.settings.file = file;
  draft.folder = fs::absolute(fs::path(file)).parent_path();
  if (const auto root = rules::parse_yaml(source, findings))
    rules::read_object(reading, *root, "settings", kSettings, draft);
  if (draft.settings.store.kind == "sqlite" && draft.settings.store.path.empty() &&
      !findings.has_error())
    findings.error({&source, 0, 0}, "missing-key",
                   both("sqlite 存储要有 `path`", "a sqlite store needs `path`"));
  check_console(draft.settings, {&source, 0, 0}, findings);
  if (findings.has_error()) return all_of(findings);
  return std::move(draft.settings);
}

std::string find_settings(const std::string& given) {
  if (!given.empty()) return given;
  for (const char* place : {"qingyu.yaml", "/etc/qingyu/qingyu.yaml"})
    if (fs::exists(place)) return place;
  return "";
}

std::string shipped(const std::string& relative) {
  const fs::path in_source = fs::path(QINGYU_SOURCE_DIR) / relative;
  if (fs::exists(in_source)) return in_source.string();
  return (fs::path("/usr/share/qingyu") / relative).string();
}

}  // namespace engine
