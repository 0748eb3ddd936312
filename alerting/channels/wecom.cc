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
#include "alerting/channels/kinds.h"
#include "alerting/message_fit.h"

namespace alerting {

namespace {

// The vendor counts 4,096 and 2,048 of the content alone; ours are of the whole body.
constexpr size_t kBodyBytesMax = 3'900, kTextBytesMax = 1'950;
constexpr size_t kUserIdBytesMax = 64;
constexpr std::string_view kHost = "qyapi.weixin.qq.com";
constexpr core::Millis kBusyPause{60'000};

struct Row {
  int64_t code;
  std::string_view words;  // in lower case, somewhere in errmsg; "" = any
  Outcome outcome;
  bool alarm;
};

// The first row that fits decides. One code has had several meanings: see 93000.
constexpr std::array<Row, 13> kRows = {{
    {0, "wrong json format", Outcome::Delivered, true},  // posted, but only partly understood
    {0, "", Outcome::Delivered, false},
    {-1, "", Outcome::RetryMessage, false},
    {45009, "", Outcome::RetryDestination, false},
    {93000, "exceed max length", Outcome::FixContent, false},
    {93000, "", Outcome::DeadDestination, false},
    {40058, "exceed max length", Outcome::FixContent, false},
    {40058, "", Outcome::DeadMessage, true},
    {44004, "", Outcome::DeadMessage, true},
    {93004, "", Outcome::DeadDestination, false},
    {93008, "", Outcome::DeadDestination, false},
    {40008, "", Outcome::DeadMessage, true},
    {40033, "", Outcome::DeadMessage, true},
}};
constexpr uint32_t kSystemBusyRetriesMax = 3;  // errcode -1: the vendor asks for no more

struct Replacement {
  char from;
  std::string_view to;
};
constexpr std::array<Replacement, 7> kEscapes = {
    {{'<', "＜"}, {'>', "＞"}, {'`', "'"}, {'[', "［"}, {']', "］"}, {'*', "＊"}, {'@', "＠"}}};

// There is no escape character in this markdown: what could become markup or a mention is replaced
// by its full-width twin.
std::string escaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto it = std::ranges::find(kEscapes, text[i], &Replacement::from);
    if (it != kEscapes.end())
      out += it->to;
    else if (text[i] == '#' && i == 0)
      out += "＃";
    else
      out += text[i];
  }
  return out;
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

// false: UTF-8 as it is. \u escapes double the size, and the vendor refuses them (40033).
std::string dumped(const nlohmann::ordered_json& body) {
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string markdown_body(const std::string& content) {
  nlohmann::ordered_json body;
  body["msgtype"] = "markdown";
  body["markdown"]["content"] = content;
  return dumped(body);
}

std::string text_body(const std::string& content, const std::vector<std::string>& users) {
  nlohmann::ordered_json body;
  body["msgtype"] = "text";
  body["text"]["content"] = content;
  if (!users.empty()) body["text"]["mentioned_list"] = users;
  return dumped(body);
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

std::string option_of(const Destination& to, std::string_view name) {
  const auto it = to.options.find(name);
  return it != to.options.end() ? it->second : std::string();
}

SendResult by_code(int64_t code, std::string words) {
  SendResult r;
  r.vendor_answer = answer_line("errcode " + std::to_string(code) + " " + words);
  for (char& c : words)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const Row& row : kRows) {
    if (row.code != code || words.find(row.words) == std::string::npos) continue;
    r.outcome = row.outcome;
    r.alarm = row.alarm;
    if (row.outcome == Outcome::RetryDestination) r.retry_after = kBusyPause;
    if (code == -1) r.retries_max = kSystemBusyRetriesMax;
    return r;
  }
  r.outcome = Outcome::DeadMessage;
  r.alarm = true;
  r.vendor_answer = answer_line("unclassified_response, " + r.vendor_answer);
  return r;
}

SendResult unclassified(Outcome outcome, std::string_view what, int status) {
  SendResult r;
  r.outcome = outcome;
  r.alarm = status / 100 == 2;  // a proxy's 502 is no mystery
  r.vendor_answer = answer_line("unclassified_response, HTTP " + std::to_string(status) + ", " +
                                std::string(what));
  return r;
}

class Wecom final : public Channel {
 public:
  Caps caps(const Destination& to) const override {
    Caps caps;
    caps.body_bytes = option_of(to, "format") == "text" ? kTextBytesMax : kBodyBytesMax;
    caps.text_bytes = caps.body_bytes;
    caps.bucket = {16, 4, core::Millis(60'000)};  // the vendor allows 20; delays may bunch ours
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    if (const auto url = check_url(to); !url) return url.error();
    const auto wrong = [&to](std::string_view what) {
      return core::Error{core::Code::BadSettings, "channel " + to.id + ": " + std::string(what)};
    };
    if (!to.allow_private && host_of(to.url) != kHost)
      return wrong("a wecom robot's url is at qyapi.weixin.qq.com (else: allow_private: true)");
    const size_t key = to.url.find("key=");
    if (key == std::string::npos || key + 4 == to.url.size()) return wrong("the url has no key=");
    for (const auto& [name, value] : to.options) {
      const bool known = (name == "format" && (value == "markdown" || value == "text")) ||
                         (name == "mention" && (value == "all" || value == "person"));
      if (!known) return wrong("a wecom robot takes format: markdown|text, mention: person|all");
    }
    return core::Unit{};
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    std::vector<std::string> warnings;
    std::vector<std::string> users = users_of(n, warnings);
    const bool all = option_of(to, "mention") == "all" && climbs(n.cause);
    if (all) users.emplace_back("@all");
    const bool text = all || option_of(to, "format") == "text";
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
    HttpRequest request;
    request.url = to.url;
    request.body = r.body;
    request.headers = {{"Content-Type", "application/json"}};
    return request;
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
    return by_code(body["errcode"].get<int64_t>(),
                   words != body.end() && words->is_string() ? words->get<std::string>() : "");
  }
};

}  // namespace

std::unique_ptr<Channel> make_wecom() { return std::make_unique<Wecom>(); }

}  // namespace alerting
