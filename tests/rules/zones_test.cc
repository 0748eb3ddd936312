// Zones: what the machine says of them, how a Book keeps it, and that rotas and quiet hours go by
// the clocks of their places.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/rota.h"
#include "rules/time_zone.h"
#include "rules/zones.h"
#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;

namespace {

// Seconds since 1970 of a moment that `date -u` was asked for.
core::Time utc(int64_t seconds) { return core::from_ms(seconds * 1000); }

constexpr const char* kAbroad = R"(
ladders:
  default:
    rungs:
      - {name: duty, who: {rota: night}, enter: {always: true}, ack: 10m, authority: 0}
people:
  anna: {name: 安娜, channels: [terminal], zone: America/New_York}
  ben: {name: 本, channels: [terminal], zone: America/New_York}
  london: {name: 伦敦, channels: [terminal], zone: Europe/London, quiet_hours: {from: "22:00", to: "07:00"}}
rotas:
  night:
    zone: America/New_York
    layers:
      - {people: [anna, ben], start: "2026-03-01 09:00", turn: daily}
    overrides:
      - {from: "2026-07-04 00:00", to: "2026-07-05 00:00", person: london}
)";

struct Abroad : DeskOfFiles {
  Abroad() {
    write_rule("{any: [过期]}", "过期了");
    write("ladders.yaml", kAbroad);
    open();
  }
  std::string on_duty(int64_t seconds) const {
    const auto duty = core::resolve(book->policy(), {core::Who::Kind::Rota, "night"}, utc(seconds));
    return duty.now.empty() ? "" : duty.now.front();
  }
};

rules::SourceFile zones_file(const std::string& text) {
  rules::SourceFile file;
  file.role = rules::Role::Zones;
  file.name = "zones.tsv";
  file.bytes = text;
  return file;
}

}  // namespace

TEST_CASE("the machine knows the offsets of a zone through the years") {
  const auto london = rules::machine_zone("Europe/London");
  REQUIRE(london.has_value());
  CHECK(london->name == "Europe/London");
  CHECK(london->offset_minutes(utc(1774745999)) == 0);   // 2026-03-29 00:59:59 UTC
  CHECK(london->offset_minutes(utc(1774746000)) == 60);  // 01:00: summer begins
  CHECK(london->offset_minutes(utc(1792889999)) == 60);  // 2026-10-25 00:59:59 UTC
  CHECK(london->offset_minutes(utc(1792890000)) == 0);
  CHECK(london->offsets.size() == 1 + 2 * 21);
  const auto kolkata = rules::machine_zone("Asia/Kolkata");
  REQUIRE(kolkata.has_value());
  CHECK(kolkata->offsets.size() == 1);
  CHECK(kolkata->offset_minutes(utc(1774746000)) == 330);
  CHECK(rules::machine_zone("UTC")->offset_minutes(utc(0)) == 0);
  CHECK(rules::machine_zone("Asia/Shanghai")->offset_minutes(utc(1774746000)) == 480);
}

TEST_CASE("what names no place is no zone") {
  for (const char* name : {"", "/", "CST", "PRC", "GMT+8", "Asia/", "asia/shanghai", "Etc/Unknown",
                           "Mars/Olympus", "SystemV/PST8PDT"})
    CHECK_FALSE_MESSAGE(rules::machine_zone(name).has_value(), name);
  const auto names = rules::machine_zone_names();
  CHECK(std::ranges::find(names, "Asia/Shanghai") != names.end());
  CHECK(std::ranges::find(names, "CST") == names.end());
}

TEST_CASE("every zone of this machine is a table that ascends") {
  const auto names = rules::machine_zone_names();
  CHECK(names.size() > 300);
  for (const std::string& name : names) {
    const auto zone = rules::machine_zone(name);
    REQUIRE_MESSAGE(zone.has_value(), name);
    CHECK_FALSE(zone->offsets.empty());
    const auto& rows = zone->offsets;
    for (size_t i = 1; i < rows.size(); ++i) {
      CHECK_MESSAGE(rows[i - 1].first < rows[i].first, name);
      CHECK_MESSAGE(rows[i - 1].second != rows[i].second, name);
    }
  }
}

TEST_CASE("a local time is the first of two, and an hour later when it is left out") {
  const core::Zone zone = *rules::machine_zone("America/New_York");
  constexpr int64_t kHour = 3'600'000;
  constexpr int64_t kSpring = 1772928000'000;              // 2026-03-08 00:00 as if it were UTC
  constexpr int64_t kAutumn = 1793491200'000;              // 2026-11-01 00:00
  const auto hour_utc = [&](int64_t day, int64_t hours) {  // since that day's local midnight
    return (core::to_ms(rules::at_local(zone, day + hours * kHour)) - day) / kHour;
  };
  CHECK(hour_utc(kSpring, 1) == 6);  // 01:00 EST
  CHECK(hour_utc(kSpring, 2) == 7);  // there is no 02:00: it is 03:00 EDT
  CHECK(hour_utc(kSpring, 3) == 7);
  CHECK(hour_utc(kAutumn, 0) == 4);
  CHECK(hour_utc(kAutumn, 1) == 5);  // 01:00 EDT, not EST
  CHECK(hour_utc(kAutumn, 2) == 7);
}

TEST_CASE_FIXTURE(Abroad, "a hand-over at nine in New York stays at nine when its clocks change") {
  CHECK(on_duty(1772373599).empty());    // 2026-03-01 08:59:59 EST: not begun
  CHECK(on_duty(1772373600) == "anna");  // 09:00 EST = 14:00 UTC
  CHECK(on_duty(1772373600 + 86400) == "ben");
  // 2026-03-08: 23 hours long. The turn of March 7 (anna) ends at 09:00 EDT = 13:00 UTC.
  CHECK(on_duty(1772974799) == "anna");
  CHECK(on_duty(1772974800) == "ben");
  // 2026-11-01, 25 hours: the turn of October 31 ends at 09:00 EST = 14:00 UTC.
  const std::string before = on_duty(1793541599), after = on_duty(1793541600);
  CHECK(before != after);
  CHECK(on_duty(1793541600 - 3600) == before);
  CHECK(core::next_change(book->policy(), {core::Who::Kind::Rota, "night"}, utc(1772974000)) ==
        utc(1772974800));
}

TEST_CASE_FIXTURE(Abroad, "stand-ins are read in the rota's zone") {
  CHECK(on_duty(1783137599) != "london");  // 2026-07-03 23:59:59 EDT
  CHECK(on_duty(1783137600) == "london");  // 2026-07-04 00:00 EDT = 04:00 UTC
  CHECK(on_duty(1783223999) == "london");
  CHECK(on_duty(1783224000) != "london");
}

TEST_CASE_FIXTURE(Abroad, "quiet hours of somebody in London go by London's clocks") {
  const core::Person& person = book->policy().people.at("london");
  const core::Zone& zone = book->policy().zone(person.zone);
  const auto quiet = [&](int64_t seconds) {
    return core::is_quiet(*person.quiet_hours, zone, utc(seconds));
  };
  CHECK_FALSE(quiet(1768427999));  // 2026-01-14 21:59:59 GMT
  CHECK(quiet(1768428000));        // 22:00 GMT
  CHECK(quiet(1784062800));        // 2026-07-14 22:00 BST = 21:00 UTC
  CHECK_FALSE(quiet(1784062799));
  // The night in which summer begins is an hour shorter: quiet until 07:00 BST = 06:00 UTC.
  CHECK(core::quiet_until(*person.quiet_hours, zone, utc(1774742400)) == utc(1774764000));
}

TEST_CASE_FIXTURE(Abroad, "a Book keeps its zones, so that a replay needs no machine's data") {
  const auto again = rules::load_archive(book->bytes());
  REQUIRE_MESSAGE(again.ok(), (again.ok() ? "" : again.error().message));
  CHECK((*again)->hash() == book->hash());
  CHECK((*again)->bytes() == book->bytes());
  const auto& zones = (*again)->policy().zones;
  REQUIRE(zones.size() == 3);
  CHECK(zones.at("Asia/Shanghai").offset_minutes(utc(1774746000)) == 480);
  CHECK(zones.at("Europe/London").offsets == rules::machine_zone("Europe/London")->offsets);
  // Another year's data in the archive: it is believed, the machine is not asked.
  std::string changed = book->bytes();
  const std::string row = "America/New_York\t1772953200000\t-240\n";
  const size_t at = changed.find(row);
  REQUIRE(at != std::string::npos);
  changed.replace(at, row.size(), "America/New_York\t1772953200000\t-300\n");
  const auto other = rules::load_archive(changed);
  REQUIRE_MESSAGE(other.ok(), (other.ok() ? "" : other.error().message));
  CHECK((*other)->policy().zone("America/New_York").offset_minutes(utc(1772974800)) == -300);
  CHECK((*other)->hash() != book->hash());
}

TEST_CASE_FIXTURE(Abroad, "an archived Book without the zone that it names does not load") {
  std::string changed = book->bytes();
  for (size_t at; (at = changed.find("Europe/London\t")) != std::string::npos;)
    changed.replace(at, 13, "Europe/Londom");
  const auto loaded = rules::load_archive(changed);
  REQUIRE_FALSE(loaded.ok());
  CHECK(loaded.error().message.find("Europe/London") != std::string::npos);
}

TEST_CASE("a Book that names no other zone has no zones file") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了");
  desk.open();
  CHECK(desk.book->bytes().find("zones.tsv") == std::string::npos);
  CHECK(desk.book->policy().zones.size() == 1);
  CHECK(desk.book->policy().zones.contains("Asia/Shanghai"));
}

TEST_CASE("a damaged table of zones is one finding") {
  for (const char* text :
       {"", "# qingyu zones 2\n", "# qingyu zones 1\nA/B\n", "# qingyu zones 1\nA/B\t1\tx\n",
        "# qingyu zones 1\nA/B\t1\t99999\n", "# qingyu zones 1\nA/B\t2\t60\nA/B\t1\t0\n",
        "# qingyu zones 1\n\t1\t60\n", "# qingyu zones 1\nA/B\t\t60\n\n"}) {
    rules::Findings findings;
    const rules::SourceFile file = zones_file(text);
    rules::Zones zones(&file, findings);
    CHECK_MESSAGE(findings.errors() == 1, text);
  }
  rules::Findings findings;
  const rules::SourceFile file = zones_file("# qingyu zones 1\nA/B\t1\t60\nA/B\t2\t0\n");
  rules::Zones zones(&file, findings);
  CHECK(findings.errors() == 0);
  CHECK(zones.find("A/B")->offset_minutes(core::from_ms(1)) == 60);
  CHECK(zones.find("A/B")->offset_minutes(core::from_ms(2)) == 0);
  CHECK(zones.find("Europe/London") == nullptr);
  CHECK(zones.text() == file.bytes);
}

TEST_CASE("more zones than a Book may have are refused") {
  const auto names = rules::machine_zone_names();
  const auto with_zones = [&](size_t n) {
    std::string text =
        "ladders: {default: {rungs: [{name: d, who: {person: p0}, enter: {always: true}, "
        "authority: 0}]}}\npeople:\n";
    for (size_t i = 0; i < n; ++i)
      text +=
          "  p" + std::to_string(i) + ": {name: n, channels: [terminal], zone: " + names[i] + "}\n";
    DeskOfFiles desk;
    desk.write_rule("{any: [过期]}", "过期了");
    desk.write("ladders.yaml", text);
    desk.load();
    return desk.printed();
  };
  CHECK(with_zones(63).empty());  // and Asia/Shanghai
  const std::string printed = with_zones(64);
  CHECK_MESSAGE(printed.find("at most 64 time zones") != std::string::npos, printed);
}
