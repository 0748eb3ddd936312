#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "alerting/channel.h"
#include "alerting/http.h"
#include "alerting/message_text.h"
#include "core/text/utf8.h"
#include "tests/alerting/message_story.h"
#include "tests/fakes/sample.h"
#include "tests/fakes/wecom_robot.h"

using alerting::Degrade;
using alerting::Outcome;

namespace {

constexpr size_t kBudget = 3900;

constexpr size_t kTextBudget = 1950;

alerting::Destination destination(std::map<std::string, std::string, std::less<>> options = {}) {
  alerting::Destination d;
  d.id = "wecom:qa";
  d.url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6";
  d.options = std::move(options);
  return d;
}

alerting::Rendered render(const core::Notification& n, Degrade level = Degrade::Full,
                          bool resend = false) {
  return alerting::make_channel("wecom")->render(n, {}, destination(), {480, level, resend});
}

std::string content_of(const std::string& body, const std::string& type = "markdown") {
  const auto json = nlohmann::json::parse(body);
  CHECK(json["msgtype"] == type);
  return json[type]["content"];
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

// Takes out the links that are ours; what looks like one and leads elsewhere stays.
void take_out_links(std::string& text) {
  for (const std::string base : {"https://act.example.cn/", "https://desk.example.cn/"})
    for (size_t at = text.find("](" + base); at != std::string::npos; at = text.find("](" + base)) {
      const size_t begin = text.rfind('[', at), end = text.find(')', at);
      REQUIRE(begin != std::string::npos);
      REQUIRE(end != std::string::npos);
      text.erase(begin, end + 1 - begin);
    }
}

// Reads the markdown as the client does: what is left once our own markup is gone must hold none.
void check_only_our_markup(std::string content, std::string_view mention = "") {
  if (!mention.empty()) {
    REQUIRE(content.ends_with("\n" + std::string(mention)));
    content.erase(content.size() - mention.size() - 1);
  }
  CHECK(count(content, "<font color=") == count(content, "</font>"));
  for (const std::string_view colour : {"info", "comment", "warning"})
    take_out(content, "<font color=\"" + std::string(colour) + "\">");
  take_out(content, "</font>");
  take_out_links(content);
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
  n.contacts = {{"dingtalk", "13800001111"}, {"wecom", "wangqing"}};
  CHECK(
      render(n).body ==
      R"({"msgtype":"markdown","markdown":{"content":"### <font color=\"warning\">【黄】新事件：汀白洗衣液2kg 临期/过期</font>\n**事件**：INC-20260310-7K3M9Q2A · r1 · 待确认 · 致 值班（第 1 级）\n**原因**：1 小时内有 3 个不同的群命中规则“near-expiry”\n**范围**：3 个群，约 375 人看到（按 250 定律估算）；证据 5 条，其中转发 2 条；首发 2026-03-10 15:03\n**速度**：尚未看出持续增长\n**损失**：预期约 120,000 元（估算：近 7 天销量 × 单价 × 假定赔付比例）\n**尚不清楚**：会传多远（时间尚短，不足以预测）\n**期限**：<font color=\"warning\">请在 2026-03-10 16:10 前确认（北京时间），逾期将升级或再次催办</font>\n**请您**：研判是否属实，确认接手，补充情况（谁先说、哪一批货、波及哪里）；不能决定支出\n> 15:03 阳光小区团购群：“刚收到的洗衣液还有三个月就过期了”\n**其余证据**：4 条，见 qingyu show INC-20260310-7K3M9Q2A\n**确认**：`qingyu ack INC-20260310-7K3M9Q2A --by duty`\n<font color=\"comment\">［YELLOW］ new incident: expiry, product:TB103; 3 groups, about 375 people, expected loss about CNY 120,000; 3 distinct groups hit rule near-expiry within 1 hour; acknowledge by 2026-03-10 16:10 UTC+8. INC-20260310-7K3M9Q2A r1</font>\n<@wangqing>"}})");
}

TEST_CASE("a second try says so, and an all-clear is green") {
  core::Notification n = fakes::sample("wecom:qa");
  CHECK(content_of(render(n, Degrade::Full, true).body)
            .starts_with("### <font color=\"warning\">（重发）【黄】"));
  n.cause = core::Cause::AllClear;
  CHECK(content_of(render(n).body).starts_with("### <font color=\"info\">【黄】警报解除"));
}

TEST_CASE(
    "conformance 12: what strangers write can neither mention, link, colour nor forge a line") {
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

TEST_CASE("conformance 4: every answer of WeCom is classified as its table says") {
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
  std::mt19937_64 random(7);
  size_t short_of = 0;
  for (int round = 0; round < 30; ++round) {
    const size_t pieces = round % 3 == 0 ? 600 : 40;
    for (const core::Cause cause : fakes::kCauses)
      for (uint32_t rung = 1; rung <= fakes::kRungs; ++rung)
        for (const bool text : {false, true}) {
          core::Notification n = fakes::worst(cause, rung, random, pieces);
          n.contacts = {{"wecom", "wang.qing"}};
          const alerting::Extras extras = fakes::worst_extras(cause, random, pieces);
          const auto level = static_cast<Degrade>(random() % 4);
          const alerting::Rendered r = alerting::make_channel("wecom")->render(
              n, extras, destination({{"format", text ? "text" : "markdown"}}),
              {480, level, random() % 2 == 0});
          CAPTURE(r.body);
          REQUIRE(r.body.size() <= (text ? kTextBudget : kBudget));
          REQUIRE(core::text::valid_utf8(r.body));
          REQUIRE(r.body.find("\\u") == std::string::npos);
          REQUIRE(r.level == level);
          const std::string content = content_of(r.body, text ? "text" : "markdown");
          short_of += content.find("条见详情）") != std::string::npos ? 1 : 0;
          if (text)
            REQUIRE(content.find_first_of("<>[]@`") == std::string::npos);
          else
            check_only_our_markup(content, "<@wang.qing>");
          REQUIRE(content.find("evil.cn") == std::string::npos);
          REQUIRE(content.find(extras.links[0].url) != std::string::npos);
          if (cause == core::Cause::Test) continue;
          REQUIRE(content.find(n.incident.level == core::Level::Red ? "【红】" : "【黄】") !=
                  std::string::npos);
          REQUIRE(content.find("INC-20260310-7K3M9Q2A · r") != std::string::npos);
          if (const size_t at = content.find("证据**："); !text && at != std::string::npos) {
            const size_t quotes = count(content, "\n> ");
            const int64_t rest = n.incident.messages - static_cast<int64_t>(quotes);
            REQUIRE(content.find("证据**：" + alerting::with_separators(rest) + " 条") !=
                    std::string::npos);
          }
          if (n.ack_by != core::Time{})
            REQUIRE(content.find(alerting::moment(n.ack_by, 480)) != std::string::npos);
        }
  }
  CHECK(short_of > 100);
}

TEST_CASE("conformance 13: WeCom mentions a person on the last line, in text by the list") {
  core::Notification n = fakes::story(core::Cause::Escalated, 4);
  n.contacts = {{"wecom", "wangqing"}, {"wecom", "<@all>"}, {"wecom", "all"}, {"slack", "U1"}};
  const alerting::Rendered markdown = render(n);
  CHECK(content_of(markdown.body).ends_with("\n<@wangqing>"));
  CHECK(count(markdown.body, "<@") == 1);
  CHECK(std::ranges::count(markdown.warnings, "a wecom id that is none was left out") == 2);

  const auto channel = alerting::make_channel("wecom");
  const auto body = [&](std::map<std::string, std::string, std::less<>> options) {
    return nlohmann::json::parse(channel->render(n, {}, destination(std::move(options)), {}).body);
  };
  const auto text = body({{"format", "text"}});
  CHECK(text["msgtype"] == "text");
  CHECK(text["text"]["mentioned_list"] == nlohmann::json{"wangqing"});
  CHECK(text["text"]["content"].get<std::string>().find('@') == std::string::npos);

  // Everybody can be mentioned by a text only, and is not for what asks nothing.
  const auto all = body({{"mention", "all"}});
  CHECK(all["msgtype"] == "text");
  CHECK(all["text"]["mentioned_list"] == nlohmann::json{"wangqing", "@all"});
  n.cause = core::Cause::AllClear;
  CHECK(body({{"mention", "all"}})["msgtype"] == "markdown");

  n.contacts.clear();
  const alerting::Rendered nobody = render(n);
  CHECK(nobody.body.find("<@") == std::string::npos);
  CHECK(std::ranges::count(nobody.warnings, "no wecom id: nobody is mentioned") == 1);
}

TEST_CASE("links are ours alone, at most three, and never one that ends early") {
  const core::Notification n = fakes::story(core::Cause::Escalated, 4);
  alerting::Extras extras = fakes::story_extras(core::Cause::Escalated);
  extras.links.push_back({"more", "第四个", "https://desk.example.cn/4", ""});
  const auto channel = alerting::make_channel("wecom");
  const std::string content = content_of(channel->render(n, extras, destination(), {}).body);
  CHECK(count(content, "](https://") == 3);
  CHECK(content.find("[去决定](https://act.example.cn/a/1x") != std::string::npos);
  CHECK(content.find("[查看详情](https://desk.example.cn/i/7K3M9Q2A)") != std::string::npos);
  CHECK(content.find("qingyu decide") == std::string::npos);  // the link does it
  check_only_our_markup(content);
  extras.links = {{"decide", "[x](y)", "https://desk.example.cn/a) <@all>", ""}};
  const std::string odd = content_of(channel->render(n, extras, destination(), {}).body);
  CHECK(odd.find("](") == std::string::npos);
  CHECK(odd.find("<@all>") == std::string::npos);
  CHECK(odd.find("［x］(y)") != std::string::npos);
}

TEST_CASE("a robot's options are known or refused") {
  const auto channel = alerting::make_channel("wecom");
  CHECK(channel->check(destination({{"format", "text"}, {"mention", "all"}})).ok());
  CHECK(!channel->check(destination({{"format", "markdown_v2"}})).ok());
  CHECK(!channel->check(destination({{"mention", "everybody"}})).ok());
  CHECK(!channel->check(destination({{"keyword", "x"}})).ok());
  CHECK(channel->caps(destination({{"format", "text"}})).text_bytes == kTextBudget);
}

TEST_CASE("both forms are taken by the robot as they are sent") {
  fakes::FakeClock clock;
  const std::string key = "693a91f6";
  fakes::WecomRobot robot(clock, {key});
  const auto transport = alerting::make_http_transport({});
  const auto channel = alerting::make_channel("wecom");
  core::Notification n = fakes::story(core::Cause::Escalated, 4);
  n.contacts = {{"wecom", "wangqing"}};
  std::mt19937_64 random(3);
  for (const std::string format : {"markdown", "text"}) {
    alerting::Destination to = destination({{"format", format}});
    to.url = robot.url(key);
    to.allow_private = true;
    const auto post = [&](const core::Notification& what, const alerting::Extras& extras) {
      const alerting::Rendered r = channel->render(what, extras, to, {});
      const auto request = channel->prepare(r, to, what, what.at, {});
      return channel->classify(transport->send(request, to)).outcome;
    };
    CHECK(post(n, fakes::story_extras(n.cause)) == Outcome::Delivered);
    CHECK(post(fakes::worst(core::Cause::Reminder, 3, random, 600),
               fakes::worst_extras(core::Cause::Reminder, random, 600)) == Outcome::Delivered);
  }
  const auto posted = robot.posted();
  REQUIRE(posted.size() == 4);
  CHECK(posted[0].type == "markdown");
  CHECK(posted[0].content.ends_with("<@wangqing>"));
  CHECK(posted[2].type == "text");
  CHECK(posted[2].mentioned == std::vector<std::string>{"wangqing"});
  CHECK(posted[2].content.find("方案 1：") != std::string::npos);
}
