// The command line of people at their desk: `qingyu incidents|show|ack|decide ...|audit|report|
// members|reveal|erase|oncall|channel|pin`.
#include <CLI/CLI.hpp>

#include "engine/audit.h"
#include "engine/channel_command.h"
#include "engine/command_line.h"
#include "engine/desk_commands.h"
#include "engine/member_commands.h"
#include "engine/oncall_command.h"
#include "engine/pin_command.h"
#include "engine/report_command.h"

namespace engine {

namespace {

struct DeskOptions {
  StoreChoice store;
  bool all = false, json = false;
  std::string incident;
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

void add_act(CLI::App& app, Todo& todo, const ActCommand& command) {
  const auto o = std::make_shared<DeskOptions>();
  CLI::App* sub = app.add_subcommand(command.what, command.help);
  add_store_choice(*sub, o->act.store);
  sub->add_option("INCIDENT", o->act.incident)->required();
  sub->add_option("--by", o->act.by, "谁 (person id)")->required();
  if (command.option != nullptr)
    sub->add_option(command.option, o->act.option, command.option_help)->required();
  if (command.value != nullptr)
    sub->add_option(command.value, o->act.value, command.value_help)->required();
  sub->add_option("--because", o->act.because, "理由 (why)");
  sub->callback([o, &todo, name = std::string(command.what)] {
    todo = [o, name] {
      o->act.what = name;
      return act(o->act);
    };
  });
}

void add_desk(CLI::App& app, Todo& todo) {
  const auto o = std::make_shared<DeskOptions>();
  CLI::App* list_them = app.add_subcommand("incidents", "列出事件 (list incidents)");
  add_store_choice(*list_them, o->store);
  list_them->add_flag("--all", o->all, "包括已关闭 (closed ones too)");
  list_them->add_flag("--json", o->json, "JSON lines");
  list_them->callback([o, &todo] { todo = [o] { return list(o->store, o->all, o->json); }; });

  CLI::App* show_one = app.add_subcommand("show", "一个事件的全部经过 (all of one incident)");
  add_store_choice(*show_one, o->store);
  show_one->add_option("INCIDENT", o->incident)->required();
  show_one->add_flag("--json", o->json, "JSON lines");
  show_one->callback([o, &todo] { todo = [o] { return show(o->store, o->incident, o->json); }; });

  for (const ActCommand& command : kActs) add_act(app, todo, command);
}

void add_audit(CLI::App& app, Todo& todo) {
  const auto o = std::make_shared<DeskOptions>();
  CLI::App* sub = app.add_subcommand("audit", "决定记录 (the hash-chained decision log)");
  sub->require_subcommand(1);
  static constexpr std::pair<const char*, const char*> kDoes[] = {
      {"verify", "核对链是否完整 (whether every chain is whole)"},
      {"list", "列出决定 (list decisions)"},
      {"export", "导出为 JSON lines (export)"}};
  for (const auto& [what, help] : kDoes) {
    CLI::App* one = sub->add_subcommand(what, help);
    add_store_choice(*one, o->store);
    one->add_flag("--json", o->json, "JSON");
    if (std::string_view(what) != "verify") one->add_option("--incident", o->incident, "事件 (id)");
    one->callback([o, &todo, name = std::string(what)] {
      todo = [o, name] { return audit(o->store, name, o->incident, o->json); };
    });
  }
}

void add_report(CLI::App& app, Todo& todo) {
  const auto o = std::make_shared<ReportOptions>();
  CLI::App* sub = app.add_subcommand("report", "坐席上报 (an agent reports trouble)");
  sub->add_option("--config", o->config, "设置文件 (settings file; default as for run)");
  sub->add_option("--sensitivity", o->sensitivity, "敏感度 1 低 … 5 极高 (1 low .. 5 extreme)")
      ->required()
      ->check(CLI::Range(1, 5));
  sub->add_option("--text", o->text, "情况 (what happened)")->required();
  sub->add_option("--by", o->by, "谁 (person id)")->required();
  sub->add_option("--channel", o->channel, "在哪里听到 (group or channel id)");
  sub->add_option("--customer", o->customer, "客户号 (customer id; kept as a keyed hash)");
  sub->add_option("--order", o->order, "订单号 (order id; kept as a keyed hash)");
  sub->callback([o, &todo] { todo = [o] { return report(*o); }; });
}

void add_oncall(CLI::App& app, Todo& todo) {
  const auto o = std::make_shared<OncallOptions>();
  CLI::App* sub = app.add_subcommand("oncall", "谁在值班 (who is on duty)");
  sub->require_subcommand(1);
  CLI::App* now = sub->add_subcommand("now", "现在每一级、每张值班表是谁 (on each rung and rota)");
  CLI::App* next = sub->add_subcommand("next", "接下来的交接 (the next hand-overs)");
  for (CLI::App* one : {now, next}) {
    one->add_option("--config", o->config,
                    "设置文件 (settings file; default as for run, else the shipped one)");
    one->add_option("--at", o->at, "在这个时刻 (\"2026-03-02 09:00\" or epoch ms; default now)");
  }
  next->add_option("--days", o->days, "看几天 (days ahead, default 14)")->check(CLI::Range(1, 366));
  now->callback([o, &todo] { todo = [o] { return oncall_now(*o); }; });
  next->callback([o, &todo] { todo = [o] { return oncall_next(*o); }; });
}

void add_members(CLI::App& app, Todo& todo) {
  const auto o = std::make_shared<MemberOptions>();
  const auto sub_of = [&](const char* name, const char* help, int (*run)(const MemberOptions&)) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->add_option("--config", o->config, "设置文件 (settings file; default as for run)");
    sub->callback([o, &todo, run] { todo = [o, run] { return run(*o); }; });
    return sub;
  };
  const auto by_whom = [&](CLI::App* sub) {
    sub->add_option("--by", o->by, "谁 (person id)")->required();
    sub->add_option("--because", o->because, "理由 (why)")->required();
  };
  CLI::App* list_them = sub_of(
      "members", "事件摘录的作者，只有代号 (who wrote the evidence, by handle)", list_members);
  list_them->add_option("INCIDENT", o->incident)->required();
  CLI::App* show_one =
      sub_of("reveal", "查看群成员身份，记入决定记录 (who a member is; audited)", reveal_member);
  show_one->add_option("INCIDENT", o->incident)->required();
  show_one->add_option("HANDLE", o->handle)->required();
  by_whom(show_one);
  CLI::App* erase_one =
      sub_of("erase", "应本人要求删除其身份与言论 (erase a person on request)", erase_member);
  erase_one->add_option("ID", o->id, "平台上的用户号 (the platform's id of the person)")
      ->required();
  by_whom(erase_one);
}

void add_channel(CLI::App& app, Todo& todo) {
  const auto o = std::make_shared<ChannelTestOptions>();
  CLI::App* sub = app.add_subcommand("channel", "通知渠道 (channels)");
  sub->require_subcommand(1);
  CLI::App* test = sub->add_subcommand(
      "test", "由运行中的系统发一条测试消息 (a test message by the running system)");
  test->add_option("--config", o->config, "设置文件 (settings file; default as for run)");
  test->add_option("--person", o->person, "发给谁 (person id)")->required();
  test->add_option("--channel", o->channel, "哪个渠道 (default: all of the person's)");
  test->callback([o, &todo] { todo = [o] { return channel_test(*o); }; });
}

void add_pin(CLI::App& app, Todo& todo) {
  CLI::App* sub =
      app.add_subcommand("pin", "生成人员文件里的 PIN 哈希 (a PIN's hash, for the people file)");
  sub->callback([&todo] { todo = [] { return pin(); }; });
}

}  // namespace

template <typename App>
void add_people_commands(App& app, Todo& todo) {
  add_desk(app, todo);
  add_audit(app, todo);
  add_report(app, todo);
  add_pin(app, todo);
  add_channel(app, todo);
  add_members(app, todo);
  add_oncall(app, todo);
}

template void add_people_commands(CLI::App&, Todo&);

}  // namespace engine
