#include "store/redis_bytes.h"

#include <charconv>
#include <limits>

#include "core/bytes.h"
#include "core/hash.h"

namespace store {

namespace {

constexpr uint64_t kVersion = 1;
constexpr uint64_t kSignBit = uint64_t{1} << 63;

bool whole(const core::ByteReader& in) { return in.ok() && in.at_end(); }

bool read_u32(core::ByteReader& in, uint32_t& out) {
  const uint64_t number = in.u64();
  out = static_cast<uint32_t>(number);
  return number <= std::numeric_limits<uint32_t>::max();
}

}  // namespace

std::string ordered_hex(int64_t number) {
  return core::hex16(static_cast<uint64_t>(number) ^ kSignBit);
}

std::optional<int64_t> read_ordered_hex(std::string_view digits) {
  uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number, 16);
  if (digits.size() != 16 || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return static_cast<int64_t>(number ^ kSignBit);
}

std::string encode(const core::JournalEntry& entry) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.str(entry.kind);
  out.time(entry.at);
  out.str(entry.bytes);
  return out.take();
}

bool decode(std::string_view bytes, core::JournalEntry& entry) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  entry.kind = in.str();
  entry.at = in.time();
  entry.bytes = in.str();
  return whole(in);
}

std::string encode(const core::OutboxItem& item) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.str(item.group);
  out.time(item.at);
  out.str(item.bytes);
  return out.take();
}

bool decode(std::string_view bytes, core::OutboxItem& item) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  item.group = in.str();
  item.at = in.time();
  item.bytes = in.str();
  return whole(in);
}

std::string encode(const core::OutboxState& state) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.u64(static_cast<uint64_t>(state.delivery));
  out.u64(state.attempts);
  out.i64(state.next_try_ms);
  out.str(state.vendor_answer);
  return out.take();
}

bool decode(std::string_view bytes, core::OutboxState& state) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  const uint64_t delivery = in.u64();
  if (delivery > static_cast<uint64_t>(core::Delivery::Suppressed)) return false;
  state.delivery = static_cast<core::Delivery>(delivery);
  if (!read_u32(in, state.attempts)) return false;
  state.next_try_ms = in.i64();
  state.vendor_answer = in.str();
  return whole(in);
}

std::string encode(const core::Slot& slot) {
  return ordered_hex(core::to_ms(slot.expires)) + slot.value;
}

bool decode(std::string_view bytes, core::Slot& slot) {
  const auto expires = read_ordered_hex(bytes.substr(0, 16));
  if (!expires) return false;
  slot.expires = core::from_ms(*expires);
  slot.value = bytes.substr(16);
  return true;
}

std::string encode_key(const core::LedgerLine& line) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.time(line.at);
  out.u64(line.revision);
  out.str(line.kind);
  out.str(line.id);
  return out.take();
}

bool decode_key(std::string_view bytes, core::LedgerLine& line) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  line.at = in.time();
  if (!read_u32(in, line.revision)) return false;
  line.kind = in.str();
  line.id = in.str();
  return whole(in);
}

}  // namespace store
