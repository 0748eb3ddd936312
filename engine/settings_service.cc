// What a running system offers and keeps: the heartbeat, the console, the archive, retention.
#include <charconv>

#include "engine/settings_reading.h"

namespace engine {

namespace {

namespace fs = std::filesystem;
using rules::Field;
using rules::Node;
using rules::Presence;
using rules::Reading;
using rules::Shape;

struct HeartbeatDraft {
  HeartbeatSettings& heartbeat;
  const fs::path& folder;
};

constexpr Field<HeartbeatDraft> kHeartbeat[] = {
    {{"url", Shape::Text, Presence::Required, "whoever alarms when nothing comes any more"},
     [](Reading& r, const Node& n, HeartbeatDraft& d) {
       rules::keep(text_or_secret(r, n, d.folder), d.heartbeat.url);
     }},
    {{"secret", Shape::Object, Presence::Optional, "whsec_..., signs each beat"},
     [](Reading& r, const Node& n, HeartbeatDraft& d) {
       if (auto value = secret(r, n, d.folder)) d.heartbeat.secrets = {std::move(*value)};
     }},
    {{"every", Shape::Duration, Presence::Optional, "default 1m"},
     [](Reading& r, const Node& n, HeartbeatDraft& d) {
       rules::keep(r.duration(n), d.heartbeat.every);
     }},
    {{"allow_private", Shape::Flag, Presence::Optional, "a private address is meant"},
     [](Reading& r, const Node& n, HeartbeatDraft& d) {
       rules::keep(r.flag(n), d.heartbeat.allow_private);
     }},
};

struct ConsoleDraft {
  ConsoleSettings& console;
  const fs::path& folder;
};

// "127.0.0.1:8686": an address and a port.
void read_listen(Reading& r, const Node& n, ConsoleDraft& d) {
  const auto text = r.text(n);
  if (!text) return;
  const size_t colon = text->rfind(':');
  uint16_t port = 0;
  const char* const end = text->data() + text->size();
  const bool ok = colon != std::string::npos && colon > 0 &&
                  std::from_chars(text->data() + colon + 1, end, port).ptr == end && port > 0;
  if (!ok)
    return r.error(n, "bad-value",
                   rules::both("`listen` 要写成 地址:端口", "`listen` is ADDRESS:PORT"));
  d.console.address = text->substr(0, colon);
  d.console.port = port;
}

void read_base(Reading& r, const Node& n, ConsoleDraft& d) {
  const auto text = r.text(n);
  if (!text) return;
  if (!text->starts_with("https://") && !text->starts_with("http://"))
    return r.error(n, "bad-value",
                   rules::both("`base` 要以 https:// 开头", "`base` begins with https://"));
  d.console.base = text->ends_with('/') ? text->substr(0, text->size() - 1) : *text;
}

constexpr Field<ConsoleDraft> kConsole[] = {
    {{"listen", Shape::Text, Presence::Required, "ADDRESS:PORT; a reverse proxy stands in front"},
     read_listen},
    {{"base", Shape::Text, Presence::Optional, "what phones reach; without it no action links"},
     read_base},
    {{"keys", Shape::Text, Presence::Optional,
      "file of the links' keys; default: beside the store"},
     [](Reading& r, const Node& n, ConsoleDraft& d) {
       if (auto text = r.text(n)) d.console.keys = resolved(d.folder, *text);
     }},
    {{"behind_proxy", Shape::Flag, Presence::Optional, "X-Forwarded-For is the proxy's"},
     [](Reading& r, const Node& n, ConsoleDraft& d) {
       rules::keep(r.flag(n), d.console.behind_proxy);
     }},
};

struct ArchiveDraft {
  ArchiveSettings& archive;
  const fs::path& folder;
};

constexpr uint64_t kMega = 1'000'000, kGiga = 1'000'000'000;
constexpr uint64_t kArchiveLeast = 10 * kMega, kArchiveMost = 100'000 * kGiga;

// "20GB", "500MB": of 1000, as disks are sold.
void read_bytes(Reading& r, const Node& n, ArchiveDraft& d) {
  const auto text = r.text(n);
  if (!text) return;
  uint64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  const std::string_view unit(read.ptr, static_cast<size_t>(end - read.ptr));
  const uint64_t factor = unit == "GB" ? kGiga : unit == "MB" ? kMega : 0;
  const bool ok = read.ec == std::errc{} && factor > 0 && number <= kArchiveMost / factor &&
                  number * factor >= kArchiveLeast;
  if (!ok)
    return r.error(n, "bad-value",
                   rules::both("`bytes_max` 要写成 20GB 或 500MB，至少 10MB",
                               "`bytes_max` is like 20GB or 500MB, at least 10MB"));
  d.archive.limits.bytes_max = number * factor;
}

constexpr Field<ArchiveDraft> kArchive[] = {
    {{"path", Shape::Text, Presence::Required, "a folder of its own"},
     [](Reading& r, const Node& n, ArchiveDraft& d) {
       if (auto text = r.text(n)) d.archive.path = resolved(d.folder, *text);
     }},
    {{"days", Shape::Number, Presence::Optional, "by the events' time, default 30"},
     [](Reading& r, const Node& n, ArchiveDraft& d) {
       if (const auto days = r.integer(n, 1, 3650))
         d.archive.limits.keep = core::Millis{*days * 24 * 3'600'000};
     }},
    {{"bytes_max", Shape::Text, Presence::Optional, "default 20GB; the oldest events go first"},
     read_bytes},
};

template <auto Member>
void keep_for(Reading& r, const Node& n, RetentionSettings& o) {
  rules::keep(r.duration(n), o.*Member);
}

constexpr Field<RetentionSettings> kRetention[] = {
    {{"messages", Shape::Duration, Presence::Optional, "what was told to people, default 180d"},
     keep_for<&RetentionSettings::messages>},
    {{"cases", Shape::Duration, Presence::Optional, "closed cases, default 365d"},
     keep_for<&RetentionSettings::cases>},
    {{"links", Shape::Duration, Presence::Optional, "used and expired action links, default 30d"},
     keep_for<&RetentionSettings::links>},
    {{"members", Shape::Duration, Presence::Optional, "who wrote evidence, sealed, default 30d"},
     keep_for<&RetentionSettings::members>},
};

}  // namespace

void read_heartbeat(Reading& r, const Node& n, const fs::path& folder, HeartbeatSettings& out) {
  HeartbeatDraft draft{out, folder};
  rules::read_object(r, n, "heartbeat", kHeartbeat, draft);
}

void read_console(Reading& r, const Node& n, const fs::path& folder, ConsoleSettings& out) {
  ConsoleDraft draft{out, folder};
  rules::read_object(r, n, "console", kConsole, draft);
}

void read_archive(Reading& r, const Node& n, const fs::path& folder, ArchiveSettings& out) {
  ArchiveDraft draft{out, folder};
  rules::read_object(r, n, "archive", kArchive, draft);
}

void read_retention(Reading& r, const Node& n, RetentionSettings& out) {
  rules::read_object(r, n, "retention", kRetention, out);
}

}  // namespace engine
