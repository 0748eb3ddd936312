#pragma once
// Messages: what a notification says, in words. Pure: everything comes from the Notification.
//
//   blocks_of()  the message as a list of labelled lines, in reading order; a channel puts its own
//                markup round them (channels/wecom.cc) or prints them plainly (plain_text()).
//   sentence()   why something happened, for messages, the command line and readers of the ledger.
//
// Chinese first, then one line of English. A person with a deadline to decide gets the short form:
// what, how far, how fast, money, why, until when, what may be decided. Everybody else who must act
// gets the evidence too. The end of an incident is told in four lines.
#include <string>
#include <string_view>
#include <vector>

#include "alerting/channel.h"
#include "alerting/message_text.h"
#include "core/incident.h"
#include "core/notification.h"

namespace alerting {

// One sentence without a full stop, with every figure of the code in it (message_sentence.cc holds
// the table). An unknown code gives its name and figures, so that an old reader loses nothing.
std::string sentence(const core::Because& because, Language language);
// All codes that have a sentence, in the order of the table.
std::vector<std::string_view> because_codes();

std::string_view chinese_of(core::IncidentState state);  // 待确认 已确认 已决定 已关闭

enum class Part : uint8_t {
  Title,
  Reference,  // incident · revision · state, and whom it is for
  Fact,       // why, how far, how fast, how much, who else, what is not known
  Option,     // a response that may be chosen, with its cost
  Deadline,
  Quote,
  Similar,  // a closed case like this one
  Item,     // one incident of a digest
  More,     // how much is not shown, and where it is
  Link,     // `text` says what it does, `url` where; a channel with buttons makes one of it
  Answer,   // a command to type
  English,
};

// One line. What must go when it gets tight is decided by message_fit.h: blocks that are not
// mandatory by priority, the lowest first, of equals the last; then texts that shrink.
struct Block {
  Part part = Part::Fact;
  std::string label;  // "原因"; may be empty
  std::string text;   // one line, no markup: the channel escapes it
  uint8_t priority = 0;
  bool mandatory = false;
  // Graphemes of `text` that must stay (then "…"); 0: it is not cut.
  size_t shrinks_to = 0;
  // More: pieces of evidence that are not shown, which `text` begins with; whoever takes a Quote
  // away says one more.
  int64_t unseen = 0;
  std::string url, action;  // Link: of ActionLink
};

// How the message is to be read.
struct Reading {
  int zone_offset_minutes = 480;
  Degrade level = Degrade::Full;
  bool resend = false;  // an earlier try may have been posted: the title says （重发）
};

// The first block is the title. Neutral blocks hold no text but our own. Links come as Link blocks,
// at most kLinksMax, the first of them mandatory; commands are left out for what has a link.
inline constexpr size_t kLinksMax = 3;
std::vector<Block> blocks_of(const core::Notification& n, const Extras& extras,
                             const Reading& reading);
std::vector<Block> blocks_of(const core::Notification& n, const Reading& reading);  // no extras
std::string plain_text(const std::vector<Block>& blocks);  // lines, no newline at the end

}  // namespace alerting
