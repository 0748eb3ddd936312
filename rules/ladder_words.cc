// Small words that several parts of ladders.yaml use: channels, times of day, quiet hours.
#include <charconv>

#include "rules/ladder_files.h"

namespace rules {

namespace {

bool read_digits(std::string_view text, size_t at, size_t count, int& value) {
  if (text.size() < at + count) return false;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + count, value);
  return error == std::errc{} && end == begin + count;
}

bool minute_of(std::string_view text, int& minute) {  // "09:30"
  int hour = 0, rest = 0;
  if (text.size() != 5 || text[2] != ':' || !read_digits(text, 0, 2, hour) ||
      !read_digits(text, 3, 2, rest) || hour > 23 || rest > 59)
    return false;
  minute = hour * 60 + rest;
  return true;
}

struct QuietText {
  std::optional<int> from, to;
  int64_t unless_loss_over = -1;
};

constexpr Field<QuietText> kQuiet[] = {
    {{"from", Shape::Text, Presence::Required, "\"23:00\"", like(kTimeOfDay)},
     [](Reading& r, const Node& n, QuietText& o) { o.from = read_minute_of_day(r, n); }},
    {{"to", Shape::Text, Presence::Required, "\"07:00\"", like(kTimeOfDay)},
     [](Reading& r, const Node& n, QuietText& o) { o.to = read_minute_of_day(r, n); }},
    {{"unless_loss_over", Shape::Number, Presence::Optional,
      "gives way when the expected loss in CNY is greater", in(0, kMoneyMax)},
     [](Reading& r, const Node& n, QuietText& o) { keep(r.integer(n), o.unless_loss_over); }},
};

}  // namespace

std::optional<std::string> read_channel(Reading& r, const Node& node) {
  std::optional<std::string> channel = r.text(node);
  if (!channel) return std::nullopt;
  bool good = !channel->starts_with(':') && !channel->ends_with(':');
  for (const char c : *channel)
    good = good &&
           ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':');
  if (good) return channel;
  r.error(node, "wrong-type",
          both("通道写成 terminal 或 wecom:qa", "a channel is `terminal` or `wecom:qa`"));
  return std::nullopt;
}

std::optional<int> read_minute_of_day(Reading& r, const Node& node) {
  const auto text = r.text(node);
  if (!text) return std::nullopt;
  int minute = 0;
  if (minute_of(*text, minute)) return minute;
  r.error(node, "wrong-type", both("时刻写成 \"09:30\"", "a time of day is written \"09:30\""));
  return std::nullopt;
}

std::optional<core::Time> read_local_time(Reading& r, const Node& node, const core::Zone& zone) {
  const auto text = r.text(node);
  if (!text) return std::nullopt;
  int year = 0, month = 0, day = 0, minute = 0;
  const std::string_view t = *text;
  const bool shaped = t.size() == 16 && t[4] == '-' && t[7] == '-' && t[10] == ' ' &&
                      read_digits(t, 0, 4, year) && read_digits(t, 5, 2, month) &&
                      read_digits(t, 8, 2, day) && minute_of(t.substr(11), minute);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (shaped && date.ok() && year >= 2000 && year < 2100) {
    const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return at_local(zone, (days * 1440 + minute) * 60'000);
  }
  r.error(node, "wrong-type",
          both("时间写成 \"2026-03-02 09:00\"", "a time is written \"2026-03-02 09:00\""));
  return std::nullopt;
}

std::optional<core::QuietHours> read_quiet_hours(Reading& r, const Node& node) {
  QuietText text;
  read_object(r, node, "quiet hours", kQuiet, text);
  if (!text.from || !text.to) return std::nullopt;
  if (*text.from == *text.to) {
    r.error(node, "contradiction", both("from 和 to 不能相同", "`from` and `to` are the same"));
    return std::nullopt;
  }
  return core::QuietHours{*text.from, *text.to, text.unless_loss_over};
}

void append_words_schema(Schema& schema) { schema.push_back({"quiet hours", keys_of(kQuiet)}); }

}  // namespace rules
