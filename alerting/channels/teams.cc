// Microsoft Teams by a Workflows webhook (CHANNELS 2.6): an Adaptive Card 1.4. 202 says that the
// flow was started; whether the card was shown is never told, so that is Accepted and no proof.
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
constexpr size_t kBodyBytesMax = 18'000;
// The vendor counts 28,672 after it has written everything but ASCII as \uXXXX.
constexpr size_t kAsciiBytesMax = 20'000;
constexpr size_t kLinksMax = 3;
constexpr core::Millis kPause{1'000};

std::string escaped(std::string_view text) {
  constexpr std::array<Twin, 2> kTwins = {{{'<', "＜"}, {'>', "＞"}}};
  return with_backslashes(replaced(text, kTwins), "\\[]*_#`");
}

bool is_user_id(std::string_view id) {
  return !id.empty() && id.size() <= 120 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.@:").find(c) != std::string_view::npos;
  });
}

Json text_block(const std::string& text) {
  return {{"type", "TextBlock"}, {"text", text}, {"wrap", true}};
}

Json body_json(const std::vector<Block>& blocks) {
  Json body = Json::array();
  Json title = text_block(escaped(blocks.front().text));
  title["weight"] = "Bolder";
  title["size"] = "Large";
  body.push_back(title);
  Json facts = Json::array();
  const auto flush = [&body, &facts] {
    if (!facts.empty()) body.push_back({{"type", "FactSet"}, {"facts", facts}});
    facts = Json::array();
  };
  for (size_t i = 1; i < blocks.size(); ++i) {
    const Block& b = blocks[i];
    if (!b.label.empty()) {
      facts.push_back({{"title", escaped(b.label)}, {"value", escaped(b.text)}});
      continue;
    }
    flush();
    body.push_back(text_block(escaped(b.text)));
  }
  flush();
  return body;
}

size_t ascii_size(const std::string& body) {
  return Json::parse(body).dump(-1, ' ', /*ensure_ascii=*/true).size();
}

// The name stands in a tag and must be found there letter by letter.
std::string name_of(const core::Notification& n) {
  constexpr std::array<Twin, 2> kTwins = {{{'<', "＜"}, {'>', "＞"}}};
  return replaced(clipped(one_line(n.person_name), {20, 80}), kTwins);
}

std::string message_of(const core::Notification& n, const std::vector<Block>& blocks,
                       const std::vector<std::string>& ids, const std::vector<ActionLink>& links) {
  Json body = body_json(blocks);
  Json teams = {{"width", "full"}};
  if (!ids.empty()) {
    const std::string tag = "<at>" + name_of(n) + "</at>";
    body.push_back(text_block(tag));
    teams["entities"] = Json::array({{{"type", "mention"},
                                      {"text", tag},
                                      {"mentioned", {{"id", ids[0]}, {"name", name_of(n)}}}}});
  }
  Json actions = Json::array();
  for (const ActionLink& link : links)
    actions.push_back({{"type", "Action.OpenUrl"},
                       {"title", clipped(one_line(link.label), {20, 80})},
                       {"url", link.url}});
  Json card = {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
               {"type", "AdaptiveCard"},
               {"version", "1.4"},
               {"body", body}};
  if (!actions.empty()) card["actions"] = actions;
  card["msteams"] = teams;
  Json attachment = {{"contentType", "application/vnd.microsoft.card.adaptive"},
                     {"contentUrl", nullptr},
                     {"content", card}};
  return compact<Json>({{"type", "message"}, {"attachments", Json::array({attachment})}});
}

class Teams final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kBodyBytesMax;
    caps.bucket = {1, 1, core::Millis(1'000)};
    caps.proves = false;
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    return check_robot(to, "teams",
                       {".logic.azure.com", ".powerautomate.com", ".powerplatform.com"},
                       {{"mention", {"person", "none"}}});
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    std::vector<std::string> warnings;
    const std::vector<std::string> ids = mentioned(n, to, "teams", is_user_id, warnings);
    const std::vector<ActionLink> links = usable_links(extras, to, kLinksMax);
    const auto body_of = [&](const std::vector<Block>& blocks) {
      return message_of(n, blocks, ids, links);
    };
    return robot_message(
        {n, extras, how, links}, std::move(warnings), body_of, [](const std::string& body) {
          return body.size() <= kBodyBytesMax && ascii_size(body) <= kAsciiBytesMax;
        });
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time, const Session&) const override {
    return json_post(to.url, r.body);
  }

  SendResult classify(const TransportResult& result) const override {
    if (const auto decided = classify_http(result, kPause)) return *decided;
    SendResult r;
    r.vendor_answer = "HTTP " + std::to_string(result.status);
    if (result.status / 100 == 5)
      return looks_like_html(result) || result.body.empty()
                 ? unclassified(Outcome::Unknown, "a gateway", result.status)
                 : unclassified(Outcome::RetryMessage, "the vendor's own", result.status);
    const std::string said = lower(result.body);
    // Old connectors said 200 with the real status in words.
    if (said.find("http error 413") != std::string::npos ||
        said.find("messagesizeexceeded") != std::string::npos) {
      r.outcome = Outcome::FixContent;
      return r;
    }
    if (said.find("http error 429") != std::string::npos) {
      r.outcome = Outcome::RetryDestination;
      r.retry_after = std::max(kPause, retry_after_of(result));
      return r;
    }
    if (result.status == 202 && !looks_like_html(result)) {
      r.outcome = Outcome::Accepted;
      return r;
    }
    if (result.body.empty() || looks_like_html(result))
      return unclassified(Outcome::Unknown, result.body.empty() ? "empty" : "HTML", result.status);
    return unclassified(Outcome::DeadMessage, "not 202", result.status);
  }
};

}  // namespace

std::unique_ptr<Channel> make_teams() { return std::make_unique<Teams>(); }

}  // namespace alerting
