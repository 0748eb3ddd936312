#include "engine/backtest_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <thread>

#include "engine/backtest_report.h"
#include "engine/settings.h"

namespace engine {

namespace {

constexpr core::Millis kTick{20};
constexpr int kTicksBetweenBars = 10;
constexpr int kBarWidth = 30;

// A bar of both sides on a terminal; nothing elsewhere.
class Bar {
 public:
  void show(const BacktestSide& before, const BacktestSide& after) {
    if (!terminal_ || calls_++ % kTicksBetweenBars != 0) return;
    const int a = before.read_permille(), b = after.read_permille();
    const core::Time drained = std::min(before.drained(), after.drained());
    std::string line("\r\x1b[K");
    if (a >= 0 && b >= 0) {
      const int permille = (a + b) / 2, filled = permille * kBarWidth / 1000;
      line += "[" + std::string(static_cast<size_t>(filled), '#') +
              std::string(static_cast<size_t>(kBarWidth - filled), '.') + "] " +
              std::to_string(permille / 10) + "%  ";
    }
    if (drained != core::kTimeMin && drained != core::kTimeMax) line += moment(drained);
    std::cerr << line << std::flush;
    shown_ = true;
  }
  void clear() {
    if (shown_) std::cerr << "\r\x1b[K" << std::flush;
  }

 private:
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
  int calls_ = 0;
};

core::Result<rules::BookFiles> book_files(const BacktestOptions& options) {
  std::string file = find_settings(options.config);
  if (file.empty()) file = shipped("deploy/qingyu.yaml");
  auto settings = load_settings(file);
  if (!settings) return settings.error();
  rules::BookFiles files = settings->book;
  files.hash_key.clear();         // the public one, as replay
  files.examples_decide = false;  // a change may be looked at before its examples hold
  if (!options.catalogue.empty()) files.catalogue = options.catalogue;
  return files;
}

SideSpec side_spec(const BacktestOptions& options, const std::string& rules) {
  const size_t cores =
      options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  SideSpec spec;
  spec.rules = rules;
  spec.files = options.files;
  spec.decoder = options.decoder;
  spec.lanes = std::max<size_t>(1, cores / 2);
  spec.until = options.until;
  spec.answer_after = options.answer_after;
  return spec;
}

core::Result<core::Unit> run_both(BacktestSide& before, BacktestSide& after) {
  Bar bar;
  before.start();
  after.start();
  const auto tick = [&] { bar.show(before, after); };
  const auto first = before.wait(kTick, tick);
  if (!first) after.stop();
  const auto second = after.wait(kTick, tick);
  bar.clear();
  return first ? second : first;
}

core::Result<Comparison> compared(const BacktestOptions& options) {
  if (const auto tested = rules::matcher_self_test(); !tested) return tested.error();
  for (const std::string& file : options.files)
    if (file == "-")
      return core::Error{core::Code::BadSettings,
                         "历史要读两遍，不能用标准输入 history is read twice, not from -"};
  const auto files = book_files(options);
  if (!files) return files.error();
  BacktestSide before(side_spec(options, options.against));
  BacktestSide after(side_spec(options, options.rules));
  for (BacktestSide* side : {&before, &after})
    if (const auto prepared = side->prepare(*files); !prepared) return prepared.error();
  const auto ran = run_both(before, after);
  if (!ran) return ran.error();
  return compare(before.result(), after.result());
}

int failed(const std::string& message) {
  std::cerr << "qingyu backtest: " << message << '\n';
  return 2;
}

}  // namespace

int backtest(const BacktestOptions& options) {
  const auto comparison = compared(options);
  if (!comparison) return failed(comparison.error().message);
  const std::string report = options.format == "html"   ? backtest_html(*comparison)
                             : options.format == "json" ? backtest_json(*comparison)
                                                        : backtest_text(*comparison);
  if (options.out.empty()) {
    std::cout << report << std::flush;
    return 0;
  }
  std::ofstream out(options.out, std::ios::binary | std::ios::trunc);
  out << report << std::flush;
  return out ? 0 : failed("cannot write " + options.out);
}

template <typename App>
void add_backtest(App& app, Todo& todo) {
  const auto o = std::make_shared<BacktestOptions>();
  App* sub = app.add_subcommand(
      "backtest", "新规则对历史会怎样 (what other rules would have made of the history)");
  sub->add_option("FILE", o->files, "JSONL, .zst 或 kafka://HOST:PORT/TOPIC")->required();
  sub->add_option("--rules", o->rules, "新规则 (new packs: file or folder)")->required();
  sub->add_option("--against", o->against, "旧规则 (old packs; default: of the settings)");
  sub->add_option("--config", o->config,
                  "设置文件 (settings file; default as for run, else the shipped one)");
  sub->add_option("--catalogue", o->catalogue, "商品目录文件夹 (catalogue folder)");
  sub->add_option("--decoder", o->decoder, "qingyu（默认 default）, wecom 或 weibo")
      ->check(CLI::IsMember({"qingyu", "wecom", "weibo"}));
  sub->add_option("--format", o->format, "text（默认 default）, html 或 json")
      ->check(CLI::IsMember({"text", "html", "json"}));
  sub->add_option("--out", o->out, "写到 (file; default: standard output)");
  sub->add_option("--threads", o->threads, "处理器核数 (cores; default: all)")
      ->check(CLI::Range(1, 128));
  add_until(*sub, o->until);
  add_answer(*sub, o->answer_after);
  sub->callback([o, &todo] { todo = [o] { return backtest(*o); }; });
}

template void add_backtest(CLI::App&, Todo&);

}  // namespace engine
