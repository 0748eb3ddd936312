// Slack incoming webhook (CHANNELS 2.5): blocks with a fallback text. Only the body `ok` proves
// anything; refusals are words in plain text. Links are buttons, and nothing is unfurled.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerting/channels/answer.h"
#include "alerting/channels/json_body.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/robot.h"

namespace alerting {

namespace {

using Json = nlohmann::ordered_json;

// UTF-8 as it is: \u escapes double the size of Chinese text.
constexpr size_t kBodyBytesMax = 10'000, kSectionBytesMax = 2'800, kBlocksMax = 20, kLinksMax = 3;
constexpr core::Millis kPause{1'000};

constexpr std::array<AnswerRow, 20> kRows = {{
    {kAnyCode, "rate_limited", Outcome::RetryDestination, "pace", kPause},
    {kAnyCode, "ratelimited", Outcome::RetryDestination, "pace", kPause},
    {kAnyCode, "rollup_error", Outcome::RetryMessage},
    {kAnyCode, "invalid_blocks", Outcome::FixContent, "size"},
    {kAnyCode, "msg_blocks_too_long", Outcome::FixContent, "size"},
    {kAnyCode, "too_many_attachments", Outcome::FixContent, "size"},
    {.code = kAnyCode, .words = "invalid_payload", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = kAnyCode, .words = "no_text", .outcome = Outcome::DeadMessage, .alarm = true},
    {kAnyCode, "user_not_found", Outcome::DeadDestination},
    {kAnyCode, "action_prohibited", Outcome::DeadDestination},
    {kAnyCode, "posting_to_general_channel_denied", Outcome::DeadDestination},
    {kAnyCode, "channel_not_found", Outcome::DeadDestination},
    {kAnyCode, "channel_is_archived", Outcome::DeadDestination},
    {kAnyCode, "no_service_id", Outcome::DeadDestination},
    {kAnyCode, "no_service", Outcome::DeadDestination},
    {kAnyCode, "invalid_token", Outcome::DeadDestination},
    {kAnyCode, "no_active_hooks", Outcome::DeadDestination},
    {kAnyCode, "no_team", Outcome::DeadDestination},
    {kAnyCode, "team_disabled", Outcome::DeadDestination},
    {.code = 400, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
}};

bool is_member_id(std::string_view id) {
  return id.size() > 1 && id.size() <= 20 && (id[0] == 'U' || id[0] == 'W') &&
         std::ranges::all_of(
             id, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

std::string escaped(std::string_view text) {
  constexpr std::array<Twin, 3> kTwins = {{{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}}};
  return replaced(text, kTwins);
}

// verbatim: nothing in it becomes a link or a mention by itself.
Json mrkdwn(const std::string& text) {
  return {{"type", "mrkdwn"}, {"text", text}, {"verbatim", true}};
}
Json plain(const std::string& text) {
  return {{"type", "plain_text"}, {"text", text}, {"emoji", false}};
}
Json section(const Json& text) { return {{"type", "section"}, {"text", text}}; }

// Backticks and stars of strangers are only looks here, but a forged bold line misleads.
std::string marked(const Block& b) {
  constexpr std::array<Twin, 4> kTwins = {{{'*', "＊"}, {'`', "'"}, {'~', "～"}, {'_', "＿"}}};
  const std::string text = escaped(b.part == Part::Answer ? b.text : replaced(b.text, kTwins));
  return b.label.empty() ? text : "*" + escaped(b.label) + "*：" + text;
}

Json blocks_json(const std::vector<Block>& blocks, const std::string& mentions,
                 const std::vector<ActionLink>& links) {
  Json out = Json::array();
  out.push_back({{"type", "header"}, {"text", plain(clipped(blocks.front().text, {100, 150}))}});
  std::string lines;
  const auto flush = [&out, &lines] {
    if (!lines.empty()) out.push_back(section(mrkdwn(std::exchange(lines, ""))));
  };
  for (size_t i = 1; i < blocks.size(); ++i) {
    const Block& b = blocks[i];
    if (b.part == Part::Quote) {
      flush();
      out.push_back(section(plain(b.text)));
      continue;
    }
    const std::string line = marked(b);
    if (lines.size() + line.size() + 1 > kSectionBytesMax) flush();
    lines += (lines.empty() ? "" : "\n") + line;
  }
  flush();
  if (!mentions.empty()) out.push_back(section(mrkdwn(mentions)));
  Json buttons = Json::array();
  for (const ActionLink& link : links)
    buttons.push_back({{"type", "button"},
                       {"text", plain(clipped(one_line(link.label), {20, 75}))},
                       {"url", link.url}});
  if (!buttons.empty()) out.push_back({{"type", "actions"}, {"elements", buttons}});
  return out;
}

// Every section within the vendor's limit too.
bool fits(const std::string& body) {
  if (body.size() > kBodyBytesMax) return false;
  const Json json = Json::parse(body);
  if (json["blocks"].size() > kBlocksMax) return false;
  return std::ranges::all_of(json["blocks"], [](const Json& block) {
    return block["type"] != "section" ||
           block["text"]["text"].get_ref<const std::string&>().size() <= kSectionBytesMax;
  });
}

class Slack final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kBodyBytesMax;
    caps.bucket = {1, 1, core::Millis(1'000)};
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto robot =
        check_robot(to, "slack", {"hooks.slack.com"}, {{"mention", {"all", "person", "none"}}});
    if (!robot) return robot.error();
    if (to.url.find("/services/") == std::string::npos)
      return wrong_settings(to, "the url is not a webhook's (/services/...)");
    return core::Unit{};
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    std::vector<std::string> warnings;
    std::string mentions = mentions_all(to) ? "<!channel>" : "";
    for (const std::string& id : mentioned(n, to, "slack", is_member_id, warnings))
      mentions += "<@" + id + "> ";
    std::vector<ActionLink> links = usable_links(extras, to, kLinksMax);
    std::erase_if(links, [](const ActionLink& link) { return link.url.size() > 3'000; });
    const auto body_of = [&](const std::vector<Block>& blocks) {
      const Json body = {{"text", escaped(clipped(blocks.front().text, {100, 300}))},
                         {"blocks", blocks_json(blocks, mentions, links)},
                         {"unfurl_links", false},
                         {"unfurl_media", false}};
      return compact(body);
    };
    return robot_message({n, extras, how, links}, std::move(warnings), body_of, fits);
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time, const Session&) const override {
    return json_post(to.url, r.body);
  }

  // The words come with any status, so they are looked at before it, but never prove delivery.
  SendResult classify(const TransportResult& result) const override {
    const bool answered = result.how == TransportResult::How::Answered;
    if (answered && result.status == 200 && result.body == "ok") {
      SendResult r;
      r.outcome = Outcome::Delivered;
      r.vendor_answer = "ok";
      return r;
    }
    const bool html = result.body.find('<') != std::string::npos;
    if (answered && result.status / 100 != 3 && !html && !result.body.empty()) {
      SendResult r = by_table(kRows, result.status, result.body);
      if (r.outcome == Outcome::RetryDestination)
        r.retry_after = std::max(r.retry_after, retry_after_of(result));
      if (r.vendor_answer.find("unclassified") == std::string::npos) return r;
      if (result.status / 100 == 2) return r;
    }
    if (const auto decided = classify_http(result, kPause)) return *decided;
    if (result.status / 100 == 5 && !html && !result.body.empty())
      return unclassified(Outcome::RetryMessage, "the vendor's own", result.status);
    return unclassified(Outcome::Unknown, html ? "HTML" : "empty", result.status);
  }
};

}  // namespace

std::unique_ptr<Channel> make_slack() { return std::make_unique<Slack>(); }

}  // namespace alerting
