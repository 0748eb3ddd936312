// 企业微信群机器人 (CHANNELS 2.1): POST {msgtype: markdown}, or text where everybody is mentioned
// or the settings ask for it. The key in the URL is the only credential; HTTP is 200 whatever
// happens, so only errcode 0 proves anything; nothing is deduplicated, so a second try says
// （重发）.
//
// Options: "format": "markdown" (default) or "text"; "mention": "all" mentions everybody when the
// ladder is climbed, which only text can do.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerting/channel_secrets.h"
#include "alerting/channels/answer.h"
#include "alerting/channels/json_body.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/robot.h"
#include "alerting/message_fit.h"

namespace alerting {

namespace {

// The vendor counts 4,096 and 2,048 of the content alone; ours are of the whole body.
constexpr size_t kBodyBytesMax = 3'900, kTextBytesMax = 1'950;
constexpr size_t kUserIdBytesMax = 64;
constexpr std::string_view kHost = "qyapi.weixin.qq.com";
constexpr core::Millis kBusyPause{60'000};

constexpr uint32_t kSystemBusyRetriesMax = 3;  // errcode -1: the vendor asks for no more

constexpr std::array<AnswerRow, 13> kRows = {{
    // Posted, but only partly understood.
    {.code = 0, .words = "wrong json format", .outcome = Outcome::Delivered, .alarm = true},
    {0, "", Outcome::Delivered},
    {.code = -1,
     .words = "",
     .outcome = Outcome::RetryMessage,
     .retries_max = kSystemBusyRetriesMax},
    {45009, "", Outcome::RetryDestination, "", kBusyPause},
    {93000, "exceed max length", Outcome::FixContent},
    {93000, "", Outcome::DeadDestination},
    {40058, "exceed max length", Outcome::FixContent},
    {.code = 40058, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = 44004, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
    {93004, "", Outcome::DeadDestination},
    {93008, "", Outcome::DeadDestination},
    {.code = 40008, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = 40033, .words = "", .outcome = Outcome::DeadMessage, .alarm = true},
}};

// There is no escape character in this markdown: what could become markup or a mention is replaced
// by its full-width twin.
std::string escaped(std::string_view text) {
  constexpr std::array<Twin, 7> kTwins = {
      {{'<', "＜"}, {'>', "＞"}, {'`', "'"}, {'[', "［"}, {']', "］"}, {'*', "＊"}, {'@', "＠"}}};
  const bool heading = text.starts_with('#');
  return (heading ? "＃" : "") + replaced(text.substr(heading ? 1 : 0), kTwins);
}

std::string coloured(std::string_view colour, std::string_view text) {
  return "<font color=\"" + std::string(colour) + "\">" + escaped(text) + "</font>";
}

// Whether a link of ours can stand in markdown's round brackets and in a line of text.
bool plain_url(std::string_view url) {
  return !url.empty() && std::ranges::all_of(url, [](char c) {
    return c > ' ' && c < '\x7f' &&
           std::string_view("()<>[]`\"\\").find(c) == std::string_view::npos;
  });
}

std::string line_of(const Block& block, std::string_view title_colour) {
  const std::string label =
      block.label.empty() ? std::string() : "**" + escaped(block.label) + "**：";
  switch (block.part) {
    case Part::Title:
      return "### " + coloured(title_colour, block.text);
    case Part::Deadline:
      return label + coloured("warning", block.text);
    case Part::Quote:
    case Part::Item:
      return "> " + escaped(block.text);
    case Part::Answer:
      return label + "`" + escaped(block.text) + "`";
    case Part::English:
      return coloured("comment", block.text);
    case Part::Link:
      if (!plain_url(block.url)) return escaped(block.text);
      return "[" + escaped(block.text) + "](" + block.url + ")";
    case Part::Reference:
    case Part::Fact:
    case Part::Option:
    case Part::Similar:
    case Part::More:
      break;
  }
  return label + escaped(block.text);
}

std::string markdown(const core::Notification& n, const std::vector<Block>& blocks,
                     const std::vector<std::string>& users) {
  const bool calm =
      n.cause == core::Cause::AllClear || n.incident.level == core::Level::Blue;  // green, not red
  std::string content;
  for (const Block& b : blocks) {
    if (!content.empty()) content += '\n';
    content += line_of(b, calm ? "info" : "warning");
  }
  if (!users.empty()) content += '\n';
  for (const std::string& user : users) content += "<@" + user + ">";
  return content;
}

std::string plain(const std::vector<Block>& blocks) {
  std::string content;
  for (const Block& b : blocks) {
    if (!content.empty()) content += '\n';
    if (b.part == Part::Quote || b.part == Part::Item) content += "  ";
    if (!b.label.empty()) content += escaped(b.label) + "：";
    content += escaped(b.text);
    if (b.part == Part::Link && plain_url(b.url)) content += "：" + b.url;
  }
  return content;
}

std::string markdown_body(const std::string& content) {
  nlohmann::ordered_json body;
  body["msgtype"] = "markdown";
  body["markdown"]["content"] = content;
  return compact(body);
}

std::string text_body(const std::string& content, const std::vector<std::string>& users) {
  nlohmann::ordered_json body;
  body["msgtype"] = "text";
  body["text"]["content"] = content;
  if (!users.empty()) body["text"]["mentioned_list"] = users;
  return compact(body);
}

// A userid comes from the directory; one that could be more than an id mentions nobody.
bool is_user_id(std::string_view id) {
  return !id.empty() && id.size() <= kUserIdBytesMax && id != "all" &&
         std::ranges::all_of(id,
                             [](char c) {
                               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                      (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-' ||
                                      c == '@';
                             }) &&
         id.front() != '@';
}

std::vector<std::string> users_of(const core::Notification& n, std::vector<std::string>& warnings) {
  constexpr size_t kUsersMax = 3;
  std::vector<std::string> users;
  for (const core::PersonContact& c : n.contacts) {
    if (c.kind != "wecom" || users.size() == kUsersMax) continue;
    if (is_user_id(c.id))
      users.push_back(c.id);
    else
      warnings.push_back("a wecom id that is none was left out");
  }
  if (users.empty()) warnings.push_back("no wecom id: nobody is mentioned");
  return users;
}

bool climbs(core::Cause cause) {
  return cause == core::Cause::Opened || cause == core::Cause::Escalated ||
         cause == core::Cause::Reminder || cause == core::Cause::Reopened;
}

class Wecom final : public Channel {
 public:
  Caps caps(const Destination& to) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = option(to, "format") == "text" ? kTextBytesMax : kBodyBytesMax;
    caps.text_bytes = caps.body_bytes;
    caps.bucket = {16, 4, core::Millis(60'000)};  // the vendor allows 20; delays may bunch ours
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto robot = check_robot(
        to, "wecom", {kHost}, {{"format", {"markdown", "text"}}, {"mention", {"all", "person"}}});
    if (!robot) return robot.error();
    const size_t key = to.url.find("key=");
    if (key == std::string::npos || key + 4 == to.url.size())
      return wrong_settings(to, "the url has no key=");
    return core::Unit{};
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    std::vector<std::string> warnings;
    std::vector<std::string> users = users_of(n, warnings);
    const bool all = option(to, "mention") == "all" && climbs(n.cause);
    if (all) users.emplace_back("@all");
    const bool text = all || option(to, "format") == "text";
    Rendered r = rendered_within(
        n, extras, how,
        [&](const std::vector<Block>& blocks) {
          return text ? text_body(plain(blocks), users) : markdown_body(markdown(n, blocks, users));
        },
        text ? kTextBytesMax : kBodyBytesMax);
    r.warnings.insert(r.warnings.end(), warnings.begin(), warnings.end());
    return r;
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time, const Session&) const override {
    return json_post(to.url, r.body);
  }

  SendResult classify(const TransportResult& result) const override {
    if (const auto decided = classify_http(result, kBusyPause)) return *decided;
    const auto body = nlohmann::json::parse(result.body, nullptr, /*allow_exceptions=*/false);
    const bool coded =
        body.is_object() && body.contains("errcode") && body["errcode"].is_number_integer();
    if (result.status / 100 == 5 && coded) {
      SendResult r;
      r.outcome = Outcome::RetryMessage;
      r.vendor_answer = answer_line("HTTP " + std::to_string(result.status));
      return r;
    }
    // Somebody between us and the vendor spoke: the message may have got through.
    if (result.status / 100 == 5 || body.is_discarded())
      return unclassified(Outcome::Unknown, looks_like_html(result) ? "HTML" : "no JSON",
                          result.status);
    if (!coded) return unclassified(Outcome::DeadMessage, "JSON without errcode", result.status);
    const auto words = body.find("errmsg");
    return by_table(kRows, body["errcode"].get<int64_t>(),
                    words != body.end() && words->is_string() ? words->get<std::string>() : "");
  }
};

}  // namespace

std::unique_ptr<Channel> make_wecom() { return std::make_unique<Wecom>(); }

}  // namespace alerting
