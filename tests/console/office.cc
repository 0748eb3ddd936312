#include "tests/console/office.h"

#include <doctest/doctest.h>

#include "console/pin.h"

namespace tests {

namespace {

std::unique_ptr<core::Store> memory() {
  auto store = store::open_store({.kind = "memory"});
  REQUIRE(store.ok());
  return *std::move(store);
}

const std::string& pin_hash() {
  static const std::string hash = *console::hash_pin(kPin);
  return hash;
}

}  // namespace

Office::Office(console::ServerSettings settings, console::Limits limits)
    : store(memory()), grants(*store, keys, "qingyu", "") {
  view.lines = {"汀白洗衣液 <b>临期</b>"};
  view.revision = 3;
  view.question_since = 2;
  view.options = {{"refund", "全额退货", {1000, 2000, 3000}, true}, {"wait", "观察", {}, true}};
  limits.burst = std::max<int64_t>(limits.burst, 1);
  console = std::make_unique<console::Console>(*store, grants, hooks(), limits);
  settings.port = 0;
  auto listening = console::Server::listen(settings, *console);
  REQUIRE(listening.ok());
  server = *std::move(listening);
  thread_ = std::thread([this] { server->run(); });
}

Office::~Office() {
  server->stop();
  thread_.join();
}

console::Hooks Office::hooks() {
  console::Hooks h;
  h.wall = [this] { return clock.wall(); };
  h.person = [](const std::string& id) -> std::optional<console::PersonView> {
    if (id == "zhang") return console::PersonView{"张三", pin_hash()};
    if (id == "li") return console::PersonView{"李四", ""};
    return std::nullopt;
  };
  h.incident = [this](const std::string& id,
                      const std::string&) -> std::optional<console::IncidentView> {
    if (id != "INC-1") return std::nullopt;
    return view;
  };
  h.act = [this](const core::Act& act, const std::string& id) -> core::Result<core::Unit> {
    const std::scoped_lock lock(mutex_);
    if (refuses) return core::Error{core::Code::Unavailable, "no"};
    acts_.emplace(id, act);
    return core::Unit{};
  };
  h.outcome = [this](const std::string& id) -> std::optional<console::Outcome> {
    const std::scoped_lock lock(mutex_);
    if (!answers || !acts_.contains(id)) return std::nullopt;
    return console::Outcome{false, "已记录 " + acts_.at(id).what};
  };
  h.pin_locked = [this](const std::string& person) { alarms.push_back(person); };
  h.note = [this](const console::Note& note) {
    const std::scoped_lock lock(mutex_);
    notes_.push_back(note);
  };
  h.callback = [this](const std::string& channel, const console::Request& request) {
    return callback ? callback(channel, request) : std::nullopt;
  };
  h.health = [this] { return console::Health{!refuses, R"({"status":"ok"})"}; };
  h.metrics = [] { return std::string("qingyu_up 1\n"); };
  return h;
}

std::string Office::link(const std::string& action, uint32_t revision, const std::string& person) {
  const auto url =
      grants.mint({"INC-1", revision, person, "wecom:qa", clock.wall(), {}}, action, clock.wall());
  REQUIRE(url.ok());
  return *url;
}

Answer Office::ask(const std::string& method, const std::string& target,
                   const std::string& more_headers, const std::string& body) {
  return tests::ask(server->port(), method, target, more_headers, body);
}

Answer Office::post(const std::string& target, const std::string& body, const std::string& origin) {
  return ask("POST", target,
             "Origin: " + (origin.empty() ? "http://" + host() : origin) +
                 "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
             body);
}

std::string Office::nonce_of(const std::string& page) const { return tests::nonce_of(page); }

Answer Office::press(const std::string& target, const std::string& fields) {
  return tests::press(server->port(), target, fields);
}

std::vector<core::Act> Office::acts() {
  const std::scoped_lock lock(mutex_);
  std::vector<core::Act> out;
  for (const auto& [id, act] : acts_) out.push_back(act);
  return out;
}

std::vector<std::string> Office::notes() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> out;
  for (const auto& note : notes_) out.push_back(note.kind);
  return out;
}

bool Office::noted(const std::string& kind) {
  const auto all = notes();
  return std::find(all.begin(), all.end(), kind) != all.end();
}

}  // namespace tests
