#include "engine/metrics.h"

#include <nlohmann/json.hpp>

namespace engine {

namespace {

using Json = nlohmann::json;

constexpr core::Millis kFresh{15'000};

struct Row {
  const char* name;     // of the metric
  const char* pointer;  // of the figure in the status
  const char* type;     // counter gauge
  const char* help;
};
constexpr Row kRows[] = {
    {"qingyu_events_total", "/events", "counter", "Messages taken in."},
    {"qingyu_events_late_total", "/late", "counter", "Messages beyond the disorder allowed."},
    {"qingyu_events_duplicate_total", "/duplicates", "counter", "Messages known already."},
    {"qingyu_signals_total", "/signals", "counter", "Judgements that concern a family."},
    {"qingyu_inherited_total", "/inherited", "counter",
     "Messages that took their subject from the one they reply to or forward."},
    {"qingyu_dead_letters_total", "/dead_letters", "counter", "Messages that could not be read."},
    {"qingyu_dead_letters_dropped_total", "/dead_letters_dropped", "counter",
     "Dead letters that the file had no room for."},
    {"qingyu_dropped_cut_total", "/dropped/cut", "counter", "Texts cut at their limit."},
    {"qingyu_dropped_matches_total", "/dropped/matches", "counter", "Matches beyond the limit."},
    {"qingyu_dropped_families_total", "/dropped/families", "counter", "Families beyond the limit."},
    {"qingyu_dropped_evidence_total", "/dropped/evidence", "counter", "Evidence beyond limits."},
    {"qingyu_dropped_replies_total", "/dropped/replies", "counter",
     "Messages whose replies, or whose own subject, were not waited for."},
    {"qingyu_queue_batches", "/queues/batches", "gauge", "Batches between readers and lanes."},
    {"qingyu_queue_records", "/queues/records", "gauge", "Records between lanes and shards."},
    {"qingyu_rules", "/rules", "gauge", "Rules in force."},
    {"qingyu_reloads_total", "/reloads/done", "counter", "Changed rules that came into force."},
    {"qingyu_reloads_failed_total", "/reloads/failed", "counter",
     "Changed rules with mistakes: the old ones stayed."},
    {"qingyu_reload_errors", "/reloads/errors", "gauge",
     "Mistakes of the last reload; 0 when it went well."},
    {"qingyu_courier_sent_total", "/courier/sent", "counter", "Messages with the vendor's proof."},
    {"qingyu_courier_accepted_total", "/courier/accepted", "counter",
     "Messages taken by vendors who never prove a delivery."},
    {"qingyu_courier_retried_total", "/courier/retried", "counter", "Attempts after the first."},
    {"qingyu_courier_unknown_total", "/courier/unknown", "counter",
     "Attempts that may have been posted without proof."},
    {"qingyu_courier_dead_total", "/courier/dead", "counter", "Messages given up."},
    {"qingyu_courier_degraded_total", "/courier/degraded", "counter", "Renderings below full."},
    {"qingyu_courier_gathered_total", "/courier/gathered", "counter", "Told within a digest."},
    {"qingyu_courier_superseded_total", "/courier/superseded", "counter",
     "Replaced by a newer message before they went."},
    {"qingyu_courier_edited_total", "/courier/edited", "counter", "Cards changed in place."},
    {"qingyu_courier_held_total", "/courier/held", "counter",
     "Held back by a mute time or a greater incident."},
    {"qingyu_courier_sick_channels_total", "/courier/sick_channels", "counter",
     "Times that a channel was found dead or resting for long."},
    {"qingyu_courier_alarms_total", "/courier/alarms", "counter",
     "Answers of vendors that a person must look at."},
    {"qingyu_heartbeats_sent_total", "/heartbeat/sent", "counter", "Beats to the outer watcher."},
    {"qingyu_heartbeats_failed_total", "/heartbeat/failed", "counter", "Beats that failed."},
    {"qingyu_heartbeats_withheld_total", "/heartbeat/withheld", "counter",
     "Beats not sent because the program stood still."},
    {"qingyu_archive_bytes", "/archive/bytes", "gauge", "Of the archive of masked events."},
    {"qingyu_archive_segments", "/archive/segments", "gauge", "Its files."},
    {"qingyu_archive_events", "/archive/events", "gauge", "Masked events that it holds."},
    {"qingyu_archive_kept_events", "/archive/kept", "gauge", "Evidence beyond its bounds."},
    {"qingyu_archive_written_total", "/archive/written", "counter", "Events written."},
    {"qingyu_archive_erased_total", "/archive/erased", "counter", "Events of erased people."},
    {"qingyu_archive_dropped_age_total", "/archive/dropped/age", "counter", "Older than its days."},
    {"qingyu_archive_dropped_size_total", "/archive/dropped/size", "counter",
     "Beyond its bytes, oldest first."},
    {"qingyu_archive_dropped_disk_total", "/archive/dropped/disk", "counter",
     "Could not be written, or too little room on the disk."},
    {"qingyu_archive_dropped_line_total", "/archive/dropped/line", "counter", "Too long."},
    {"qingyu_archive_dropped_kept_total", "/archive/dropped/kept", "counter",
     "Evidence beyond the bound of what is kept."},
    {"qingyu_archive_dropped_queue_total", "/archive/dropped/queue", "counter",
     "The lanes were faster than the archive's thread."},
    {"qingyu_archive_damaged_bytes_total", "/archive/damaged_bytes", "counter",
     "Found damaged at the start."},
    {"qingyu_archive_cut_bytes_total", "/archive/cut_bytes", "counter",
     "Cut off at the start, of segments that were not closed."},
    {"qingyu_forgotten_messages_total", "/forgotten/messages", "counter", "Past retention."},
    {"qingyu_forgotten_cases_total", "/forgotten/cases", "counter", "Past retention."},
    {"qingyu_forgotten_links_total", "/forgotten/links", "counter", "Past retention."},
    {"qingyu_forgotten_members_total", "/forgotten/members", "counter", "Past retention."},
};

void add_head(std::string& out, const std::string& name, const char* type, const char* help) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

// As the format wants it within a label's quotes.
std::string label(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void add_lags(std::string& out, const Json& streams) {
  if (!streams.is_array() || streams.empty()) return;
  add_head(out, "qingyu_stream_lag_records", "gauge", "Records not read yet, where known.");
  for (const Json& stream : streams)
    if (const auto lag = stream.value("lag", int64_t{-1}); lag >= 0)
      out += "qingyu_stream_lag_records{stream=\"" + label(stream.value("name", "")) + "\"} " +
             std::to_string(lag) + "\n";
}

}  // namespace

std::string metrics_text(std::string_view status_json) {
  const Json json = Json::parse(status_json, nullptr, false);
  const bool known = json.is_object();
  std::string out;
  add_head(out, "qingyu_up", "gauge", "Whether the program has put its figures.");
  out += known ? "qingyu_up 1\n" : "qingyu_up 0\n";
  if (!known) return out;
  for (const Row& row : kRows) {
    const Json::json_pointer place(row.pointer);
    if (!json.contains(place) || !json[place].is_number_integer()) continue;
    add_head(out, row.name, row.type, row.help);
    out += std::string(row.name) + " " + std::to_string(json[place].get<int64_t>()) + "\n";
  }
  add_head(out, "qingyu_book_since_seconds", "gauge",
           "Event time since which the rules of this hash hold.");
  if (json.contains("book_since") && json["book_since"].is_number_integer())
    out += "qingyu_book_since_seconds{book=\"" + label(json.value("book", "")) + "\"} " +
           std::to_string(json["book_since"].get<int64_t>() / 1000) + "\n";
  add_head(out, "qingyu_held", "gauge", "Whether people's deadlines are held while it catches up.");
  out += json.value("held", false) ? "qingyu_held 1\n" : "qingyu_held 0\n";
  add_lags(out, json.value("streams", Json::array()));
  return out;
}

console::Health health_of(std::string_view status_json, core::Time wall) {
  const Json json = Json::parse(status_json, nullptr, false);
  if (!json.is_object()) return {false, R"({"status":"starting"})"};
  const core::Millis age = wall - core::from_ms(json.value("wall", int64_t{0}));
  const bool ok = age <= kFresh;
  const auto reload_errors = json.value("reloads", Json::object()).value("errors", 0);
  const nlohmann::ordered_json answer = {{"status", ok ? "ok" : "stalled"},
                                         {"seconds_since_turn", age.count() / 1000},
                                         {"catching_up", json.value("held", false)},
                                         {"book", json.value("book", "")},
                                         {"reload_errors", reload_errors}};
  return {ok, answer.dump()};
}

}  // namespace engine
