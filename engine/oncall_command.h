#pragma once
// `qingyu oncall now|next`: who is on duty, who stands by, who sleeps, and who takes over when. It
// reads the files of the settings, as `check` does, and asks core/rota.h, as the desk does.
#include <string>

namespace engine {

struct OncallOptions {
  std::string config;  // "" = see find_settings(), else the shipped one
  std::string at;      // "2026-03-02 09:00" or epoch milliseconds; "" = now
  int days = 14;       // of `next`
};

// Exit codes: 0 told, 2 wrong use or files that do not load.
int oncall_now(const OncallOptions& options);
int oncall_next(const OncallOptions& options);

}  // namespace engine
