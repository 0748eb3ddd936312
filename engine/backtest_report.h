#pragma once
// What a comparison looks like: lines for a terminal, one HTML page that needs nothing beside it,
// or one JSON object (docs/formats.md). Texts of messages are masked already; here they are only
// made harmless for the form.
#include <string>

#include "engine/comparison.h"

namespace engine {

inline constexpr size_t kIncidentsShown = 200;  // text and HTML; what is left out is counted

std::string backtest_text(const Comparison& comparison);
std::string backtest_html(const Comparison& comparison);
std::string backtest_json(const Comparison& comparison);

// --- for all of them ---
std::string decimal(double value);  // one digit after the point
// Messages a week as "12.5", or "-" of a history that is too short to say.
std::string per_week(uint64_t n, double weeks);
std::string moment(core::Time at);  // Beijing time, to the minute
// "提前 12 分钟 12 min earlier", "推迟 ...", "同时 same minute"; "-" for nothing.
std::string lead_text(const std::optional<int64_t>& minutes);
// How many are new, gone, earlier, later, the same; and how many somebody was told of.
std::string summary_line(const Comparison& comparison);

}  // namespace engine
