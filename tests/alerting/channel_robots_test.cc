// What the vendors' answers mean (CHANNELS 2 and 7.4), one sample body a row, and what settings
// are refused.
#include <doctest/doctest.h>

#include "alerting/channel.h"
#include "tests/fakes/sample.h"

using alerting::Outcome;

namespace {

struct Row {
  int status;
  std::string body;
  Outcome outcome;
  int64_t pause_s = 0;
};

alerting::SendResult classify(std::string_view kind, int status, const std::string& body,
                              const std::string& reset = "") {
  alerting::TransportResult r;
  r.how = alerting::TransportResult::How::Answered;
  r.status = status;
  r.body = body;
  r.rate_reset = reset;
  return alerting::make_channel(kind)->classify(r);
}

void check_rows(std::string_view kind, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(kind);
    CAPTURE(row.status);
    CAPTURE(row.body);
    const alerting::SendResult r = classify(kind, row.status, row.body);
    CHECK(static_cast<int>(r.outcome) == static_cast<int>(row.outcome));
    CHECK(r.retry_after == core::Millis(row.pause_s * 1000));
    CHECK(r.vendor_answer.size() <= alerting::kAnswerBytesMax);
  }
}

std::string errcode(int code, const std::string& words) {
  return R"({"errcode":)" + std::to_string(code) + R"(,"errmsg":")" + words + "\"}";
}
std::string feishu(int code, const std::string& words) {
  return R"({"code":)" + std::to_string(code) + R"(,"msg":")" + words + R"(","data":{}})";
}

}  // namespace

TEST_CASE("conformance 4: DingTalk's answers, in the old words and the new") {
  const auto dead = Outcome::DeadDestination;
  check_rows("dingtalk",
             {{200, errcode(0, "ok"), Outcome::Delivered},
              {200, errcode(310000, "keywords not in content"), dead},
              {200, errcode(310000, "description:关键词不匹配;solution:x;link:y"), dead},
              {200, errcode(310000, "invalid timestamp"), Outcome::RetryMessage},
              {200, errcode(310000, "description:时间戳不合法"), Outcome::RetryMessage},
              {200, errcode(310000, "sign not match, more: (x)"), dead},
              {200, errcode(310000, "description:机器人发送签名不匹配;solution:x"), dead},
              {200, errcode(310000, "ip 1.2.3.4 not in whitelist"), dead},
              {200, errcode(310000, "description:IP不在白名单"), dead},
              {200, errcode(310000, "something else"), dead},
              {200, errcode(130101, "send too fast"), Outcome::RetryDestination, 600},
              {200, errcode(410100, "发送速度太快而限流"), Outcome::RetryDestination, 600},
              {200, errcode(90030, "webhook over limit"), Outcome::RetryDestination, 600},
              {200, errcode(90018, "qps"), Outcome::RetryDestination, 60},
              {200, errcode(90020, "quota"), Outcome::RetryDestination, 600},
              {200, errcode(460101, "message too long"), Outcome::FixContent},
              {200, errcode(101002, "message is too long"), Outcome::FixContent},
              {200, errcode(430101, "不安全外链"), Outcome::FixContent},
              {200, errcode(430102, "文本"), Outcome::FixContent},
              {200, errcode(430103, "图片"), Outcome::FixContent},
              {200, errcode(430104, "内容"), Outcome::FixContent},
              {200, errcode(300005, "token is not exist"), dead},
              {200, errcode(300001, "token is not exist"), dead},
              {200, errcode(400101, "token"), dead},
              {200, errcode(400013, "群已解散"), dead},
              {200, errcode(400102, "机器人已停用"), dead},
              {200, errcode(400106, "机器人不在群"), dead},
              {200, errcode(400105, "bad msgtype"), Outcome::DeadMessage},
              {200, errcode(40035, "缺少参数"), Outcome::DeadMessage},
              {200, errcode(-1, "系统繁忙"), Outcome::RetryMessage},
              {200, errcode(15, "timeout"), Outcome::Unknown},
              {200, errcode(88, ""), Outcome::Unknown},
              {200, R"({"status":1111,"wait":5,"source":"x5","punish":"deny"})",
               Outcome::RetryDestination, 300},
              {500, errcode(-1, "oops"), Outcome::RetryMessage},
              {502, "<html></html>", Outcome::Unknown}});
  CHECK(classify("dingtalk", 200, errcode(430102, "x")).sanitise);
  CHECK(classify("dingtalk", 200, errcode(310000, "invalid timestamp")).prepare_again);
  CHECK(classify("dingtalk", 200, errcode(310000, "sign not match"))
            .vendor_answer.starts_with("sign: "));
  CHECK(classify("dingtalk", 200, errcode(310000, "description:关键词不匹配"))
            .vendor_answer.starts_with("keyword: "));
}

TEST_CASE("conformance 4: Feishu's 9499 means two things") {
  check_rows("feishu", {{200, feishu(0, "success"), Outcome::Delivered},
                        {200, R"({"Extra":null,"StatusCode":0,"StatusMessage":"success"})",
                         Outcome::Delivered},
                        {400, feishu(0, "success"), Outcome::DeadMessage},
                        {400, feishu(9499, "too many request"), Outcome::RetryDestination, 2},
                        {400, feishu(9499, "Bad Request"), Outcome::DeadMessage},
                        {400, feishu(11232, "frequency limited"), Outcome::RetryDestination, 2},
                        {200, feishu(230020, "limit"), Outcome::RetryDestination, 2},
                        {200, feishu(19001, "token invalid"), Outcome::DeadDestination},
                        {200, feishu(19002, "msg_type"), Outcome::DeadMessage},
                        {200, feishu(19007, "Bot Not Enabled"), Outcome::DeadDestination},
                        {200, feishu(19021, "sign match fail"), Outcome::RetryMessage},
                        {200, feishu(19022, "Ip Not Allowed"), Outcome::DeadDestination},
                        {200, feishu(19024, "Key Words Not Found"), Outcome::DeadDestination},
                        {200, feishu(19036, "exceeds the size limit of 30KB"), Outcome::FixContent},
                        {200, feishu(230028, "audit"), Outcome::FixContent},
                        {200, feishu(1, "Too Many Requests"), Outcome::RetryDestination, 2},
                        {200, feishu(2, "message exceeds the size limit"), Outcome::FixContent},
                        {200, feishu(77, "new"), Outcome::DeadMessage}});
}

TEST_CASE("conformance 7: a vendor's reset is waited for") {
  CHECK(classify("feishu", 429, "", "7").retry_after == core::Millis(7'000));
  CHECK(classify("feishu", 429, "", "99999999").retry_after == core::Millis(3600'000));
}

TEST_CASE("Slack's words, with whatever status") {
  std::vector<Row> rows = {
      {200, "ok", Outcome::Delivered},
      {200, "okay", Outcome::DeadMessage},
      {200, "", Outcome::Unknown},
      {200, "<html>ok</html>", Outcome::Unknown},
      {429, R"({"retry_after":1,"ok":false,"error":"rate_limited"})", Outcome::RetryDestination, 1},
      {429, "ratelimited", Outcome::RetryDestination, 1},
      {500, "rollup_error", Outcome::RetryMessage},
      {400, "something", Outcome::DeadMessage},
      {503, "<html></html>", Outcome::Unknown},
      {404, "<html></html>", Outcome::DeadDestination}};
  for (const char* size : {"invalid_blocks", "msg_blocks_too_long", "too_many_attachments"})
    rows.push_back({400, size, Outcome::FixContent});
  for (const char* ours : {"invalid_payload", "no_text"})
    rows.push_back({400, ours, Outcome::DeadMessage});
  for (const char* dead :
       {"user_not_found", "action_prohibited", "channel_not_found",
        "posting_to_general_channel_denied", "channel_is_archived", "no_service_id", "no_service",
        "invalid_token", "no_active_hooks", "no_team", "team_disabled"})
    rows.push_back({403, dead, Outcome::DeadDestination});
  check_rows("slack", rows);
}

TEST_CASE("Teams and PagerDuty take, and never prove") {
  check_rows("teams",
             {{202, "", Outcome::Accepted},
              {200, "", Outcome::Unknown},
              {200, "1", Outcome::DeadMessage},
              {200, "Microsoft Teams endpoint returned HTTP error 413", Outcome::FixContent},
              {200, "returned HTTP error 429", Outcome::RetryDestination, 1},
              {413, "", Outcome::FixContent},
              {429, "", Outcome::RetryDestination, 1},
              {401, "{}", Outcome::DeadDestination},
              {502, "<html></html>", Outcome::Unknown}});
  check_rows("pagerduty", {{202, R"({"status":"success","dedup_key":"x"})", Outcome::Accepted},
                           {202, "{}", Outcome::DeadMessage},
                           {202, "", Outcome::Unknown},
                           {400, R"({"errors":["Invalid routing key"]})", Outcome::DeadDestination},
                           {400, R"({"errors":["payload.summary"]})", Outcome::DeadMessage},
                           {429, "", Outcome::RetryDestination, 30},
                           {500, "", Outcome::RetryMessage}});
  check_rows("alertmanager", {{204, "", Outcome::Delivered},
                              {500, "{}", Outcome::RetryMessage},
                              {502, "<html></html>", Outcome::Unknown}});
  CHECK_FALSE(alerting::make_channel("teams")->caps({}).proves);
  CHECK_FALSE(alerting::make_channel("pagerduty")->caps({}).proves);
}

TEST_CASE("conformance 20: a wrong host is refused without repeating it") {
  struct Case {
    std::string_view kind;
    std::string good;
  };
  for (const Case& c : std::vector<Case>{
           {"dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abcdef0123"},
           {"feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/abcdef0123"},
           {"slack", "https://hooks.slack.com/services/T/B/abcdef0123"},
           {"teams", "https://p.logic.azure.com/workflows/abcdef0123?sig=x"},
           {"pagerduty", "https://events.pagerduty.com/v2/enqueue?abcdef0123"}}) {
    CAPTURE(c.kind);
    const auto channel = alerting::make_channel(c.kind);
    alerting::Destination to;
    to.id = "robot:qa";
    to.url = c.good;
    if (c.kind == "pagerduty") to.secrets = {"0123456789abcdef0123456789abcdef"};
    CHECK(channel->check(to));
    to.options["colour"] = "abcdef0123";
    REQUIRE_FALSE(channel->check(to));
    CHECK(channel->check(to).error().message == "channel robot:qa: unknown option colour");
    to.options.clear();
    const size_t path = to.url.find('/', 8);
    to.url = "https://evil.example" + to.url.substr(path);
    REQUIRE_FALSE(channel->check(to));
    CHECK(channel->check(to).error().message.find("evil") == std::string::npos);
    CHECK(channel->check(to).error().message.find("abcdef") == std::string::npos);
  }
}
