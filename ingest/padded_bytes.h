#pragma once
// Bytes with room behind them, as simdjson wants: it reads whole blocks past the end. One copy of a
// message into a buffer that is reused; nothing else of a message is copied before it is parsed.
#include <cstring>
#include <string_view>
#include <vector>

namespace ingest {

class PaddedBytes {
 public:
  static constexpr size_t kPadding = 64;  // what the parsers in use need at most

  // The copy of `bytes`, valid until the next call.
  std::string_view assign(std::string_view bytes) {
    if (room_.size() < bytes.size() + kPadding) room_.resize(bytes.size() + kPadding);
    if (!bytes.empty()) std::memcpy(room_.data(), bytes.data(), bytes.size());
    std::memset(room_.data() + bytes.size(), 0, kPadding);
    return {room_.data(), bytes.size()};
  }
  size_t capacity() const { return room_.size(); }

 private:
  std::vector<char> room_;
};

}  // namespace ingest
