#include "rules/zones.h"

#include <charconv>

#include "rules/time_zone.h"

namespace rules {

namespace {

constexpr size_t kZonesMax = 64;
constexpr size_t kRowsMax = 200 * kZonesMax;
constexpr std::string_view kHead = "# qingyu zones 1";
constexpr int kOffsetMinutesMax = 24 * 60;

std::string_view take_until(std::string_view& text, char end) {
  const size_t at = text.find(end);
  const std::string_view part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return part;
}

template <typename T>
bool parse(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// "Europe/London<tab>1585443600000<tab>60": from then on so many minutes east of Greenwich.
bool read_row(std::string_view line, ZoneTables& zones) {
  const std::string name(take_until(line, '\t'));
  int64_t from_ms = 0;
  int minutes = 0;
  if (name.empty() || !parse(take_until(line, '\t'), from_ms) || !parse(line, minutes) ||
      minutes < -kOffsetMinutesMax || minutes > kOffsetMinutesMax)
    return false;
  core::Zone& zone = zones[name];
  zone.name = name;
  const core::Time from = core::from_ms(from_ms);
  if (!zone.offsets.empty() && zone.offsets.back().first >= from) return false;
  zone.offsets.emplace_back(from, minutes);
  return zones.size() <= kZonesMax;
}

}  // namespace

Zones::Zones() : from_machine_(true) {
  const std::string beijing = core::Person{}.zone;
  found_[beijing].name = beijing;
}

Zones::Zones(const SourceFile* kept, Findings& findings) : Zones() {
  from_machine_ = false;
  if (kept != nullptr && kept->readable) read(*kept, findings);
}

void Zones::read(const SourceFile& file, Findings& findings) {
  std::string_view rest = file.bytes;
  int line = 1;
  bool good = take_until(rest, '\n') == kHead;
  while (good && !rest.empty() && static_cast<size_t>(line) <= kRowsMax) {
    ++line;
    good = read_row(take_until(rest, '\n'), found_);
  }
  if (!good || !rest.empty())
    findings.error({&file, line, 1}, "bad-zones",
                   both("时区表读不懂", "a row of the table of zones cannot be read"));
}

const core::Zone* Zones::find(const std::string& name) {
  const auto known = found_.find(name);
  if (known != found_.end()) return &known->second;
  if (!from_machine_ || full()) return nullptr;
  std::optional<core::Zone> zone = machine_zone(name);
  if (!zone) return nullptr;
  return &found_.emplace(name, std::move(*zone)).first->second;
}

bool Zones::full() const { return found_.size() >= kZonesMax; }

std::string Zones::suggestion(std::string_view name) const {
  if (!from_machine_) return {};
  const std::vector<std::string> names = machine_zone_names();
  return nearest(name, {names.begin(), names.end()});
}

std::string Zones::text() const {
  std::string rows;
  for (const auto& [name, zone] : found_)
    for (const auto& [from, minutes] : zone.offsets)
      rows.append(name)
          .append("\t")
          .append(std::to_string(core::to_ms(from)))
          .append("\t")
          .append(std::to_string(minutes) + "\n");
  return rows.empty() ? rows : std::string(kHead) + "\n" + rows;
}

core::Time at_local(const core::Zone& zone, int64_t local_ms) {
  constexpr core::Millis kDay{24 * 3'600'000};
  const core::Time near = core::from_ms(local_ms);
  const auto with = [&](int minutes) { return core::from_ms(local_ms - minutes * 60'000LL); };
  const int before = zone.offset_minutes(near - kDay), after = zone.offset_minutes(near + kDay);
  if (zone.offset_minutes(with(before)) == before) return with(before);
  return zone.offset_minutes(with(after)) == after ? with(after) : with(before);
}

}  // namespace rules
