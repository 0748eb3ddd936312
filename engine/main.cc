// The command line: every sub-command fills a small struct of options and hands it on.
#include <CLI/CLI.hpp>
#include <charconv>

#include "engine/audit.h"
#include "engine/bench.h"
#include "engine/channel_command.h"
#include "engine/daemon.h"
#include "engine/desk_commands.h"
#include "engine/keeping.h"
#include "engine/log.h"
#include "engine/member_commands.h"
#include "engine/oncall_command.h"
#include "engine/pin_command.h"
#include "engine/replay.h"
#include "engine/report_command.h"

namespace {

using namespace engine;

std::string version() { return std::string("qingyu ") + QINGYU_VERSION; }

// What the parsed command line wants done; gives the exit code.
using Todo = std::function<int()>;

void add_store_choice(CLI::App& sub, StoreChoice& choice) {
  sub.add_option("--store", choice.store, "SQLite 存储文件 (store file)");
  sub.add_option("--config", choice.config,
                 "设置文件 (settings file; default ./qingyu.yaml, /etc/qingyu/qingyu.yaml)");
}

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

CLI::callback_t duration_into(core::Millis& out, const char* option) {
  return [&out, option](const CLI::results_t& values) {
    const std::string wrong = read_duration(values[0], out);
    if (!wrong.empty()) throw CLI::ValidationError(option, wrong + ", not " + values[0]);
    return true;
  };
}

std::string read_answer(const std::string& text, ReplayOptions& o) {
  if (text == "none") return "";
  int64_t minutes = 0;
  const std::string_view rest =
      text.starts_with("after:") ? std::string_view(text).substr(6) : std::string_view();
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), minutes);
  if (rest.empty() || error != std::errc{} || end != rest.data() + rest.size() || minutes < 0)
    return "expected none or after:MINUTES";
  o.answer_after = core::Millis(minutes * 60'000);
  return "";
}

void add_replay_options(CLI::App& sub, ReplayOptions& o) {
  sub.add_option("FILE", o.files, "JSONL, .zst, - 或 kafka://HOST:PORT/TOPIC")->required();
  auto* rules = sub.add_option("--rules", o.rules, "规则文件夹 (folder of rule packs)");
  sub.add_option("--config", o.config,
                 "设置文件 (settings: ladders, people, limits; default: shipped)");
  auto* catalogue =
      sub.add_option("--catalogue", o.catalogue,
                     "商品目录文件夹 (catalogue.csv, groups.csv, merchants.csv, stores.csv)");
  sub.add_option("--decoder", o.decoder, "qingyu（默认 default）, wecom 或 weibo")
      ->check(CLI::IsMember({"qingyu", "wecom", "weibo"}));
  sub.add_option("--lanes", o.lanes, "读消息的线程 (lanes, default 1)")->check(CLI::Range(1, 64));
  sub.add_option("--shards", o.shards, "分片 (shards, default 1)")->check(CLI::Range(1, 1024));
  sub.add_option("--store", o.store, "memory（默认 default）, sqlite 或 redis")
      ->check(CLI::IsMember({"memory", "sqlite", "redis"}));
  sub.add_option("--redis", o.redis, "Redis 地址 (HOST:PORT, default 127.0.0.1:6379)");
  sub.add_option("--resume", o.resume, "保留并继续的 SQLite 存储 (store to keep and continue)");
  sub.add_option("--books", o.books, "用这个存储里的每一版规则 (every Book of that store)")
      ->excludes(rules)
      ->excludes(catalogue);
  sub.add_option("--journal", o.journal,
                 "重复这个存储记下的操作 (commands, outcomes, announcements of that store)");
  sub.add_option("--dead-letters", o.dead_letters, "无法读入的消息写到 (file)");
  sub.add_option("--key-file", o.key_file,
                 "哈希密钥文件 (key of hashed ids; default: a fixed public one)");
  sub.add_option("--lateness", duration_into(o.limits.lateness, "--lateness"),
                 "允许的乱序 (disorder allowed, default 5s)")
      ->type_name("DURATION");
  sub.add_option("--commit-every", o.commit_every,
                 "每多少条保存一次 (records a checkpoint, default 4096)")
      ->check(CLI::Range(1, 100'000'000));
}

void add_replay(CLI::App& app, Todo& todo, ReplayOptions& o) {
  CLI::App* sub =
      app.add_subcommand("replay", "重放历史消息，写出决定账本 (history into a decision ledger)");
  add_replay_options(*sub, o);
  sub->add_option("--ledger", o.ledger, "账本文件 (- = standard output)");
  auto* until = sub->add_option(
      "--until",
      [&o](const CLI::results_t& v) {
        int64_t ms = 0;
        const auto [end, error] = std::from_chars(v[0].data(), v[0].data() + v[0].size(), ms);
        if (error != std::errc{} || *end != '\0')
          throw CLI::ValidationError("--until", "expected epoch milliseconds, not " + v[0]);
        o.until = core::from_ms(ms);
        return true;
      },
      "时限一直走到 (run deadlines on to, epoch ms)");
  until->type_name("MS");
  auto* answer = sub->add_option(
      "--answer",
      [&o](const CLI::results_t& v) {
        const std::string wrong = read_answer(v[0], o);
        if (!wrong.empty()) throw CLI::ValidationError("--answer", wrong + ", not " + v[0]);
        return true;
      },
      "人员如何回应 (how people behave, default none)");
  answer->type_name("none|after:MIN");
  sub->add_flag("--json", o.json, "只输出一个 JSON 对象 (one JSON object on stdout)");
  sub->callback([&o, &todo] { todo = [&o] { return replay(o); }; });
}

void add_learn(CLI::App& app, Todo& todo, ReplayOptions& o, std::string& out) {
  CLI::App* sub = app.add_subcommand("learn", "从历史学习平常水平 (what is usual, from history)");
  add_replay_options(*sub, o);
  sub->add_option("--out", out, "写到 (baselines file)")->required();
  sub->callback([&] { todo = [&o, &out] { return learn(o, out); }; });
}

void add_run(CLI::App& app, Todo& todo, RunOptions& o) {
  CLI::App* sub = app.add_subcommand("run", "运行 (run the whole system)");
  sub->add_option("--config", o.config,
                  "设置文件 (settings file; default ./qingyu.yaml, /etc/qingyu/qingyu.yaml)");
  sub->add_option("--speed", o.speed, "时钟倍速 (speed of the clock)")
      ->check(CLI::Range(0.01, 100'000.0));
  sub->add_flag("--until-end", o.until_end,
                "来源读完、通知发完后结束 (end when all is read and told)");
  sub->add_flag("--fresh", o.fresh, "从空存储开始 (begin with an empty store)");
  sub->callback([&o, &todo] { todo = [&o] { return run(o); }; });
}

struct DeskOptions {
  StoreChoice store;
  bool all = false, json = false;
  std::string incident, path;
  ActOptions act;
};

// What a person can do to an incident, and what else must be said for it.
struct ActCommand {
  const char *what, *help;
  const char *option = nullptr, *option_help = nullptr;  // fills Act::option
  const char *value = nullptr, *value_help = nullptr;    // fills Act::value
};
constexpr ActCommand kActs[] = {
    {"ack", "确认接手 (acknowledge)"},
    {"decide", "作出决定 (decide)", "--option", "选择的方案 (what was decided)"},
    {"approve", "第二人批准 (approve what was proposed)"},
    {"reject", "不批准 (reject what was proposed)"},
    {"escalate", "人工升级 (to the next rung)"},
    {"deescalate", "人工降级 (one rung down; say why)"},
    {"advise", "协同研判 (a peer's advice)", "--option", "confirm 或 doubt"},
    {"result", "处置结果 (what became of an action)", "--option", "处置 (action id)", "--value",
     "done 或 failed"},
    {"handover", "转交 (hand over to another person)", nullptr, nullptr, "--to", "交给谁 (person)"},
    {"silence", "静默 (tell nobody for a while)", nullptr, nullptr, "--minutes", "多久 (minutes)"},
    {"unsilence", "解除静默 (tell again)"},
    {"close", "关闭 (close, with the all-clear)"},
};

void add_act(CLI::App& app, Todo& todo, DeskOptions& o, const ActCommand& command) {
  CLI::App* sub = app.add_subcommand(command.what, command.help);
  add_store_choice(*sub, o.act.store);
  sub->add_option("INCIDENT", o.act.incident)->required();
  sub->add_option("--by", o.act.by, "谁 (person id)")->required();
  if (command.option != nullptr)
    sub->add_option(command.option, o.act.option, command.option_help)->required();
  if (command.value != nullptr)
    sub->add_option(command.value, o.act.value, command.value_help)->required();
  sub->add_option("--because", o.act.because, "理由 (why)");
  sub->callback([&o, &todo, name = std::string(command.what)] {
    todo = [&o, name] {
      o.act.what = name;
      return act(o.act);
    };
  });
}

void add_desk(CLI::App& app, Todo& todo, DeskOptions& o) {
  CLI::App* list_them = app.add_subcommand("incidents", "列出事件 (list incidents)");
  add_store_choice(*list_them, o.store);
  list_them->add_flag("--all", o.all, "包括已关闭 (closed ones too)");
  list_them->add_flag("--json", o.json, "JSON lines");
  list_them->callback([&o, &todo] { todo = [&o] { return list(o.store, o.all, o.json); }; });

  CLI::App* show_one = app.add_subcommand("show", "一个事件的全部经过 (all of one incident)");
  add_store_choice(*show_one, o.store);
  show_one->add_option("INCIDENT", o.incident)->required();
  show_one->add_flag("--json", o.json, "JSON lines");
  show_one->callback([&o, &todo] { todo = [&o] { return show(o.store, o.incident, o.json); }; });

  for (const ActCommand& command : kActs) add_act(app, todo, o, command);
}

void add_audit(CLI::App& app, Todo& todo, DeskOptions& o) {
  CLI::App* sub = app.add_subcommand("audit", "决定记录 (the hash-chained decision log)");
  sub->require_subcommand(1);
  static constexpr std::pair<const char*, const char*> kDoes[] = {
      {"verify", "核对链是否完整 (whether every chain is whole)"},
      {"list", "列出决定 (list decisions)"},
      {"export", "导出为 JSON lines (export)"}};
  for (const auto& [what, help] : kDoes) {
    CLI::App* one = sub->add_subcommand(what, help);
    add_store_choice(*one, o.store);
    one->add_flag("--json", o.json, "JSON");
    if (std::string_view(what) != "verify") one->add_option("--incident", o.incident, "事件 (id)");
    one->callback([&o, &todo, name = std::string(what)] {
      todo = [&o, name] { return audit(o.store, name, o.incident, o.json); };
    });
  }
}

void add_report(CLI::App& app, Todo& todo, ReportOptions& o) {
  CLI::App* sub = app.add_subcommand("report", "坐席上报 (an agent reports trouble)");
  sub->add_option("--config", o.config, "设置文件 (settings file; default as for run)");
  sub->add_option("--sensitivity", o.sensitivity, "敏感度 1 低 … 5 极高 (1 low .. 5 extreme)")
      ->required()
      ->check(CLI::Range(1, 5));
  sub->add_option("--text", o.text, "情况 (what happened)")->required();
  sub->add_option("--by", o.by, "谁 (person id)")->required();
  sub->add_option("--channel", o.channel, "在哪里听到 (group or channel id)");
  sub->add_option("--customer", o.customer, "客户号 (customer id; kept as a keyed hash)");
  sub->add_option("--order", o.order, "订单号 (order id; kept as a keyed hash)");
  sub->callback([&o, &todo] { todo = [&o] { return report(o); }; });
}

void add_oncall(CLI::App& app, Todo& todo, OncallOptions& o) {
  CLI::App* sub = app.add_subcommand("oncall", "谁在值班 (who is on duty)");
  sub->require_subcommand(1);
  CLI::App* now = sub->add_subcommand("now", "现在每一级、每张值班表是谁 (on each rung and rota)");
  CLI::App* next = sub->add_subcommand("next", "接下来的交接 (the next hand-overs)");
  for (CLI::App* one : {now, next}) {
    one->add_option("--config", o.config,
                    "设置文件 (settings file; default as for run, else the shipped one)");
    one->add_option("--at", o.at, "在这个时刻 (\"2026-03-02 09:00\" or epoch ms; default now)");
  }
  next->add_option("--days", o.days, "看几天 (days ahead, default 14)")->check(CLI::Range(1, 366));
  now->callback([&o, &todo] { todo = [&o] { return oncall_now(o); }; });
  next->callback([&o, &todo] { todo = [&o] { return oncall_next(o); }; });
}

void add_keeping(CLI::App& app, Todo& todo, DeskOptions& o, CheckOptions& c) {
  CLI::App* check_them = app.add_subcommand("check", "检查规则 (check rule packs)");
  check_them->add_option("PATH", c.paths, "规则文件或文件夹 (default: those of the settings)");
  check_them->add_option("--config", c.config,
                         "设置文件 (settings file; default as for run, else the shipped one)");
  check_them->add_option("--catalogue", c.catalogue, "商品目录文件夹 (catalogue folder)");
  check_them->add_flag("--strict", c.strict, "提醒也算错误 (warnings count too)");
  check_them->callback([&c, &todo] { todo = [&c] { return check(c); }; });

  CLI::App* status_of = app.add_subcommand("status", "运行状态 (state of the running system)");
  add_store_choice(*status_of, o.store);
  status_of->add_flag("--json", o.json, "JSON");
  status_of->callback([&o, &todo] { todo = [&o] { return status(o.store, o.json); }; });

  CLI::App* backup_to = app.add_subcommand("backup", "备份存储 (back the store up)");
  add_store_choice(*backup_to, o.store);
  backup_to->add_option("FILE", o.path)->required();
  backup_to->callback([&o, &todo] { todo = [&o] { return backup(o.store, o.path); }; });

  CLI::App* restore_from = app.add_subcommand("restore", "恢复存储 (restore a backup)");
  add_store_choice(*restore_from, o.store);
  restore_from->add_option("FILE", o.path)->required();
  restore_from->callback([&o, &todo] { todo = [&o] { return restore(o.store, o.path); }; });
}

void add_members(CLI::App& app, Todo& todo, MemberOptions& o) {
  const auto sub_of = [&](const char* name, const char* help, int (*run)(const MemberOptions&)) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->add_option("--config", o.config, "设置文件 (settings file; default as for run)");
    sub->callback([&o, &todo, run] { todo = [&o, run] { return run(o); }; });
    return sub;
  };
  const auto by_whom = [&](CLI::App* sub) {
    sub->add_option("--by", o.by, "谁 (person id)")->required();
    sub->add_option("--because", o.because, "理由 (why)")->required();
  };
  CLI::App* list_them = sub_of(
      "members", "事件摘录的作者，只有代号 (who wrote the evidence, by handle)", list_members);
  list_them->add_option("INCIDENT", o.incident)->required();
  CLI::App* show_one =
      sub_of("reveal", "查看群成员身份，记入决定记录 (who a member is; audited)", reveal_member);
  show_one->add_option("INCIDENT", o.incident)->required();
  show_one->add_option("HANDLE", o.handle)->required();
  by_whom(show_one);
  CLI::App* erase_one =
      sub_of("erase", "应本人要求删除其身份与言论 (erase a person on request)", erase_member);
  erase_one->add_option("ID", o.id, "平台上的用户号 (the platform's id of the person)")->required();
  by_whom(erase_one);
}

void add_channel(CLI::App& app, Todo& todo, ChannelTestOptions& o) {
  CLI::App* sub = app.add_subcommand("channel", "通知渠道 (channels)");
  sub->require_subcommand(1);
  CLI::App* test = sub->add_subcommand(
      "test", "由运行中的系统发一条测试消息 (a test message by the running system)");
  test->add_option("--config", o.config, "设置文件 (settings file; default as for run)");
  test->add_option("--person", o.person, "发给谁 (person id)")->required();
  test->add_option("--channel", o.channel, "哪个渠道 (default: all of the person's)");
  test->callback([&o, &todo] { todo = [&o] { return channel_test(o); }; });
}

void add_pin(CLI::App& app, Todo& todo) {
  CLI::App* sub =
      app.add_subcommand("pin", "生成人员文件里的 PIN 哈希 (a PIN's hash, for the people file)");
  sub->callback([&todo] { todo = [] { return pin(); }; });
}

void add_bench(CLI::App& app, Todo& todo, BenchOptions& o) {
  CLI::App* bench = app.add_subcommand(
      "bench", "测速，与同一次运行的下限比较 (speed beside a floor of the same run)");
  bench->require_subcommand(1);
  CLI::App* lane = bench->add_subcommand("lane", "一个通道 (one lane on one core)");
  lane->add_flag("--json", o.json, "JSON");
  lane->add_option("--words", o.words, "词数 (words)");
  lane->add_option("--events", o.events, "消息数 (events)");
  lane->callback([&o, &todo] { todo = [&o] { return bench_lane(o); }; });
  CLI::App* corpus =
      bench->add_subcommand("corpus", "打印测速用的消息 (the events of the benches)");
  corpus->add_option("--events", o.events, "消息数 (events)");
  corpus->callback([&o, &todo] { todo = [&o] { return bench_corpus(o); }; });
  CLI::App* kafka = bench->add_subcommand("kafka", "从真实 Kafka (from a real broker)");
  kafka->add_flag("--json", o.json, "JSON");
  kafka->add_option("--brokers", o.brokers, "HOST:PORT")->required();
  kafka->add_option("--topic", o.topic, "已有或要填的主题 (topic)");
  kafka->add_option("--events", o.events, "消息数 (events)");
  kafka->callback([&o, &todo] { todo = [&o] { return bench_kafka(o); }; });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"晴雨 Qingyu - 实时舆情监测 (real-time public-opinion monitor)", "qingyu"};
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  ReplayOptions replay_options, learn_options;
  RunOptions run_options;
  DeskOptions desk_options;
  CheckOptions check_options;
  BenchOptions bench_options;
  ReportOptions report_options;
  MemberOptions member_options;
  ChannelTestOptions channel_options;
  OncallOptions oncall_options;
  std::string learn_out;
  Todo todo;
  app.failure_message([](const CLI::App*, const CLI::Error& e) {
    return std::string("qingyu: ") + e.what() + " (see --help)\n";
  });
  bool verbose = false;
  app.add_flag("--verbose", verbose, "更多日志 (more log)");
  add_run(app, todo, run_options);
  add_replay(app, todo, replay_options);
  add_desk(app, todo, desk_options);
  add_audit(app, todo, desk_options);
  add_report(app, todo, report_options);
  add_pin(app, todo);
  add_channel(app, todo, channel_options);
  add_members(app, todo, member_options);
  add_oncall(app, todo, oncall_options);
  add_keeping(app, todo, desk_options, check_options);
  add_learn(app, todo, learn_options, learn_out);
  add_bench(app, todo, bench_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  start_log(verbose ? core::LogLevel::Debug : core::LogLevel::Info);
  return todo();
}
