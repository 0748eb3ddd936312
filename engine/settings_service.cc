// What a running system offers and keeps: the heartbeat, retention.
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
};

}  // namespace

void read_heartbeat(Reading& r, const Node& n, const fs::path& folder, HeartbeatSettings& out) {
  HeartbeatDraft draft{out, folder};
  rules::read_object(r, n, "heartbeat", kHeartbeat, draft);
}

void read_retention(Reading& r, const Node& n, RetentionSettings& out) {
  rules::read_object(r, n, "retention", kRetention, out);
}

}  // namespace engine
