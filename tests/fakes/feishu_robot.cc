#include "tests/fakes/feishu_robot.h"

#include <nlohmann/json.hpp>

#include "tests/fakes/hmac.h"

namespace fakes {

namespace {

Reply error(int status, int code, const std::string& words) {
  return {status,
          nlohmann::json{{"code", code}, {"msg", words}, {"data", {}}}.dump(),
          "application/json",
          {}};
}

}  // namespace

FeishuRobot::FeishuRobot(core::Clock& clock, FeishuRules rules)
    : clock_(clock), rules_(std::move(rules)), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return handle(request);
      }) {}

std::vector<std::string> FeishuRobot::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

Reply FeishuRobot::handle(const Request& request) {
  if (request.method != "POST") return {404, "", "text/html", {}};
  if (request.target != "/open-apis/bot/v2/hook/" + rules_.token)
    return error(200, 19001, "param invalid: incoming webhook access token invalid");
  const core::Time now = clock_.wall();
  const size_t second = second_.call(now, core::Millis(1'000));
  const size_t minute = minute_.call(now, core::Millis(60'000));
  if (second > 5 || minute > 100) {
    if (rules_.busy == FeishuRules::Busy::Code9499) return error(400, 9499, "too many request");
    if (rules_.busy == FeishuRules::Busy::Code11232) return error(200, 11232, "frequency limited");
    return {429, "", "application/json", {{"x-ogw-ratelimit-reset", "7"}}};
  }
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object() || request.body.size() > 20'480) return error(400, 9499, "Bad Request");
  const std::string type = body.value("msg_type", "");
  if ((type == "interactive" && !body.contains("card")) ||
      (type == "text" && !body.contains("content")) || (type != "interactive" && type != "text"))
    return error(200, 19002, "param invalid: msg_type");
  if (rules_.ip_refused) return error(200, 19022, "Ip Not Allowed");
  if (!rules_.secret.empty()) {
    const std::string timestamp = body.value("timestamp", "");
    const int64_t skew = core::to_ms(now) / 1000 - std::atoll(timestamp.c_str());
    if (std::abs(skew) > 3'600 ||
        body.value("sign", "") != hmac_base64(timestamp + "\n" + rules_.secret, ""))
      return error(200, 19021,
                   "sign match fail or timestamp is not within one hour from current time");
  }
  if (request.body.find(rules_.keyword) == std::string::npos)
    return error(200, 19024, "Key Words Not Found");
  posted_.push_back(request.body);
  return {200,
          R"({"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"})",
          "application/json",
          {}};
}

}  // namespace fakes
