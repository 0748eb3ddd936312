#include "tests/fakes/dingtalk_robot.h"

#include <nlohmann/json.hpp>

#include "tests/fakes/hmac.h"

namespace fakes {

namespace {

constexpr core::Millis kWindow{60'000}, kBlock{600'000};
constexpr int64_t kSkewMs = 3'600'000;

std::string error(int code, const std::string& words) {
  return nlohmann::json{{"errcode", code}, {"errmsg", words}}.dump();
}

}  // namespace

DingtalkRobot::DingtalkRobot(core::Clock& clock, DingtalkRules rules)
    : clock_(clock), rules_(std::move(rules)), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return Reply{200, verdict(request), "application/json", {}};
      }) {}

std::vector<std::string> DingtalkRobot::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

std::optional<std::string> DingtalkRobot::security(const Request& request) const {
  const auto say = [this](const std::string& old, const std::string& fresh) {
    return error(310000, rules_.new_style ? "description:" + fresh + ";solution:请检查;link:x"
                                          : old + ", more: [https://ding-doc.example]");
  };
  if (rules_.ip_refused) return say("ip 203.0.113.9 not in whitelist", "IP不在白名单");
  if (request.body.find(rules_.keyword) == std::string::npos)
    return say("keywords not in content", "关键词不匹配");
  if (rules_.secret.empty()) return std::nullopt;
  const std::string timestamp = request.query("timestamp");
  const int64_t ms = std::atoll(timestamp.c_str());
  if (std::abs(core::to_ms(clock_.wall()) - ms) > kSkewMs)
    return say("invalid timestamp", "机器人发送时间戳不合法");
  const std::string right = hmac_base64(rules_.secret, timestamp + "\n" + rules_.secret);
  if (percent_decoded(request.query("sign")) != right)
    return say("sign not match", "机器人发送签名不匹配");
  return std::nullopt;
}

std::optional<std::string> DingtalkRobot::moderation(const std::string& body) const {
  for (const std::string& word : rules_.unsafe_words)
    if (body.find(word) != std::string::npos) return error(430102, "包含不合适的文本");
  if (rules_.safe_hosts.empty()) return std::nullopt;
  for (size_t at = body.find("://"); at != std::string::npos; at = body.find("://", at + 3)) {
    const std::string rest = body.substr(at + 3);
    bool safe = false;
    for (const std::string& host : rules_.safe_hosts) safe = safe || rest.starts_with(host);
    if (!safe) return error(430101, "包含不安全的外链");
  }
  return std::nullopt;
}

std::string DingtalkRobot::verdict(const Request& request) {
  if (request.method != "POST") return error(43002, "需要POST请求");
  const std::string token = request.query("access_token");
  if (token.empty()) return error(40035, "缺少参数 access_token");
  if (token != rules_.token) return error(300005, "token is not exist");
  const core::Time now = clock_.wall();
  if (now < blocked_until_) return error(130101, "send too fast, exceed 20 times per minute");
  if (pace_.call(now, kWindow) > 20) {
    blocked_until_ = now + kBlock;
    return error(130101, "send too fast, exceed 20 times per minute");
  }
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return error(40035, "缺少参数 json");
  const std::string type = body.value("msgtype", "");
  if (type != "markdown" && type != "actionCard" && type != "text")
    return error(400105, "不支持的消息类型");
  if (request.body.size() > 20'000)
    return error(460101, rules_.new_style
                             ? "description: body 大小不合法;solution:请保持大小在 20000bytes 以内;"
                             : "message too long, exceed 20000 bytes");
  if (const auto refused = security(request)) return *refused;
  if (const auto refused = moderation(request.body)) return *refused;
  posted_.push_back(request.body);
  return R"({"errcode":0,"errmsg":"ok"})";
}

}  // namespace fakes
