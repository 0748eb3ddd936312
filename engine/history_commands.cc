// The command line of what reads messages: `qingyu run|replay|learn|bench`.
#include <CLI/CLI.hpp>

#include "engine/bench.h"
#include "engine/command_line.h"
#include "engine/daemon.h"
#include "engine/replay.h"

namespace engine {

namespace {

void add_replay_options(CLI::App& sub, ReplayOptions& o) {
  sub.add_option("FILE", o.files,
                 "JSONL, .zst, -, kafka://HOST:PORT/TOPIC 或消息存档 archive FOLDER[@FROM..TO]")
      ->required();
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
  add_duration(sub, "--lateness", o.limits.lateness, "允许的乱序 (disorder allowed, default 5s)");
  sub.add_option("--commit-every", o.commit_every,
                 "每多少条保存一次 (records a checkpoint, default 4096)")
      ->check(CLI::Range(1, 100'000'000));
}

void add_replay(CLI::App& app, Todo& todo) {
  const auto options = std::make_shared<ReplayOptions>();
  ReplayOptions& o = *options;
  CLI::App* sub =
      app.add_subcommand("replay", "重放历史消息，写出决定账本 (history into a decision ledger)");
  add_replay_options(*sub, o);
  sub->add_option("--ledger", o.ledger, "账本文件 (- = standard output)");
  add_until(*sub, o.until);
  add_answer(*sub, o.answer_after);
  sub->add_flag("--json", o.json, "只输出一个 JSON 对象 (one JSON object on stdout)");
  sub->callback([options, &todo] { todo = [options] { return replay(*options); }; });
}

void add_learn(CLI::App& app, Todo& todo) {
  struct Learn {
    ReplayOptions replay;
    std::string out;
  };
  const auto options = std::make_shared<Learn>();
  CLI::App* sub = app.add_subcommand("learn", "从历史学习平常水平 (what is usual, from history)");
  add_replay_options(*sub, options->replay);
  sub->add_option("--out", options->out, "写到 (baselines file)")->required();
  sub->callback(
      [options, &todo] { todo = [options] { return learn(options->replay, options->out); }; });
}

void add_run(CLI::App& app, Todo& todo) {
  const auto options = std::make_shared<RunOptions>();
  RunOptions& o = *options;
  CLI::App* sub = app.add_subcommand("run", "运行 (run the whole system)");
  sub->add_option("--config", o.config,
                  "设置文件 (settings file; default ./qingyu.yaml, /etc/qingyu/qingyu.yaml)");
  sub->add_option("--speed", o.speed, "时钟倍速 (speed of the clock)")
      ->check(CLI::Range(0.01, 100'000.0));
  sub->add_flag("--until-end", o.until_end,
                "来源读完、通知发完后结束 (end when all is read and told)");
  sub->add_flag("--fresh", o.fresh, "从空存储开始 (begin with an empty store)");
  sub->callback([options, &todo] { todo = [options] { return run(*options); }; });
}

void add_bench(CLI::App& app, Todo& todo) {
  const auto options = std::make_shared<BenchOptions>();
  BenchOptions& o = *options;
  CLI::App* bench = app.add_subcommand(
      "bench", "测速，与同一次运行的下限比较 (speed beside a floor of the same run)");
  bench->require_subcommand(1);
  CLI::App* lane = bench->add_subcommand("lane", "一个通道 (one lane on one core)");
  lane->add_flag("--json", o.json, "JSON");
  lane->add_option("--words", o.words, "词数 (words)");
  lane->add_option("--events", o.events, "消息数 (events)");
  lane->add_flag("--archive", options->archive, "同时写消息存档 (the events are archived, too)");
  lane->callback([options, &todo] { todo = [options] { return bench_lane(*options); }; });
  CLI::App* corpus =
      bench->add_subcommand("corpus", "打印测速用的消息 (the events of the benches)");
  corpus->add_option("--events", o.events, "消息数 (events)");
  corpus->add_flag("--print-words", o.words_of_corpus, "打印规则里的词 (the rules' words)");
  corpus->callback([options, &todo] { todo = [options] { return bench_corpus(*options); }; });
  CLI::App* reload = bench->add_subcommand("reload", "满负荷时重载规则 (reloads under full load)");
  reload->add_flag("--json", options->json, "JSON");
  reload->add_option("--rules", options->rules, "规则数 (rules)")->check(CLI::Range(1, 100'000));
  reload->add_option("--reloads", options->reloads, "次数 (times)")->check(CLI::Range(1, 100'000));
  reload->callback([options, &todo] { todo = [options] { return bench_reload(*options); }; });
  CLI::App* kafka = bench->add_subcommand("kafka", "从真实 Kafka (from a real broker)");
  kafka->add_flag("--json", o.json, "JSON");
  kafka->add_option("--brokers", o.brokers, "HOST:PORT")->required();
  kafka->add_option("--topic", o.topic, "已有或要填的主题 (topic)");
  kafka->add_option("--events", o.events, "消息数 (events)");
  kafka->callback([options, &todo] { todo = [options] { return bench_kafka(*options); }; });
}

}  // namespace

template <typename App>
void add_history_commands(App& app, Todo& todo) {
  add_run(app, todo);
  add_replay(app, todo);
  add_learn(app, todo);
  add_bench(app, todo);
}

template void add_history_commands(CLI::App&, Todo&);

}  // namespace engine
