#include "rules/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/check.h"
#include "core/hash.h"

namespace rules {

std::string keyed_hash(std::string_view key, std::string_view kind, std::string_view id) {
  std::string message(kind);
  message.push_back('\0');
  message.append(id);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  const unsigned char* done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac, &length);
  INVARIANT(done != nullptr && length >= 8);
  uint64_t first = 0;
  for (int i = 0; i < 8; ++i) first = first << 8 | mac[i];
  return core::hex16(first);
}

}  // namespace rules
