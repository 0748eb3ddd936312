#pragma once
// BacktestSide: history once, judged by one rule set, and what came of it in people's terms. Two of
// them run side by side, each with threads of its own; see backtest_command.cc.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/incident.h"
#include "engine/embedded.h"
#include "engine/hit_tally.h"
#include "engine/settings.h"

namespace engine {

struct SideSpec {
  std::string rules;  // a pack or a folder of packs; "": those of the settings
  std::vector<std::string> files;
  std::string decoder = "qingyu";
  size_t lanes = 1;
  std::optional<core::Time> until;
  std::optional<core::Millis> answer_after;
};

// An incident from its opening to its end.
struct PastIncident {
  std::string id, family, subject, issue;  // subject and issue in words
  core::Level level = core::Level::Blue;   // the highest
  core::Time first_at{}, opened{};
  std::optional<core::Time> ended, first_page;
  uint32_t rung = 0;               // the highest
  std::string rung_name, because;  // why it opened, in words
  int64_t groups = 0, messages = 0;
  uint64_t pages = 0;
  std::vector<std::string> excerpts;  // of its first page, masked
};

struct SideResult {
  std::string rules, book;  // path; hash
  size_t rule_count = 0;
  uint64_t events = 0, dead_letters = 0, families_dropped = 0;
  core::Time first{}, last{};
  std::vector<PastIncident> incidents;                            // in order of opening, then id
  std::map<std::pair<std::string, std::string>, uint64_t> pages;  // (person, rung) -> messages
  std::map<std::string, std::string> names;                       // person and rule ids in words
  HitTally tally;
};

class BacktestSide {
 public:
  explicit BacktestSide(SideSpec spec) : spec_(std::move(spec)) {}
  ~BacktestSide();

  // `files`: the settings' files, of which the packs are replaced.
  core::Result<core::Unit> prepare(rules::BookFiles files);
  void start();
  core::Result<core::Unit> wait(core::Millis every, const std::function<void()>& tick);
  void stop() { embedded_->stop(); }

  // How much has been read, permille; -1: not known. Any thread.
  int read_permille() const;
  core::Time drained() const { return pipeline_->drained(); }
  SideResult result();  // REQUIRES: wait() gave no error; once

 private:
  void take(const alerting::Decisions& decided);
  void note_lag(const Reader& reader);

  const SideSpec spec_;
  std::string rules_;  // the packs, for people
  std::shared_ptr<const rules::Book> book_;
  std::unique_ptr<core::Store> store_;
  std::unique_ptr<ingest::DeadLetters> letters_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<Embedded> embedded_;
  std::vector<std::unique_ptr<HitTally>> tallies_;  // one a lane
  std::atomic<int64_t> lag_{-1}, lag_at_start_{-1};
  std::mutex mutex_;                               // guards the two below: shards publish
  std::map<std::string, PastIncident> incidents_;  // by id
  std::map<std::pair<std::string, std::string>, uint64_t> pages_;
};

}  // namespace engine
