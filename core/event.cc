#include "core/event.h"

#include <array>
#include <utility>

namespace core {

namespace {

constexpr std::array<std::pair<std::string_view, Kind>, 14> kKinds = {{
    {"post", Kind::Post},
    {"repost", Kind::Repost},
    {"comment", Kind::Comment},
    {"chat", Kind::Chat},
    {"review", Kind::Review},
    {"complaint", Kind::Complaint},
    {"ticket", Kind::Ticket},
    {"survey", Kind::Survey},
    {"tip", Kind::Tip},
    {"hot", Kind::Hot},
    {"agent_report", Kind::AgentReport},
    {"command", Kind::Command},
    {"outcome", Kind::Outcome},
    {"report", Kind::Tip},
}};

}  // namespace

std::optional<Kind> kind_from(std::string_view name) {
  for (const auto& [word, kind] : kKinds)
    if (word == name) return kind;
  return std::nullopt;
}

std::string_view name_of(Kind kind) {
  for (const auto& [word, value] : kKinds)
    if (value == kind) return word;
  return "post";
}

void Event::clear() {
  for (std::string* s : {&id, &platform, &channel_id, &channel_name, &author_id, &text, &forward_of,
                         &reply_to, &root, &customer, &order, &recall_of})
    s->clear();
  published = at = Time{};
  kind = Kind::Post;
  channel_members = author_followers = 0;
  author_role = Role::None;
  reported_level = sensitivity = 0;
  counts.clear();
  tags.clear();
  attachments.clear();
  act.reset();
  keyed = false;
}

}  // namespace core
