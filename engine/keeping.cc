#include "engine/keeping.h"

#include <iostream>

#include "engine/status.h"
#include "engine/system_clock.h"
#include "store/backup.h"
#include "store/daemon_lock.h"

namespace engine {

namespace {

int failed(const core::Error& error, int code) {
  std::cerr << "qingyu: " << error.message << '\n';
  return code;
}

core::Result<core::Unit> for_store(const StoreChoice& choice,
                                   core::Result<core::Unit> (*act)(const std::string&,
                                                                   const store::StoreSpec&),
                                   const std::string& path) {
  const auto spec = chosen_store(choice);
  if (!spec) return spec.error();
  return act(path, *spec);
}

}  // namespace

int status(const StoreChoice& choice, bool json) {
  const auto spec = chosen_store(choice);
  if (!spec) return failed(spec.error(), 2);
  const auto store = store::open_store(*spec);
  if (!store) return failed(store.error(), 2);
  const auto text = (*store)->get(kStatusName);
  if (!text) return failed(text.error(), 1);
  if (!*text)
    return failed({core::Code::NotFound, "nothing ever ran on " + store::place_of(*spec)}, 1);
  std::optional<bool> running;
  if (spec->kind == "sqlite") running = store::daemon_of(*spec).has_value();
  std::cout << (json ? **text + "\n" : status_text(**text, SystemClock().wall(), running));
  return 0;
}

int backup(const StoreChoice& choice, const std::string& to) {
  const auto done = for_store(
      choice,
      [](const std::string& path, const store::StoreSpec& spec) {
        return store::backup(spec, path);
      },
      to);
  if (!done) return failed(done.error(), 1);
  std::cout << "备份完成 backed up to " << to << '\n';
  return 0;
}

int restore(const StoreChoice& choice, const std::string& from) {
  const auto done = for_store(
      choice,
      [](const std::string& path, const store::StoreSpec& spec) {
        return store::restore(path, spec);
      },
      from);
  if (!done) return failed(done.error(), 1);
  std::cout << "恢复完成 restored from " << from << '\n';
  return 0;
}

}  // namespace engine
