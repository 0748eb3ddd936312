#pragma once
// The keys that links are signed with: a small file beside the store, "kid hex" a line, readable by
// its owner only. The last line signs; the others still verify what they signed, so a key can be
// changed while links are out.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace console {

inline constexpr size_t kKeyBytes = 32;
inline constexpr size_t kKeysMax = 8;

// Immutable once loaded; any thread.
class Keys {
 public:
  // REQUIRES: at least one, each of kKeyBytes, no kid twice.
  explicit Keys(std::vector<std::pair<uint8_t, std::string>> keys);

  uint8_t signing_kid() const { return keys_.back().first; }
  const std::string& signing_key() const { return keys_.back().second; }
  const std::string* key(uint8_t kid) const;  // nullptr when unknown

 private:
  std::vector<std::pair<uint8_t, std::string>> keys_;  // oldest first
};

// Reads the file, making it (0600, one random key) when there is none. BadSettings: it is not such
// a file, or others may read it; Unavailable: the disk refuses. No message holds a key.
core::Result<Keys> load_keys(const std::string& path);

// Adds a key that signs from the next start on; the oldest goes when there would be more than
// kKeysMax. Errors as load_keys().
core::Result<core::Unit> rotate_keys(const std::string& path);

}  // namespace console
