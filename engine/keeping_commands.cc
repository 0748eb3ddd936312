// The command line of keeping the system well: `qingyu status|backup|restore`.
#include <CLI/CLI.hpp>

#include "engine/command_line.h"
#include "engine/keeping.h"

namespace engine {

namespace {

struct StoreOptions {
  StoreChoice store;
  std::string path;
  bool json = false;
};

void add_store_commands(CLI::App& app, Todo& todo) {
  const auto o = std::make_shared<StoreOptions>();
  CLI::App* status_of = app.add_subcommand("status", "运行状态 (state of the running system)");
  add_store_choice(*status_of, o->store);
  status_of->add_flag("--json", o->json, "JSON");
  status_of->callback([o, &todo] { todo = [o] { return status(o->store, o->json); }; });

  CLI::App* backup_to = app.add_subcommand("backup", "备份存储 (back the store up)");
  add_store_choice(*backup_to, o->store);
  backup_to->add_option("FILE", o->path)->required();
  backup_to->callback([o, &todo] { todo = [o] { return backup(o->store, o->path); }; });

  CLI::App* restore_from = app.add_subcommand("restore", "恢复存储 (restore a backup)");
  add_store_choice(*restore_from, o->store);
  restore_from->add_option("FILE", o->path)->required();
  restore_from->callback([o, &todo] { todo = [o] { return restore(o->store, o->path); }; });
}

}  // namespace

template <typename App>
void add_keeping_commands(App& app, Todo& todo) {
  add_store_commands(app, todo);
}

template void add_keeping_commands(CLI::App&, Todo&);

}  // namespace engine
