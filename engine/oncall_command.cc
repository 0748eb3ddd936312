#include "engine/oncall_command.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>
#include <vector>

#include "core/rota.h"
#include "engine/book_shelf.h"
#include "engine/settings.h"
#include "engine/system_clock.h"

namespace engine {

namespace {

constexpr core::Millis kDay{24 * 3'600'000};
constexpr core::Millis kHorizon = 100 * kDay;  // longer than any turn
constexpr size_t kHandOversMax = 10'000;       // of all rotas

using core::Time;

struct Asked {
  std::shared_ptr<const rules::Book> book;
  Time at;
};

// "2026-03-02 09:00" on the wall of the messages, or epoch milliseconds.
std::optional<Time> read_time(const std::string& text, int offset_minutes) {
  const auto number = [&](size_t from, size_t count, int64_t& out) {
    if (text.size() < from + count) return false;
    const char* begin = text.data() + from;
    const auto [end, error] = std::from_chars(begin, begin + count, out);
    return error == std::errc{} && end == begin + count && out >= 0;
  };
  constexpr size_t kMillisDigits = 13;
  int64_t ms = 0;
  if (text.size() == kMillisDigits && number(0, text.size(), ms)) return core::from_ms(ms);
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0;
  const bool shaped = text.size() == 16 && text[4] == '-' && text[7] == '-' && text[10] == ' ' &&
                      text[13] == ':' && number(0, 4, year) && number(5, 2, month) &&
                      number(8, 2, day) && number(11, 2, hour) && number(14, 2, minute);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!shaped || !date.ok() || hour > 23 || minute > 59) return std::nullopt;
  return Time(std::chrono::sys_days(date)) +
         core::Millis((hour * 60 + minute - offset_minutes) * 60'000);
}

core::Result<Asked> ask(const OncallOptions& options) {
  std::string file = find_settings(options.config);
  if (file.empty()) file = shipped("deploy/qingyu.yaml");
  const auto settings = load_settings(file);
  if (!settings) return settings.error();
  auto book = load_book(settings->book);
  if (!book) return book.error();
  Asked asked{std::move(*book), SystemClock().wall()};
  if (options.at.empty()) return asked;
  const auto at = read_time(options.at, asked.book->policy().limits.zone_offset_minutes);
  if (!at)
    return core::Error{
        core::Code::BadInput,
        "--at: expected \"2026-03-02 09:00\" or epoch milliseconds, not " + options.at};
  asked.at = *at;
  return asked;
}

// "UTC+08:00"
std::string zone_text(int minutes) {
  const int size = std::abs(minutes);
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::string("UTC") + (minutes < 0 ? "-" : "+") + two(size / 60) + ":" + two(size % 60);
}

// How times and people are written, in the zone of the messages.
class Wording {
 public:
  explicit Wording(const core::Policy& policy) : policy_(policy) {}

  int offset() const { return policy_.limits.zone_offset_minutes; }

  std::string minute(Time at) const {
    return core::format_time(at, offset()).substr(0, std::string("2026-03-02 09:00").size());
  }

  // "2026-03-09 09:00 周一 Mon"
  std::string day_and_minute(Time at) const {
    static constexpr const char* kDays[] = {"周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu",
                                            "周五 Fri", "周六 Sat", "周日 Sun"};
    return minute(at) + " " + kDays[core::hour_of_week(at, offset()) / 24];
  }

  // The same moment on the wall of a zone, where that is another one: "（Europe/London 01:00）".
  std::string elsewhere(const std::string& name, Time at) const {
    const int there = policy_.zone(name).offset_minutes(at);
    if (there == offset()) return "";
    const bool same_day = core::format_date(at, there) == core::format_date(at, offset());
    return "（" + name + " " + (same_day ? "" : core::format_date(at, there) + " ") +
           core::format_clock(at, there) + "）";
  }

  // "安娜（anna）", and until when they sleep. `rung` is what a rung says of quiet hours, if it
  // does.
  std::string person(const std::string& id, Time at,
                     const std::optional<core::QuietHours>& rung = std::nullopt) const {
    const auto known = policy_.people.find(id);
    if (known == policy_.people.end()) return id;
    const core::Person& person = known->second;
    const std::string text = person.name + "（" + id + "）";
    const auto& quiet = rung ? rung : person.quiet_hours;
    const core::Zone& zone = policy_.zone(person.zone);
    if (!quiet || !core::is_quiet(*quiet, zone, at)) return text;
    return text + " [免打扰到 asleep until " + minute(core::quiet_until(*quiet, zone, at)) + "]";
  }

  std::string people(const std::vector<std::string>& ids, Time at,
                     const std::optional<core::QuietHours>& rung = std::nullopt) const {
    std::string text;
    for (const std::string& id : ids) text += (text.empty() ? "" : "、") + person(id, at, rung);
    return text.empty() ? "无人 nobody" : text;
  }

 private:
  const core::Policy& policy_;
};

std::string who_text(const core::Who& who) {
  switch (who.kind) {
    case core::Who::Kind::Person:
      return "";
    case core::Who::Kind::Role:
      return "  角色 role " + who.id;
    case core::Who::Kind::Rota:
      return "  值班表 rota " + who.id;
  }
  return "";
}

// A policy in which `rota` has layer `i` alone, so that its turns can be asked for.
core::Policy only_layer(const core::Policy& policy, const core::Rota& rota, size_t i) {
  core::Policy one;
  one.people = policy.people;
  one.zones = policy.zones;
  core::Rota& alone = one.rotas[rota.id];
  alone.id = rota.id;
  alone.zone = rota.zone;
  alone.layers = {rota.layers[i]};
  if (i == 0) alone.overrides = rota.overrides;
  return one;
}

// When whoever `who` means at `at` began, looking back over the horizon.
std::optional<Time> since(const core::Policy& policy, const core::Who& who, Time at) {
  std::optional<Time> found;
  for (Time t = at - kHorizon; t <= at;) {
    const auto change = core::next_change(policy, who, t, at - t);
    if (!change || *change > at) break;
    found = t = *change;
  }
  return found;
}

void print_ladder(const core::Policy& policy, const core::Ladder& ladder, Time at) {
  const Wording words(policy);
  std::cout << "\n阶梯 ladder " << ladder.id << "\n";
  for (size_t i = 0; i < ladder.rungs.size(); ++i) {
    const core::Rung& rung = ladder.rungs[i];
    const core::OnDuty duty = core::resolve(policy, rung.who, at);
    std::cout << "  " << i + 1 << " " << rung.name << "  "
              << words.people(duty.now, at, rung.quiet_hours) << who_text(rung.who) << "\n";
    if (!duty.standby.empty())
      std::cout << "      备班 standby " << words.people(duty.standby, at, rung.quiet_hours)
                << "\n";
  }
  if (ladder.consult)
    std::cout << "  协同 consult  "
              << words.people(core::resolve(policy, ladder.consult->who, at).now, at)
              << who_text(ladder.consult->who) << "\n";
}

void print_rota(const core::Policy& policy, const core::Rota& rota, Time at) {
  const Wording words(policy);
  std::cout << "\n值班表 rota " << rota.id << (rota.name.empty() ? "" : " " + rota.name) << "  "
            << rota.zone << words.elsewhere(rota.zone, at) << "\n";
  const core::Who who{core::Who::Kind::Rota, rota.id};
  const core::OnDuty duty = core::resolve(policy, who, at);
  for (size_t i = 0; i < rota.layers.size(); ++i) {
    const core::Policy one = only_layer(policy, rota, i);
    const auto people = core::resolve(one, who, at).now;
    const bool on = !people.empty() && people == duty.now;
    const auto from = since(one, who, at), to = core::next_change(one, who, at, kHorizon);
    std::cout << "  第 " << i + 1 << " 层 layer " << i + 1 << "  "
              << (on ? "在班 on duty  " : "备班 standby  ") << words.people(people, at) << "  "
              << (from ? words.minute(*from) : std::string("一直 always")) << " → "
              << (to ? words.minute(*to) : std::string("不变 no end")) << "\n";
  }
  if (duty.now.empty()) std::cout << "  现在无人值班 nobody is on duty now\n";
}

struct HandOver {
  Time at;
  const core::Rota* rota = nullptr;
  std::vector<std::string> from, to;
};

std::vector<HandOver> hand_overs(const core::Policy& policy, Time at, core::Millis span) {
  std::vector<HandOver> all;
  for (const auto& [id, rota] : policy.rotas) {
    const core::Who who{core::Who::Kind::Rota, id};
    for (Time t = at; all.size() < kHandOversMax;) {
      const auto change = core::next_change(policy, who, t, at + span - t);
      if (!change) break;
      all.push_back({*change, &rota, core::resolve(policy, who, *change - core::Millis(1)).now,
                     core::resolve(policy, who, *change).now});
      t = *change;
    }
  }
  std::ranges::stable_sort(all, {}, &HandOver::at);
  return all;
}

int failed(const core::Error& error) {
  std::cerr << "qingyu: " << error.message << '\n';
  return 2;
}

}  // namespace

int oncall_now(const OncallOptions& options) {
  const auto asked = ask(options);
  if (!asked) return failed(asked.error());
  const core::Policy& policy = asked->book->policy();
  const Wording words(policy);
  std::cout << "值班 on call  " << words.day_and_minute(asked->at) << " ("
            << zone_text(words.offset()) << ")\n";
  for (const auto& [id, ladder] : policy.ladders) print_ladder(policy, ladder, asked->at);
  for (const auto& [id, rota] : policy.rotas) print_rota(policy, rota, asked->at);
  return 0;
}

int oncall_next(const OncallOptions& options) {
  const auto asked = ask(options);
  if (!asked) return failed(asked.error());
  const core::Policy& policy = asked->book->policy();
  const Wording words(policy);
  std::cout << "今后 " << options.days << " 天的交接 hand-overs  " << words.minute(asked->at)
            << " 起 from (" << zone_text(words.offset()) << ")\n";
  const auto all = hand_overs(policy, asked->at, options.days * kDay);
  for (const HandOver& h : all)
    std::cout << words.day_and_minute(h.at) << words.elsewhere(h.rota->zone, h.at) << "  "
              << (h.rota->name.empty() ? h.rota->id : h.rota->name) << "  "
              << words.people(h.from, h.at) << " → " << words.people(h.to, h.at) << "\n";
  if (policy.rotas.empty())
    std::cout << "没有值班表：每一级都写了固定的人 no rotas: every rung names its people\n";
  else if (all.empty())
    std::cout << "没有交接 none\n";
  return 0;
}

}  // namespace engine
