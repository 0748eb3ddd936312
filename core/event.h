#pragma once
// Event: one thing that somebody said or did, as a platform told it to us. Made by
// ingest/decoders/, its time settled by engine/stream (DESIGN 11.1-11.3), masked by the lane before
// anything else sees its text.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace core {

enum class Kind : uint8_t {
  Post,
  Repost,
  Comment,
  Chat,
  Review,
  Complaint,
  Ticket,
  Survey,
  Tip,
  Hot,
  AgentReport,
  Command,
  Outcome,
};
// "post" ... "agent_report" "command" "outcome"; "report" is read as Tip (DESIGN 11.13).
std::optional<Kind> kind_from(std::string_view name);
std::string_view name_of(Kind kind);

enum class Role : uint8_t { None, Owner, Admin, Staff, Other };  // group leader = Owner or Admin

// The tag of messages of a channel that serves customers.
inline constexpr std::string_view kServiceTag = "service";

struct Attachment {
  std::string kind;   // image video voice file link mini_program card
  std::string hash;   // the same hash is the same picture or file; may be empty
  std::string title;  // masked like the text
};

struct Count {
  std::string name;
  int64_t value = 0;
};

// What a person or the courier did, on the command lane (DESIGN 11.6).
struct Act {
  // Commands about an incident: ack decide approve reject close escalate deescalate advise result
  // handover. About many: silence unsilence. Outcomes: delivered refused unknown suppressed.
  std::string what;
  std::string incident;      // commands; for silence what is silenced: alerting/silence.h
  std::string notification;  // outcomes
  std::string by;            // person id; for outcomes empty
  // decide: the option. advise: confirm or doubt. result: the action's id. escalate: "" or a rung.
  std::string option;
  std::string value;      // result: done or failed. silence: minutes. handover: to whom
  std::string because;    // a person's words, masked
  std::string door;       // cli, link, story, courier, wecom, feishu, slack
  uint32_t revision = 0;  // the revision that the person saw; 0: not told
};

inline constexpr size_t kTextMax = 64 * 1024;
inline constexpr size_t kMessageMax = 1024 * 1024;  // a raw message above this is a dead letter

struct Event {
  std::string id;
  Time published{};  // the event's own time
  Time at{};         // the time it is taken at: published, or the stream's announced mark when late
  std::string platform;
  Kind kind = Kind::Post;
  std::string channel_id, channel_name;
  uint32_t channel_members = 0;  // 0: not told
  std::string author_id;
  uint32_t author_followers = 0;
  Role author_role = Role::None;
  std::string text;  // UTF-8, at most kTextMax bytes
  std::string forward_of, reply_to, root;
  std::vector<Count> counts;
  std::vector<std::string> tags;
  std::vector<Attachment> attachments;
  // Raw ids of tickets and service chats; only their keyed hashes leave the lane.
  std::string customer, order;
  uint8_t reported_level = 0;  // tickets and agents' reports: 0 none, 1 blue .. 4 red
  uint8_t sensitivity = 0;     // agents' reports: 1 low .. 5 extreme, 0 not told
  std::string recall_of;   // a recall: the id that was taken back; the evidence stays and is marked
  std::optional<Act> act;  // kinds Command and Outcome only
  // author_id, customer and order are keyed hashes already: it comes out of the archive.
  bool keyed = false;

  // Empties every field and keeps the capacity, so that a slot can be reused without allocating.
  void clear();
};

// Events are large and change hands several times: by pointer, so that a dozen strings need not
// move.
using EventSlot = std::unique_ptr<Event>;

}  // namespace core
