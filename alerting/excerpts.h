#pragma once
// Excerpts: the few messages that show what an incident is about. At most 20 are kept: originals
// before copies, the highest level first, then the earliest. A recalled one stays and is marked.
#include <cstdint>
#include <string>
#include <vector>

#include "alerting/entry.h"
#include "core/bytes.h"
#include "core/notification.h"

namespace alerting {

class Excerpts {
 public:
  static constexpr size_t kMax = 20;

  bool add(const Entry& entry);  // whether it is kept; one without text is not
  bool recall(uint64_t event);   // whether it is one of them
  // The words of this author go, their place stays; of how many.
  size_t forget(uint64_t author);
  std::vector<core::Evidence> best(size_t n) const;
  void add_events(std::vector<uint64_t>& out) const;  // the hashes of their ids

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in, uint64_t version);  // of the desk. REQUIRES: empty

 private:
  struct Kept {
    core::Time at;
    uint64_t event;
    core::Level level;
    bool copy, recalled;
    std::string channel_name, excerpt;
    uint64_t author = 0;
  };
  static bool before(const Kept& a, const Kept& b);

  std::vector<Kept> kept_;  // best first
};

}  // namespace alerting
