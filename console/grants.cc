#include "console/grants.h"

#include <algorithm>

#include "console/crypt.h"
#include "core/bytes.h"

namespace console {

namespace {

constexpr uint64_t kVersion = 1;
constexpr core::Millis kGrace{30 * 60'000};
constexpr core::Millis kLongest{24 * 3600'000};
constexpr core::Millis kKeptAfter{7 * 24 * 3600'000};  // for the audit; the link itself is dead
const std::string kShelf = "grants";

core::Time expiry(const Offer& offer, core::Time wall) {
  const core::Time day = offer.at + kLongest;
  const core::Time due =
      offer.deadline == core::Time{} ? day : std::min(offer.deadline + kGrace, day);
  return std::max(due, wall + kGrace);
}

core::Slot slot_of(const Grant& grant) {
  return {kShelf, to_hex(grant.jti), encode(grant), grant.expires + kKeptAfter};
}

// Not random but as unguessable: of a message that is rendered again the link is the same.
std::string jti_of(const Keys& keys, const Grant& grant) {
  const std::string purpose("yq-jti-v1\0", 10);
  return hmac_sha256(keys.signing_key(), purpose + canonical_json(bound_of(grant)))
      .substr(0, kJtiBytes);
}

}  // namespace

Bound bound_of(const Grant& grant) {
  return {grant.action,   "person:" + grant.person, grant.channel,
          grant.incident, grant.revision,           grant.tenant};
}

std::string encode(const Grant& grant) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.str(grant.jti);
  out.str(grant.tenant);
  out.str(grant.incident);
  out.u64(grant.revision);
  out.str(grant.action);
  out.str(grant.person);
  out.str(grant.channel);
  out.time(grant.created);
  out.time(grant.expires);
  out.time(grant.used_at);
  out.str(grant.used_by);
  out.str(grant.option);
  out.str(grant.because);
  out.str(grant.result);
  out.u64(grant.conflict ? 1 : 0);
  return out.take();
}

bool decode(std::string_view bytes, Grant& grant) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  grant.jti = in.str();
  grant.tenant = in.str();
  grant.incident = in.str();
  grant.revision = static_cast<uint32_t>(in.u64());
  grant.action = in.str();
  grant.person = in.str();
  grant.channel = in.str();
  grant.created = in.time();
  grant.expires = in.time();
  grant.used_at = in.time();
  grant.used_by = in.str();
  grant.option = in.str();
  grant.because = in.str();
  grant.result = in.str();
  grant.conflict = in.u64() == 1;
  return in.ok() && in.at_end() && grant.jti.size() == kJtiBytes;
}

core::Result<std::string> Grants::mint(const Offer& offer, const std::string& action,
                                       core::Time wall) {
  Grant grant;
  grant.tenant = tenant_;
  grant.incident = offer.incident;
  grant.revision = offer.revision;
  grant.action = action;
  grant.person = offer.person;
  grant.channel = offer.channel;
  grant.created = wall;
  grant.expires = core::floor_to(expiry(offer, wall), core::Millis{1000});
  grant.jti = jti_of(keys_, grant);
  const auto kept = store_.replace(slot_of(grant), "");
  if (kept) return url(grant);
  if (kept.error().code != core::Code::Conflict) return kept.error();
  const auto known = load(grant.jti);
  if (!known) return known.error();
  return url(known->value_or(grant));
}

std::string Grants::url(const Grant& grant) const {
  const auto seconds = static_cast<uint32_t>(core::to_ms(grant.expires) / 1000);
  const Head head{keys_.signing_kid(), seconds, grant.jti};
  return base_ + "/a/" + make_token(keys_, head, bound_of(grant));
}

core::Result<std::optional<Grant>> Grants::load(const std::string& jti) {
  const auto slot = store_.find(kShelf, to_hex(jti));
  if (!slot) return slot.error();
  Grant grant;
  if (!*slot || !decode((*slot)->value, grant) || grant.jti != jti) return std::optional<Grant>();
  return std::optional(grant);
}

core::Result<std::optional<Grant>> Grants::find(std::string_view token, core::Time wall) {
  const auto head = head_of(token);
  if (!head) return std::optional<Grant>();
  auto grant = load(head->jti);
  if (!grant || !*grant) return grant;
  // An unknown jti needs no comparison: there is nothing that a forger could learn from its time.
  if (!token_is_genuine(keys_, token, bound_of(**grant))) return std::optional<Grant>();
  if (core::to_ms(wall) >= int64_t{head->expires} * 1000 || wall >= (*grant)->expires)
    return std::optional<Grant>();
  return grant;
}

core::Result<core::Unit> Grants::use(const Grant& before, const Grant& after) {
  return store_.replace(slot_of(after), encode(before));
}

}  // namespace console
