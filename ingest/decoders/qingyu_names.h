#pragma once
// The names of the event line's fields, told apart by one multiplication and one look into a table:
// a name is two numbers, and the compiler searches the factor that gives each a slot of its own.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ingest {

// In the order of kNames. Plain strings first, in the order of plain_string() in qingyu_fields.h.
enum class Name : uint8_t {
  Unknown,
  Id,
  Text,
  Platform,
  Root,
  ReplyTo,
  ForwardOf,
  Customer,
  Order,
  RecallOf,
  What,
  Incident,
  Notification,
  By,
  Option,
  Because,
  Door,
  Value,
  Ts,
  Kind,
  Channel,
  Author,
  Counts,
  Tags,
  Attachments,
  Level,
  Sensitivity,
  Published,
  Revision,
};

inline constexpr std::array<const char*, 29> kNames = {
    "",         "id",      "text",      "platform",    "root",     "reply_to",     "forward_of",
    "customer", "order",   "recall_of", "what",        "incident", "notification", "by",
    "option",   "because", "door",      "value",       "ts",       "kind",         "channel",
    "author",   "counts",  "tags",      "attachments", "level",    "sensitivity",  "published",
    "revision"};
inline constexpr size_t kNameBytesMax = 15;  // no name is longer

// A name as two numbers, its letters from the lowest byte up, zeros behind them.
struct Letters {
  uint64_t low = 0, high = 0;
  friend constexpr bool operator==(const Letters&, const Letters&) = default;
};

constexpr Letters letters_of(std::string_view name) {
  Letters letters;
  for (size_t i = 0; i < name.size(); ++i)
    (i < 8 ? letters.low : letters.high) |= uint64_t{static_cast<uint8_t>(name[i])} << (i % 8 * 8);
  return letters;
}

inline constexpr size_t kSlotBits = 7;
constexpr size_t slot_of(const Letters& letters, uint64_t factor) {
  return static_cast<size_t>(((letters.low ^ letters.high << 1) * factor) >> (64 - kSlotBits));
}

constexpr uint64_t free_factor() {
  for (uint64_t factor = 0x9e3779b97f4a7c15;; factor += 2) {
    std::array<bool, 1 << kSlotBits> taken{};
    bool clash = false;
    for (size_t i = 1; i < kNames.size(); ++i) {
      bool& slot = taken[slot_of(letters_of(kNames[i]), factor)];
      clash = clash || slot;
      slot = true;
    }
    if (!clash) return factor;
  }
}
inline constexpr uint64_t kFactor = free_factor();

struct Slot {
  Letters letters;
  Name name = Name::Unknown;
};
inline constexpr auto kSlots = [] {
  std::array<Slot, 1 << kSlotBits> slots{};
  for (size_t i = 1; i < kNames.size(); ++i) {
    const Letters letters = letters_of(kNames[i]);
    slots[slot_of(letters, kFactor)] = {letters, static_cast<Name>(i)};
  }
  return slots;
}();

constexpr Name name_of(const Letters& letters) {
  const Slot& slot = kSlots[slot_of(letters, kFactor)];
  return slot.letters == letters ? slot.name : Name::Unknown;
}

consteval Letters operator""_key(const char* name, size_t size) { return letters_of({name, size}); }

// The letters of the key that begins at `raw` and ends before a quote; none when it is longer than
// any name. REQUIRES: 16 bytes may be read.
inline Letters key_letters(const char* raw) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word[2];
  std::memcpy(word, raw, sizeof word);
  constexpr uint64_t kOnes = 0x0101010101010101, kTops = 0x8080808080808080;
  for (int i = 0; i < 2; ++i) {
    const uint64_t quotes = word[i] ^ kOnes * '"';
    const uint64_t zeros = (quotes - kOnes) & ~quotes & kTops;  // its lowest bit marks the first
    if (zeros == 0) continue;
    const uint64_t before = (zeros & (0 - zeros)) / 0x80 - 1;
    return i == 0 ? Letters{word[0] & before, 0} : Letters{word[0], word[1] & before};
  }
  return {};
}

}  // namespace ingest
