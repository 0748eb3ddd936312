#include "engine/keeping.h"

#include <iostream>

#include "engine/settings.h"
#include "engine/status.h"
#include "engine/system_clock.h"
#include "rules/book.h"
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

int check(const CheckOptions& options) {
  std::string file = find_settings(options.config);
  if (file.empty()) file = shipped("deploy/qingyu.yaml");
  auto settings = load_settings(file);
  if (!settings) return failed(settings.error(), 2);
  rules::BookFiles files = settings->book;
  if (!options.paths.empty()) files.packs = options.paths;
  if (!options.catalogue.empty()) files.catalogue = options.catalogue;
  std::vector<rules::Finding> findings;
  const auto book = rules::load_book(files, findings);
  size_t errors = 0, warnings = 0;
  for (const rules::Finding& f : findings) {
    // Of single packs the others' lists are not unused.
    if (!options.paths.empty() && f.code == "unused-list" && f.file == files.lists) continue;
    std::cout << rules::to_text(f) << '\n';
    (f.severity == rules::Severity::Error ? errors : warnings) += 1;
  }
  if (errors == 0 && book != nullptr)
    std::cout << "没有错误 no errors: " << book->rules() << " 条规则 rules, " << book->words()
              << " 个词 words, book " << book->hash() << '\n';
  if (errors + warnings > 0)
    std::cout << errors << " 个错误 errors, " << warnings << " 个提醒 warnings\n";
  return errors > 0 || (options.strict && warnings > 0) ? 1 : 0;
}

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
