#include "engine/lane.h"

#include <algorithm>

#include "core/check.h"
#include "core/hash.h"
#include "core/text/mask.h"

namespace engine {

bool RecentIds::seen_before(uint64_t hash) {
  uint32_t& slot = slots_[slot_of(hash)];
  const uint32_t mark = static_cast<uint32_t>(hash) | 1;  // 0 is the empty slot
  const bool seen = slot == mark;
  slot = mark;
  return seen;
}

Lane::Lane(const BookShelf& shelf, std::vector<BatchLink*> inlets, std::vector<Link*> outlets,
           const Ceiling* ceiling, size_t streams)
    : inlets_(std::move(inlets)),
      next_(inlets_.size()),
      outlets_(std::move(outlets)),
      overflow_(outlets_.size()),
      ceiling_(ceiling),
      mail_(std::make_unique<LaneMail>()),
      marks_(streams, core::kTimeMin) {
  INVARIANT(!shelf.empty());
  for (const auto& [from, book] : shelf) judges_.push_back({from, rules::make_judge(book)});
  mail_->judges.store(judges_.size());
}

bool Lane::step() {
  adopt();
  if (!flush()) return false;
  bool worked = false;
  holds_ = false;
  for (size_t i = 0; i < inlets_.size(); ++i) {
    BatchLink& inlet = *inlets_[i];
    std::unique_ptr<Batch>& batch = next_[i];
    const bool again = batch != nullptr;
    if (!again && !inlet.full.pop(batch)) continue;
    if (!may_take(*batch)) {
      counters_.held.add(again ? 0 : 1);
      holds_ = true;
      continue;
    }
    take(*batch);
    inlet.empty.push(batch);  // has room: it holds one more than `full`
    batch.reset();
    inlet.reader_bell.ring();
    worked = true;
    if (!flush()) break;
  }
  if (worked) let_go();
  for (Link* outlet : outlets_)
    if (worked) outlet->shard_bell.ring();
  return worked;
}

// Says how far the lane goes, then looks whether it may: see ceiling.h. A Book that lifted the
// ceiling is in the mail before the ceiling is seen lifted.
bool Lane::may_take(const Batch& batch) {
  if (ceiling_ == nullptr) return true;
  const int64_t newest = core::to_ms(batch.newest());
  if (newest > mail_->newest.load(std::memory_order_relaxed)) mail_->newest.store(newest);
  const core::Time ceiling = ceiling_->at();
  adopt();
  return core::from_ms(newest) < ceiling || judges_.back().from >= ceiling;
}

void Lane::adopt() {
  for (DatedJudge one; mail_->incoming.pop(one);) {
    INVARIANT(judges_.back().from < one.from);
    judges_.push_back(std::move(one));
    mail_->judges.store(judges_.size(), std::memory_order_release);
  }
}

// Those Books under which nothing more can come: no stream's mark is older than the next one.
void Lane::let_go() {
  if (marks_.empty() || judges_.size() == 1) return;
  const core::Time oldest = *std::ranges::min_element(marks_);
  while (judges_.size() > 1 && judges_[1].from <= oldest) {
    const uint64_t dropped = judges_.front().judge->dropped_matches();
    if (!mail_->outgoing.push(judges_.front())) return;
    dropped_matches_ += dropped;
    judges_.erase(judges_.begin());
    mail_->judges.store(judges_.size(), std::memory_order_release);
  }
}

core::Result<core::Unit> Lane::start(Replies::Keeping keeping) {
  return replies_.start(std::move(keeping));
}

// Whether nothing is left over.
bool Lane::flush() {
  if (!replies_.save()) return false;
  bool all = true;
  for (size_t i = 0; i < outlets_.size(); ++i) {
    auto& waiting = overflow_[i];
    while (!waiting.empty() && outlets_[i]->ring.push(waiting.front())) waiting.pop_front();
    if (waiting.empty()) continue;
    outlets_[i]->shard_bell.ring();
    all = false;
  }
  return all;
}

void Lane::take(Batch& batch) {
  begin(batch);
  size_t next = 0;
  for (const Batch::MarkAt& mark : batch.marks()) {
    for (; next < mark.before; ++next) take_event(batch, next);
    take_mark(mark);
  }
  for (; next < batch.size(); ++next) take_event(batch, next);
  if (sink_ != nullptr)
    for (size_t i = 0; i < batch.size(); ++i)
      if (!batch.event(i).act) sink_->take(batch.slot(i));
  uint64_t dropped = dropped_matches_;
  for (const DatedJudge& one : judges_) dropped += one.judge->dropped_matches();
  counters_.dropped_matches.set(dropped);
}

void Lane::take_event(Batch& batch, size_t i) {
  core::Event& event = batch.event(i);
  if (event.act) {
    counters_.acts.add();
    core::text::mask(event.act->because);
    core::text::mask(event.act->option);
    send_all({0, core::ActRecord{event.at, 0, event.kind, event.id, *event.act}});
    return;
  }
  if (!event.recall_of.empty()) send_all({0, core::Recall{event.at, event.id, event.recall_of}});
  signals_.clear();
  judge(batch, i, signals_);
  send_signals();
}

void Lane::take_mark(const Batch::MarkAt& mark) {
  signals_.clear();
  pass(mark.stream, mark.mark, signals_);
  send_signals();
  replies_.save();  // if not, all from here on waits for it: send(), flush()
  send_all({mark.stream, mark.mark});
  if (mark.stream < marks_.size())
    marks_[mark.stream] = mark.mark.ended ? core::kTimeMax : mark.mark.at;
}

void Lane::send_signals() {
  counters_.signals.add(static_cast<uint64_t>(
      std::ranges::count_if(signals_, [](const core::Signal& s) { return !s.shadow_only(); })));
  if (tally_ != nullptr) tally_->take(signals_);
  for (core::Signal& signal : signals_) {
    const size_t shard = core::hash64(signal.family) % outlets_.size();
    send(shard, {0, std::move(signal)});
  }
}

void Lane::add_titles(core::Event& event) {
  for (const core::Attachment& attachment : event.attachments) {
    const std::string& title = attachment.title;
    if (title.empty() || event.text.find(title) != std::string::npos) continue;
    if (event.text.size() + title.size() >= core::kTextMax) return;
    if (!event.text.empty()) event.text += '\n';
    event.text += title;
  }
}

// Folding first tells whether there may be anything to mask: in most messages there is not.
void Lane::mask_and_fold(core::Event& event) {
  add_titles(event);
  core::text::fold(event.text, folded_);
  if (!folded_.may_hold_personal || !core::text::mask(event.text)) return;
  counters_.masked.add();
  core::text::fold(event.text, folded_);
}

void Lane::begin(Batch& batch) {
  counters_.events.add(batch.size());
  judge_ = batch.size() > 0 ? &judge_at(batch.event(0).at) : nullptr;
  for (size_t i = 1; i < batch.size(); ++i)
    if (&judge_at(batch.event(i).at) != judge_) judge_ = nullptr;
  if (judge_ != nullptr) judge_->begin_adding();
  for (size_t i = 0; i < batch.size(); ++i) {
    const uint64_t id_hash = core::hash64(batch.event(i).id);
    recent_.expect(id_hash);
    mask_and_fold(batch.event(i));
    if (recent_.seen_before(id_hash)) counters_.duplicates.add();
    if (judge_ != nullptr) judge_->add(folded_);
  }
  if (judge_ != nullptr) judge_->scan_added();
}

void Lane::judge(Batch& batch, size_t i, std::vector<core::Signal>& out) {
  const size_t before = out.size();
  judge_words(batch, i, out);
  replies_.take(batch.event(i), batch.stream(i), out, before);
}

void Lane::pass(uint32_t stream, const core::Mark& mark, std::vector<core::Signal>& out) {
  const auto again = [&](core::Event& event, const rules::Inherited& inherited) {
    const size_t before = out.size();
    core::text::fold(event.text, folded_);
    judge_at(event.at).judge(event, folded_, inherited, out);
    for (size_t k = before; k < out.size(); ++k) core::text::mask(out[k].channel_name);
  };
  replies_.pass(stream, mark, again, out);
}

// Few messages hold a known word; only those are folded again.
void Lane::judge_words(Batch& batch, size_t i, std::vector<core::Signal>& out) {
  core::Event& event = batch.event(i);
  if (judge_ != nullptr && !judge_->found(i, event)) return;
  const size_t before = out.size();
  core::text::fold(event.text, folded_);
  if (judge_ != nullptr) {
    judge_->judge_added(i, event, folded_, out);
  } else {
    judge_at(event.at).judge(event, folded_, out);
  }
  for (size_t k = before; k < out.size(); ++k) core::text::mask(out[k].channel_name);
}

rules::Judge& Lane::judge_at(core::Time at) {
  size_t i = judges_.size() - 1;
  while (i > 0 && judges_[i].from > at) --i;
  return *judges_[i].judge;
}

void Lane::send(size_t shard, core::Record record) {
  if (!replies_.saved() || !overflow_[shard].empty() || !outlets_[shard]->ring.push(record))
    overflow_[shard].push_back(std::move(record));
}

void Lane::send_all(const core::Record& record) {
  for (size_t i = 0; i < outlets_.size(); ++i) send(i, record);
}

}  // namespace engine
