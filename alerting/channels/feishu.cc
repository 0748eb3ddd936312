// 飞书自定义机器人 (CHANNELS 2.4): an interactive card, JSON 1.0 unless `card: "2.0"`, or plain
// text with `style: text`. The signature goes into the body. Nothing is deduplicated.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerting/channels/answer.h"
#include "alerting/channels/json_body.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/robot.h"
#include "alerting/channels/signing.h"

namespace alerting {

namespace {

using Json = nlohmann::ordered_json;

// UTF-8 as it is: \u escapes double the size of Chinese text.
constexpr size_t kBodyBytesMax = 18'000;    // the vendor refuses above 20 KB
constexpr size_t kSignatureBytesMax = 120;  // what prepare() adds
constexpr core::Millis kPause{2'000};       // the courier's own back-off doubles it
constexpr size_t kButtonsMax = 3;

constexpr std::array<AnswerRow, 15> kRows = {{
    {0, "", Outcome::Delivered},
    {9499, "too many request", Outcome::RetryDestination, "pace", kPause},
    {.code = 9499, .words = "", .outcome = Outcome::DeadMessage, .reason = "body", .alarm = true},
    {11232, "", Outcome::RetryDestination, "pace", kPause},
    {230020, "", Outcome::RetryDestination, "pace", kPause},
    {19001, "", Outcome::DeadDestination, "token"},
    {.code = 19002, .words = "", .outcome = Outcome::DeadMessage, .reason = "body", .alarm = true},
    {19007, "", Outcome::DeadDestination, "robot not enabled"},
    // One code for a wrong key and a wrong clock: signed afresh once, then it is the key.
    {.code = 19021,
     .words = "",
     .outcome = Outcome::RetryMessage,
     .reason = "sign or timestamp",
     .retries_max = 1,
     .prepare_again = true},
    {19022, "", Outcome::DeadDestination, "ip"},
    {19024, "", Outcome::DeadDestination, "keyword"},
    {19036, "", Outcome::FixContent, "size"},
    {.code = 230028,
     .words = "",
     .outcome = Outcome::FixContent,
     .reason = "unsafe content",
     .sanitise = true},
    {kAnyCode, "too many request", Outcome::RetryDestination, "pace", kPause},
    {kAnyCode, "exceeds the size limit", Outcome::FixContent, "size"},
}};

// A robot takes open ids only; it cannot look anybody up.
bool is_open_id(std::string_view id) {
  return id.starts_with("ou_") && id.size() > 3 && id.size() <= 64 &&
         std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

std::string escaped(std::string_view text) {
  constexpr std::array<Twin, 9> kTwins = {{{'&', "&amp;"},
                                           {'<', "&lt;"},
                                           {'>', "&gt;"},
                                           {'*', "&#42;"},
                                           {'_', "&#95;"},
                                           {'~', "&#126;"},
                                           {'`', "&#96;"},
                                           {'[', "&#91;"},
                                           {']', "&#93;"}}};
  return replaced(text, kTwins);
}

std::string_view template_of(const core::Notification& n) {
  if (n.cause == core::Cause::AllClear) return "green";
  switch (n.incident.level) {
    case core::Level::Red:
      return "red";
    case core::Level::Orange:
      return "orange";
    case core::Level::Yellow:
      return "yellow";
    case core::Level::Blue:
      break;
  }
  return "blue";
}

Json plain(const std::string& text) { return {{"tag", "plain_text"}, {"content", text}}; }

std::string marked(const Block& b) {
  return (b.label.empty() ? "" : "**" + escaped(b.label) + "**：") + escaped(b.text);
}

std::string mentions_of(const std::vector<std::string>& ids, bool all) {
  std::string text = all ? "<at id=all></at>" : "";
  for (const std::string& id : ids) text += "<at id=" + id + "></at>";
  return text;
}

// What strangers wrote goes into plain_text elements, which hold no markup at all.
Json elements_of(const std::vector<Block>& blocks, const std::string& mentions, bool second) {
  Json elements = Json::array();
  const auto add_markdown = [&elements, second](const std::string& text) {
    if (second)
      elements.push_back({{"tag", "markdown"}, {"content", text}});
    else
      elements.push_back({{"tag", "div"}, {"text", {{"tag", "lark_md"}, {"content", text}}}});
  };
  std::string lines;
  for (size_t i = 1; i < blocks.size(); ++i) {
    if (blocks[i].part != Part::Quote) {
      lines += (lines.empty() ? "" : "\n") + marked(blocks[i]);
      continue;
    }
    if (!lines.empty()) add_markdown(std::exchange(lines, ""));
    elements.push_back({{"tag", "div"}, {"text", plain(blocks[i].text)}});
  }
  if (!lines.empty()) add_markdown(lines);
  if (!mentions.empty()) add_markdown(mentions);
  return elements;
}

Json button_of(const ActionLink& link, bool second) {
  Json button = {{"tag", "button"},
                 {"text", plain(clipped(one_line(link.label), {20, 80}))},
                 {"type", link.action == "ack" ? "primary" : "default"}};
  if (second)
    button["behaviors"] = Json::array({{{"type", "open_url"}, {"default_url", link.url}}});
  else
    button["url"] = link.url;
  return button;
}

std::string card_of(const core::Notification& n, const std::vector<Block>& blocks,
                    const std::string& mentions, const std::vector<ActionLink>& links,
                    bool second) {
  Json elements = elements_of(blocks, mentions, second);
  Json buttons = Json::array();
  for (const ActionLink& link : links) buttons.push_back(button_of(link, second));
  if (second)
    for (const Json& button : buttons) elements.push_back(button);
  else if (!buttons.empty())
    elements.push_back({{"tag", "action"}, {"actions", buttons}});
  Json card;
  if (second) card["schema"] = "2.0";
  card["config"] = {{second ? "update_multi" : "wide_screen_mode", true}};
  card["header"] = {{"title", plain(blocks.front().text)}, {"template", template_of(n)}};
  if (second)
    card["body"] = {{"elements", elements}};
  else
    card["elements"] = elements;
  return compact<Json>({{"msg_type", "interactive"}, {"card", card}});
}

// Text knows one tag and no entities: what could become it is replaced by its twin.
std::string text_of(const std::vector<Block>& blocks, const std::vector<std::string>& ids, bool all,
                    const std::vector<ActionLink>& links) {
  constexpr std::array<Twin, 3> kTwins = {{{'<', "＜"}, {'>', "＞"}, {'@', "＠"}}};
  std::string text = replaced(plain_text(blocks), kTwins);
  for (const ActionLink& link : links)
    text += "\n" + replaced(one_line(link.label), kTwins) + "：" + link.url;
  if (all) text += "\n<at user_id=\"all\">所有人</at>";
  for (const std::string& id : ids) text += "\n<at user_id=\"" + id + "\"></at>";
  return compact<Json>({{"msg_type", "text"}, {"content", {{"text", text}}}});
}

class Feishu final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kBodyBytesMax;
    caps.bucket = {4, 4, core::Millis(1'000)};
    caps.further_buckets = {{90, 90, core::Millis(60'000)}};
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto robot = check_robot(to, "feishu", {"open.feishu.cn", "open.larksuite.com"},
                                   {{"keyword", {}},
                                    {"mention", {"all", "person", "none"}},
                                    {"card", {"1.0", "2.0"}},
                                    {"style", {"card", "text"}}});
    if (!robot) return robot.error();
    const size_t hook = to.url.find("/open-apis/bot/v2/hook/");
    if (hook == std::string::npos || hook + 23 == to.url.size())
      return wrong_settings(to, "the url is not a robot's (/open-apis/bot/v2/hook/...)");
    return core::Unit{};
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    std::vector<std::string> warnings;
    const std::vector<std::string> ids = mentioned(n, to, "feishu", is_open_id, warnings);
    const std::vector<ActionLink> links = usable_links(extras, to, kButtonsMax);
    const bool text = option(to, "style") == "text", second = option(to, "card") == "2.0";
    const auto body_of = [&](std::vector<Block> blocks) {
      add_keyword(to, blocks);
      if (text) return text_of(blocks, ids, mentions_all(to), links);
      return card_of(n, blocks, mentions_of(ids, mentions_all(to)), links, second);
    };
    return robot_message({n, extras, how, links}, std::move(warnings), body_of,
                         kBodyBytesMax - kSignatureBytesMax);
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time wall, const Session&) const override {
    HttpRequest request = json_post(to.url, r.body);
    if (to.secrets.empty() || !r.body.starts_with('{')) return request;
    const int64_t seconds = core::to_ms(core::floor_to(wall, core::Millis(1000))) / 1000;
    // The body is ours and begins with '{': the two members go in front of the rest.
    request.body = "{\"timestamp\":\"" + std::to_string(seconds) + "\",\"sign\":\"" +
                   feishu_sign(seconds, to.secrets.front()) + "\"," + r.body.substr(1);
    return request;
  }

  SendResult classify(const TransportResult& result) const override;
};

// Status 400 comes with a code too, and only the code tells pace from a mistake of ours.
SendResult Feishu::classify(const TransportResult& result) const {
  const auto body = nlohmann::json::parse(result.body, nullptr, /*allow_exceptions=*/false);
  const std::string_view key =
      body.is_object() && body.contains("code") ? "code" : "StatusCode";  // old robots
  const bool coded = body.is_object() && body.contains(key) && body[key].is_number_integer();
  const bool read_code = coded && result.status == 400;
  if (!read_code || result.how != TransportResult::How::Answered)
    if (const auto decided = classify_http(result, kPause)) return *decided;
  if (result.status / 100 == 5 && coded)
    return unclassified(Outcome::RetryMessage, "the vendor's own", result.status);
  if (result.status / 100 == 5 || body.is_discarded())
    return unclassified(Outcome::Unknown, looks_like_html(result) ? "HTML" : "no JSON",
                        result.status);
  if (!coded) return unclassified(Outcome::DeadMessage, "JSON without code", result.status);
  const auto words = body.contains("msg") ? body.find("msg") : body.find("StatusMessage");
  SendResult r =
      by_table(kRows, body[key].get<int64_t>(),
               words != body.end() && words->is_string() ? words->get<std::string>() : "");
  if (result.status == 400 && r.outcome == Outcome::Delivered) {
    r.outcome = Outcome::DeadMessage;  // a refusal proves nothing, whatever its body says
    r.alarm = true;
  }
  if (r.outcome == Outcome::RetryDestination)
    r.retry_after = std::max(r.retry_after, retry_after_of(result));
  return r;
}

}  // namespace

std::unique_ptr<Channel> make_feishu() { return std::make_unique<Feishu>(); }

}  // namespace alerting
