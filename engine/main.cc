// The program: parses the command line and does what it says.
#include <CLI/CLI.hpp>

#include "engine/archive_command.h"
#include "engine/backtest_command.h"
#include "engine/check_command.h"
#include "engine/command_line.h"
#include "engine/draft_command.h"
#include "engine/explain_command.h"
#include "engine/log.h"
#include "engine/match_command.h"
#include "engine/promote_command.h"
#include "engine/scorecard_command.h"
#include "engine/test_command.h"
#include "engine/tune_command.h"
#include "engine/verdict_command.h"

int main(int argc, char** argv) {
  using namespace engine;
  CLI::App app{"晴雨 Qingyu - 实时舆情监测 (real-time public-opinion monitor)", "qingyu"};
  app.set_version_flag("--version", std::string("qingyu ") + QINGYU_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App*, const CLI::Error& e) {
    return std::string("qingyu: ") + e.what() + " (see --help)\n";
  });
  bool verbose = false;
  app.add_flag("--verbose", verbose, "更多日志 (more log)");
  Todo todo;
  add_history_commands(app, todo);
  add_people_commands(app, todo);
  add_keeping_commands(app, todo);
  add_check(app, todo);
  add_verdict(app, todo);
  add_promote(app, todo);
  add_scorecard(app, todo);
  add_tune(app, todo);
  add_match(app, todo);
  add_explain(app, todo);
  add_archive(app, todo);
  add_test(app, todo);
  add_backtest(app, todo);
  add_draft(app, todo);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  start_log(verbose ? core::LogLevel::Debug : core::LogLevel::Info);
  return todo();
}
