// GET, HEAD and OPTIONS of a link: what pressing would do. Nothing changes, whoever asks how often:
// previewers and scanners follow every link before people do.
#include <fmt/format.h>

#include <charconv>

#include "console/callers.h"
#include "console/console.h"
#include "console/crypt.h"
#include "console/html.h"

namespace console {

namespace {

constexpr size_t kNonceBytes = 16, kOptionsMax = 6, kLinesMax = 5, kLineBytes = 120;
constexpr int kZoneOffsetMinutes = 480;

// "1,234,567"
std::string grouped(int64_t value) {
  std::string text = std::to_string(value);
  const size_t first = value < 0 ? 1 : 0;
  for (size_t i = text.size(); i > first + 3;) text.insert(i -= 3, ",");
  return text;
}

std::string in_words(const core::Interval& cost) {
  if (cost.middle < 0) return "费用未能估算 cost unknown";
  if (cost.high == 0) return "不另花钱 no extra cost";
  return fmt::format("约 about CNY {}（{}–{}）", grouped(cost.middle), grouped(cost.low),
                     grouped(cost.high));
}

std::string options_of(const IncidentView& view) {
  std::string out;
  for (size_t i = 0; i < view.options.size() && i < kOptionsMax; ++i) {
    const OptionView& option = view.options[i];
    out += fmt::format(
        "<p><label><input type=\"radio\" name=\"option\" value=\"{}\" required> {}：{}{}"
        "</label></p>",
        escaped(shortened(option.id, 48)), escaped(shortened(option.name, 60)),
        in_words(option.cost_cny),
        option.within_authority ? "" : "，超出权限 beyond your authority");
  }
  return out +
         "<p><label>理由 Reason<br><textarea name=\"because\" maxlength=\"300\" rows=\"3\">"
         "</textarea></label></p><p><label><input type=\"checkbox\" name=\"sure\" value=\"yes\" "
         "required> 我确认这个决定 I confirm this decision</label></p>";
}

}  // namespace

Response Console::show_link(const Request& request, const std::string& token) {
  if (agent_class(request.header("User-Agent")) == "preview" ||
      !request.header("Purpose").empty() || !request.header("Sec-Purpose").empty()) {
    ++prefetches_;
    note("prefetch_suspected", request, nullptr);
  }
  const auto grant = grants_.find(token, hooks_.wall());
  if (!grant) return unavailable();
  if (!*grant) return not_found();
  if ((*grant)->used()) return used_page(**grant);
  const auto view = hooks_.incident((*grant)->incident, (*grant)->person);
  if (!view || revoked(**grant, *view)) return not_found();
  return link_page(200, **grant, *view, "");
}

Response Console::link_page(int status, const Grant& grant, const IncidentView& view,
                            const std::string& remark) {
  std::string inside;
  if (!remark.empty()) inside += "<p><strong>" + escaped(remark) + "</strong></p>";
  inside += fmt::format("<p>{} · r{} · {}</p>", escaped(grant.incident), view.revision,
                        state_in_words(view.state));
  for (size_t i = 0; i < view.lines.size() && i < kLinesMax; ++i)
    inside += "<p>" + escaped(shortened(view.lines[i], kLineBytes)) + "</p>";
  inside += "<form method=\"post\"><input type=\"hidden\" name=\"nonce\" value=\"" +
            page_nonce(grant, hooks_.wall()) + "\">";
  if (grant.action == "decide") inside += options_of(view);
  if (grant.action == "advise")
    inside +=
        "<p><label><input type=\"radio\" name=\"option\" value=\"confirm\" required> 属实 "
        "confirm</label> <label><input type=\"radio\" name=\"option\" value=\"doubt\"> 存疑 doubt"
        "</label></p>";
  inside += fmt::format(
      "<p><label>PIN <input name=\"pin\" type=\"password\" inputmode=\"numeric\" minlength=\"6\" "
      "maxlength=\"12\" autocomplete=\"off\" required></label></p><p><button>{}</button></p></form>"
      "<p>有效期至 valid until {}</p>",
      escaped(action_in_words(grant.action)), core::format_time(grant.expires, kZoneOffsetMinutes));
  return page(status, action_in_words(grant.action), inside);
}

Response Console::used_page(const Grant& grant) {
  if (!grant.result.empty()) return result_page(grant.conflict ? 409 : 200, grant, grant.result);
  const auto outcome = hooks_.outcome(act_id(grant));
  return result_page(outcome && outcome->conflict ? 409 : 200, grant,
                     outcome ? outcome->text : "已受理 accepted, not carried out yet");
}

Response Console::result_page(int status, const Grant& grant, const std::string& result) {
  const auto person = hooks_.person(grant.used_by);
  std::string inside = fmt::format("<p>{} 已由 {} 于 {} 提交。</p><p>{}</p><p>Pressed by {}.</p>",
                                   escaped(action_in_words(grant.action)),
                                   escaped(person ? person->name : grant.used_by),
                                   core::format_clock(grant.used_at, kZoneOffsetMinutes),
                                   escaped(shortened(result, 600)), escaped(grant.used_by));
  if (const auto view = hooks_.incident(grant.incident, grant.person))
    inside += fmt::format("<p>{} · r{} · {}</p>", escaped(grant.incident), view->revision,
                          state_in_words(view->state));
  return page(status, "已提交 Recorded", inside);
}

bool Console::revoked(const Grant& grant, const IncidentView& view) const {
  const bool decides =
      grant.action == "decide" || grant.action == "approve" || grant.action == "reject";
  return decides && grant.revision < view.question_since;
}

std::string Console::page_nonce(const Grant& grant, core::Time at) const {
  const std::string when = std::to_string(core::to_ms(at));
  const std::string purpose("yq-page-v1\0", 11);
  const std::string& key = grants_.keys().signing_key();
  const std::string mac = hmac_sha256(key, purpose + grant.jti + when).substr(0, kNonceBytes);
  return when + "." + to_base64url(mac);
}

bool Console::nonce_is_ours(const Grant& grant, const std::string& nonce) const {
  int64_t ms = 0;
  const size_t dot = std::min(nonce.find('.'), nonce.size());
  if (dot == 0 || dot > 15) return false;
  const auto read = std::from_chars(nonce.data(), nonce.data() + dot, ms);
  if (read.ec != std::errc() || read.ptr != nonce.data() + dot || ms < 0) return false;
  const core::Time at = core::from_ms(ms), wall = hooks_.wall();
  return at <= wall && wall - at <= limits_.page_life &&
         equal_secretly(nonce, page_nonce(grant, at));
}

}  // namespace console
