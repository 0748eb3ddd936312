#include "engine/command_line.h"

#include <CLI/CLI.hpp>
#include <charconv>

#include "engine/desk_commands.h"

namespace engine {

namespace {

std::string read_duration(const std::string& text, core::Millis& out) {
  int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  const std::string unit(end, text.data() + text.size());
  const int64_t ms = unit == "ms"  ? 1
                     : unit == "s" ? 1000
                     : unit == "m" ? 60'000
                     : unit == "h" ? 3'600'000
                     : unit == "d" ? 86'400'000
                                   : 0;
  if (error != std::errc{} || n < 0 || ms == 0)
    return "expected a duration such as 5s, 10m, 2h, 7d";
  out = core::Millis(n * ms);
  return "";
}

std::string read_answer(const std::string& text, std::optional<core::Millis>& out) {
  if (text == "none") return "";
  int64_t minutes = 0;
  const std::string_view rest =
      text.starts_with("after:") ? std::string_view(text).substr(6) : std::string_view();
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), minutes);
  if (rest.empty() || error != std::errc{} || end != rest.data() + rest.size() || minutes < 0)
    return "expected none or after:MINUTES";
  out = core::Millis(minutes * 60'000);
  return "";
}

}  // namespace

template <typename App>
void add_store_choice(App& sub, StoreChoice& choice) {
  sub.add_option("--store", choice.store, "SQLite 存储文件 (store file)");
  sub.add_option("--config", choice.config,
                 "设置文件 (settings file; default ./qingyu.yaml, /etc/qingyu/qingyu.yaml)");
}

template <typename App>
void add_duration(App& sub, const char* option, core::Millis& out, const char* help) {
  sub.add_option(
         option,
         [&out, option](const CLI::results_t& values) {
           const std::string wrong = read_duration(values[0], out);
           if (!wrong.empty()) throw CLI::ValidationError(option, wrong + ", not " + values[0]);
           return true;
         },
         help)
      ->type_name("DURATION");
}

template <typename App>
void add_until(App& sub, std::optional<core::Time>& out) {
  sub.add_option(
         "--until",
         [&out](const CLI::results_t& v) {
           int64_t ms = 0;
           const auto [end, error] = std::from_chars(v[0].data(), v[0].data() + v[0].size(), ms);
           if (error != std::errc{} || *end != '\0')
             throw CLI::ValidationError("--until", "expected epoch milliseconds, not " + v[0]);
           out = core::from_ms(ms);
           return true;
         },
         "时限一直走到 (run deadlines on to, epoch ms)")
      ->type_name("MS");
}

template <typename App>
void add_answer(App& sub, std::optional<core::Millis>& out) {
  sub.add_option(
         "--answer",
         [&out](const CLI::results_t& v) {
           const std::string wrong = read_answer(v[0], out);
           if (!wrong.empty()) throw CLI::ValidationError("--answer", wrong + ", not " + v[0]);
           return true;
         },
         "人员如何回应 (how people behave, default none)")
      ->type_name("none|after:MIN");
}

template void add_store_choice(CLI::App&, StoreChoice&);
template void add_duration(CLI::App&, const char*, core::Millis&, const char*);
template void add_until(CLI::App&, std::optional<core::Time>&);
template void add_answer(CLI::App&, std::optional<core::Millis>&);

}  // namespace engine
