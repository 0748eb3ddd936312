#pragma once
// Grants: what each action link is good for, and what came of it. Kept on the store's shelf
// "grants" under the hex of their jti; used once, by whoever changes the slot first.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "console/token.h"
#include "core/result.h"
#include "core/store.h"
#include "core/time.h"

namespace console {

struct Grant {
  std::string jti;  // 16 bytes
  std::string tenant, incident;
  uint32_t revision = 0;
  std::string action;               // ack decide close ...: core::Act::what
  std::string person, channel;      // to whom and by what it was sent
  core::Time created{}, expires{};  // wall
  // Once it is used:
  core::Time used_at{};
  std::string used_by;          // person id; "" = not used
  std::string option, because;  // what was chosen with it, and the person's words
  std::string result;           // what came of it, in words; "" = not known yet
  bool conflict = false;        // the result is that somebody else was first

  bool used() const { return !used_by.empty(); }
};

Bound bound_of(const Grant& grant);
std::string encode(const Grant& grant);
bool decode(std::string_view bytes, Grant& grant);

// What a link is made for: of a notification, these parts.
struct Offer {
  std::string incident;
  uint32_t revision = 0;
  std::string person, channel;
  core::Time at{};        // when the notification was made
  core::Time deadline{};  // of the action; Time{} when there is none
};

// Methods may be called from any thread: the store is all that they change.
class Grants {
 public:
  // `base`: "https://yuqing.example.com", what people's phones reach. All must outlive it.
  Grants(core::Store& store, const Keys& keys, std::string tenant, std::string base)
      : store_(store), keys_(keys), tenant_(std::move(tenant)), base_(std::move(base)) {}

  // The URL of the link. The same offer and action give the same URL again, so that a message sent
  // twice is the same bytes. Expiry: the deadline and half an hour more, at most a day from `at`
  // (without a deadline a day), but never less than half an hour from `wall`.
  core::Result<std::string> mint(const Offer& offer, const std::string& action, core::Time wall);

  // The grant of a genuine token that has not expired at `wall`; nullopt for every other text.
  core::Result<std::optional<Grant>> find(std::string_view token, core::Time wall);

  // Marks `before` as used by changing it to `after`. Conflict: somebody else was first.
  core::Result<core::Unit> use(const Grant& before, const Grant& after);

  const Keys& keys() const { return keys_; }

 private:
  core::Result<std::optional<Grant>> load(const std::string& jti);
  std::string url(const Grant& grant) const;

  core::Store& store_;
  const Keys& keys_;
  std::string tenant_, base_;
};

}  // namespace console
