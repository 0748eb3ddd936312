// The command line of keeping the system well: `qingyu check|status|backup|restore`.
#include <CLI/CLI.hpp>

#include "engine/command_line.h"
#include "engine/keeping.h"

namespace engine {

namespace {

void add_check(CLI::App& app, Todo& todo) {
  const auto c = std::make_shared<CheckOptions>();
  CLI::App* check_them = app.add_subcommand("check", "检查规则 (check rule packs)");
  check_them->add_option("PATH", c->paths, "规则文件或文件夹 (default: those of the settings)");
  check_them->add_option("--config", c->config,
                         "设置文件 (settings file; default as for run, else the shipped one)");
  check_them->add_option("--catalogue", c->catalogue, "商品目录文件夹 (catalogue folder)");
  check_them->add_flag("--strict", c->strict, "提醒也算错误 (warnings count too)");
  check_them->callback([c, &todo] { todo = [c] { return check(*c); }; });
}

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
  add_check(app, todo);
  add_store_commands(app, todo);
}

template void add_keeping_commands(CLI::App&, Todo&);

}  // namespace engine
