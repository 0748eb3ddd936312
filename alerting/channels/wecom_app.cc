// 企业微信应用消息 (CHANNELS 2.2): a card with buttons where callbacks are configured and there is
// something to press, else markdown. The vendor drops without a word what goes to one person beyond
// 30 a minute, and drops repetitions of the same bytes, so a repetition never says （重发）.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerting/channels/answer.h"
#include "alerting/channels/app.h"
#include "alerting/channels/json_body.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/robot.h"
#include "alerting/channels/signing.h"
#include "alerting/channels/wecom_crypto.h"
#include "alerting/message_fit.h"

namespace alerting {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kContentBytesMax = 1'950, kBodyBytesMax = 4'000;
constexpr size_t kCardButtonsMax = 6, kUsersMax = 100, kUserBytesMax = 64,
                 kDuplicateSeconds = 14'400;
constexpr core::Millis kBusyPause{60'000}, kHandleLife{72 * 3600'000LL}, kSkew{3600'000};

constexpr std::array<AnswerRow, 24> kRows = {{
    {.code = 0, .words = "wrong json format", .outcome = Outcome::Delivered, .alarm = true},
    {0, "", Outcome::Delivered},
    {.code = -1, .words = "", .outcome = Outcome::RetryMessage, .retries_max = 3},
    {45009, "", Outcome::RetryDestination, "pace", kBusyPause},
    {40014, "", Outcome::RefreshSession},
    {41001, "", Outcome::RefreshSession},
    {42001, "", Outcome::RefreshSession},
    {81013, "", Outcome::DeadMessage, "nobody can be reached"},
    {40001, "", Outcome::DeadDestination, "secret"},
    {40013, "", Outcome::DeadDestination, "corp"},
    {40056, "", Outcome::DeadDestination, "agent"},
    {48002, "", Outcome::DeadDestination, "not allowed"},
    {60020, "", Outcome::DeadDestination, "ip"},
    {301002, "", Outcome::DeadDestination, "agent"},
    {40058, "exceed max length", Outcome::FixContent, "size"},
    {45002, "", Outcome::FixContent, "size"},
    {.code = 40008, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = 40033, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = 40058, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = 44004, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
    {kAnyCode, "exceed max length", Outcome::FixContent, "size"},
    {kAnyCode, "freq out of limit", Outcome::RetryDestination, "pace", kBusyPause},
    {kAnyCode, "access_token expired", Outcome::RefreshSession},
    {kAnyCode, "invalid access_token", Outcome::RefreshSession},
}};

// No escape character exists here: what could become markup is replaced by its twin.
std::string escaped(std::string_view text) {
  constexpr std::array<Twin, 8> kTwins = {{{'<', "＜"},
                                           {'>', "＞"},
                                           {'`', "'"},
                                           {'[', "［"},
                                           {']', "］"},
                                           {'*', "＊"},
                                           {'@', "＠"},
                                           {'#', "＃"}}};
  return replaced(text, kTwins);
}

bool is_user_id(std::string_view id) {
  return !id.empty() && id.size() <= kUserBytesMax && id != "all" && id.front() != '@' &&
         std::ranges::all_of(id, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '.' || c == '_' || c == '-' || c == '@';
         });
}

std::vector<std::string> users_of(const core::Notification& n) {
  std::vector<std::string> users;
  for (const core::PersonContact& c : n.contacts)
    if (c.kind == "wecom" && is_user_id(c.id) && users.size() < kUsersMax) users.push_back(c.id);
  return users;
}

std::string joined(const std::vector<std::string>& users) {
  std::string text;
  for (const std::string& user : users) text += (text.empty() ? "" : "|") + user;
  return text;
}

bool plain_url(std::string_view url) {
  return url.starts_with("http") && std::ranges::all_of(url, [](char c) {
           return c > ' ' && c < '\x7f' &&
                  std::string_view("()<>[]`\"\\").find(c) == std::string::npos;
         });
}

std::string line_of(const Block& b) {
  const std::string label = b.label.empty() ? "" : "**" + escaped(b.label) + "**：";
  if (b.part == Part::Title) return "### " + escaped(b.text);
  if (b.part == Part::Deadline)
    return label + "<font color=\"warning\">" + escaped(b.text) + "</font>";
  if (b.part == Part::Quote || b.part == Part::Item) return "> " + escaped(b.text);
  if (b.part == Part::Link && plain_url(b.url)) return "[" + escaped(b.text) + "](" + b.url + ")";
  return label + escaped(b.text);
}

std::string markdown(const std::vector<Block>& blocks) {
  std::string text;
  for (const Block& b : blocks) text += (text.empty() ? "" : "\n") + line_of(b);
  return text;
}

// Unique for the app, of the vendor's characters: our id is 16 hex digits.
std::string task_of(const core::Notification& n) {
  std::string task;
  for (const char c : n.incident.incident + "_r" + std::to_string(n.incident.revision) + "_" + n.id)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
        c == '-')
      task += c;
  return task.substr(0, 128);
}

std::string open_url(const Extras& extras) {
  for (const ActionLink& link : extras.links)
    if (link.action == "open" && plain_url(link.url)) return link.url;
  for (const ActionLink& link : extras.links)
    if (plain_url(link.url)) return link.url;
  return "";
}

// The vendor counts characters here, and few of them: the facts in reading order until it is full.
Json card_of(const core::Notification& n, const std::vector<Block>& blocks,
             const std::vector<ActionLink>& presses, const std::string& url) {
  Json card;
  card["card_type"] = "button_interaction";
  card["task_id"] = task_of(n);
  std::string reference, facts;
  Json list = Json::array();
  for (size_t i = 1; i < blocks.size(); ++i) {
    const Block& b = blocks[i];
    const std::string line = (b.label.empty() ? "" : b.label + "：") + b.text;
    if (b.part == Part::Reference && reference.empty())
      reference = b.text;
    else if (b.part == Part::Deadline && list.size() < 6)
      list.push_back({{"keyname", clipped(b.label.empty() ? "期限" : b.label, {5, 30})},
                      {"value", clipped(b.text, {26, 104})}});
    else if (b.part != Part::Link && b.part != Part::Answer && b.part != Part::English)
      facts += (facts.empty() ? "" : "\n") + line;
  }
  // The whole reference is not cut: it is what a person finds the incident by.
  if (!n.incident.incident.empty())
    list.insert(list.begin(), Json{{"keyname", "事件"},
                                   {"value", n.incident.incident + " · r" +
                                                 std::to_string(n.incident.revision)}});
  card["main_title"] = {{"title", clipped(blocks.front().text, {26, 128})},
                        {"desc", clipped(reference, {30, 128})}};
  card["sub_title_text"] = clipped(facts, {112, 480});
  if (!list.empty()) card["horizontal_content_list"] = list;
  Json buttons = Json::array();
  for (const ActionLink& link : presses)
    buttons.push_back({{"text", clipped(one_line(link.label), {10, 40})},
                       {"style", link.action == "ack" ? 1 : 2},
                       {"key", link.value}});
  for (const Block& b : blocks)
    if (b.part == Part::Link && plain_url(b.url) && !pressed(presses, b.action) &&
        buttons.size() < kCardButtonsMax)
      buttons.push_back({{"type", 1}, {"text", clipped(b.text, {10, 40})}, {"url", b.url}});
  card["button_list"] = buttons;
  if (!url.empty()) card["card_action"] = {{"type", 1}, {"url", url}};
  return card;
}

std::vector<std::string> people_in(const nlohmann::json& value) {
  std::vector<std::string> people;
  if (value.is_array()) {
    for (const auto& v : value)
      if (v.is_string()) people.push_back(v.get<std::string>());
  } else if (value.is_string()) {
    std::string_view rest = value.get_ref<const std::string&>();
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find('|'));
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
      if (!one.empty()) people.emplace_back(one);
    }
  }
  return people;
}

class WecomApp final : public Channel {
 public:
  Caps caps(const Destination& to) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kContentBytesMax;
    caps.bucket = {200, 20, core::Millis(60'000)};
    // Small bursts: a quarter of each has to fill up after a start before an opening may go.
    caps.person_buckets = {{25, 8, core::Millis(60'000)}, {900, 8, core::Millis(3600'000)}};
    caps.sessions = true;
    caps.idempotent = true;
    caps.buttons = caps.edits = caps.handle_once = !to.callback_key.empty();
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto app = check_robot(to, "wecom_app", {"qyapi.weixin.qq.com"},
                                 {{"corp", {}}, {"agent", {}}, {"format", {"card", "markdown"}}});
    if (!app) return app.error();
    if (to.secrets.empty() || to.secrets.front().empty())
      return wrong_settings(to, "a wecom app needs its secret");
    const std::string agent = option(to, "agent");
    if (option(to, "corp").empty() || agent.empty() || agent.size() > 9 ||
        !std::ranges::all_of(agent, [](char c) { return c >= '0' && c <= '9'; }))
      return wrong_settings(to, "a wecom app needs corp and agent, a number");
    if (to.callback_key.empty() != to.callback_token.empty())
      return wrong_settings(to, "callbacks need both the token and the key");
    if (!to.callback_key.empty() && to.callback_key.size() != 43)
      return wrong_settings(to, "the callback key (EncodingAESKey) has 43 characters");
    return core::Unit{};
  }

  HttpRequest log_in(const Destination& to) const override {
    HttpRequest request;
    request.method = "GET";
    request.url = endpoint(to, "/cgi-bin/gettoken?corpid=") + percent_encoded(option(to, "corp")) +
                  "&corpsecret=" + percent_encoded(to.secrets.empty() ? "" : to.secrets.front());
    return request;
  }

  std::optional<Session> logged_in(const TransportResult& result, core::Time wall,
                                   SendResult& why) const override {
    why = classify(result);
    const auto body = nlohmann::json::parse(result.body, nullptr, false);
    const std::string token = text_at(body, "access_token");
    if (why.outcome == Outcome::Delivered && !token.empty())
      return Session{token, token_until(wall, number_at(body, "expires_in"))};
    if (why.outcome == Outcome::RetryDestination || why.outcome == Outcome::DeadDestination)
      return std::nullopt;
    why.outcome = Outcome::Unknown;
    return std::nullopt;
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    const std::vector<std::string> users = users_of(n);
    const std::vector<ActionLink> presses = press_links(extras);
    const bool card =
        !to.callback_key.empty() && !presses.empty() && option(to, "format") != "markdown";
    Rendering same = how;
    same.resend = false;
    size_t content_bytes = 0;
    Rendered r = rendered_within(
        n, extras, same,
        [&](const std::vector<Block>& blocks) {
          Json body;
          body["touser"] = joined(users);
          body["msgtype"] = card ? "template_card" : "markdown";
          body["agentid"] = std::atoi(option(to, "agent", "0").c_str());
          if (card) {
            body["template_card"] = card_of(n, blocks, presses, open_url(extras));
            content_bytes = 0;
          } else {
            const std::string content = markdown(blocks);
            content_bytes = content.size();
            body["markdown"]["content"] = content;
          }
          body["enable_duplicate_check"] = 1;
          body["duplicate_check_interval"] = kDuplicateSeconds;
          return compact(body);
        },
        [&](const std::string& body) {
          return content_bytes <= kContentBytesMax && body.size() <= kBodyBytesMax;
        });
    if (users.empty()) r.warnings.emplace_back("no wecom id: nobody is reached");
    return r;
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time, const Session& session) const override {
    return posted(to, "/cgi-bin/message/send", r.body, session);
  }

  std::optional<HttpRequest> prepare_update(const MessageHandle& handle, const Rendered& r,
                                            const Destination& to, const core::Notification& n,
                                            core::Time wall,
                                            const Session& session) const override {
    if (handle.text.empty() || wall >= handle.until) return std::nullopt;
    Json body;
    body["userids"] = users_of(n);
    body["agentid"] = std::atoi(option(to, "agent", "0").c_str());
    body["response_code"] = handle.text;
    const Json sent = Json::parse(r.body, nullptr, false);
    if (sent.is_object() && sent.contains("template_card"))
      body["template_card"] = sent["template_card"];
    else if (n.cause == core::Cause::Updated)
      return std::nullopt;  // a button's name cannot tell new figures
    else
      body["button"]["replace_name"] = std::string(chinese_of(n.incident.state));
    return posted(to, "/cgi-bin/message/update_template_card", compact(body), session);
  }

  SendResult classify(const TransportResult& result) const override;
  Callback parse_callback(const CallbackRequest& request, const Destination& to,
                          core::Time wall) const override;
  // An empty answer is the vendor's "taken"; the card is changed by prepare_update().
  std::pair<std::string, std::string> callback_answer(const std::string&) const override {
    return {"", "text/plain"};
  }

 private:
  static HttpRequest posted(const Destination& to, std::string_view path, std::string body,
                            const Session& session) {
    HttpRequest request;
    request.url = endpoint(to, path) + "?access_token=" + percent_encoded(session.token);
    request.body = std::move(body);
    request.headers = {{"Content-Type", "application/json"}};
    return request;
  }
};

SendResult WecomApp::classify(const TransportResult& result) const {
  if (const auto decided = classify_http(result, kBusyPause)) return *decided;
  const auto body = nlohmann::json::parse(result.body, nullptr, false);
  const bool coded =
      body.is_object() && body.contains("errcode") && body["errcode"].is_number_integer();
  if (result.status / 100 == 5 && coded)
    return unclassified(Outcome::RetryMessage, "the vendor's own", result.status);
  if (result.status / 100 == 5 || body.is_discarded())
    return unclassified(Outcome::Unknown, looks_like_html(result) ? "HTML" : "no JSON",
                        result.status);
  if (!coded) return unclassified(Outcome::DeadMessage, "JSON without errcode", result.status);
  SendResult r = by_table(kRows, body["errcode"].get<int64_t>(), text_at(body, "errmsg"));
  for (const char* key : {"invaliduser", "unlicenseduser"})
    if (body.contains(key))
      for (std::string& person : people_in(body[key])) r.unreached.push_back(std::move(person));
  if (const std::string code = text_at(body, "response_code");
      r.outcome == Outcome::Delivered && !code.empty()) {
    r.handle = MessageHandle{code, core::kTimeMax};
    r.handle_life = kHandleLife;
  }
  return r;
}

Callback WecomApp::parse_callback(const CallbackRequest& request, const Destination& to,
                                  core::Time wall) const {
  if (to.callback_token.empty() || to.callback_key.empty())
    return refused_callback("no callbacks are configured");
  if (request.body.size() > kCallbackBytesMax || request.target.size() > kCallbackBytesMax)
    return refused_callback("too large");
  const bool asks = request.method == "GET";
  const std::string timestamp = query_of(request.target, "timestamp");
  const std::string encrypt =
      asks ? query_of(request.target, "echostr") : xml_field(request.body, "Encrypt").value_or("");
  if (encrypt.empty()) return refused_callback("nothing encrypted in it");
  if (!same_secret(
          wecom_signature(to.callback_token, timestamp, query_of(request.target, "nonce"), encrypt),
          query_of(request.target, "msg_signature")))
    return refused_callback("wrong signature");
  if (!timely(timestamp, wall, kSkew)) return refused_callback("too old or too new");
  const auto message = wecom_decrypted(to.callback_key, encrypt, option(to, "corp"));
  if (!message) return refused_callback("cannot be decrypted");
  Callback callback;
  if (asks) {
    callback.kind = Callback::Kind::Challenge;
    callback.answer = *message;
    callback.content_type = "text/plain";
    return callback;
  }
  callback.kind = Callback::Kind::Ignored;
  if (xml_field(*message, "MsgType") != "event" ||
      xml_field(*message, "Event") != "template_card_event")
    return callback;
  callback.user = xml_field(*message, "FromUserName").value_or("");
  callback.value = xml_field(*message, "EventKey").value_or("");
  const std::string task = xml_field(*message, "TaskId").value_or("");
  if (callback.user.empty() || callback.value.empty() || callback.value.size() > kPressBytesMax)
    return refused_callback("a press without user or key");
  callback.kind = Callback::Kind::Press;
  callback.event =
      sha256_hex("wecom\n" + task + "\n" + callback.value + "\n" + callback.user).substr(0, 40);
  if (const auto code = xml_field(*message, "ResponseCode"); code && !code->empty())
    callback.handle = MessageHandle{*code, wall + kHandleLife};
  return callback;
}

}  // namespace

std::unique_ptr<Channel> make_wecom_app() { return std::make_unique<WecomApp>(); }

}  // namespace alerting
