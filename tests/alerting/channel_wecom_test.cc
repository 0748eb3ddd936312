#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "alerting/channel.h"
#include "core/text/utf8.h"
#include "tests/fakes/sample.h"

using alerting::Degrade;
using alerting::Outcome;

namespace {

constexpr size_t kBudget = 3900;

alerting::Rendered render(const core::Notification& n, Degrade level = Degrade::Full,
                          bool resend = false) {
  return alerting::make_channel("wecom")->render(n, 480, level, resend);
}

std::string content_of(const std::string& body) {
  const auto json = nlohmann::json::parse(body);
  CHECK(json["msgtype"] == "markdown");
  return json["markdown"]["content"];
}

// Takes `tag` out of `text` everywhere.
void take_out(std::string& text, std::string_view tag) {
  for (size_t at = text.find(tag); at != std::string::npos; at = text.find(tag, at))
    text.erase(at, tag.size());
}

size_t count(std::string_view text, std::string_view what) {
  size_t n = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

// Reads the markdown as the client does: what is left once our own markup is gone must hold none.
void check_only_our_markup(std::string content) {
  CHECK(count(content, "<font color=") == count(content, "</font>"));
  for (const std::string_view colour : {"info", "comment", "warning"})
    take_out(content, "<font color=\"" + std::string(colour) + "\">");
  take_out(content, "</font>");
  size_t begin = 0, line_number = 0;
  while (begin <= content.size()) {
    const size_t end = std::min(content.find('\n', begin), content.size());
    std::string line = content.substr(begin, end - begin);
    begin = end + 1;
    if (line_number++ == 0) {
      REQUIRE(line.starts_with("### "));
      line.erase(0, 4);
    }
    if (line.starts_with("> ")) line.erase(0, 2);
    CHECK(line.find_first_of("<>[]@") == std::string::npos);
    CHECK(!line.starts_with('#'));
    const size_t ticks = count(line, "`"), stars = count(line, "*");
    CHECK((ticks == 0 || (ticks == 2 && line.find("`qingyu ") != std::string::npos)));
    CHECK((stars == 0 || (stars == 4 && line.starts_with("**"))));
  }
}

}  // namespace

TEST_CASE("the robot's message as it is sent") {
  core::Notification n = fakes::sample("wecom:qa");
  n.evidence.resize(1);
  CHECK(
      render(n).body ==
      R"({"msgtype":"markdown","markdown":{"content":"### <font color=\"warning\">【黄】新事件：汀白洗衣液2kg 临期/过期</font>\n**事件**：INC-20260310-7K3M9Q2A · r1 · 待确认 · 致 值班（第 1 级）\n**原因**：1 小时内有 3 个不同的群命中规则“near-expiry”\n**范围**：3 个群，约 375 人看到（按 250 定律估算）；证据 5 条，其中转发 2 条；首发 2026-03-10 15:03\n**速度**：尚未看出持续增长\n**损失**：预期约 120,000 元（估算：近 7 天销量 × 单价 × 假定赔付比例）\n**期限**：<font color=\"warning\">请在 2026-03-10 16:10 前确认（北京时间），逾期将升级或再次催办</font>\n**权限**：不能决定支出，可确认、补充情况\n> 15:03 阳光小区团购群：“刚收到的洗衣液还有三个月就过期了”\n**其余证据**：4 条，见 qingyu show INC-20260310-7K3M9Q2A\n**确认**：`qingyu ack INC-20260310-7K3M9Q2A --by duty`\n<font color=\"comment\">［YELLOW］ new incident: expiry, product:TB103; 3 groups, about 375 people, expected loss about CNY 120,000; 3 distinct groups hit rule near-expiry within 1 hour; acknowledge by 2026-03-10 16:10 UTC+8. INC-20260310-7K3M9Q2A r1</font>"}})");
}

TEST_CASE("a second try says so, and an all-clear is green") {
  core::Notification n = fakes::sample("wecom:qa");
  CHECK(content_of(render(n, Degrade::Full, true).body)
            .starts_with("### <font color=\"warning\">（重发）【黄】"));
  n.cause = core::Cause::AllClear;
  CHECK(content_of(render(n).body).starts_with("### <font color=\"info\">【黄】警报解除"));
}

TEST_CASE("what strangers write can neither mention, link, colour nor forge a line") {
  core::Notification n = fakes::sample("wecom:qa");
  n.evidence = {
      {n.at, "<@all> 群", "<@all> <@wangqing> @all <!channel> <at id=all></at>"},
      {n.at, "[群](http://evil.cn)",
       "[x](javascript:alert(1)) `确认接手`](https://evil) www.evil.com"},
      {n.at, "# 群", "**粗** <font color=\"warning\">假</font>\n> 引用\n# 标题\n`qingyu close`"},
  };
  n.subject_name = "<@all>`[x](y)`";
  n.because = {"closed_by", {{"by", 0, "<@all>"}, {"reason", 0, "`[a](b)` **x**\n# y"}}};
  const std::string content = content_of(render(n).body);
  check_only_our_markup(content);
  CHECK(content.find("http:") == std::string::npos);
  CHECK(content.find("www.evil") == std::string::npos);
  CHECK(content.find("hxxps") != std::string::npos);
}

TEST_CASE("every answer of the vendor is classified as its table says") {
  struct Row {
    std::string body;
    Outcome outcome;
    bool alarm;
  };
  const std::string hint =
      ", hint: [1710000000_1_ab], from ip: 203.0.113.9, more info at "
      "https://open.work.weixin.qq.com/devtool/query?e=1";
  const auto body = [&hint](int code, const std::string& words) {
    return nlohmann::json{{"errcode", code}, {"errmsg", words + hint}}.dump();
  };
  const std::vector<Row> rows = {
      {R"({"errcode":0,"errmsg":"ok"})", Outcome::Delivered, false},
      {R"({"errcode":0,"errmsg":"ok. Warning: wrong json format. "})", Outcome::Delivered, true},
      {R"({"errcode":-1,"errmsg":"system busy"})", Outcome::RetryMessage, false},
      {R"({"errcode":-1,"errmsg":"系统繁忙"})", Outcome::RetryMessage, false},
      {body(45009, "api freq out of limit"), Outcome::RetryDestination, false},
      {body(93000, "invalid webhook url"), Outcome::DeadDestination, false},
      {R"({"errcode":93000,"errmsg":"Invalid input : content exceed max length. "})",
       Outcome::FixContent, false},
      {body(40058, "markdown.content exceed max length 4096. invalid Request Parameter"),
       Outcome::FixContent, false},
      {body(40058, "invalid Request Parameter"), Outcome::DeadMessage, true},
      {body(44004, "empty content"), Outcome::DeadMessage, true},
      {body(93004, "机器人被停用"), Outcome::DeadDestination, false},
      {body(93008, "not in chat"), Outcome::DeadDestination, false},
      {body(40008, "invalid message type"), Outcome::DeadMessage, true},
      {body(40033, "不能包含\\uxxxx格式的字符"), Outcome::DeadMessage, true},
      {body(99999, "something new"), Outcome::DeadMessage, true},
      {"{}", Outcome::DeadMessage, true},
      {R"({"errcode":"0","errmsg":"ok"})", Outcome::DeadMessage, true},
      {"[0]", Outcome::DeadMessage, true},
      {"", Outcome::Unknown, true},
      {"ok", Outcome::Unknown, true},
      {"<html>ok</html>", Outcome::Unknown, true},
      {R"({"errcode":0,"errm)", Outcome::Unknown, true},
  };
  const auto channel = alerting::make_channel("wecom");
  for (const Row& row : rows) {
    CAPTURE(row.body);
    alerting::TransportResult r;
    r.how = alerting::TransportResult::How::Answered;
    r.status = 200;
    r.body = row.body;
    const alerting::SendResult result = channel->classify(r);
    CHECK(result.outcome == row.outcome);
    CHECK(result.alarm == row.alarm);
    CHECK(result.vendor_answer.find("203.0.113.9") == std::string::npos);
    CHECK(result.vendor_answer.size() <= alerting::kAnswerBytesMax);
    if (result.outcome == Outcome::RetryDestination)
      CHECK(result.retry_after >= core::Millis(60'000));
    if (result.outcome == Outcome::RetryMessage) CHECK(result.retries_max == 3);
  }
}

TEST_CASE("a proxy's 5xx proves nothing, the vendor's own may be repeated") {
  const auto channel = alerting::make_channel("wecom");
  alerting::TransportResult r;
  r.how = alerting::TransportResult::How::Answered;
  r.status = 502;
  r.content_type = "text/html";
  r.body = "<html>502 Bad Gateway</html>";
  CHECK(channel->classify(r).outcome == Outcome::Unknown);
  r.body = R"({"errcode":-1,"errmsg":"x"})";
  r.content_type = "application/json";
  CHECK(channel->classify(r).outcome == Outcome::RetryMessage);
}

TEST_CASE("a robot's settings are checked without repeating them") {
  const auto channel = alerting::make_channel("wecom");
  const auto error = [&channel](std::string url, bool allow_private = false) {
    alerting::Destination d;
    d.id = "wecom:qa";
    d.url = std::move(url);
    d.allow_private = allow_private;
    const auto checked = channel->check(d);
    return checked ? std::string() : checked.error().message;
  };
  CHECK(error("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6") == "");
  CHECK(error("http://127.0.0.1:9/cgi-bin/webhook/send?key=693a91f6", true) == "");
  for (const std::string bad :
       {"https://qyapi.weixin.qq.com.evil.cn/cgi-bin/webhook/send?key=693a91f6",
        "https://qyapi.weixin.qq.com@evil.cn/send?key=693a91f6",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"}) {
    CAPTURE(bad);
    CHECK(error(bad).starts_with("channel wecom:qa: "));
    CHECK(error(bad).find("693a") == std::string::npos);
    CHECK(error(bad).find("evil") == std::string::npos);
  }
}

TEST_CASE(
    "whatever is written, the body keeps to the budget, is valid and has what must be there") {
  static const std::vector<std::string> kPieces = {
      "过",
      "期",
      "洗衣液",
      "👨‍👩‍👧‍👦",
      "🇨🇳",
      "👍🏽",
      "e\u0301",
      "\u202e",
      "\u200b",
      "<",
      ">",
      "`",
      "[",
      "]",
      "*",
      "@",
      "#",
      "\n",
      "\\",
      "\"",
      "\xff",
      "\x02",
      "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030d\u030e"
      "\u030f"};
  std::mt19937_64 random(7);
  const auto words = [&random](size_t pieces_max) {
    std::string text;
    for (size_t n = random() % (pieces_max + 1); n > 0; --n)
      text += kPieces[random() % kPieces.size()];
    return text;
  };
  size_t degraded = 0;
  for (int round = 0; round < 2000; ++round) {
    const size_t length = round % 3 == 0 ? 2000 : 60;
    core::Notification n = fakes::sample("wecom:qa");
    n.evidence.clear();
    for (int i = 0; i < 3; ++i) n.evidence.push_back({n.at, words(length), words(length)});
    n.subject_name = words(length);
    n.issue_name = words(length);
    n.person_name = words(length);
    n.incident.rung_name = words(length);
    n.incident.messages = 20 + static_cast<int64_t>(random() % 5000);
    n.because = {
        "decided",
        {{"by", 0, words(length)}, {"option", 0, words(length)}, {"reason", 0, words(length)}}};
    const auto level = static_cast<Degrade>(random() % 4);
    const alerting::Rendered r = render(n, level, random() % 2 == 0);
    REQUIRE(r.body.size() <= kBudget);
    REQUIRE(core::text::valid_utf8(r.body));
    REQUIRE(r.body.find("\\u") == std::string::npos);
    REQUIRE(r.level >= level);
    degraded += r.level > level ? 1 : 0;
    const std::string content = content_of(r.body);
    check_only_our_markup(content);
    REQUIRE(content.find("【黄】") != std::string::npos);
    REQUIRE(content.find("INC-20260310-7K3M9Q2A · r1") != std::string::npos);
    REQUIRE(content.find("2026-03-10 16:10") != std::string::npos);
    REQUIRE(content.find("`qingyu ack INC-20260310-7K3M9Q2A --by duty`") != std::string::npos);
    if (r.level == Degrade::Neutral) continue;
    const size_t quotes = count(content, "\n> ");
    const std::string rest = std::to_string(n.incident.messages - static_cast<int64_t>(quotes));
    std::string unseparated = content;
    take_out(unseparated, ",");
    REQUIRE(unseparated.find("证据**：" + rest + " 条") != std::string::npos);
  }
  CHECK(degraded > 0);
}
