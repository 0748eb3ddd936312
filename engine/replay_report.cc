#include "engine/replay_report.h"

#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/summary.h"

namespace engine {

namespace {

constexpr int kCallsBetweenLines = 10;

// The counters of all parts of a pipeline that stands still.
struct Totals {
  Pipeline::Counts counts;
  uint64_t signals_taken = 0, acts_taken = 0, families = 0, families_dropped = 0;
  core::Time first = core::kTimeMax, last = core::kTimeMin;
};

Totals totals_of(Pipeline& pipeline) {
  Totals t;
  t.counts = pipeline.counts();
  for (const Reader& reader : pipeline.readers())
    for (uint32_t i = 0; i < reader.partitions(); ++i)
      t.last = std::max(t.last, reader.stream(i).newest());
  for (const Shard& shard : pipeline.shards()) {
    t.signals_taken += static_cast<uint64_t>(shard.counters().signals);
    t.acts_taken += static_cast<uint64_t>(shard.counters().acts);
    t.families_dropped += static_cast<uint64_t>(shard.counters().families_dropped);
    t.families += shard.families().size();
  }
  t.first = pipeline.first();
  return t;
}

uint64_t per_second(uint64_t n, double seconds) {
  return seconds > 0 ? static_cast<uint64_t>(static_cast<double>(n) / seconds) : n;
}

void print_json(const Totals& t, const LedgerSummary& s, uint64_t dead_letters, double seconds,
                std::ostream& out) {
  nlohmann::ordered_json json = {
      {"events", t.counts.events},
      {"messages", t.counts.messages},
      {"late", t.counts.late},
      {"duplicates", t.counts.duplicates},
      {"dead_letters", dead_letters},
      {"signals", t.signals_taken},
      {"families", t.families},
      {"families_dropped", t.families_dropped},
      {"incidents", s.incidents},
      {"incidents_told", s.incidents_told},
      {"incidents_by_level", s.incidents_by_level},
      {"notifications", s.notifications},
      {"notifications_by_person", s.told},
      {"refusals", s.refusals},
      {"acts_unknown", t.counts.acts > t.acts_taken ? t.counts.acts - t.acts_taken : 0},
      {"seconds", seconds},
      {"events_per_second", per_second(t.counts.events, seconds)}};
  if (t.first != core::kTimeMax) {
    json["first_at"] = core::to_ms(t.first);
    json["last_at"] = core::to_ms(t.last);
  }
  out << json.dump() << '\n';
}

void print_text(const Totals& t, const LedgerSummary& s, uint64_t dead_letters, double seconds,
                std::ostream& out) {
  constexpr int kBeijing = 480;
  if (t.first != core::kTimeMax)
    out << "时段 period: " << core::format_time(t.first, kBeijing) << " - "
        << core::format_time(t.last, kBeijing) << " (UTC+8)\n";
  out << "消息 events: " << t.counts.events << " (迟到 late " << t.counts.late
      << ", 重复 duplicates " << t.counts.duplicates << ", 涉及商品或规则 signals "
      << t.signals_taken << ")\n";
  out << "事件 incidents: " << s.incidents << " (红 red " << s.incidents_by_level.at("red")
      << ", 橙 orange " << s.incidents_by_level.at("orange") << ", 黄 yellow "
      << s.incidents_by_level.at("yellow") << ", 蓝 blue " << s.incidents_by_level.at("blue")
      << "; 已通知 told " << s.incidents_told << ")\n";
  out << "通知 notifications: " << s.notifications;
  for (const auto& [person, n] : s.told) out << " " << person << "=" << n;
  out << "\n速度 speed: " << per_second(t.counts.events, seconds) << " 条/秒 events/s\n";
  if (t.families_dropped > 0) out << "超限遗忘 families dropped: " << t.families_dropped << '\n';
  if (t.counts.acts > t.acts_taken)
    out << "对象不明的操作 acts on unknown incidents: " << t.counts.acts - t.acts_taken << '\n';
  out << "dead letters: " << dead_letters << '\n';
}

}  // namespace

ReplayProgress::ReplayProgress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ReplayProgress::show(Pipeline& pipeline) {
  if (!terminal_ || calls_++ % kCallsBetweenLines != 0) return;
  const core::Time drained = pipeline.drained();
  if (drained == core::kTimeMin || drained == core::kTimeMax) return;
  shown_ = true;
  std::cerr << "\r\x1b[K" << core::format_time(drained, 480) << std::flush;
}

void ReplayProgress::clear() {
  if (shown_) std::cerr << "\r\x1b[K" << std::flush;
}

core::Result<core::Unit> print_replay_report(Pipeline& pipeline, core::Store& store,
                                             const ingest::DeadLetters& dead_letters,
                                             double seconds, ReportForm form, std::ostream& out) {
  const auto summary = summarise(store);
  if (!summary) return summary.error();
  const Totals totals = totals_of(pipeline);
  if (form == ReportForm::Json) {
    print_json(totals, *summary, dead_letters.count(), seconds, out);
  } else {
    print_text(totals, *summary, dead_letters.count(), seconds, out);
  }
  return core::Unit{};
}

}  // namespace engine
