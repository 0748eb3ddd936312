#include "console/pin.h"

#include <argon2.h>

#include <algorithm>

#include "console/crypt.h"

namespace console {

namespace {

constexpr uint32_t kMemoryKib = 64 * 1024, kRounds = 3, kLanes = 1;
constexpr size_t kSaltBytes = 16, kHashBytes = 32, kEncodedMax = 256;

}  // namespace

bool is_pin(std::string_view text) {
  return text.size() >= kPinDigitsMin && text.size() <= kPinDigitsMax &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

core::Result<std::string> hash_pin(std::string_view pin) {
  if (!is_pin(pin))
    return core::Error{core::Code::BadInput, "PIN 必须是 6 到 12 位数字\na PIN is 6 to 12 digits"};
  const std::string salt = random_bytes(kSaltBytes);
  std::string encoded(kEncodedMax, '\0');
  const int answer =
      argon2id_hash_encoded(kRounds, kMemoryKib, kLanes, pin.data(), pin.size(), salt.data(),
                            salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (answer != ARGON2_OK)
    return core::Error{core::Code::Unavailable,
                       "无法计算 PIN 的哈希（内存不足？）\nthe PIN's hash cannot be computed: " +
                           std::string(argon2_error_message(answer))};
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool verify_pin(const std::string& encoded, std::string_view pin) {
  // With the figures in front fixed, no hash can ask for gigabytes or minutes.
  constexpr std::string_view kFigures = "$argon2id$v=19$m=65536,t=3,p=1$";
  if (!is_pin(pin) || !encoded.starts_with(kFigures) || encoded.size() > kEncodedMax) return false;
  return argon2id_verify(encoded.c_str(), pin.data(), pin.size()) == ARGON2_OK;
}

}  // namespace console
