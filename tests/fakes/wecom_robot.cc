#include "tests/fakes/wecom_robot.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace fakes {

namespace {

constexpr size_t kCallsMax = 20;
constexpr core::Millis kWindow{60'000};
constexpr size_t kContentBytesMax = 4096, kTextBytesMax = 2048;
constexpr std::string_view kHint =
    ", hint: [1710000000_1_abcdef], from ip: 203.0.113.9, more info at "
    "https://open.work.weixin.qq.com/devtool/query?e=";

std::string error(int code, const std::string& words) {
  return nlohmann::json{{"errcode", code},
                        {"errmsg", words + std::string(kHint) + std::to_string(code)}}
      .dump();
}

}  // namespace

WecomRobot::WecomRobot(core::Clock& clock, std::vector<std::string> keys)
    : clock_(clock),
      keys_(std::move(keys)),
      server_(clock, [this](const Request& request) { return handle(request); }) {}

std::string WecomRobot::url(std::string_view key) const {
  return server_.url("/cgi-bin/webhook/send?key=" + std::string(key));
}

void WecomRobot::say_next(const std::vector<std::string>& bodies) {
  const std::scoped_lock lock(mutex_);
  script_.insert(script_.end(), bodies.begin(), bodies.end());
}

std::vector<WecomRobot::Posted> WecomRobot::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

size_t WecomRobot::refused_for_pace() const {
  const std::scoped_lock lock(mutex_);
  return refused_for_pace_;
}

size_t WecomRobot::most_calls_in_a_minute() const {
  const std::scoped_lock lock(mutex_);
  size_t most = 0;
  for (const auto& [key, times] : calls_)
    for (size_t begin = 0, end = 0; end < times.size(); ++end) {
      while (times[begin] <= times[end] - kWindow) ++begin;
      most = std::max(most, end - begin + 1);
    }
  return most;
}

Reply WecomRobot::handle(const Request& request) {
  if (request.method != "POST" || !request.target.starts_with("/cgi-bin/webhook/send?"))
    return {404, "", "text/html", {}};
  const std::scoped_lock lock(mutex_);
  const std::string key = request.query("key");
  return {200, verdict(request, key), "application/json; charset=UTF-8", {}};
}

std::string WecomRobot::verdict(const Request& request, const std::string& key) {
  if (std::ranges::find(keys_, key) == keys_.end()) return error(93000, "invalid webhook url");
  std::vector<core::Time>& calls = calls_[key];
  calls.push_back(clock_.wall());
  const auto in_window =
      std::ranges::count_if(calls, [&calls](core::Time t) { return t > calls.back() - kWindow; });
  if (static_cast<size_t>(in_window) > kCallsMax) {
    ++refused_for_pace_;
    return error(45009, "api freq out of limit");
  }
  if (!script_.empty()) {
    const std::string scripted = script_.front();
    script_.pop_front();
    return scripted;
  }
  if (request.body.find("\\u") != std::string::npos) return error(40033, "invalid charset");
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  const std::string type = body.is_object() ? body.value("msgtype", "") : "";
  if ((type != "markdown" && type != "text") || !body[type].is_object() ||
      !body[type]["content"].is_string())
    return error(40008, "invalid message type");
  const std::string content = body[type]["content"];
  const size_t most = type == "text" ? kTextBytesMax : kContentBytesMax;
  if (content.empty()) return error(44004, "empty content");
  if (content.size() > most)
    return error(40058, type + ".content exceed max length " + std::to_string(most) +
                            ". invalid Request Parameter");
  Posted posted = {clock_.wall(), key, content, type, {}};
  if (type == "text" && body[type].contains("mentioned_list"))
    for (const auto& user : body[type]["mentioned_list"]) posted.mentioned.push_back(user);
  posted_.push_back(std::move(posted));
  return R"({"errcode":0,"errmsg":"ok"})";
}

}  // namespace fakes
