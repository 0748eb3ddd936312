#include "alerting/tally.h"

#include <algorithm>
#include <tuple>

#include "alerting/estimate.h"
#include "alerting/saved.h"

namespace alerting {

namespace {

constexpr size_t kNoMark = GroupTable::kMarks;
static_assert(Tally::kIssuesMax + Tally::kCategoriesMax <= GroupTable::kMarks);

uint64_t bit(size_t mark) { return mark == kNoMark ? 0 : uint64_t{1} << mark; }

}  // namespace

bool Tally::add(const Entry& e) {
  first_at_ = messages_ == 0 ? e.at : std::min(first_at_, e.at);
  ++messages_;
  copies_ += e.copy ? 1 : 0;
  const int64_t new_groups = groups_.add(e.group, marks_of(e));
  if (new_groups > 0) {
    people_permille_ =
        add_amounts(people_permille_, multiply_amounts(e.exposure_permille, new_groups));
    growth_.reached(groups(), e.at);
  }
  if (e.level > level_ || (level_by_.empty() && !e.level_by.empty())) {
    level_ = std::max(level_, e.level);
    level_by_ = e.level_by;
  }
  for (const uint64_t who : e.threatens) {
    if (threats_.size() >= kThreatensMax && !threats_.contains(who)) {
      ++dropped_;
      continue;
    }
    threats_most_ = std::max(threats_most_, ++threats_[who]);
  }
  votes_.add(e.votes);
  return excerpts_.add(e);
}

uint64_t Tally::marks_of(const Entry& e) {
  uint64_t marks = 0;
  for (const Hit& hit : e.hits) marks |= bit(issue_mark(hit));
  for (const std::string& category : e.categories) marks |= bit(category_mark(category));
  return marks;
}

size_t Tally::issue_mark(const Hit& hit) {
  auto row = std::ranges::find(issues_, hit.issue, &IssueRow::issue);
  if (row == issues_.end()) {
    if (issues_.size() == kIssuesMax) return ++dropped_, kNoMark;
    row = issues_.insert(issues_.end(), {hit.issue, "", hit.level, hit.level});
  }
  row->level = std::max(row->level, hit.level);
  if (!hit.ladder.empty() && (row->ladder.empty() || hit.level > row->ladder_level)) {
    row->ladder = hit.ladder;
    row->ladder_level = hit.level;
  }
  return static_cast<size_t>(row - issues_.begin());
}

size_t Tally::category_mark(const std::string& category) {
  auto known = std::ranges::find(categories_, category);
  if (known == categories_.end()) {
    if (categories_.size() == kCategoriesMax) return ++dropped_, kNoMark;
    known = categories_.insert(categories_.end(), category);
  }
  return kIssuesMax + static_cast<size_t>(known - categories_.begin());
}

Spread Tally::spread(core::Time now) const {
  Spread s;
  s.groups = groups();
  s.people = people();
  if (messages_ == 0 || now <= first_at_) return s;
  s.window = std::min(now - first_at_, Spread::kWindow);
  const int64_t before = growth_.groups_at(now - s.window);
  const int64_t half = std::max(growth_.groups_at(now - s.window / 2), before);
  s.first_half = half - before;
  s.second_half = std::max<int64_t>(s.groups - half, 0);
  return s;
}

int64_t Tally::groups_in_last_hour(core::Time now) const {
  constexpr core::Millis kHour{3600'000};
  return std::max<int64_t>(groups() - growth_.groups_at(now - kHour), 0);
}

const IssueRow* Tally::shown_issue() const {
  const IssueRow* best = nullptr;
  int64_t best_groups = 0;
  for (size_t i = 0; i < issues_.size(); ++i) {
    const IssueRow& row = issues_[i];
    const int64_t in_groups = groups_.marked(i);
    // Ids are compared the other way round: of equals the smaller id is shown.
    if (best != nullptr && std::tie(in_groups, row.level, best->issue) <=
                               std::tie(best_groups, best->level, row.issue))
      continue;
    best = &row;
    best_groups = in_groups;
  }
  return best;
}

const std::string& Tally::category() const {
  static const std::string none;
  const std::string* best = &none;
  int64_t best_groups = 0;
  for (size_t i = 0; i < categories_.size(); ++i) {
    const int64_t in_groups = groups_.marked(kIssuesMax + i);
    if (in_groups <= best_groups) continue;
    best = &categories_[i];
    best_groups = in_groups;
  }
  return *best;
}

bool Tally::named(uint64_t group, std::string_view category) const {
  const auto known = std::ranges::find(categories_, category);
  if (known == categories_.end()) return false;
  return groups_.has(group, kIssuesMax + static_cast<size_t>(known - categories_.begin()));
}

void Tally::save(core::ByteWriter& out) const {
  groups_.save(out);
  growth_.save(out);
  excerpts_.save(out);
  out.u64(issues_.size());
  for (const IssueRow& row : issues_) {
    out.str(row.issue);
    out.str(row.ladder);
    out.u64(static_cast<uint64_t>(row.level));
    out.u64(static_cast<uint64_t>(row.ladder_level));
  }
  out.u64(categories_.size());
  for (const std::string& category : categories_) out.str(category);
  for (const int64_t n : {people_permille_, messages_, copies_}) out.i64(n);
  out.time(first_at_);
  out.u64(static_cast<uint64_t>(level_));
  out.str(level_by_);
  out.u64(threats_.size());
  for (const auto& [who, messages] : threats_) {
    out.u64(who);
    out.i64(messages);
  }
  out.u64(dropped_);
}

bool Tally::load(core::ByteReader& in, uint64_t version) {
  if (!groups_.load(in) || !growth_.load(in) || !excerpts_.load(in, version)) return false;
  size_t n = 0;
  if (!read_count(in, n, kIssuesMax)) return false;
  issues_.resize(n);
  for (IssueRow& row : issues_) {
    row.issue = in.str();
    row.ladder = in.str();
    if (!read_within(in, row.level, 1, 4) || !read_within(in, row.ladder_level, 1, 4)) return false;
  }
  if (!read_count(in, n, kCategoriesMax)) return false;
  categories_.resize(n);
  for (std::string& category : categories_) category = in.str();
  if (!read_amount(in, people_permille_) || !read_amount(in, messages_) ||
      !read_amount(in, copies_) || !read_time(in, first_at_) || !read_within(in, level_, 1, 4))
    return false;
  level_by_ = in.str();
  n = 0;
  if (version >= 2 && !read_count(in, n, kThreatensMax)) return false;
  for (size_t i = 0; i < n; ++i) {
    const uint64_t who = in.u64();
    int64_t messages = 0;
    if (!read_amount(in, messages) || !threats_.emplace(who, messages).second) return false;
    threats_most_ = std::max(threats_most_, messages);
  }
  dropped_ = in.u64();
  return in.ok();
}

}  // namespace alerting
