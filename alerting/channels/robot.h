#pragma once
// What the robots (dingtalk, feishu, slack, teams, pagerduty, alertmanager) share: fitting a
// message with its buttons, the table of a vendor's answers, and the check of settings.
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/channel.h"
#include "alerting/message_fit.h"

namespace alerting {

// What one message is made of. `links` are those of `extras` that the robot shows, as buttons.
struct RobotMessage {
  const core::Notification& notification;
  const Extras& extras;
  const Rendering& how;
  const std::vector<ActionLink>& links;
};
// The message within the robot's budget (message_fit.h). `body_of` adds the links itself: the
// blocks that it gets hold none. `warnings` go in front of those of the fitting.
Rendered robot_message(const RobotMessage& message, std::vector<std::string> warnings,
                       const Serialiser& body_of, const Fits& fits);
Rendered robot_message(const RobotMessage& message, std::vector<std::string> warnings,
                       const Serialiser& body_of, size_t budget_bytes);

// Option `mention`: "person" (default), "all" or "none".
bool mentions_all(const Destination& to);
// The person's ids of `kind` that `valid` takes; with a warning when there is none and it is asked.
std::vector<std::string> mentioned(const core::Notification& n, const Destination& to,
                                   std::string_view kind, bool (*valid)(std::string_view id),
                                   std::vector<std::string>& warnings);

std::string option(const Destination& to, std::string_view name, std::string_view otherwise = "");

// The robot's keyword as a line of its own, unless the message has it anyway.
void add_keyword(const Destination& to, std::vector<Block>& blocks);

// The first `count` links that lead to https (or http where private addresses are allowed).
std::vector<ActionLink> usable_links(const Extras& extras, const Destination& to, size_t count);

struct OptionRule {
  std::string_view name;
  std::vector<std::string_view> values;  // empty: any text of 1 to 60 bytes
};
// URL, host (`hosts`: exact, or a suffix that begins with a dot) and options. Errors repeat neither
// the URL nor a value.
core::Result<core::Unit> check_robot(const Destination& to, std::string_view vendor,
                                     std::initializer_list<std::string_view> hosts,
                                     const std::vector<OptionRule>& options);
core::Error wrong_settings(const Destination& to, std::string_view what);

// One answer of a vendor and what it means. The first row that fits decides: one code has several
// meanings, and words come in an old English and a new Chinese style.
struct AnswerRow {
  int64_t code;
  std::string_view words;  // in lower case, somewhere in the message; "" = any
  Outcome outcome;
  std::string_view reason = "";  // for people, in front of the vendor's words
  core::Millis pause{0};         // RetryDestination
  uint32_t retries_max = 0;      // RetryMessage
  bool alarm = false, sanitise = false, prepare_again = false;
};
inline constexpr int64_t kAnyCode = INT64_MIN;
// No row: DeadMessage and an alarm.
SendResult by_table(std::span<const AnswerRow> rows, int64_t code, const std::string& words);
SendResult unclassified(Outcome outcome, std::string_view what, int status);

std::string lower(std::string_view text);
// Each byte of `of` gets a backslash before it.
std::string with_backslashes(std::string_view text, std::string_view of);
struct Twin {
  char from;
  std::string_view to;
};
std::string replaced(std::string_view text, std::span<const Twin> twins);

}  // namespace alerting
