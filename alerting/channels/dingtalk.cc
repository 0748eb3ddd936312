// 钉钉自定义机器人 (CHANNELS 2.3): an actionCard with buttons when nobody has to be mentioned, else
// markdown with the person's number in the text and in `at`. HTTP is 200 whatever happens; the
// signature goes into the URL, percent-encoded once; nothing is deduplicated.
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
constexpr size_t kBodyBytesMax = 18'000;  // the vendor refuses above 20,000
constexpr Room kTitleRoom = {60, 240};
constexpr size_t kButtonsMax = 4;
constexpr core::Millis kBlockPause{600'000};  // 21 in a minute block the robot for ten
constexpr core::Millis kFloodPause{300'000};

constexpr std::array<AnswerRow, 30> kRows = {{
    {.code = 0, .words = "", .outcome = Outcome::Delivered},
    {310000, "keyword", Outcome::DeadDestination, "keyword"},
    {310000, "关键词", Outcome::DeadDestination, "keyword"},
    {.code = 310000,
     .words = "timestamp",
     .outcome = Outcome::RetryMessage,
     .reason = "timestamp",
     .retries_max = 1,
     .prepare_again = true},
    {.code = 310000,
     .words = "时间戳",
     .outcome = Outcome::RetryMessage,
     .reason = "timestamp",
     .retries_max = 1,
     .prepare_again = true},
    {310000, "sign", Outcome::DeadDestination, "sign"},
    {310000, "签名", Outcome::DeadDestination, "sign"},
    {310000, "whitelist", Outcome::DeadDestination, "ip"},
    {310000, "白名单", Outcome::DeadDestination, "ip"},
    {310000, "", Outcome::DeadDestination, "security"},
    {130101, "", Outcome::RetryDestination, "pace", kBlockPause},
    {410100, "", Outcome::RetryDestination, "pace", kBlockPause},
    {.code = 90030,
     .words = "",
     .outcome = Outcome::RetryDestination,
     .reason = "quota",
     .pause = kBlockPause,
     .alarm = true},
    {90018, "", Outcome::RetryDestination, "pace", core::Millis(60'000)},
    {.code = 90020,
     .words = "",
     .outcome = Outcome::RetryDestination,
     .reason = "quota",
     .pause = kBlockPause,
     .alarm = true},
    {460101, "", Outcome::FixContent, "size"},
    {101002, "", Outcome::FixContent, "size"},
    {.code = 430101,
     .words = "",
     .outcome = Outcome::FixContent,
     .reason = "unsafe link",
     .sanitise = true},
    {.code = 430102,
     .words = "",
     .outcome = Outcome::FixContent,
     .reason = "unsafe text",
     .sanitise = true},
    {.code = 430103,
     .words = "",
     .outcome = Outcome::FixContent,
     .reason = "unsafe picture",
     .sanitise = true},
    {.code = 430104,
     .words = "",
     .outcome = Outcome::FixContent,
     .reason = "unsafe content",
     .sanitise = true},
    {300005, "", Outcome::DeadDestination, "token"},
    {300001, "", Outcome::DeadDestination, "token"},
    {400101, "", Outcome::DeadDestination, "token"},
    {400013, "", Outcome::DeadDestination, "group disbanded"},
    {400102, "", Outcome::DeadDestination, "robot stopped"},
    {400106, "", Outcome::DeadDestination, "robot not in group"},
    {.code = -1, .words = "", .outcome = Outcome::RetryMessage, .retries_max = 3},
    {15, "", Outcome::Unknown, "gateway timeout"},
    {88, "", Outcome::Unknown, "gateway timeout"},
}};

bool is_mobile(std::string_view id) {
  if (id.starts_with('+')) id.remove_prefix(1);
  return id.size() >= 5 &&
         id.find_first_not_of("0123456789-") == std::string_view::npos;  // +1-1234567890
}

bool is_id(std::string_view id) {
  if (is_mobile(id)) return true;
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

// The twins: an @ of somebody else's stands for nobody, and there is no HTML but ours, of which
// there is none.
std::string escaped(std::string_view text) {
  constexpr std::array<Twin, 2> kTwins = {{{'@', "＠"}, {'<', "＜"}}};
  const std::string out = with_backslashes(replaced(text, kTwins), "\\_*`[]");
  return !out.empty() && (out[0] == '#' || out[0] == '>' || out[0] == '-') ? "\\" + out : out;
}

std::string line_of(const Block& block) {
  if (block.part == Part::Title) return "### " + escaped(block.text);
  if (block.part == Part::Quote) return "> " + escaped(block.text);
  const std::string label =
      block.label.empty() ? std::string() : "**" + escaped(block.label) + "**：";
  return label + escaped(block.text);
}

// A single line break is none here: two spaces before it within a paragraph, a blank line between.
std::string markdown(const std::vector<Block>& blocks) {
  std::string text;
  const Block* before = nullptr;
  for (const Block& b : blocks) {
    const bool together = before != nullptr && before->part == b.part && b.part == Part::Fact;
    if (before != nullptr) text += together ? "  \n" : "\n\n";
    text += line_of(b);
    before = &b;
  }
  return text;
}

Json at_of(const std::vector<std::string>& ids, bool all) {
  Json at = {{"atMobiles", Json::array()}, {"atUserIds", Json::array()}, {"isAtAll", all}};
  for (const std::string& id : ids) at[is_mobile(id) ? "atMobiles" : "atUserIds"].push_back(id);
  return at;
}

std::string url_of(const ActionLink& link, const Destination& to) {
  if (option(to, "browser") != "external") return link.url;
  return "dingtalk://dingtalkclient/page/link?url=" + percent_encoded(link.url) + "&pc_slide=false";
}

class Dingtalk final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kBodyBytesMax;
    caps.bucket = {15, 3, core::Millis(60'000)};  // the vendor allows 20; delays may bunch ours
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto robot = check_robot(to, "dingtalk", {"oapi.dingtalk.com"},
                                   {{"keyword", {}},
                                    {"mention", {"all", "person", "none"}},
                                    {"browser", {"external", "inside"}}});
    if (!robot) return robot.error();
    const size_t token = to.url.find("access_token=");
    if (token == std::string::npos || token + 13 == to.url.size())
      return wrong_settings(to, "the url has no access_token=");
    if (to.url.find("&sign=") != std::string::npos)
      return wrong_settings(to, "the url must not hold a signature; give the secret instead");
    return core::Unit{};
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    std::vector<std::string> warnings;
    const std::vector<std::string> ids = mentioned(n, to, "dingtalk", is_id, warnings);
    const std::vector<ActionLink> links = usable_links(extras, to, kButtonsMax);
    const bool card = ids.empty() && !mentions_all(to) && !links.empty();
    const auto body_of = [&](std::vector<Block> blocks) {
      add_keyword(to, blocks);
      const std::string title = clipped(escaped(blocks.front().text), kTitleRoom);
      std::string text = markdown(blocks);
      if (card) return card_of(title, text, links, to);
      for (const ActionLink& link : links)
        text += "\n\n[" + escaped(link.label) + "](" + url_of(link, to) + ")";
      if (!ids.empty()) text += "\n\n";
      for (const std::string& id : ids) text += "@" + id + " ";
      const Json body = {{"msgtype", "markdown"},
                         {"markdown", {{"title", title}, {"text", text}}},
                         {"at", at_of(ids, mentions_all(to))}};
      return compact(body);
    };
    return robot_message({n, extras, how, links}, std::move(warnings), body_of, kBodyBytesMax);
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time wall, const Session&) const override {
    const std::string query =
        to.secrets.empty() ? "" : dingtalk_query(core::to_ms(wall), to.secrets.front());
    return json_post(to.url + query, r.body);
  }

  SendResult classify(const TransportResult& result) const override;

 private:
  static std::string card_of(const std::string& title, const std::string& text,
                             const std::vector<ActionLink>& links, const Destination& to) {
    Json buttons = Json::array();
    for (const ActionLink& link : links)
      buttons.push_back(
          {{"title", clipped(one_line(link.label), {20, 80})}, {"actionURL", url_of(link, to)}});
    const Json body = {
        {"msgtype", "actionCard"},
        {"actionCard",
         {{"title", title}, {"text", text}, {"btnOrientation", "0"}, {"btns", buttons}}}};
    return compact(body);
  }
};

SendResult Dingtalk::classify(const TransportResult& result) const {
  if (const auto decided = classify_http(result, kBlockPause)) return *decided;
  const auto body = nlohmann::json::parse(result.body, nullptr, /*allow_exceptions=*/false);
  const bool coded =
      body.is_object() && body.contains("errcode") && body["errcode"].is_number_integer();
  // The flood guard before the vendor's servers answers in JSON or as a page, never with errcode.
  const bool guard = !coded && (result.body.find("\"punish\"") != std::string::npos ||
                                result.body.find("\"x5\"") != std::string::npos);
  if (guard) {
    SendResult busy = unclassified(Outcome::RetryDestination, "", result.status);
    busy.alarm = false;
    busy.retry_after = kFloodPause;
    busy.vendor_answer = "flood guard";
    return busy;
  }
  if (result.status / 100 == 5 && coded) {
    SendResult again = unclassified(Outcome::RetryMessage, "the vendor's own", result.status);
    return again;
  }
  if (result.status / 100 == 5 || body.is_discarded())
    return unclassified(Outcome::Unknown, looks_like_html(result) ? "HTML" : "no JSON",
                        result.status);
  if (!coded) return unclassified(Outcome::DeadMessage, "JSON without errcode", result.status);
  const auto words = body.find("errmsg");
  return by_table(kRows, body["errcode"].get<int64_t>(),
                  words != body.end() && words->is_string() ? words->get<std::string>() : "");
}

}  // namespace

std::unique_ptr<Channel> make_dingtalk() { return std::make_unique<Dingtalk>(); }

}  // namespace alerting
