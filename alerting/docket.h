#pragma once
// Docket: the incidents of one family and its last four hours of entries; it decides which incident
// an entry belongs to, and when one opens (DESIGN 11.12): any issue joins the one open incident; a
// second one opens only for another category, in groups that did not name the first's.
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "alerting/consulting.h"
#include "alerting/incident.h"
#include "alerting/step.h"
#include "alerting/window.h"

namespace alerting {

class Docket {
 public:
  static constexpr size_t kIncidentsMax = 32;  // beyond it the oldest closed is forgotten early

  // REQUIRES: times never go back. `opens`: the bound that this entry crossed, if any; `report`:
  // what an agent reports, if peers may be asked of it.
  void observe(Entry entry, const std::optional<core::Because>& opens,
               const std::optional<Report>& report, const Step& step);
  bool recall(uint64_t event);  // whether it is among the evidence
  // The words of this author that no incident has taken; an incident's own are members.h's.
  bool forget_author(uint64_t author);
  void forget(core::Time at);  // closed incidents whose time is over

  Incident* by_id(std::string_view id);
  Incident* by_delivery(uint64_t delivery);
  const Incident* first_open() const;  // nullptr: none
  std::list<Incident>& incidents() { return incidents_; }
  const std::list<Incident>& incidents() const { return incidents_; }
  uint64_t dropped() const;

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in, uint64_t version);  // of the desk. REQUIRES: empty

 private:
  struct Second {  // another trouble of the family
    std::string category, not_category;
    int64_t groups = 0;
  };

  Incident& target_of(const Entry& entry, Incident& first);
  void make_room(core::Time now);
  void take(Entry& entry, Incident& incident, const Step& step);
  void open_first(const core::Because& because, const Report* asks, const Step& step);
  std::optional<Second> second_trouble(const Entry& entry, const Incident& first,
                                       const Step& step) const;
  int64_t groups_naming(const Second& second, const Entry& entry, const Incident& first,
                        const core::OpenBounds& bounds) const;
  void open_second(const Second& second, const Incident& first, const Step& step);
  Incident* to_reopen(const Entry& entry, const std::string& category, const Step& step);
  Incident& new_incident(const std::string& category);
  Incident* by_ordinal(uint32_t ordinal);

  Window window_;
  std::list<Incident> incidents_;  // in the order they first opened
  uint32_t ordinals_ = 0;          // given out so far
  std::string last_forgotten_;     // the id of the closed incident forgotten last
  uint64_t forgotten_early_ = 0;
};

}  // namespace alerting
