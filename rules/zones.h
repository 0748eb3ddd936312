#pragma once
// Zones: the local time of every place that the ladder file names, as tables. A Book that is made
// now takes them from the machine and keeps them as one more file; a Book from its archive has
// those and no others, so that a replay does not depend on the machine's data.
#include <map>
#include <string>
#include <string_view>

#include "core/people.h"
#include "rules/findings.h"
#include "rules/sources.h"

namespace rules {

using ZoneTables = std::map<std::string, core::Zone, std::less<>>;

class Zones {
 public:
  // Of a Book that is made now: they are looked up on this machine.
  Zones();
  // Of an archived Book: what its zones file says, nullptr when it has none. A damaged file is a
  // finding.
  Zones(const SourceFile* kept, Findings& findings);

  // The table of `name`, or nullptr when there is no such zone or there are too many of them.
  // Stays valid as long as this.
  const core::Zone* find(const std::string& name);
  // No further zone is taken: a Book has at most 64.
  bool full() const;
  // "did you mean `...`?" for a name that was not found, or "".
  std::string suggestion(std::string_view name) const;

  // Every zone found so far, Asia/Shanghai always among them: its table has no rows, which is
  // UTC+8.
  const ZoneTables& found() const { return found_; }
  // The text of the zones file, "" when it would say nothing: docs/formats.md.
  std::string text() const;

 private:
  void read(const SourceFile& file, Findings& findings);

  bool from_machine_ = false;
  ZoneTables found_;
};

// The moment at which the clocks of `zone` show this local time (ms since 1970 as if it were UTC):
// the first one of an hour that is shown twice, and 03:30 for a 02:30 that is left out.
core::Time at_local(const core::Zone& zone, int64_t local_ms);

}  // namespace rules
