#pragma once
// StoryLine: a story of the desk as a reader follows it: one line for each time that somebody was
// told, the card in their hands, and the decision log. The laundry detergent of DOMAIN.md.
//
//   spread({.sku = "TB103"});
//   CHECK(line(0min) == "0 opened rule_groups: duty@1\n"
//                       "0 opened rung_loss: cs-manager@2 qa-director@3 ceo@4\n");
//   CHECK(says(card("ceo"), "请在 2026-03-10 14:30 前作出决定"));
#include <string>
#include <string_view>
#include <vector>

#include "alerting/channel.h"
#include "desk_story.h"

namespace desk_test {

// The ladder of DESIGN 9: duty (10 min), cs-manager (15, 60), qa-director (15, 45), ceo (30, then
// every 15). Products: TB103, 20 million CNY sold, expected loss 4,005,960; TB201 500,000; TB301
// 60,000; TB401 2,000. Options: return-and-compensate, keep-and-coupon, statement.
core::Policy detergent_policy();

bool says(const std::string& text, std::string_view words);

class StoryLine : public DeskStory {
 public:
  explicit StoryLine(core::Policy policy = detergent_policy(),
                     alerting::Proof proof = alerting::Proof::Assumed);

  // Three groups of 500 see it within the minute: the shortest way to an open incident.
  void spread(const Says& words, core::Millis when = 0min);

  // Who was told up to `when` since last asked, in order: "MINUTE kind reason: person@rung ...", a
  // line for each minute, kind and reason. A person's later channels are named ("/webhook:backup"),
  // actions are "action>channel". Reviews are left out.
  std::string line(core::Millis when);
  // What the newest message to them says; "" when there is none.
  std::string card(const std::string& person, const alerting::Extras& extras = {}) const;
  const core::Notification& newest(const std::string& person) const;
  size_t times(const std::string& person, core::Cause cause) const;
  // "30 decided ceo return-and-compensate", a line an entry.
  std::string log() const;
  // A figure that the decision log froze with the entry that is the newest of its kind.
  int64_t frozen(std::string_view what, std::string_view figure) const;
  std::string why() const { return text_of(now().because); }
  std::string refusal() const { return all.refusals.empty() ? "" : text_of(refused().because); }

 private:
  size_t asked_ = 0;
};

}  // namespace desk_test
