#pragma once
// Bytes in a fixed order for what is stored: little-endian integers as LEB128 varints, zigzag for
// signed ones, strings with their length in front. Every stored layout starts with a version byte;
// see docs/formats.md.
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace core {

class ByteWriter {
 public:
  void u64(uint64_t v) {
    for (; v >= 0x80; v >>= 7) out_.push_back(static_cast<char>(v | 0x80));
    out_.push_back(static_cast<char>(v));
  }
  void i64(int64_t v) { u64((static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63)); }
  void f64(double v) { u64(std::bit_cast<uint64_t>(v)); }
  void time(Time t) { i64(to_ms(t)); }
  void str(std::string_view s) {
    u64(s.size());
    out_.append(s);
  }
  std::string take() { return std::move(out_); }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
};

// Reads what ByteWriter wrote. After bytes that are not what was asked for, ok() is false for ever
// and every read gives zero or "": check ok() once at the end (and before trusting a count: see
// count()).
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  uint64_t u64() {
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return fail();
      const uint8_t b = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      v |= static_cast<uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return v;
    }
    return fail();
  }
  int64_t i64() {
    const uint64_t v = u64();
    return static_cast<int64_t>(v >> 1) ^ -static_cast<int64_t>(v & 1);
  }
  double f64() { return std::bit_cast<double>(u64()); }
  Time time() { return from_ms(i64()); }
  std::string_view view() {
    const uint64_t n = u64();
    if (n > rest_.size()) return fail(), std::string_view();
    const std::string_view s = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return s;
  }
  std::string str() { return std::string(view()); }
  // A number of elements, each at least one byte: never more than the bytes left.
  size_t count() {
    const uint64_t n = u64();
    return n > rest_.size() ? static_cast<size_t>(fail()) : static_cast<size_t>(n);
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  uint64_t fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace core
