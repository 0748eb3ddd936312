#pragma once
// Verdicts: what people said of what a rule caught - right, a false alarm, or unsure - on a shelf
// of the store. They change nothing that the desk decides; `promote`, `scorecard` and `tune` go by
// them. Written by commands.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/store.h"
#include "core/time.h"

namespace engine {

inline constexpr std::string_view kVerdictShelf = "verdicts";
inline constexpr std::string_view kPromotionShelf = "promotions";
inline constexpr std::string_view kAboutEvent = "event:";  // else it is about an incident
inline constexpr core::Millis kVerdictsKept{int64_t{730} * 24 * 3'600'000};

enum class Opinion : uint8_t { Right, Wrong, Unsure };
const char* name_of(Opinion opinion);                    // right wrong unsure
const char* in_words(Opinion opinion);                   // Chinese and English
bool read_opinion(std::string_view word, Opinion& out);  // also true, false-alarm

struct Verdict {
  static constexpr size_t kTextsMax = 8;

  core::Time at{};  // when it was given, by the wall clock
  Opinion opinion = Opinion::Unsure;
  std::string because;    // masked, at most 480 bytes
  uint32_t revision = 0;  // of the incident as it was known, 0: of a message
  bool shadow = false;    // the rule was in shadow
  std::string family;
  core::Time about_at{};           // event time of what it is about
  std::vector<std::string> texts;  // masked messages it is about, as far as they were kept
};

// All that one person said of one thing a rule caught.
struct VerdictRow {
  static constexpr size_t kGivenMax = 16;

  std::string rule, about, by;
  std::vector<Verdict> given;  // newest first: the others are superseded
  int64_t forgotten = 0;       // older ones beyond kGivenMax
};

std::string encode(const VerdictRow& row);
bool decode(std::string_view bytes, VerdictRow& row);

// Puts it in front of what the person said before.
core::Result<core::Unit> keep_verdict(core::Store& store, VerdictRow row, Verdict verdict);
// By rule, then what it is about, then person; `rule` "" = all.
core::Result<std::vector<VerdictRow>> read_verdicts(core::Store& store, std::string_view rule = {});

// Of several people's verdicts on one thing the newest counts.
std::vector<VerdictRow> standing(const std::vector<VerdictRow>& rows);

// How often a rule was right, by standing verdicts; who was unsure does not count.
struct Precision {
  int64_t right = 0, wrong = 0, unsure = 0;
  int64_t judged() const { return right + wrong; }
  double point() const;  // 0 without verdicts
  double lower() const;  // Wilson's lower bound, 95 %
  double upper() const;
};
Precision precision_of(const std::vector<VerdictRow>& standing_rows, std::string_view rule);
std::string in_words(const Precision& precision);  // "精确率 0.90 (9/10 ...)"

// A rule that left the shadow, and on which figures.
struct Promotion {
  std::string rule, by, file;
  core::Time at{};
  double wanted = 0;
  int64_t verdicts_wanted = 0;
  Precision precision;
};
core::Slot slot_of(const Promotion& promotion);
core::Result<std::vector<Promotion>> read_promotions(core::Store& store);

}  // namespace engine
