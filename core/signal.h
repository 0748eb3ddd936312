#pragma once
// Signal: "this message concerns this family, and these rules fired on it." Made by rules/ in a
// lane, one for each family that a message names (or that a rule hit falls to), consumed by the
// family's shard.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/event.h"
#include "core/level.h"
#include "core/time.h"

namespace core {

// One SKU's share of a message's vote (DESIGN 11.5). A message gives its family at most 1000
// permille in all.
struct Vote {
  std::string sku;
  uint32_t permille = 0;
};

// One rule that fired, already weighed.
struct RuleHit {
  std::string rule;   // rule id
  std::string issue;  // taxonomy id
  Level level = Level::Blue;
  int32_t weight_permille = 1000;  // 0..2000; the hit counts when above 500
  std::string ladder;              // ladder id, "" = default
  bool exposure_threat = false;  // the taxonomy says the issue is a customer's threat to go public
  // Of the message's signals, in order of family, the first that has the rule: where a message is
  // counted, it counts here.
  bool first = false;
};

// How a message came to the family of a signal (DESIGN 11.5): its own words, the message that it
// replies to or forwards or whose thread it belongs to, its words for goods, its ticket, or
// nothing.
enum class SubjectSource : uint8_t {
  Name,
  Reply,
  Forward,
  Root,
  Category,
  Unknown,
  Customer,
  Order,
};
std::string_view name_of(SubjectSource source);  // "name" "reply" ...

struct Signal {
  Time at{};          // event time of the record
  Time published{};   // the event's own time
  std::string event;  // event id
  Kind kind = Kind::Post;

  // "brand:汀白", "merchant:M01", "category:洗衣液", "unknown:<hex>" (DESIGN 11.5)
  std::string family;
  std::vector<Vote> votes;  // at most 8, SKUs of the family, heaviest first, ties by SKU
  std::vector<std::string> categories;  // product categories named in the text, sorted, at most 4
  bool named = false;                   // the text names the family itself (it is a mention)
  bool product_named = false;           // an alias of a product was named, not only the brand
  SubjectSource source = SubjectSource::Name;  // Name where `named`; else where the hits fell by
  bool advertising = false;  // the shared list $advertising hits: no mention without a rule hit
  // Sorted by rule id, at most 16; those with weight <= 500 are kept and do not count.
  std::vector<RuleHit> hits;
  uint8_t reported_level = 0;  // tickets and agents' reports: 0 none, 1 blue .. 4 red
  uint8_t sensitivity = 0;     // agents' reports: 1..5, 0 not told
  // Keyed hashes of the customer and the order that a ticket or a service chat belongs to, 16 hex
  // digits; "" when there is none. An exposure threat is counted by them (P2).
  std::string customer, order;
  std::string reporter;  // agents' reports: the person id, when the author is in the directory
  bool service = false;  // the channel is marked `service: true`, or the kind is Ticket

  std::string channel;       // channel id: the group
  std::string channel_name;  // for evidence
  uint32_t members = 0;      // 0: not told
  // The first 64 bits of a keyed hash of the author's id, 0: none; hex16() of it is the handle that
  // people see. And the id itself, sealed with the same key, for those who may reveal it.
  uint64_t author = 0;
  std::string author_sealed;
  uint32_t followers = 0;
  Role role = Role::None;
  std::string forward_of;  // event id, "" if none
  // Hash64 of the copy text (text/fingerprint.h); 0: too short to be a copy.
  uint64_t text_hash = 0;
  std::vector<uint64_t> fingerprints;       // winnowing, ascending, at most 24
  std::vector<uint64_t> attachment_hashes;  // hash64 of attachments' hashes, ascending, at most 8
  // Masked original around the first hit, at most 240 bytes, whole code points.
  std::string excerpt;

  // Of rules in `mode: shadow`, as `hits`: only the tally of rules looks at them. Their excerpt is
  // "" when it is the one above.
  std::vector<RuleHit> shadow_hits;
  std::string shadow_excerpt;
  // There would be no signal without its shadow hits: nobody but the tally may see it.
  bool shadow_only() const { return !named && hits.empty() && reported_level == 0; }

  // What counts as one "group": the channel of a chat, else the author of a public message (one who
  // posts twice is one), else the channel, else the event itself.
  uint64_t group() const;
};

void write(ByteWriter& out, const Signal& signal);
Signal read_signal(ByteReader& in);  // check in.ok()

}  // namespace core
