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
  Fact,       // why, how far, how fast, how much, who else
  Deadline,
  Quote,
  More,    // how much evidence is not shown, and where it is
  Answer,  // a command to type
  English,
};

struct Block {
  Part part = Part::Fact;
  std::string label;  // "原因"; may be empty
  std::string text;   // one line, no markup
};

// How the message is to be read.
struct Reading {
  int zone_offset_minutes = 480;
  Degrade level = Degrade::Full;
  bool resend = false;  // an earlier try may have been posted: the title says （重发）
};

// The first block is the title. Neutral blocks hold no text but our own.
std::vector<Block> blocks_of(const core::Notification& n, const Reading& reading);
std::string plain_text(const std::vector<Block>& blocks);  // lines, no newline at the end

}  // namespace alerting
