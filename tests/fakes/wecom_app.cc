#include "tests/fakes/wecom_app.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "tests/fakes/callback_crypt.h"

namespace fakes {

namespace {

using nlohmann::json;

constexpr core::Millis kTokenLife{7'200'000}, kCodeLife{72 * 3'600'000LL};
constexpr size_t kMinuteMax = 30, kHourMax = 1'000, kMarkdownBytesMax = 2'048;

std::string error(int code, const std::string& words) {
  return json{{"errcode", code},
              {"errmsg", words +
                             ", hint: [1710000000_1_abcdef], from ip: 203.0.113.9, more info "
                             "at https://open.work.weixin.qq.com/devtool/query?e=" +
                             std::to_string(code)}}
      .dump();
}

std::vector<std::string> split(const std::string& users) {
  std::vector<std::string> out;
  for (size_t begin = 0; begin < users.size();) {
    const size_t end = std::min(users.find('|', begin), users.size());
    out.push_back(users.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

bool letters_of_a_task(const std::string& task) {
  return !task.empty() && task.size() <= 128 &&
         task.find_first_not_of(
             "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-@") ==
             std::string::npos;
}

// "" or what is wrong with it.
std::string wrong_card(const json& card) {
  if (!card.is_object() || card.value("card_type", "") != "button_interaction")
    return error(42014, "invalid card_type");
  if (!letters_of_a_task(card.value("task_id", ""))) return error(42016, "invalid task_id");
  if (!card.contains("main_title") || card["main_title"].value("title", "").empty())
    return error(42017, "missing main_title");
  const json buttons = card.value("button_list", json::array());
  if (buttons.empty() || buttons.size() > 6) return error(42018, "invalid button_list size");
  std::set<std::string> keys;
  for (const json& button : buttons) {
    if (button.value("type", 0) == 1) {
      if (button.value("url", "").empty()) return error(42021, "missing button url");
      continue;
    }
    const std::string key = button.value("key", "");
    if (key.empty() || key.size() > 1'024 || !keys.insert(key).second)
      return error(42019, "invalid button key");
  }
  return "";
}

}  // namespace

WecomApp::WecomApp(core::Clock& clock, WecomAppRules rules)
    : clock_(clock), rules_(std::move(rules)), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return handle(request);
      }) {}

void WecomApp::expire_tokens() {
  const std::scoped_lock lock(mutex_);
  for (auto& [token, until] : tokens_) until = clock_.wall();
}

void WecomApp::forget_tokens() {
  const std::scoped_lock lock(mutex_);
  tokens_.clear();
}

void WecomApp::say_next(const std::vector<std::string>& bodies) {
  const std::scoped_lock lock(mutex_);
  script_.insert(script_.end(), bodies.begin(), bodies.end());
}

std::vector<WecomApp::Posted> WecomApp::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

std::vector<WecomApp::Updated> WecomApp::updated() const {
  const std::scoped_lock lock(mutex_);
  return updated_;
}

size_t WecomApp::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

size_t WecomApp::repeated() const {
  const std::scoped_lock lock(mutex_);
  return repeated_;
}

size_t WecomApp::tokens_issued() const {
  const std::scoped_lock lock(mutex_);
  return issued_;
}

size_t WecomApp::codes_refused() const {
  const std::scoped_lock lock(mutex_);
  return codes_refused_;
}

std::vector<std::string> WecomApp::secrets() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> all = secrets_;
  all.push_back(rules_.secret);
  all.push_back(rules_.callback_token);
  all.push_back(rules_.callback_key);
  return all;
}

Reply WecomApp::handle(const Request& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const auto json_of = [](std::string body) {
    return Reply{200, std::move(body), "application/json; charset=UTF-8", {}};
  };
  if (path == "/cgi-bin/gettoken") return json_of(token(request));
  if (path != "/cgi-bin/message/send" && path != "/cgi-bin/message/update_template_card")
    return {404, "", "text/html", {}};
  if (request.method != "POST") return json_of(error(43002, "require POST method"));
  if (std::string refused = refused_token(request.query("access_token")); !refused.empty())
    return json_of(std::move(refused));
  if (request.body.find("\\u") != std::string::npos)
    return json_of(error(40033, "invalid charset"));
  return json_of(path == "/cgi-bin/message/send" ? message(request) : update(request));
}

// Asked again, the vendor gives the same token while it lives.
std::string WecomApp::token(const Request& request) {
  if (request.query("corpid") != rules_.corp) return error(40013, "invalid corpid");
  if (request.query("corpsecret") != rules_.secret) return error(40001, "invalid credential");
  const core::Time now = clock_.wall();
  auto living = std::ranges::find_if(tokens_, [now](const auto& t) { return t.second > now; });
  if (living == tokens_.end()) {
    const std::string made = "token-of-wecom-" + std::to_string(++issued_);
    secrets_.push_back(made);
    living = tokens_.emplace(made, now + kTokenLife).first;
  }
  return json{{"errcode", 0},
              {"errmsg", "ok"},
              {"access_token", living->first},
              {"expires_in", (living->second - now).count() / 1'000}}
      .dump();
}

std::string WecomApp::refused_token(const std::string& token) const {
  const auto known = tokens_.find(token);
  if (known == tokens_.end()) return error(40014, "invalid access_token");
  return known->second <= clock_.wall() ? error(42001, "access_token expired") : "";
}

std::string WecomApp::message(const Request& request) {
  if (!script_.empty()) {
    const std::string scripted = script_.front();
    script_.pop_front();
    return scripted;
  }
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return error(40008, "invalid message type");
  if (body.value("agentid", 0) != rules_.agent) return error(40056, "invalid agentid");
  const std::string type = body.value("msgtype", "");
  if (type == "template_card") {
    if (std::string wrong = wrong_card(body.value("template_card", json())); !wrong.empty())
      return wrong;
  } else if (type != "markdown") {
    return error(40008, "invalid message type");
  } else if (body["markdown"].value("content", "").size() > kMarkdownBytesMax) {
    return error(40058, "markdown.content exceed max length 2048");
  }
  const core::Time now = clock_.wall();
  json answer = {{"errcode", 0}, {"errmsg", "ok"}, {"invalidparty", ""}, {"invalidtag", ""}};
  if (body.value("enable_duplicate_check", 0) == 1) {
    core::Time& until = bytes_[request.body];
    if (until > now) {
      ++repeated_;
      return answer.dump();
    }
    until = now +
            core::Millis(std::min(body.value("duplicate_check_interval", 1'800), 14'400) * 1'000LL);
  }
  std::string task;
  if (type == "template_card") {
    task = body["template_card"].value("task_id", "");
    if (!tasks_.insert(task).second) return error(42020, "task_id is not unique");
  }
  std::string invalid;
  size_t reached = 0;
  for (const std::string& member : split(body.value("touser", ""))) {
    if (std::ranges::find(rules_.members, member) == rules_.members.end()) {
      invalid += (invalid.empty() ? "" : "|") + member;
      continue;
    }
    ++reached;
    Pace& pace = paces_[member];
    const size_t in_a_minute = pace.call(now, core::Millis(60'000));
    const auto in_an_hour = std::ranges::count_if(
        pace.calls, [now](core::Time t) { return t > now - core::Millis(3'600'000); });
    if (in_a_minute > kMinuteMax || static_cast<size_t>(in_an_hour) > kHourMax)
      ++dropped_;
    else
      posted_.push_back({now, member, type, task, body[type].dump()});
  }
  if (reached == 0) return error(81013, "user & party & tag all invalid");
  answer["invaliduser"] = invalid;
  answer["msgid"] = "msg-" + std::to_string(posted_.size());
  if (type == "template_card") answer["response_code"] = new_code();
  return answer.dump();
}

// Which code the vendor says for a spent one is not documented.
std::string WecomApp::update(const Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || body.value("agentid", 0) != rules_.agent)
    return error(40056, "invalid agentid");
  const std::string code = body.value("response_code", "");
  const auto known = codes_.find(code);
  if (known == codes_.end() || known->second <= clock_.wall()) {
    ++codes_refused_;
    return error(41044, "invalid response_code");
  }
  const bool replaces =
      body.contains("button") && !body["button"].value("replace_name", "").empty();
  if (!replaces)
    if (std::string wrong = wrong_card(body.value("template_card", json())); !wrong.empty())
      return wrong;
  codes_.erase(known);
  updated_.push_back({code, request.body});
  return R"({"errcode":0,"errmsg":"ok","invaliduser":[]})";
}

std::string WecomApp::new_code() {
  const std::string code = "response-code-" + std::to_string(secrets_.size());
  secrets_.push_back(code);
  codes_[code] = clock_.wall() + kCodeLife;
  return code;
}

std::string WecomApp::sealed(const std::string& text, std::string& encrypt) const {
  const std::string timestamp = std::to_string(core::to_ms(clock_.wall()) / 1'000);
  const std::string nonce = std::to_string(372'623'149 + text.size());
  encrypt = wecom_encrypted(rules_.callback_key, sha1_hex(text).substr(0, 16), text, rules_.corp);
  std::array<std::string, 4> parts = {rules_.callback_token, timestamp, nonce, encrypt};
  std::ranges::sort(parts);
  return "msg_signature=" + sha1_hex(parts[0] + parts[1] + parts[2] + parts[3]) +
         "&timestamp=" + timestamp + "&nonce=" + nonce;
}

Push WecomApp::press(const std::string& member, const std::string& task, const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto field = [](const std::string& name, const std::string& value) {
    return "<" + name + "><![CDATA[" + value + "]]></" + name + ">";
  };
  const std::string text = "<xml>" + field("ToUserName", rules_.corp) +
                           field("FromUserName", member) + field("MsgType", "event") +
                           field("Event", "template_card_event") + field("EventKey", key) +
                           field("TaskId", task) + field("CardType", "button_interaction") +
                           field("ResponseCode", new_code()) + "<AgentID>" +
                           std::to_string(rules_.agent) + "</AgentID></xml>";
  std::string encrypt;
  Push push;
  push.target = "?" + sealed(text, encrypt);
  push.body = "<xml>" + field("ToUserName", rules_.corp) +
              field("AgentID", std::to_string(rules_.agent)) + field("Encrypt", encrypt) + "</xml>";
  push.headers = {{"Content-Type", "text/xml"}};
  return push;
}

Push WecomApp::question(const std::string& plain) const {
  std::string encrypt;
  Push push;
  push.method = "GET";
  push.target = "?" + sealed(plain, encrypt) + "&echostr=";
  for (const char c : encrypt)
    push.target += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
  return push;
}

}  // namespace fakes
