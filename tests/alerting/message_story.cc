#include "tests/alerting/message_story.h"

#include "tests/fakes/sample.h"

namespace fakes {

namespace {

using core::Cause;
using core::IncidentState;

struct Holder {
  const char *id, *name, *rung;
  int64_t authority;
};
constexpr std::array<Holder, kRungs> kHolders = {
    {{"duty", "值班", "duty", 0},
     {"cs-manager", "客服经理", "manager", 100'000},
     {"qa-director", "质检总监", "director", 1'000'000},
     {"ceo", "总经理", "ceo", -1}}};

core::Millis minutes(int64_t n) { return core::Millis(n * 60'000); }

void add_options(core::Notification& n) {
  n.options = {
      {"return-and-compensate",
       "全额退货并赔一倍",
       {1'204'000, 2'408'000, 4'816'000},
       false,
       {"下架", "发布声明"}},
      {"keep-and-coupon", "保留商品，发 10 元券", {150'000, 376'000, 752'000}, false, {"退款额度"}},
      {"statement", "只发声明", {0, 0, 0}, false, {"发布声明"}}};
  for (core::OptionOffer& o : n.options)
    o.within_authority = n.authority_cny < 0 || o.cost_cny.middle <= n.authority_cny;
}

void add_figures(core::Notification& n) {
  core::IncidentChange& i = n.incident;
  i.revision = 4;
  i.level = core::Level::Red;
  i.groups = 24;
  i.people = 3'120;
  i.loss_cny = 1'204'000;
  i.loss_range_cny = {602'000, 1'204'000, 2'408'000};
  i.people_in_6h = {9'000, 18'000, 40'000};
  i.doubling_minutes = 38;
  i.messages = 1'031;
  i.copies = 610;
  n.golden_until = n.at + minutes(40);
}

core::Because because_of(Cause cause) {
  switch (cause) {
    case Cause::Escalated:
      return {"rung_loss",
              {{"loss_cny", 1'204'000, ""},
               {"bound_cny", 300'000, ""},
               {"units", 150'500, ""},
               {"price_fen", 3'990, ""},
               {"share_permille", 200, ""},
               {"sku", 0, "TB103"}}};
    case Cause::Updated:
      return {"groups_doubled", {{"groups", 24, ""}, {"before", 12, ""}}};
    case Cause::Reminder:
      return {"reminder", {{"minutes", 15, ""}, {"waiting_for", 0, "decide"}}};
    case Cause::Decided:
    case Cause::Approval:
    case Cause::Action:
      return {"decided",
              {{"by", 0, "ceo"}, {"option", 0, "全额退货并赔一倍"}, {"reason", 0, "先认错"}}};
    case Cause::AllClear:
      return {"closed_by", {{"by", 0, "duty"}, {"reason", 0, "货已收回"}}};
    case Cause::ActionLate:
      return {"not_delivered", {{"person", 0, "shelf"}, {"channel", 0, "webhook:shelf"}}};
    default:
      return {"rule_groups",
              {{"groups", 3, ""}, {"within_minutes", 60, ""}, {"rule", 0, "near-expiry"}}};
  }
}

void add_deadlines(core::Notification& n, bool decides) {
  n.ack_by = n.at + minutes(10);
  if (decides) n.decide_by = n.at + minutes(30);
}

}  // namespace

core::Notification story(Cause cause, uint32_t rung, bool informed) {
  core::Notification n = sample();
  const Holder& holder = kHolders.at(rung - 1);
  n.cause = cause;
  n.rung = rung;
  n.person = holder.id;
  n.person_name = holder.name;
  n.authority_cny = holder.authority;
  n.incident.rung = informed ? kRungs : rung;
  n.incident.rung_name = kHolders.at(n.incident.rung - 1).rung;
  n.because = because_of(cause);
  n.ack_by = {};
  if (cause != Cause::Opened && cause != Cause::Consulted) add_figures(n);
  if (cause == Cause::Opened || cause == Cause::Consulted) n.golden_until = n.at + minutes(60);
  const bool deciding = !informed && rung > 1;
  switch (cause) {
    case Cause::Opened:
    case Cause::Escalated:
    case Cause::Updated:
    case Cause::Reminder:
    case Cause::Reopened:
      if (!informed) add_deadlines(n, deciding);
      if (deciding) n.wait_cost_cny = 56'000;
      if (deciding) add_options(n);
      break;
    case Cause::Consulted:
      n.rung = n.incident.rung = 0;
      n.ack_by = n.at + minutes(15);
      break;
    case Cause::Briefing:
      add_options(n);
      break;
    case Cause::Approval:
      n.decide_by = n.at + minutes(30);
      break;
    default:
      break;
  }
  if (cause == Cause::Reminder) n.incident.state = IncidentState::Acknowledged;
  if (cause == Cause::Decided || cause == Cause::Action || cause == Cause::ActionLate)
    n.incident.state = IncidentState::Decided;
  if (cause == Cause::AllClear || cause == Cause::Review) n.incident.state = IncidentState::Closed;
  if (n.incident.state >= IncidentState::Decided || cause == Cause::Approval) {
    add_options(n);
    n.option = n.options[0].id;
    n.option_name = n.options[0].name;
  }
  if (cause == Cause::Action || cause == Cause::ActionLate) {
    n.action = "off-shelf";
    n.action_name = "下架";
    n.action_undo = "在商品后台重新上架，并通知团长";
    n.ack_by = cause == Cause::Action ? n.at + minutes(30) : core::Time{};
  }
  if (cause == Cause::Briefing)
    n.facts = {{"day", 2, ""},          {"groups", 24, ""},       {"groups_more", 5, ""},
               {"people", 3'120, ""},   {"people_more", 640, ""}, {"loss_cny", 1'204'000, ""},
               {"actions_done", 1, ""}, {"actions_open", 1, ""},  {"who_decides", 0, "总经理"}};
  if (cause == Cause::Review)
    n.facts = {{"time_to_detect_minutes", 57, ""}, {"minutes_on:duty", 10, ""},
               {"minutes_on:ceo", 1'070, ""},      {"time_to_decision_minutes", 38, ""},
               {"people_forecast", 18'000, ""},    {"people", 16'400, ""},
               {"messages_undelivered", 0, ""},    {"carried_out", 1, ""}};
  n.id = core::notification_id(n);
  return n;
}

alerting::Extras story_extras(Cause cause) {
  alerting::Extras extras;
  extras.similar = {{"INC-20251102-4M2K8Q1B", "汀白柔顺剂1L", "临期/过期", "全额退货并赔一倍",
                     "3 小时平息", kStart - core::Millis(128LL * 24 * 3600'000), 870}};
  const std::string base = "https://act.example.cn/a/";
  const std::string token(68, 'x');
  if (cause == Cause::Approval)
    extras.links = {{"approve", "批准", base + "1" + token, ""},
                    {"reject", "驳回", base + "2" + token, ""}};
  else if (cause == Cause::Consulted)
    extras.links = {{"confirm", "属实", base + "1" + token, ""},
                    {"doubt", "存疑", base + "2" + token, ""}};
  else if (cause == Cause::Decided)
    extras.links = {{"close", "结束", base + "1" + token, ""}};
  else if (cause < Cause::Decided || cause == Cause::Reopened)
    extras.links = {{"decide", "去决定", base + "1" + token, ""},
                    {"ack", "确认接手", base + "2" + token, ""}};
  extras.links.push_back({"open", "查看详情", "https://desk.example.cn/i/7K3M9Q2A", ""});
  return extras;
}

std::vector<core::Notification> others(size_t count) {
  std::vector<core::Notification> all;
  for (size_t i = 0; i < count; ++i) {
    core::Notification n = sample("terminal", static_cast<int>(i * 7 % count), 1);
    n.incident.level = static_cast<core::Level>(1 + i * 5 % 4);
    n.incident.groups = static_cast<int64_t>(3 + i);
    n.subject_name = "汀白洗衣液" + std::to_string(i) + "kg";
    n.ack_by = n.at + minutes(static_cast<int64_t>(10 + i * 3 % 7));
    all.push_back(std::move(n));
  }
  return all;
}

std::string strange(std::mt19937_64& random, size_t pieces_max) {
  static const std::vector<std::string> kPieces = {
      "过",
      "期",
      "洗衣液",
      "👨‍👩‍👧‍👦",
      "🇨🇳",
      "👍🏽",
      "e\u0301",
      "\u202e",
      "\u200b",
      "<",
      ">",
      "`",
      "[",
      "]",
      "(",
      ")",
      "*",
      "_",
      "~",
      "@",
      "#",
      "|",
      "&",
      "-",
      "\n",
      "\\",
      "\"",
      "http://evil.cn/x",
      "<@all>",
      "\xff",
      "\x02",
      "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030d\u030e"
      "\u030f"};
  std::string text;
  for (size_t n = random() % (pieces_max + 1); n > 0; --n)
    text += kPieces[random() % kPieces.size()];
  return text;
}

core::Notification worst(Cause cause, uint32_t rung, std::mt19937_64& random, size_t pieces_max) {
  core::Notification n = story(cause, rung);
  const auto words = [&] { return strange(random, pieces_max); };
  n.subject_name = words();
  n.issue_name = words();
  n.person_name = words();
  n.incident.rung_name = words();
  n.incident.messages = 20 + static_cast<int64_t>(random() % 5000);
  n.evidence.clear();
  for (int i = 0; i < 3; ++i) n.evidence.push_back({n.at, words(), words()});
  if (!n.options.empty()) {
    n.options.resize(6);
    for (core::OptionOffer& o : n.options)
      o = {std::string(60, 'o'),
           words(),
           {1, 1'234'567'890, 9'876'543'210},
           false,
           {words(), words(), words()}};
  }
  if (!n.option.empty()) n.option = n.options[0].id, n.option_name = words();
  if (!n.action.empty())
    n.action = std::string(60, 'a'), n.action_name = words(), n.action_undo = words();
  for (core::Figure& f : n.facts) f.name = words(), f.text = words();
  n.because = {"decided", {{"by", 0, words()}, {"option", 0, words()}, {"reason", 0, words()}}};
  return n;
}

alerting::Extras worst_extras(Cause cause, std::mt19937_64& random, size_t pieces_max) {
  alerting::Extras extras = story_extras(cause);
  const auto words = [&] { return strange(random, pieces_max); };
  extras.similar.clear();
  for (int i = 0; i < 3; ++i)
    extras.similar.push_back({words(), words(), words(), words(), words(), kStart, 900});
  return extras;
}

}  // namespace fakes
