#include "engine/archive_keys.h"

#include "core/hash.h"
#include "core/text/mask.h"

namespace engine {

namespace {

constexpr std::string_view kPair = "pair:";

}  // namespace

void key_people(core::Event& event, const std::string& key, rules::Members& members,
                const std::function<bool(const std::string&)>& is_ours) {
  if (event.keyed) return;
  event.keyed = true;
  const bool ours = event.kind == core::Kind::AgentReport && is_ours && is_ours(event.author_id);
  if (!event.author_id.empty() && !ours)
    event.author_id = core::hex16(members.of(event.author_id).author);
  if (!event.customer.empty()) event.customer = rules::keyed_hash(key, "customer", event.customer);
  if (!event.order.empty()) event.order = rules::keyed_hash(key, "order", event.order);
  if (event.channel_id.starts_with(kPair))
    event.channel_id = std::string(kPair) + rules::keyed_hash(key, "channel", event.channel_id);
  core::text::mask(event.channel_name);
  for (std::string& tag : event.tags) core::text::mask(tag);
}

}  // namespace engine
