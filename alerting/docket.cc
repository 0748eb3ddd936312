#include "alerting/docket.h"

#include <algorithm>

#include "alerting/climbing.h"
#include "alerting/members.h"
#include "alerting/reasons.h"
#include "alerting/saved.h"
#include "alerting/waiting_reasons.h"

namespace alerting {

namespace {

constexpr std::string_view kMentionScan = "mention_scan";

// Whether the entry is evidence of the other trouble alone.
bool only_other(const Entry& e, const std::string& category, const std::string& not_category,
                const Incident& first) {
  return e.evidence && e.names(category) && !e.names(not_category) &&
         !first.tally.named(e.group, not_category);
}

}  // namespace

void Docket::observe(Entry entry, const std::optional<core::Because>& bound,
                     const std::optional<Report>& report, const Step& step) {
  make_room(entry.at);
  // A report opens by itself; its peers are asked unless a bound is crossed too.
  const bool asks = report && !report->peers.empty() && !bound;
  std::optional<core::Because> opens = bound;
  if (report && !opens) opens = reasons::agent_report(report->reporter, report->sensitivity);
  Incident* first = nullptr;
  size_t open = 0;
  for (Incident& i : incidents_) {
    if (!i.is_open()) continue;
    if (open++ == 0) first = &i;
  }
  if (first == nullptr) {
    entry.evidence |= opens.has_value();
    window_.add(std::move(entry));
    if (opens) open_first(*opens, asks ? &*report : nullptr, step);
    return;
  }
  if (!entry.evidence) return window_.add(std::move(entry));
  if (open == 1)
    if (const auto second = second_trouble(entry, *first, step)) {
      window_.add(std::move(entry));
      return open_second(*second, *first, step);
    }
  Incident& target = target_of(entry, *first);
  take(entry, target, step);
  window_.add(std::move(entry));
  if (target.consultation.running && opens && !asks) return start_ladder(target, step, *opens);
  reassess(target, step);
}

void Docket::make_room(core::Time now) {
  while (const Entry* old = window_.leaving(now)) {
    if (Incident* owner = by_ordinal(old->owner)) owner->tally.subtract_votes(*old);
    window_.drop(now);
  }
}

void Docket::take(Entry& entry, Incident& incident, const Step& step) {
  if (Incident* owner = by_ordinal(entry.owner)) owner->tally.subtract_votes(entry);
  entry.owner = incident.ordinal;
  const bool kept = incident.tally.add(entry);
  if (kept && step.tells && !entry.author_sealed.empty())
    step.out.slots.push_back(slot_of(step.family, entry));
  note_rules(incident, entry);
}

Incident& Docket::target_of(const Entry& entry, Incident& first) {
  for (Incident& i : incidents_)
    if (i.is_open() && &i != &first && !i.category.empty() && entry.names(i.category)) return i;
  return first;
}

void Docket::open_first(const core::Because& because, const Report* asks, const Step& step) {
  Incident* again = to_reopen(window_.entries().back(), "", step);
  Incident& incident = again != nullptr ? *again : new_incident("");
  const core::Time mentions_after = step.at - step.policy.ladder("").open.within;
  const bool mentions_too = because.code == kMentionScan;
  for (Entry& e : window_.entries())
    if (e.owner == 0 && (e.evidence || (mentions_too && e.mention && e.at > mentions_after)))
      take(e, incident, step);
  const Opening opening = again != nullptr ? Opening::Again : Opening::New;
  if (asks != nullptr) return consult(incident, step, opening, *asks);
  open_incident(incident, step, opening, because);
}

std::optional<Docket::Second> Docket::second_trouble(const Entry& entry, const Incident& first,
                                                     const Step& step) const {
  const std::string own = category_of(first, step.policy);
  if (!entry.counts || own.empty()) return std::nullopt;
  const core::OpenBounds& bounds = step.policy.ladder(first.ladder).open;
  for (const std::string& category : entry.categories) {
    if (!only_other(entry, category, own, first)) continue;
    Second second{category, own, 0};
    second.groups = groups_naming(second, entry, first, bounds);
    if (second.groups >= bounds.rule_groups) return second;
  }
  return std::nullopt;
}

// Distinct groups of counting hits, `entry` included; looks no further than the bound.
int64_t Docket::groups_naming(const Second& second, const Entry& entry, const Incident& first,
                              const core::OpenBounds& bounds) const {
  std::vector<uint64_t> groups = {entry.group};
  const auto all = window_.entries();
  for (auto e = all.rbegin(); e != all.rend() && e->at > entry.at - bounds.within; ++e) {
    if (static_cast<int64_t>(groups.size()) >= bounds.rule_groups) break;
    if (e->counts && only_other(*e, second.category, second.not_category, first) &&
        std::ranges::find(groups, e->group) == groups.end())
      groups.push_back(e->group);
  }
  return static_cast<int64_t>(groups.size());
}

void Docket::open_second(const Second& second, const Incident& first, const Step& step) {
  const Entry& last = window_.entries().back();
  const core::Because because =
      reasons::rule_groups(second.groups, step.policy.ladder(first.ladder).open.within,
                           last.hits.empty() ? "" : last.hits.front().rule);
  Incident* again = to_reopen(last, second.category, step);
  Incident& incident = again != nullptr ? *again : new_incident(second.category);
  for (Entry& e : window_.entries())
    if (e.owner != incident.ordinal && only_other(e, second.category, second.not_category, first))
      take(e, incident, step);
  open_incident(incident, step, again != nullptr ? Opening::Again : Opening::New, because);
}

// The closed incident that new evidence continues: of the given category; else one whose category
// the entry names, else one of the family as a whole, else any; of these the one closed last.
Incident* Docket::to_reopen(const Entry& entry, const std::string& category, const Step& step) {
  Incident* best = nullptr;
  int best_rank = 0;
  for (Incident& i : incidents_) {
    if (i.is_open() || step.at - i.closed_at >= step.policy.ladder(i.ladder).open.reopen) continue;
    const std::string own = category_of(i, step.policy);
    if (!category.empty() && own != category) continue;
    const int rank = !own.empty() && entry.names(own) ? 3 : i.category.empty() ? 2 : 1;
    if (rank < best_rank || (rank == best_rank && i.closed_at < best->closed_at)) continue;
    best = &i;
    best_rank = rank;
  }
  return best;
}

Incident& Docket::new_incident(const std::string& category) {
  const Incident* last = nullptr;
  for (const Incident& i : incidents_)
    if (!i.is_open() && (last == nullptr || i.closed_at >= last->closed_at)) last = &i;
  Incident fresh;
  fresh.ordinal = ++ordinals_;
  fresh.previous = last != nullptr ? last->id : last_forgotten_;
  fresh.category = category;
  if (incidents_.size() >= kIncidentsMax) {
    const auto oldest =
        std::ranges::find_if(incidents_, [](const Incident& i) { return !i.is_open(); });
    if (oldest != incidents_.end()) {
      incidents_.erase(oldest);
      ++forgotten_early_;
    }
  }
  return incidents_.emplace_back(std::move(fresh));
}

bool Docket::recall(uint64_t event) {
  bool known = false;
  for (Entry& e : window_.entries()) {
    if (e.event != event) continue;
    e.recalled = true;
    known = true;
  }
  for (Incident& i : incidents_) known = i.tally.recall(event) || known;
  return known;
}

bool Docket::forget_author(uint64_t author) {
  bool any = false;
  for (Entry& e : window_.entries()) {
    if (e.author != author) continue;
    e.excerpt.clear();
    e.author_sealed.clear();
    e.author = 0;
    any = true;
  }
  return any;
}

void Docket::forget(core::Time at) {
  std::erase_if(incidents_, [&](const Incident& i) {
    const bool over = !i.is_open() && i.deadlines.forget && *i.deadlines.forget <= at;
    if (over) last_forgotten_ = i.id;
    return over;
  });
}

Incident* Docket::by_id(std::string_view id) {
  const auto found = std::ranges::find(incidents_, id, &Incident::id);
  return found != incidents_.end() ? &*found : nullptr;
}

Incident* Docket::by_delivery(uint64_t delivery) {
  for (Incident& i : incidents_)
    if (std::ranges::find(i.deliveries, delivery, &Delivery::id) != i.deliveries.end()) return &i;
  return nullptr;
}

Incident* Docket::by_ordinal(uint32_t ordinal) {
  if (ordinal == 0) return nullptr;
  const auto found = std::ranges::find(incidents_, ordinal, &Incident::ordinal);
  return found != incidents_.end() ? &*found : nullptr;
}

const Incident* Docket::first_open() const {
  const auto found = std::ranges::find_if(incidents_, &Incident::is_open);
  return found != incidents_.end() ? &*found : nullptr;
}

uint64_t Docket::dropped() const {
  uint64_t sum = window_.dropped() + forgotten_early_;
  for (const Incident& i : incidents_) sum += i.dropped + i.tally.dropped();
  return sum;
}

void Docket::save(core::ByteWriter& out) const {
  out.u64(ordinals_);
  out.str(last_forgotten_);
  out.u64(forgotten_early_);
  window_.save(out);
  out.u64(incidents_.size());
  for (const Incident& i : incidents_) write(out, i);
}

bool Docket::load(core::ByteReader& in, uint64_t version) {
  size_t n = 0;
  if (!read_within(in, ordinals_, 0, UINT32_MAX - 1)) return false;
  last_forgotten_ = in.str();
  forgotten_early_ = in.u64();
  if (!window_.load(in, version) || !read_count(in, n, kIncidentsMax)) return false;
  for (size_t k = 0; k < n; ++k)
    if (!read(in, incidents_.emplace_back(), version)) return false;
  for (const Entry& e : window_.entries())
    if (Incident* owner = by_ordinal(e.owner)) owner->tally.add_votes(e);
  return true;
}

}  // namespace alerting
