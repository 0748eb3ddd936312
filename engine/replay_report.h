#pragma once
// What a replay shows: a line of progress on a terminal while it runs, and at its end a summary for
// people (Chinese and English) or one JSON object for programs.
#include <cstdint>
#include <iosfwd>

#include "core/result.h"
#include "engine/pipeline.h"

namespace engine {

enum class ReportForm : uint8_t { Text, Json };

class ReplayProgress {
 public:
  ReplayProgress();
  void show(Pipeline& pipeline);  // nothing when standard error is no terminal
  void clear();

 private:
  bool terminal_ = false, shown_ = false;
  int calls_ = 0;
};

core::Result<core::Unit> print_replay_report(Pipeline& pipeline, core::Store& store,
                                             const ingest::DeadLetters& dead_letters,
                                             double seconds, ReportForm form, std::ostream& out);

}  // namespace engine
