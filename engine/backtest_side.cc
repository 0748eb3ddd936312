#include "engine/backtest_side.h"

#include <algorithm>

#include "alerting/message.h"
#include "engine/book_shelf.h"
#include "engine/inputs.h"
#include "engine/rung_names.h"
#include "rules/inspector.h"
#include "rules/named_paths.h"
#include "store/open.h"

namespace engine {

namespace {

constexpr size_t kExcerptsMax = 3;
constexpr uint64_t kStepsPerLook = 64;  // at how much is left to read

std::string in_words(const core::Because& because) {
  return alerting::sentence(because, alerting::Language::Chinese) + " / " +
         alerting::sentence(because, alerting::Language::English);
}

}  // namespace

BacktestSide::~BacktestSide() = default;

core::Result<core::Unit> BacktestSide::prepare(rules::BookFiles files) {
  if (!spec_.rules.empty()) rules::take_paths({spec_.rules}, files);
  for (const std::string& pack : files.packs) rules_ += (rules_.empty() ? "" : " ") + pack;
  auto book = load_book(files);
  if (!book) return book.error();
  book_ = std::move(*book);
  auto store = store::open_store({.kind = "memory"});
  if (!store) return store.error();
  store_ = std::move(*store);
  auto letters = ingest::DeadLetters::open("", true, 1 << 20);
  if (!letters) return letters.error();
  letters_ = std::move(*letters);
  auto inputs = open_replay_inputs(spec_.files, spec_.decoder, {}, *store_);
  if (!inputs) return inputs.error();
  PipelineSpec pipeline;
  pipeline.lanes = spec_.lanes;
  pipeline.shards = static_cast<uint32_t>(spec_.lanes);
  if (spec_.until) pipeline.shard.until = *spec_.until;
  pipeline.shard.cases.answer_after = spec_.answer_after;
  auto made = Pipeline::create(pipeline, *store_, {{core::kTimeMin, book_}}, std::move(*inputs),
                               *letters_, [this](const alerting::Decisions& d) { take(d); });
  if (!made) return made.error();
  pipeline_ = std::move(*made);
  for (Lane& lane : pipeline_->lanes()) {
    tallies_.push_back(std::make_unique<HitTally>());
    lane.tally_hits(tallies_.back().get());
  }
  return core::Unit{};
}

void BacktestSide::start() {
  std::vector<ReaderHooks> hooks(pipeline_->readers().size());
  for (ReaderHooks& hook : hooks)
    hook.after_step = [this, steps = uint64_t{0}](Reader& reader) mutable {
      if (steps++ % kStepsPerLook == 0) note_lag(reader);
    };
  embedded_ = std::make_unique<Embedded>(*pipeline_, std::move(hooks));
  embedded_->start();
}

void BacktestSide::note_lag(const Reader& reader) {
  int64_t lag = 0;
  for (uint32_t i = 0; i < reader.partitions() && lag >= 0; ++i) {
    const int64_t one = pipeline_->source(0).lag(i);
    lag = one < 0 ? -1 : lag + one;
  }
  if (lag_at_start_ < 0) lag_at_start_ = lag;
  lag_ = lag;
}

core::Result<core::Unit> BacktestSide::wait(core::Millis every, const std::function<void()>& tick) {
  return embedded_->wait(every, tick);
}

int BacktestSide::read_permille() const {
  const int64_t all = lag_at_start_, left = lag_;
  if (all <= 0 || left < 0) return -1;
  return static_cast<int>(1000 - std::min(all, left) * 1000 / all);
}

// A shard's thread.
void BacktestSide::take(const alerting::Decisions& decided) {
  const std::lock_guard lock(mutex_);
  for (const core::IncidentChange& change : decided.changes) {
    PastIncident& one = incidents_[change.incident];
    if (one.id.empty()) {
      one.id = change.incident;
      one.family = change.family;
      one.opened = change.at;
      one.first_at = change.first_at;
      one.because = in_words(change.because);
    }
    const core::Policy& policy = book_->policy();
    one.subject = policy.subject_name(change.subject);
    one.issue = policy.issue_name(change.issue);
    one.level = std::max(one.level, change.level);
    if (change.rung >= one.rung) one.rung_name = change.rung_name;
    one.rung = std::max(one.rung, change.rung);
    one.groups = change.groups;
    one.messages = change.messages;
    one.ended.reset();
    if (change.state == core::IncidentState::Closed) one.ended = change.at;
  }
  for (const core::Notification& n : decided.notifications) {
    ++pages_[{n.person, rung_name(book_->policy(), n)}];
    PastIncident& one = incidents_[n.incident.incident];
    ++one.pages;
    if (one.first_page) continue;
    one.first_page = n.at;
    for (const core::Evidence& evidence : n.evidence)
      if (one.excerpts.size() < kExcerptsMax)
        one.excerpts.push_back(evidence.channel_name.empty()
                                   ? evidence.excerpt
                                   : evidence.channel_name + ": " + evidence.excerpt);
  }
}

SideResult BacktestSide::result() {
  SideResult r;
  r.rules = rules_;
  r.book = book_->hash();
  r.rule_count = book_->rules();
  const Pipeline::Counts counts = pipeline_->counts();
  r.events = counts.events;
  r.families_dropped = counts.dropped_families;
  r.dead_letters = letters_->count();
  r.first = pipeline_->first();
  for (const Reader& reader : pipeline_->readers())
    for (uint32_t i = 0; i < reader.partitions(); ++i)
      r.last = std::max(r.last, reader.stream(i).newest());
  for (auto& [id, incident] : incidents_) r.incidents.push_back(std::move(incident));
  std::ranges::stable_sort(r.incidents, {}, &PastIncident::opened);
  r.pages = std::move(pages_);
  for (const auto& [id, person] : book_->policy().people) r.names[id] = person.name;
  for (const rules::RuleFacts& rule : rules::facts_of(*book_)) r.names[rule.id] = rule.name;
  for (const auto& tally : tallies_) r.tally.merge(*tally);
  return r;
}

}  // namespace engine
