#include "engine/verdict_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/text/mask.h"
#include "core/text/utf8.h"
#include "engine/rule_desk.h"
#include "engine/system_clock.h"
#include "engine/verdict_shelf.h"
#include "ingest/archive_reader.h"
#include "ingest/decode.h"

namespace engine {

namespace {

using core::Code;
using core::Error;
using nlohmann::ordered_json;

constexpr size_t kBecauseBytesMax = 480;
constexpr size_t kTextShownBytes = 120;
constexpr size_t kOpenMax = 50;
constexpr int kZoneOffsetMinutes = 480;

struct VerdictOptions {
  StoreChoice store;
  std::vector<std::string> words;  // INCIDENT and what is said, or only what is said
  std::string event, rule, text, by, because;
  bool json = false, open = false;
};

std::string date(core::Time at, int zone) { return core::format_time(at, zone); }

Verdict verdict_of(const VerdictOptions& o, Opinion opinion) {
  Verdict verdict;
  verdict.at = SystemClock().wall();
  verdict.opinion = opinion;
  verdict.because = o.because;
  core::text::mask(verdict.because);
  verdict.because = std::string(core::text::prefix_of(verdict.because, kBecauseBytesMax));
  return verdict;
}

void said(const VerdictRow& row, const Verdict& verdict) {
  std::cout << row.rule << (verdict.shadow ? "（影子 shadow）" : "") << "  "
            << in_words(verdict.opinion) << "  " << verdict.texts.size()
            << " 条消息留有原文 messages with their text\n";
}

// Rules that the ledger names as the reason, for a time from which no tally is left.
void add_named_rules(const RuleDesk& desk, const ListedIncident& incident,
                     std::vector<Participant>& all) {
  for (const std::string& line : incident.lines) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("because")) continue;
    const auto figures = json["because"].value("figures", nlohmann::json::object());
    if (!figures.contains("rule") || !figures["rule"].is_string()) continue;
    const std::string rule = figures["rule"];
    if (desk.fact(rule) == nullptr) continue;
    if (std::ranges::find(all, rule, &Participant::rule) == all.end())
      all.push_back({rule, false, {}});
  }
}

int judge_incident(RuleDesk& desk, const VerdictOptions& o, const std::string& id,
                   Opinion opinion) {
  const auto known = list_incidents(*desk.store, id);
  if (!known) return say_error(known.error(), 1);
  if (known->empty()) return say_error({Code::NotFound, "no incident " + id}, 1);
  const auto days = read_tally(*desk.store);
  if (!days) return say_error(days.error(), 1);
  const ListedIncident& incident = known->front();
  auto rules = participants(incident, *days);
  add_named_rules(desk, incident, rules);
  if (rules.empty())
    return say_error(
        {Code::NotFound, id + ": 没有规则参与（只是被提到得多）no rule took part in it"}, 1);
  for (const Participant& one : rules) {
    Verdict verdict = verdict_of(o, opinion);
    verdict.revision = incident.last.revision;
    verdict.shadow = one.shadow;
    verdict.family = incident.last.family;
    verdict.about_at = incident.first.at;
    for (const Caught& caught : one.caught)
      if (verdict.texts.size() < Verdict::kTextsMax) verdict.texts.push_back(caught.excerpt);
    const VerdictRow row{one.rule, id, o.by, {}, 0};
    if (const auto kept = keep_verdict(*desk.store, row, verdict); !kept)
      return say_error(kept.error(), 1);
    said(row, verdict);
  }
  return 0;
}

// The message as the tally kept it; nothing when it was no sample.
std::optional<Caught> find_caught(const std::vector<RuleDay>& days, const std::string& event) {
  for (const RuleDay& day : days) {
    if (day.row.last.event == event) return day.row.last;
    for (const Caught& caught : day.row.samples)
      if (caught.event == event) return caught;
  }
  return std::nullopt;
}

// Its text as the archive of events has it; "" without one.
std::string archived_text(const Settings& settings, const std::string& event) {
  if (settings.archive.path.empty()) return {};
  const auto reader = ingest::ArchiveReader::open(settings.archive.path);
  if (!reader) return {};
  const auto found = (*reader)->find(event);
  ingest::EventBatch events;
  const auto decoder = ingest::make_decoder("archive");
  if (!found || !decoder->decode(found->line, events) || events.size() == 0) return {};
  return events[0].text;
}

int judge_event(RuleDesk& desk, const VerdictOptions& o, Opinion opinion) {
  const rules::RuleFacts* fact = desk.fact(o.rule);
  if (fact == nullptr) return say_error({Code::NotFound, "没有这条规则 no rule " + o.rule}, 1);
  const auto days = read_tally(*desk.store, o.rule);
  if (!days) return say_error(days.error(), 1);
  Verdict verdict = verdict_of(o, opinion);
  verdict.shadow = fact->mode == "shadow";
  if (const auto caught = find_caught(*days, o.event)) {
    verdict.family = caught->family;
    verdict.about_at = caught->at;
    verdict.texts.push_back(caught->excerpt);
  } else if (std::string text = o.text.empty() ? archived_text(desk.settings, o.event) : o.text;
             !text.empty()) {
    core::text::mask(text);
    verdict.texts.push_back(std::string(core::text::prefix_of(text, kBecauseBytesMax)));
  } else {
    return say_error(
        {Code::NotFound, o.event + ": 没有留下原文，请加 --text its text was not kept: "
                                   "give it with --text"},
        1);
  }
  const VerdictRow row{o.rule, std::string(kAboutEvent) + o.event, o.by, {}, 0};
  if (const auto kept = keep_verdict(*desk.store, row, verdict); !kept)
    return say_error(kept.error(), 1);
  said(row, verdict);
  return 0;
}

int give_verdict(const VerdictOptions& o) {
  const bool about_event = !o.event.empty();
  Opinion opinion{};
  if (o.words.size() != (about_event ? 1u : 2u) || about_event != !o.rule.empty())
    return say_error({Code::BadInput,
                      "qingyu verdict INCIDENT true|false-alarm|unsure, or qingyu verdict --event "
                      "ID --rule RULE right|wrong|unsure"},
                     2);
  if (!read_opinion(o.words.back(), opinion))
    return say_error({Code::BadInput, "`" + o.words.back() +
                                          "`: 应为 one of true, false-alarm, unsure; right, wrong"},
                     2);
  auto desk = open_rule_desk(o.store);
  if (!desk) return say_error(desk.error(), 2);
  if (!desk->knows(o.by))
    return say_error({Code::BadInput, "人员名单里没有“" + o.by + "” there is no person " + o.by},
                     1);
  return about_event ? judge_event(*desk, o, opinion)
                     : judge_incident(*desk, o, o.words.front(), opinion);
}

ordered_json json_of(const VerdictRow& row, size_t i) {
  const Verdict& v = row.given[i];
  return {{"kind", "verdict"},
          {"rule", row.rule},
          {"about", row.about},
          {"verdict", name_of(v.opinion)},
          {"by", row.by},
          {"at", core::to_ms(v.at)},
          {"superseded", i > 0},
          {"shadow", v.shadow},
          {"revision", v.revision},
          {"family", v.family},
          {"about_at", core::to_ms(v.about_at)},
          {"because", v.because},
          {"texts", v.texts}};
}

void print(const VerdictRow& row, int zone) {
  for (size_t i = 0; i < row.given.size(); ++i) {
    const Verdict& v = row.given[i];
    std::cout << (i > 0 ? "  （已改 superseded）" : "  ") << date(v.at, zone) << "  " << row.about
              << "  " << in_words(v.opinion) << "  " << row.by;
    if (v.revision > 0) std::cout << "  r" << v.revision;
    if (v.shadow) std::cout << "  影子 shadow";
    if (!v.because.empty()) std::cout << "  " << v.because;
    std::cout << '\n';
    if (i == 0 && !v.texts.empty())
      std::cout << "    “" << core::text::prefix_of(v.texts.front(), kTextShownBytes) << "”\n";
  }
}

ordered_json json_of(const Promotion& p) {
  return {{"kind", "promotion"},
          {"rule", p.rule},
          {"by", p.by},
          {"at", core::to_ms(p.at)},
          {"file", p.file},
          {"precision", p.precision.point()},
          {"right", p.precision.right},
          {"judged", p.precision.judged()},
          {"lower_bound", p.precision.lower()},
          {"wanted_precision", p.wanted},
          {"wanted_verdicts", p.verdicts_wanted}};
}

// The newest kept messages of a rule that nobody has judged, one by one or with their incident.
int list_open(core::Store& store, const VerdictOptions& o, const std::vector<VerdictRow>& rows) {
  const auto days = read_tally(store, o.rule);
  if (!days) return say_error(days.error(), 1);
  std::set<std::string> judged;
  for (const VerdictRow& row : rows) {
    judged.insert(row.about);
    for (const std::string& text : row.given.front().texts) judged.insert("text:" + text);
  }
  std::vector<Caught> waiting;
  std::set<std::string> shown;
  for (auto day = days->rbegin(); day != days->rend(); ++day) {
    std::vector<Caught> kept = day->row.samples;
    kept.push_back(day->row.last);
    std::ranges::sort(kept, [](const Caught& a, const Caught& b) { return a.at > b.at; });
    for (Caught& caught : kept)
      if (!judged.contains(std::string(kAboutEvent) + caught.event) &&
          !judged.contains("text:" + caught.excerpt) && shown.insert(caught.event).second &&
          waiting.size() < kOpenMax)
        waiting.push_back(std::move(caught));
  }
  for (const Caught& caught : waiting) {
    if (o.json) {
      std::cout << ordered_json{{"kind", "caught"},        {"rule", o.rule},
                                {"event", caught.event},   {"at", core::to_ms(caught.at)},
                                {"family", caught.family}, {"text", caught.excerpt}}
                       .dump()
                << '\n';
    } else {
      std::cout << caught.event << "  " << date(caught.at, kZoneOffsetMinutes) << "  "
                << caught.family << "  “" << caught.excerpt << "”\n";
    }
  }
  if (waiting.empty() && !o.json) std::cout << "没有待评判的消息 no messages wait for a verdict\n";
  return 0;
}

void print(const Promotion& p) {
  std::cout << date(p.at, kZoneOffsetMinutes) << "  " << p.by << " 将 " << p.rule
            << " 转正 promoted it  " << in_words(p.precision) << '\n';
}

void print(const std::vector<VerdictRow>& rows, bool json) {
  const auto stand = standing(rows);
  std::string rule;
  for (const VerdictRow& row : rows) {
    if (json) {
      for (size_t i = 0; i < row.given.size(); ++i) std::cout << json_of(row, i).dump() << '\n';
      continue;
    }
    if (row.rule != rule)
      std::cout << row.rule << "  " << in_words(precision_of(stand, row.rule)) << '\n';
    rule = row.rule;
    print(row, kZoneOffsetMinutes);
  }
  if (rows.empty() && !json) std::cout << "还没有评判 no verdicts yet\n";
}

int list_verdicts(const VerdictOptions& o) {
  const auto spec = chosen_store(o.store);
  if (!spec) return say_error(spec.error(), 2);
  const auto store = store::open_store(*spec);
  if (!store) return say_error(store.error(), 2);
  const auto rows = read_verdicts(**store, o.rule);
  if (!rows) return say_error(rows.error(), 1);
  if (o.open && o.rule.empty())
    return say_error({Code::BadInput, "--open 要写 --rule RULE needs --rule RULE"}, 2);
  if (o.open) return list_open(**store, o, *rows);
  const auto promotions = read_promotions(**store);
  if (!promotions) return say_error(promotions.error(), 1);
  print(*rows, o.json);
  for (const Promotion& p : *promotions) {
    if (!o.rule.empty() && p.rule != o.rule) continue;
    if (o.json) {
      std::cout << json_of(p).dump() << '\n';
    } else {
      print(p);
    }
  }
  return 0;
}

}  // namespace

template <typename App>
void add_verdict(App& app, Todo& todo) {
  const auto o = std::make_shared<VerdictOptions>();
  App* give = app.add_subcommand("verdict", "评判规则对不对 (say whether rules were right)");
  add_store_choice(*give, o->store);
  give->add_option(
          "INCIDENT", o->words,
          "事件与评判 (incident, then true, false-alarm or unsure; with --event only right, "
          "wrong or unsure)")
      ->required();
  give->add_option("--event", o->event, "一条消息 (a message's id)");
  give->add_option("--rule", o->rule, "哪条规则 (the rule that hit it)");
  give->add_option("--text", o->text, "原文，未留存时 (its text, when it was not kept)");
  give->add_option("--by", o->by, "谁 (person id)")->required();
  give->add_option("--because", o->because, "理由 (why)");
  give->callback([o, &todo] { todo = [o] { return give_verdict(*o); }; });

  App* list = app.add_subcommand("verdicts", "列出评判 (list verdicts, by rule)");
  add_store_choice(*list, o->store);
  list->add_option("--rule", o->rule, "只看这条规则 (of one rule)");
  list->add_flag("--open", o->open,
                 "还没有评判的消息 (messages of --rule that wait for a verdict)");
  list->add_flag("--json", o->json, "JSON lines");
  list->callback([o, &todo] { todo = [o] { return list_verdicts(*o); }; });
}

template void add_verdict(CLI::App&, Todo&);

}  // namespace engine
