// Times and messages of a story.
#include <algorithm>
#include <charconv>

#include "rules/story_parts.h"

namespace rules {

namespace {

constexpr int64_t kRepeatMax = 5'000;

}  // namespace

std::optional<core::Millis> read_offset(Reading& r, const Node& node) {
  std::string_view s = node.text;
  if (s.starts_with('+')) s.remove_prefix(1);
  int64_t n = 0, unit = 0;
  if (node.kind == Node::Kind::Scalar && s.size() > 1) {
    const char last = s.back();
    unit = last == 's' ? 1 : last == 'm' ? 60 : last == 'h' ? 3'600 : last == 'd' ? 86'400 : 0;
    const char* end = s.data() + s.size() - 1;
    const auto parsed = std::from_chars(s.data(), end, n);
    if (parsed.ec != std::errc{} || parsed.ptr != end || n < 0) unit = 0;
  }
  if (unit == 0) {
    r.error(node, "wrong-type",
            both("写离开头多久，如 +0s、+3m、+2h",
                 "expected a time since the beginning, such as +0s, +3m, +2h"));
    return std::nullopt;
  }
  if (n <= kStoryLengthMax.count() / 1000 / unit) return core::Millis(n * unit * 1000);
  r.error(node, "out-of-range", both("故事最长 30 天", "a story lasts 30 days at most"));
  return std::nullopt;
}

namespace {

struct MessageText {
  StoryMessage message;
  std::optional<core::Millis> at;
  core::Millis every{60'000};
  int64_t repeat = 1, first = 1;
};

template <auto Member>
void message_text(Reading& r, const Node& n, MessageText& o) {
  keep(r.text(n), o.message.*Member);
}

template <auto Member>
void message_number(Reading& r, const Node& n, MessageText& o) {
  keep(r.integer(n, 0, 1'000'000'000), o.message.*Member);
}

void read_kind(Reading& r, const Node& n, MessageText& o) {
  static constexpr std::string_view kKinds[] = {"chat",   "post",      "repost",      "comment",
                                                "review", "complaint", "ticket",      "survey",
                                                "tip",    "hot",       "agent_report"};
  if (const auto i = r.choice(n, kKinds)) o.message.kind = kKinds[*i];
}

void read_role(Reading& r, const Node& n, MessageText& o) {
  static constexpr std::string_view kRoles[] = {"owner", "admin", "staff", "member"};
  if (const auto i = r.choice(n, kRoles)) o.message.role = kRoles[*i];
}

constexpr Field<MessageText> kMessage[] = {
    {{"at", Shape::Duration, Presence::Optional, "since the beginning; else `every` later"},
     [](Reading& r, const Node& n, MessageText& o) { o.at = read_offset(r, n); }},
    {{"repeat", Shape::Number, Presence::Optional, "so many; {n} in texts and ids counts them"},
     [](Reading& r, const Node& n, MessageText& o) {
       keep(r.integer(n, 1, kRepeatMax), o.repeat);
     }},
    {{"every", Shape::Duration, Presence::Optional, "between them, default 1m"},
     [](Reading& r, const Node& n, MessageText& o) { keep(read_offset(r, n), o.every); }},
    {{"first", Shape::Number, Presence::Optional, "the first {n}, default 1"},
     [](Reading& r, const Node& n, MessageText& o) { keep(r.integer(n, 0, 1'000'000), o.first); }},
    {{"group", Shape::Text, Presence::Required, "id of the group or channel"},
     message_text<&StoryMessage::group>},
    {{"group_name", Shape::Text, Presence::Optional, "as quotations show it"},
     message_text<&StoryMessage::group_name>},
    {{"members", Shape::Number, Presence::Optional, "size of the group"},
     message_number<&StoryMessage::members>},
    {{"service", Shape::Flag, Presence::Optional, "the channel serves customers"},
     [](Reading& r, const Node& n, MessageText& o) { keep(r.flag(n), o.message.service); }},
    {{"author", Shape::Text, Presence::Optional, "else one a group"},
     message_text<&StoryMessage::author>},
    {{"role", Shape::Text, Presence::Optional, "owner, admin, staff or member"}, read_role},
    {{"followers", Shape::Number, Presence::Optional, "of the author"},
     message_number<&StoryMessage::followers>},
    {{"kind", Shape::Text, Presence::Optional, "chat (default), post, review, ticket ..."},
     read_kind},
    {{"platform", Shape::Text, Presence::Optional, "default wechat"},
     message_text<&StoryMessage::platform>},
    {{"text", Shape::Text, Presence::Required, "what is said"}, message_text<&StoryMessage::text>},
    {{"image", Shape::Flag, Presence::Optional, "with a picture"},
     [](Reading& r, const Node& n, MessageText& o) { keep(r.flag(n), o.message.image); }},
    {{"id", Shape::Text, Presence::Optional, "to forward it or to reply to it"},
     message_text<&StoryMessage::id>},
    {{"forward_of", Shape::Text, Presence::Optional, "id of the message it forwards"},
     message_text<&StoryMessage::forward_of>},
    {{"reply_to", Shape::Text, Presence::Optional, "id of the message it answers"},
     message_text<&StoryMessage::reply_to>},
    {{"customer", Shape::Text, Presence::Optional, "of tickets and service talks"},
     message_text<&StoryMessage::customer>},
    {{"order", Shape::Text, Presence::Optional, "of tickets and service talks"},
     message_text<&StoryMessage::order>},
    {{"level", Shape::Level, Presence::Optional, "that a person gave a ticket"},
     [](Reading& r, const Node& n, MessageText& o) {
       if (const auto level = r.level(n)) o.message.level = core::name_of(*level);
     }},
    {{"sensitivity", Shape::Number, Presence::Optional, "1 to 5, of an agent's report"},
     [](Reading& r, const Node& n, MessageText& o) {
       keep(r.integer(n, 1, 5), o.message.sensitivity);
     }},
};

std::string numbered(std::string text, int64_t n) {
  const std::string digits = std::to_string(n);
  for (size_t at = text.find("{n}"); at != std::string::npos;
       at = text.find("{n}", at + digits.size()))
    text.replace(at, 3, digits);
  return text;
}

void spread(const MessageText& written, core::Millis start, std::vector<StoryMessage>& out) {
  for (int64_t i = 0; i < written.repeat && out.size() < kStoryMessagesMax; ++i) {
    StoryMessage m = written.message;
    const int64_t n = written.first + i;
    for (std::string* text : {&m.group, &m.group_name, &m.author, &m.text, &m.id, &m.forward_of,
                              &m.reply_to, &m.customer, &m.order})
      *text = numbered(std::move(*text), n);
    m.after = start + written.every * i;
    out.push_back(std::move(m));
  }
}

}  // namespace

void read_messages(Reading& r, const Node& node, Story& story) {
  core::Millis last{0};
  read_list(r, node, [&](const Node& item) {
    MessageText written;
    written.message.place = r.place(item);
    read_object(r, item, "message", kMessage, written);
    const bool first = story.messages.empty();
    const core::Millis start =
        written.at ? *written.at : (first ? core::Millis(0) : last + written.every);
    const core::Millis end = start + written.every * (written.repeat - 1);
    if (end > kStoryLengthMax)
      return r.error(item, "out-of-range", both("故事最长 30 天", "a story lasts 30 days at most"));
    const auto repeats = static_cast<size_t>(written.repeat);
    if (story.messages.size() + repeats > kStoryMessagesMax)
      return r.error(item, "too-large",
                     both("消息太多，最多 20000 条", "too many messages, at most 20000"));
    spread(written, start, story.messages);
    last = end;
  });
  if (story.messages.empty())
    r.error(node, "empty-list", both("至少要一条消息", "at least one message"));
  std::ranges::stable_sort(story.messages, {}, &StoryMessage::after);
}

std::vector<Key> message_keys() { return keys_of(kMessage); }

}  // namespace rules
