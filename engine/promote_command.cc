#include "engine/promote_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "engine/rule_desk.h"
#include "engine/system_clock.h"
#include "engine/verdict_shelf.h"
#include "rules/pack_edit.h"

namespace engine {

namespace {

namespace fs = std::filesystem;
using core::Code;
using core::Error;

struct PromoteOptions {
  StoreChoice store;
  std::string rule, by, file;
  double precision = 0.9;
  int64_t verdicts = 10;
};

core::Result<std::string> read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{Code::Unavailable, "cannot read " + path};
  return text.str();
}

// Whole or not at all: a reload in between sees the old file or the new one.
core::Result<core::Unit> replace_file(const std::string& path, const std::string& bytes) {
  const std::string fresh = path + ".promoting";
  std::error_code failed;
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out << bytes;
    out.flush();
    if (!out) return Error{Code::Unavailable, "cannot write " + fresh};
  }
  fs::permissions(fresh, fs::status(path).permissions(), failed);
  fs::rename(fresh, path, failed);
  if (!failed) return core::Unit{};
  fs::remove(fresh, failed);
  return Error{Code::Unavailable, "cannot replace " + path};
}

std::string two_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

// "" when the rule may be promoted; else what is missing.
std::string missing(const PromoteOptions& o, const Precision& p) {
  if (p.judged() < o.verdicts)
    return "评判还不够，已有 " + std::to_string(p.judged()) + " 条，需要 " +
           std::to_string(o.verdicts) + " 条 not enough verdicts: " + std::to_string(p.judged()) +
           " of " + std::to_string(o.verdicts);
  if (p.point() < o.precision)
    return "精确率不够，现为 " + two_digits(p.point()) + "，需要 " + two_digits(o.precision) +
           " precision " + two_digits(p.point()) + " is below " + two_digits(o.precision);
  return "";
}

int promote(const PromoteOptions& o) {
  auto desk = open_rule_desk(o.store);
  if (!desk) return say_error(desk.error(), 2);
  const rules::RuleFacts* fact = desk->fact(o.rule);
  if (fact == nullptr) return say_error({Code::NotFound, "没有这条规则 no rule " + o.rule}, 1);
  if (!desk->knows(o.by))
    return say_error({Code::BadInput, "人员名单里没有“" + o.by + "” there is no person " + o.by},
                     1);
  if (fact->mode != "shadow")
    return say_error(
        {Code::BadInput, o.rule + " 不在影子模式 is not in shadow: mode " + fact->mode}, 1);
  const auto rows = read_verdicts(*desk->store, o.rule);
  if (!rows) return say_error(rows.error(), 1);
  const Precision precision = precision_of(standing(*rows), o.rule);
  std::cout << o.rule << "  " << in_words(precision)
            << "\n门槛按精确率本身，不按下限 the threshold " << two_digits(o.precision)
            << " is for the precision itself, not for its lower bound\n";
  if (const std::string why = missing(o, precision); !why.empty())
    return say_error({Code::BadInput, o.rule + ": " + why}, 1);

  const std::string file = o.file.empty() ? fact->file : o.file;
  const auto before = read_whole(file);
  if (!before) return say_error(before.error(), 1);
  const auto after = rules::with_mode_active({file, *before, o.rule});
  if (!after) return say_error(after.error(), 1);
  Promotion promotion{o.rule, o.by, file, SystemClock().wall(), o.precision, o.verdicts, precision};
  const core::Slot slot = slot_of(promotion);
  if (const auto kept = desk->store->keep(slot); !kept) return say_error(kept.error(), 1);
  if (const auto written = replace_file(file, *after); !written) {
    const auto dropped = desk->store->drop(slot.shelf, slot.key);
    return say_error(dropped ? written.error() : dropped.error(), 1);
  }
  std::cout
      << rules::line_diff(file, *before, *after)
      << "已转正，运行中的系统重新读取规则后生效 promoted: in force once the running system has "
         "read its rules again\n";
  return 0;
}

}  // namespace

template <typename App>
void add_promote(App& app, Todo& todo) {
  const auto o = std::make_shared<PromoteOptions>();
  App* sub = app.add_subcommand("promote", "影子规则转正 (a rule leaves the shadow)");
  add_store_choice(*sub, o->store);
  sub->add_option("RULE", o->rule)->required();
  sub->add_option("--precision", o->precision, "至少多大的精确率 (at least; default 0.9)")
      ->check(CLI::Range(0.0, 1.0));
  sub->add_option("--verdicts", o->verdicts, "至少多少条评判 (at least; default 10)")
      ->check(CLI::Range(1, 1'000'000));
  sub->add_option("--by", o->by, "谁 (person id)")->required();
  sub->add_option("--file", o->file, "规则文件 (the pack; default: where the settings have it)");
  sub->callback([o, &todo] { todo = [o] { return promote(*o); }; });
}

template void add_promote(CLI::App&, Todo&);

}  // namespace engine
