// POST of a link: the one place where a link changes anything. In this order: the token, where the
// press came from, whether it was used, the page, the choice, the person, then the grant by
// compare-and-swap, then the act.
#include <algorithm>

#include "console/console.h"
#include "console/html.h"
#include "console/pin.h"
#include "core/log.h"
#include "core/text/mask.h"

namespace console {

namespace {

constexpr size_t kBecauseBytes = 600;

// Browsers say where a form came from; what says nothing at all is no browser and holds no page.
bool from_our_page(const Request& request) {
  const std::string site = request.header("Sec-Fetch-Site"), origin = request.header("Origin");
  if (!site.empty() && site != "same-origin") return false;
  if (origin.empty()) return site == "same-origin";
  // Under no-referrer a browser may hide the origin of a form; the site then has to be told.
  if (origin == "null") return site == "same-origin";
  const size_t host = origin.find("://");
  return host != std::string::npos && origin.substr(host + 3) == request.header("Host");
}

}  // namespace

Response Console::press_link(const Request& request, const std::string& token) {
  const auto grant = grants_.find(token, hooks_.wall());
  if (!grant) return unavailable();
  const Grant* known = *grant ? &**grant : nullptr;
  const auto refuse = [&](const char* kind, Response response) {
    note(kind, request, known);
    return response;
  };
  if (known == nullptr) return refuse("press_unknown", not_found());
  if (!links_.allows(known->jti, hooks_.wall()))
    return refuse("press_too_often", page(429, "请稍后再试", "<p>Too many requests.</p>"));
  if (!from_our_page(request)) return refuse("press_cross_origin", not_from_our_page());
  if (known->used()) return refuse("press_again", used_page(*known));
  const auto view = hooks_.incident(known->incident, known->person);
  if (!view || revoked(*known, *view)) return refuse("press_revoked", not_found());
  const Form form = parse_form(request.body);
  const auto field = [&](const char* name) {
    const auto place = form.find(name);
    return place == form.end() ? std::string() : place->second;
  };
  if (!nonce_is_ours(*known, field("nonce"))) return refuse("press_no_page", not_from_our_page());
  if (const std::string wrong = wrong_choice(*known, *view, form); !wrong.empty())
    return refuse("press_incomplete", link_page(400, *known, *view, wrong));
  Response refusal;
  if (!person_is_proved(request, *known, field("pin"), refusal)) return refusal;
  const bool past = view->state == core::IncidentState::Closed ||
                    (known->action == "decide" && view->state == core::IncidentState::Decided);
  if (past)
    return refuse("press_conflict",
                  page(409, "已有结果",
                       "<p>" + escaped(known->incident) + " · " + state_in_words(view->state) +
                           "</p><p>Nothing was changed: it is past.</p>"));
  return carry_out(*known, form, request);
}

std::string Console::wrong_choice(const Grant& grant, const IncidentView& view,
                                  const Form& form) const {
  const auto option = form.find("option");
  const std::string chosen = option == form.end() ? "" : option->second;
  if (grant.action == "advise")
    return chosen == "confirm" || chosen == "doubt" ? "" : "请选择 choose one";
  if (grant.action != "decide") return "";
  if (std::ranges::find(view.options, chosen, &OptionView::id) == view.options.end())
    return "请选择一个方案 choose an option";
  const auto sure = form.find("sure");
  return sure != form.end() && sure->second == "yes" ? "" : "请勾选确认 confirm the decision";
}

bool Console::person_is_proved(const Request& request, const Grant& grant, const std::string& pin,
                               Response& refusal) {
  const auto refuse = [&](const char* kind, const char* heading, const char* text) {
    note(kind, request, &grant);
    refusal = page(403, heading, std::string("<p>") + text + "</p>");
    return false;
  };
  const auto person = hooks_.person(grant.person);
  if (!person || person->pin_hash.empty())
    return refuse("pin_missing", "不能在此确认",
                  "您没有 PIN，请用其他方式处理。You have no PIN; use another way.");
  const auto may = tries_.begin(grant.person, hooks_.wall());
  if (!may) {
    refusal = unavailable();
    return false;
  }
  constexpr const char* kLockedText =
      "PIN 错误次数过多，15 分钟后再试。Too many wrong PINs; 15 minutes.";
  if (*may == PinTries::Answer::Locked) return refuse("pin_locked", "已锁定", kLockedText);
  if (verify_pin(person->pin_hash, pin)) {
    // A count that stays is only a nuisance to its owner: no ground to refuse.
    if (const auto cleared = tries_.right(grant.person); !cleared)
      core::log(core::LogLevel::Warning, "console: " + cleared.error().message);
    return true;
  }
  if (*may == PinTries::Answer::GoLast) {
    hooks_.pin_locked(grant.person);
    core::log(core::LogLevel::Warning, "console: five wrong PINs, locked: " + grant.person);
    return refuse("pin_locked", "已锁定", kLockedText);
  }
  return refuse("pin_wrong", "PIN 不正确",
                "PIN 不正确，请返回重试。The PIN is wrong; go back and try again.");
}

Response Console::carry_out(const Grant& before, const Form& form, const Request& request) {
  Grant used = before;
  used.used_at = hooks_.wall();
  used.used_by = before.person;
  if (const auto option = form.find("option"); option != form.end()) used.option = option->second;
  if (const auto because = form.find("because"); because != form.end()) {
    used.because = shortened(because->second, kBecauseBytes);
    core::text::mask(used.because);
  }
  const auto taken = grants_.use(before, used);
  if (!taken && taken.error().code != core::Code::Conflict) return unavailable();
  if (!taken) {  // somebody pressed at the same moment: they see what that one did
    note("press_again", request, &before);
    const auto known = store_.find("grants", act_id(before).substr(5));
    Grant winner;
    if (!known || !*known || !decode((*known)->value, winner)) return unavailable();
    return winner.result.empty() ? wait_for_outcome(winner) : used_page(winner);
  }
  if (const auto handed = hooks_.act(act_of(used), act_id(used)); !handed) {
    const auto undone = grants_.use(used, before);  // else resume() hands it over later
    core::log(core::LogLevel::Error, "console: " + handed.error().message +
                                         (undone ? "" : "; kept, to be handed over at next start"));
    note("press_failed", request, &before);
    return unavailable();
  }
  note("press_done", request, &before);
  return wait_for_outcome(used);
}

Response Console::wait_for_outcome(const Grant& used) {
  Response response;
  response.later = [this, used](bool last) -> std::optional<Response> {
    const auto outcome = hooks_.outcome(act_id(used));
    if (!outcome) return last ? std::optional(used_page(used)) : std::nullopt;
    Grant done = used;
    done.result = outcome->text.empty() ? "已记录 recorded" : outcome->text;
    done.conflict = outcome->conflict;
    // Of two that wait for the same result one writes it; the other has nothing to add.
    if (const auto kept = grants_.use(used, done);
        !kept && kept.error().code != core::Code::Conflict)
      core::log(core::LogLevel::Warning, "console: " + kept.error().message);
    return used_page(done);
  };
  return response;
}

}  // namespace console
