#pragma once
// The console: answers requests. No sockets here (server.h) and no thread of its own.
#include <map>
#include <string>

#include "console/grants.h"
#include "console/hooks.h"
#include "console/pin_tries.h"
#include "console/rate.h"
#include "console/request.h"
#include "core/store.h"

namespace console {

struct Limits {
  int64_t burst = 60;        // requests of one address at once,
  core::Millis refill{200};  // and one more every so often
  int64_t link_burst = 20;   // presses of one link
  core::Millis link_refill{10'000};
  core::Millis page_life{10 * 60'000};  // how long an open page may be pressed
};

// All methods on one thread, the server's. Everything given must outlive it.
class Console {
 public:
  Console(core::Store& store, Grants& grants, Hooks hooks, Limits limits = {});

  // The answer to a whole request; Response::later may be set.
  Response answer(const Request& request);

  // Hands over again what was pressed before a crash and has no result yet. Call once, at start.
  core::Result<core::Unit> resume();

  int64_t prefetches_suspected() const { return prefetches_; }

 private:
  friend class Router;
  // Pages, one file each (router.cc has the table).
  Response show_link(const Request& request, const std::string& token);   // page_action.cc
  Response press_link(const Request& request, const std::string& token);  // page_press.cc
  Response callback(const Request& request, const std::string& channel);  // page_callback.cc
  Response health(const Request& request, const std::string&);            // page_health.cc
  Response metrics(const Request& request, const std::string&);

  Response link_page(int status, const Grant& grant, const IncidentView& view,
                     const std::string& remark);
  Response result_page(int status, const Grant& grant, const std::string& result);
  Response used_page(const Grant& grant);
  bool revoked(const Grant& grant, const IncidentView& view) const;
  std::string page_nonce(const Grant& grant, core::Time at) const;
  bool nonce_is_ours(const Grant& grant, const std::string& nonce) const;

  bool person_is_proved(const Request& request, const Grant& grant, const std::string& pin,
                        Response& refusal);
  std::string wrong_choice(const Grant& grant, const IncidentView& view, const Form& form) const;
  Response carry_out(const Grant& before, const Form& form, const Request& request);
  Response wait_for_outcome(const Grant& used);
  core::Act act_of(const Grant& grant) const;
  void note(std::string kind, const Request& request, const Grant* grant) const;

  core::Store& store_;
  Grants& grants_;
  Hooks hooks_;
  Limits limits_;
  PinTries tries_;
  Rate addresses_, links_;
  int64_t prefetches_ = 0;
};

// In words: "确认接手 Acknowledge"; the action itself when unknown.
std::string action_in_words(const std::string& action);
std::string state_in_words(core::IncidentState state);
// "link-" and the hex of the jti: under which a press is handed over.
std::string act_id(const Grant& grant);

}  // namespace console
