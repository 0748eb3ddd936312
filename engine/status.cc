#include "engine/status.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

namespace engine {

namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kStaleSeconds = 5;

const char* name_of(MarkBoard::Going going) {
  switch (going) {
    case MarkBoard::Going::Busy:
      return "busy";
    case MarkBoard::Going::Idle:
      return "idle";
    case MarkBoard::Going::Ended:
      return "ended";
  }
  return "";
}

Json time_json(core::Time t) {
  return t == core::kTimeMin || t == core::kTimeMax ? Json(nullptr) : Json(core::to_ms(t));
}

Json streams_json(Pipeline& pipeline) {
  Json streams = Json::array();
  for (uint32_t i = 0; i < pipeline.board().streams(); ++i)
    streams.push_back({{"name", pipeline.stream_names()[i]},
                       {"going", name_of(pipeline.board().going(i))},
                       {"mark", time_json(pipeline.board().mark(i))},
                       {"lag", pipeline.board().lag(i)}});
  return streams;
}

Json shards_json(Pipeline& pipeline) {
  Json shards = Json::array();
  for (const Shard& shard : pipeline.shards())
    shards.push_back(
        {{"drained", time_json(shard.drained())}, {"waiting_records", shard.waiting()}});
  return shards;
}

Json archive_json(const ArchiveCounts& counts) {
  const ingest::ArchiveFigures& f = counts.figures;
  return {{"segments", f.segments},
          {"bytes", f.bytes},
          {"events", f.events},
          {"kept", f.kept},
          {"written", f.written},
          {"repeated", f.repeated},
          {"erased", f.erased},
          {"dropped",
           {{"age", f.dropped_age},
            {"size", f.dropped_size},
            {"disk", f.dropped_disk},
            {"line", f.dropped_line},
            {"kept", f.dropped_kept},
            {"queue", counts.dropped_queue}}},
          {"damaged_bytes", f.damaged_bytes},
          {"cut_bytes", f.cut_bytes}};
}

std::string archive_text(const Json& archive) {
  if (!archive.is_object()) return "";
  const auto n = [&](const char* key) { return std::to_string(archive.value(key, uint64_t{0})); };
  std::string text = "消息存档 archive: events " + n("events") + ", bytes " + n("bytes") +
                     ", segments " + n("segments") + ", 证据 kept " + n("kept") + ", 略去 dropped:";
  const Json dropped = archive.value("dropped", Json::object());
  for (const char* why : {"age", "size", "disk", "line", "kept", "queue"})
    text += std::string(" ") + why + " " + std::to_string(dropped.value(why, uint64_t{0}));
  return text + "\n";
}

std::string time_text(const Json& ms) {
  return ms.is_number() ? core::format_time(core::from_ms(ms.get<int64_t>()), 480) : "-";
}

std::string streams_text(const Json& streams) {
  std::string text;
  for (const Json& s : streams)
    text += "  " + s.value("name", "") + "  " + s.value("going", "") + "  到 mark " +
            time_text(s["mark"]) + "  落后 lag " + std::to_string(s.value("lag", int64_t{-1})) +
            "\n";
  return text;
}

std::string rules_text(const Json& json) {
  const Json reloads = json.value("reloads", Json::object());
  const auto n = [&](const char* key) { return std::to_string(reloads.value(key, uint64_t{0})); };
  std::string text = "规则 rules " + std::to_string(json.value("rules", uint64_t{0})) +
                     ", 自 since " + time_text(json.value("book_since", Json())) +
                     ", 重载 reloads " + n("done") + ", 失败 failed " + n("failed") + "\n";
  if (reloads.value("waiting", 0) > 0)
    text += "新规则已备好，等待生效 changed rules are ready and wait to come into force\n";
  if (reloads.value("errors", 0) > 0)
    text += "上次重载失败，仍用旧规则 the last reload failed, the old rules stay: " + n("errors") +
            " 处错误 errors, 第一处 the first:\n  " + reloads.value("first_error", "") + "\n";
  return text;
}

}  // namespace

std::string status_json(const StatusParts& p) {
  const auto counts = p.pipeline.counts();
  Json json = {
      {"pid", getpid()},
      {"wall", core::to_ms(p.wall)},
      {"started", core::to_ms(p.started_wall)},
      {"book", p.book_hash},
      {"book_since", time_json(p.reloads.since)},
      {"rules", p.reloads.rules},
      {"reloads",
       {{"done", p.reloads.done},
        {"failed", p.reloads.failed},
        {"unchanged", p.reloads.unchanged},
        {"waiting", p.reloads.waiting},
        {"errors", p.reloads.errors},
        {"first_error", p.reloads.first_error}}},
      {"held", p.held},
      {"events", counts.events},
      {"late", counts.late},
      {"duplicates", counts.duplicates},
      {"signals", counts.signals},
      {"inherited", counts.inherited},
      {"masked", counts.masked},
      {"repeated", counts.repeated},
      {"dropped",
       {{"cut", counts.cut},
        {"matches", counts.dropped_matches},
        {"families", counts.dropped_families},
        {"evidence", counts.dropped_evidence},
        {"replies", counts.dropped_replies}}},
      {"dead_letters", p.dead_letters.count()},
      {"dead_letters_dropped", p.dead_letters.dropped()},
      {"streams", streams_json(p.pipeline)},
      {"shards", shards_json(p.pipeline)},
      {"queues",
       {{"batches", p.pipeline.waiting_batches()}, {"records", p.pipeline.waiting_records()}}},
      {"courier",
       {{"sent", p.courier.sent},
        {"retried", p.courier.retried},
        {"unknown", p.courier.unknown},
        {"dead", p.courier.dead},
        {"accepted", p.courier.accepted},
        {"gathered", p.courier.gathered},
        {"superseded", p.courier.superseded},
        {"degraded", p.courier.degraded},
        {"held", p.courier.held},
        {"edited", p.courier.edited},
        {"edits_failed", p.courier.edits_failed},
        {"sick_channels", p.courier.sick_channels},
        {"alarms", p.courier.alarms}}},
      {"heartbeat",
       {{"sent", p.heartbeat.sent},
        {"failed", p.heartbeat.failed},
        {"withheld", p.heartbeat.withheld}}},
      {"forgotten",
       {{"messages", p.forgotten.messages},
        {"cases", p.forgotten.cases},
        {"links", p.forgotten.links},
        {"members", p.forgotten.members}}}};
  if (p.archive) json["archive"] = archive_json(*p.archive);
  // A mistake in the rules is shown cut at a limit, and names files.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string status_text(const std::string& text, core::Time wall, std::optional<bool> running) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return "状态记录损坏 the stored status is damaged\n";
  const int64_t age_s = (core::to_ms(wall) - json.value("wall", int64_t{0})) / 1000;
  std::string out;
  out += running.value_or(age_s <= kStaleSeconds)
             ? "运行中 running"
             : "未运行 not running, 最后状态 last status " + std::to_string(age_s) + " s ago";
  out += ", pid " + std::to_string(json.value("pid", 0)) + ", 规则 book " + json.value("book", "") +
         "\n";
  out += rules_text(json);
  if (json.value("held", false))
    out += "追赶中：人员时限暂停 catching up: people's deadlines are held\n";
  const auto n = [&](const char* key) { return std::to_string(json.value(key, uint64_t{0})); };
  out += "消息 events " + n("events") + ", 迟到 late " + n("late") + ", 重复 duplicates " +
         n("duplicates") + ", 相关 signals " + n("signals") + "\n";
  out += "来源 streams:\n" + streams_text(json.value("streams", Json::array()));
  out += "队列 queues: batches " + std::to_string(json["queues"].value("batches", 0)) +
         ", records " + std::to_string(json["queues"].value("records", 0)) + "\n";
  const Json courier = json.value("courier", Json::object());
  out += "送达 courier: sent " + std::to_string(courier.value("sent", 0)) + ", retried " +
         std::to_string(courier.value("retried", 0)) + ", unknown " +
         std::to_string(courier.value("unknown", 0)) + ", dead " +
         std::to_string(courier.value("dead", 0)) + ", alarms " +
         std::to_string(courier.value("alarms", 0)) + "\n";
  const Json dropped = json.value("dropped", Json::object());
  out += "超出上限而略去 left out by limits:";
  for (const char* what : {"cut", "matches", "families", "evidence"})
    out += std::string(" ") + what + " " + std::to_string(dropped.value(what, uint64_t{0}));
  out += ", dead letters " + n("dead_letters_dropped") + "\n";
  out += "dead letters: " + n("dead_letters") + "\n";
  out += archive_text(json.value("archive", Json()));
  return out;
}

}  // namespace engine
