#pragma once
// Tally: the evidence of one incident, counted: groups, people, messages, issues, level, votes,
// excerpts. All of it only grows, but for the votes, which are those of the last four hours.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/entry.h"
#include "alerting/excerpts.h"
#include "alerting/forecast.h"
#include "alerting/group_table.h"
#include "alerting/growth.h"
#include "alerting/votes.h"
#include "core/bytes.h"

namespace alerting {

struct IssueRow {
  std::string issue, ladder;  // the ladder of its highest hit that names one
  core::Level level = core::Level::Blue, ladder_level = core::Level::Blue;
};

class Tally {
 public:
  static constexpr size_t kIssuesMax = 48, kCategoriesMax = 16;  // marks of the GroupTable
  static constexpr size_t kThreatensMax = 256;

  // Counts a piece of evidence, its votes included; whether it is kept as an excerpt. REQUIRES:
  // times never go back.
  bool add(const Entry& entry);
  // Its votes alone leave, and come: the entry got old, or belongs to another incident.
  void subtract_votes(const Entry& entry) { votes_.subtract(entry.votes); }
  void add_votes(const Entry& entry) { votes_.add(entry.votes); }
  bool recall(uint64_t event) { return excerpts_.recall(event); }
  size_t forget_author(uint64_t author) { return excerpts_.forget(author); }

  int64_t groups() const { return groups_.groups(); }
  int64_t people() const { return people_permille_ / 1000; }
  int64_t messages() const { return messages_; }
  int64_t copies() const { return copies_; }
  core::Time first_at() const { return first_at_; }
  int64_t doubling_minutes(core::Time now) const { return growth_.doubling_minutes(groups(), now); }
  Spread spread(core::Time now) const;
  int64_t groups_in_last_hour(core::Time now) const;
  int64_t threats() const { return threats_most_; }  // of one customer or order, the most
  // The issue of the most distinct groups, ties by level, then by id; nullptr: only mentions.
  const IssueRow* shown_issue() const;
  core::Level level() const { return level_; }               // the highest of all evidence
  const std::string& level_by() const { return level_by_; }  // the rule or kind that gave it
  // The category that most groups name, ties to the one named first; "": none is named.
  const std::string& category() const;
  bool named(uint64_t group, std::string_view category) const;
  const Votes& votes() const { return votes_; }
  std::vector<core::Evidence> excerpts(size_t n) const { return excerpts_.best(n); }
  void add_events(std::vector<uint64_t>& out) const { excerpts_.add_events(out); }
  uint64_t dropped() const { return dropped_; }  // issues and categories beyond the limits

  // Layout in README.md. The votes are not in it: they are those of the window's entries.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in, uint64_t version);  // of the desk. REQUIRES: empty

 private:
  size_t issue_mark(const Hit& hit);
  size_t category_mark(const std::string& category);
  uint64_t marks_of(const Entry& entry);

  GroupTable groups_;
  Growth growth_;
  Excerpts excerpts_;
  Votes votes_;
  std::vector<IssueRow> issues_;         // mark 0..
  std::vector<std::string> categories_;  // mark kIssuesMax..
  int64_t people_permille_ = 0, messages_ = 0, copies_ = 0;
  core::Time first_at_{};
  std::map<uint64_t, int64_t> threats_;  // messages by who threatens, Entry::threatens
  int64_t threats_most_ = 0;
  core::Level level_ = core::Level::Blue;
  std::string level_by_;
  uint64_t dropped_ = 0;
};

}  // namespace alerting
