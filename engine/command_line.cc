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

template void add_store_choice(CLI::App&, StoreChoice&);
template void add_duration(CLI::App&, const char*, core::Millis&, const char*);

}  // namespace engine
