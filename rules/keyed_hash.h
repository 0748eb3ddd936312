#pragma once
// Keyed hashes of customers' and orders' ids: whoever has only the stored hash cannot try ids
// against it without the key.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rules {

// Public: what replays and tests use, so that their ledgers are the same everywhere.
inline constexpr std::string_view kPublicHashKey = "qingyu public replay key";

// 16 hex digits: the first 64 bits of HMAC-SHA256(key, kind, 0, id).
std::string keyed_hash(std::string_view key, std::string_view kind, std::string_view id);
uint64_t keyed_hash64(std::string_view key, std::string_view kind, std::string_view id);
// The number that 16 hex digits of a keyed_hash() say; 0: they are none.
uint64_t hash_from(std::string_view text);

// An id that only the key gives back: AES-256-CTR under a key drawn from `key`, its first block
// bytes 8..23 of HMAC-SHA256(key, "member", 0, id), which also tells whether it was changed (SIV,
// RFC 5297, with HMAC for its hash). The same id gives the same bytes, so a replay does too.
std::string sealed(std::string_view key, std::string_view id);
// nullopt: not sealed with this key, or changed.
std::optional<std::string> unsealed(std::string_view key, std::string_view text);

// The members that a lane meets: hash and seal cost more than all else that is done for a message,
// and most of what is said is said by few. Owned by one thread.
class Members {
 public:
  static constexpr size_t kRemembered = 4'096;  // by a hash of the id; a later one takes the place

  explicit Members(std::string_view key);
  ~Members();
  struct Member {
    std::string id, sealed;
    uint64_t author = 0;  // keyed_hash64(key, "member", id)
  };
  const Member& of(const std::string& id);  // until the next call

 private:
  struct Keyed;  // the library's contexts, each keyed once
  const std::unique_ptr<Keyed> keyed_;
  std::vector<Member> known_;
};

}  // namespace rules
