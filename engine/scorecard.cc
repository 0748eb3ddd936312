#include "engine/scorecard.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "engine/rule_desk.h"

namespace engine {

namespace {

constexpr std::string_view kNotification = R"({"kind":"notification")";

std::string two_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

class Cards {
 public:
  explicit Cards(const CardSources& from) : from_(from) {
    const int64_t today = day_of(from.now, from.zone_offset_minutes);
    first_day_ = today - 7 * from.weeks + 1;
    int64_t known = today;
    for (const RuleDay& day : from.days) known = std::min(known, day.day);
    days_ = today - std::max(first_day_, known) + 1;
  }

  std::vector<Card> run() {
    for (const rules::RuleFacts& fact : from_.facts) add(fact);
    for (const RuleDay& day : from_.days)
      if (day.day >= first_day_) add(day);
    add_incidents();
    add_overlaps();
    std::vector<Card> all;
    for (auto& [rule, card] : cards_) {
      finish(card);
      all.push_back(std::move(card));
    }
    return all;
  }

 private:
  void add(const rules::RuleFacts& fact) {
    Card& card = cards_[fact.id];
    card.rule = fact.id;
    card.name = fact.name;
    card.mode = fact.mode;
    card.owner = fact.owner;
    card.examples = fact.hits.size() + fact.misses.size();
    card.days = days_;
    card.precision = precision_of(from_.verdicts, fact.id);
  }

  // Of rules that are gone nothing is said.
  void add(const RuleDay& day) {
    const auto it = cards_.find(day.rule);
    if (it == cards_.end()) return;
    engine::add(rows_[day.rule], day.row);
    for (const Caught& caught : day.row.samples) samples_[day.rule].insert(caught.event);
    all_hits_ += day.row.hits + day.row.shadow_hits;
  }

  void add_incidents() {
    for (const ListedIncident& incident : from_.incidents) {
      if (day_of(incident.first.at, from_.zone_offset_minutes) < first_day_) continue;
      const auto pages = std::ranges::count_if(
          incident.lines, [](const std::string& line) { return line.starts_with(kNotification); });
      for (const std::string& rule : openers(incident, from_.days)) {
        const auto it = cards_.find(rule);
        if (it == cards_.end()) continue;
        ++it->second.incidents;
        it->second.pages += pages;
      }
    }
  }

  // The samples of a day are chosen by the event's id, for every rule alike: what two rules both
  // hit is among the samples of both or of neither, but for days with more hits than samples.
  void add_overlaps() {
    std::map<std::string, std::vector<std::string>> rules_of;  // event -> rules
    for (const auto& [rule, events] : samples_)
      for (const std::string& event : events) rules_of[event].push_back(rule);
    for (const auto& [rule, events] : samples_) {
      if (events.size() < kOverlapSamplesMin) continue;
      std::map<std::string, size_t> shared;
      for (const std::string& event : events)
        for (const std::string& other : rules_of[event])
          if (other != rule) ++shared[other];
      std::vector<std::pair<size_t, std::string>> most;
      for (const auto& [other, n] : shared)
        if (static_cast<double>(n) >= kOverlapShare * static_cast<double>(events.size()))
          most.emplace_back(n, other);
      std::ranges::stable_sort(most, std::greater(), &std::pair<size_t, std::string>::first);
      if (most.size() > kOverlapsShown) most.resize(kOverlapsShown);
      for (auto& [n, other] : most) cards_[rule].overlaps.push_back(std::move(other));
    }
  }

  void finish(Card& card) {
    if (const auto row = rows_.find(card.rule); row != rows_.end()) {
      card.hits = row->second.hits;
      card.shadow_hits = row->second.shadow_hits;
      card.groups = distinct_groups(row->second);
      card.dropped = row->second.dropped;
      card.last = row->second.last;
    }
    const int64_t hits = card.hits + card.shadow_hits;
    const int64_t days = std::max<int64_t>(days_, 7);  // the first days say little of a week
    card.per_week = static_cast<double>(hits) * 7 / static_cast<double>(days);
    card.silent = hits == 0 && days_ >= kSilentDays && card.mode != "off";
    share_ = all_hits_ == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(all_hits_);
    card.noisy = hits >= kNoisyHitsMin && share_ >= kNoisyShare;
    advise(card);
  }

  static void say(Card& card, Advice advice, std::string reason) {
    card.advice = advice;
    card.reason = std::move(reason);
  }

  void advise(Card& card) const {
    const Precision& p = card.precision;
    const bool judged = p.judged() >= kJudgedMin;
    const std::string n = std::to_string(p.wrong) + "/" + std::to_string(p.judged());
    if (judged && p.point() < kRetirePrecision)
      return say(card, Advice::Retire, n + " 条评判是误报 of the verdicts are false alarms");
    if (card.silent)
      return say(card, Advice::Retire, std::to_string(days_) + " 天没有命中 days without a hit");
    if (judged && p.point() < kKeepPrecision)
      return say(card, Advice::Tune, n + " 条评判是误报 of the verdicts are false alarms");
    if (card.noisy)
      return say(card, Advice::Tune,
                 "占全部命中的 " + two_digits(share_ * 100) + "% of the hits of all rules");
    if (card.examples == 0) return say(card, Advice::Tune, "没有例子 no examples");
    if (card.owner.empty()) return say(card, Advice::Tune, "没有负责人 no owner");
    if (judged) return say(card, Advice::Keep, "精确率 precision " + two_digits(p.point()));
    if (card.mode == "off") return say(card, Advice::Keep, "已停用 switched off");
    if (card.mode == "shadow")
      return say(card, Advice::Keep,
                 "影子中，等评判 in shadow, waits for verdicts: " + std::to_string(p.judged()));
    if (card.hits == 0) return say(card, Advice::Keep, "观察时间还短 not watched long enough");
    say(card, Advice::Keep, "有命中，评判不足 it hits, too few verdicts");
  }

  const CardSources& from_;
  int64_t first_day_ = 0, days_ = 0, all_hits_ = 0;
  double share_ = 0;  // of the card being finished
  std::map<std::string, Card> cards_;
  std::map<std::string, TallyRow> rows_;
  std::map<std::string, std::set<std::string>> samples_;
};

}  // namespace

const char* name_of(Advice advice) {
  static constexpr const char* kNames[] = {"keep", "tune", "retire"};
  return kNames[static_cast<size_t>(advice)];
}

std::vector<Card> scorecard(const CardSources& from) { return Cards(from).run(); }

}  // namespace engine
