#include "rules/time_zone.h"

#include <unicode/basictz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>

#include <chrono>
#include <memory>

namespace rules {

namespace {

constexpr size_t kNameMax = 64;
constexpr size_t kRowsMax = 200;  // 21 years, at most a few changes in each
constexpr int kMinuteMs = 60'000;

double first_of(int year) {
  const std::chrono::sys_days day{std::chrono::year(year) / 1 / 1};
  return static_cast<double>(core::to_ms(day));
}

core::Time time_of(UDate date) { return core::from_ms(static_cast<int64_t>(date)); }

bool names_a_place(std::string_view name) {
  if (name == "UTC") return true;
  return name.size() <= kNameMax && name.find('/') != std::string_view::npos &&
         !name.starts_with("SystemV/") && name != "Etc/Unknown";
}

std::unique_ptr<icu::TimeZone> open(std::string_view name) {
  if (!names_a_place(name)) return nullptr;
  const auto id = icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())});
  icu::UnicodeString canonical;
  UBool known = false;
  UErrorCode code = U_ZERO_ERROR;
  icu::TimeZone::getCanonicalID(id, canonical, known, code);
  if (U_FAILURE(code) || !known) return nullptr;
  return std::unique_ptr<icu::TimeZone>(icu::TimeZone::createTimeZone(id));
}

}  // namespace

std::optional<core::Zone> machine_zone(std::string_view name) {
  const std::unique_ptr<icu::TimeZone> opened = open(name);
  const auto* zone = dynamic_cast<const icu::BasicTimeZone*>(opened.get());
  if (zone == nullptr) return std::nullopt;
  core::Zone out;
  out.name = name;
  const double begin = first_of(kZoneYearFirst), end = first_of(kZoneYearLast + 1);
  int32_t raw = 0, summer = 0;
  UErrorCode code = U_ZERO_ERROR;
  zone->getOffset(begin, false, raw, summer, code);
  if (U_FAILURE(code)) return std::nullopt;
  out.offsets.emplace_back(time_of(begin), (raw + summer) / kMinuteMs);
  icu::TimeZoneTransition change;
  for (double at = begin; out.offsets.size() < kRowsMax;) {
    if (!zone->getNextTransition(at, false, change) || change.getTime() >= end) break;
    at = change.getTime();
    const icu::TimeZoneRule& rule = *change.getTo();
    const int minutes = (rule.getRawOffset() + rule.getDSTSavings()) / kMinuteMs;
    if (minutes != out.offsets.back().second) out.offsets.emplace_back(time_of(at), minutes);
  }
  return out;
}

std::vector<std::string> machine_zone_names() {
  std::vector<std::string> names;
  UErrorCode code = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> all(icu::TimeZone::createEnumeration(code));
  if (U_FAILURE(code) || all == nullptr) return names;
  while (const icu::UnicodeString* id = all->snext(code)) {
    if (U_FAILURE(code)) break;
    std::string name;
    id->toUTF8String(name);
    if (names_a_place(name)) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace rules
