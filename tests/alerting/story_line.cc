#include "story_line.h"

#include <algorithm>

#include "alerting/message.h"

namespace desk_test {

namespace {

core::Product product(const char* sku, const char* name, int64_t price_fen, int64_t units) {
  core::Product p;
  p.sku = sku;
  p.name = name;
  p.brand = "汀白";
  p.category = "洗衣液";
  p.price_fen = price_fen;
  p.units_sold = units;
  return p;
}

core::Person person(const char* id, const char* name, std::vector<std::string> channels) {
  core::Person one;
  one.id = id;
  one.name = name;
  one.channels = std::move(channels);
  return one;
}

// What the option costs when a few, some, or many of the buyers take it up.
core::ResponseOption option(const char* id, const char* name, core::OptionCost cost,
                            std::vector<std::string> actions) {
  core::ResponseOption o;
  o.id = id;
  o.name = name;
  o.cost = cost;
  o.actions = std::move(actions);
  return o;
}

std::string minute_of(core::Time when) {
  const auto since = when - at(0min);
  std::string text = std::to_string(since / 1min);
  if (since % 1min != 0min) text += "m" + std::to_string(since % 1min / 1s) + "s";
  return text;
}

std::string whom(const core::Notification& n, const core::Policy& policy) {
  if (n.cause == core::Cause::Action) return n.action + ">" + n.channel;
  const std::string who = n.person + "@" + std::to_string(n.rung);
  const auto known = policy.people.find(n.person);
  const bool first = known == policy.people.end() || known->second.channels.front() == n.channel;
  return first ? who : who + "/" + n.channel;
}

}  // namespace

core::Policy detergent_policy() {
  core::Policy p = usual_policy();
  p.catalogue.products = {product("TB103", "汀白洗衣液2kg", 3'990, 502'000),
                          product("TB201", "汀白洗衣液3kg", 5'000, 50'000),
                          product("TB301", "汀白柔顺剂1L", 3'000, 10'000),
                          product("TB401", "汀白皂片", 1'000, 1'000)};
  p.people = {{"duty", person("duty", "值班", {"terminal"})},
              {"cs-manager", person("cs-manager", "客服经理", {"terminal", "webhook:manager"})},
              {"qa-director", person("qa-director", "质检总监", {"wecom:qa", "webhook:backup"})},
              {"ceo", person("ceo", "总经理", {"terminal"})}};
  core::Ladder& ladder = p.ladders["default"];
  ladder.rungs[1].who.id = "cs-manager";
  ladder.rungs[2].who.id = "qa-director";
  p.options = {
      option("return-and-compensate", "全额退货并赔一倍", {2'000, 0, 0, {20, 60, 200}},
             {"leaders", "statement", "off-shelf"}),
      option("keep-and-coupon", "保留商品，发 10 元券", {0, 1'000, 0, {30, 80, 150}}, {"leaders"}),
      option("statement", "只发声明", {}, {"leaders", "statement"})};
  p.actions["leaders"] = {"leaders", "联系群主", "webhook:leaders", "", 60min};
  p.actions["statement"] = {"statement", "发布声明", "webhook:statement", "撤下声明", 30min};
  p.actions["off-shelf"] = {"off-shelf", "下架", "webhook:shelf", "重新上架", 30min};
  return p;
}

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

StoryLine::StoryLine(core::Policy policy, alerting::Proof proof)
    : DeskStory(std::move(policy), proof) {
  save_and_load_always();
}

void StoryLine::spread(const Says& words, core::Millis when) {
  Says one = words;
  one.members = 500;
  for (const char* group : {"g1", "g2", "g3"}) hit(group, when, one);
}

std::string StoryLine::line(core::Millis when) {
  until(when);
  std::string text, before;
  for (; asked_ < all.notifications.size(); ++asked_) {
    const core::Notification& n = all.notifications[asked_];
    if (n.cause == core::Cause::Review) continue;
    const std::string head =
        minute_of(n.at) + " " + std::string(core::name_of(n.cause)) + " " + n.because.code + ":";
    if (head != before) text += (before.empty() ? "" : "\n") + head;
    text += " " + whom(n, policies.at(n.at));
    before = head;
  }
  return text.empty() ? text : text + "\n";
}

const core::Notification& StoryLine::newest(const std::string& person) const {
  static const core::Notification kNone;
  const auto& told = all.notifications;
  const auto found =
      std::ranges::find(told.rbegin(), told.rend(), person, &core::Notification::person);
  return found == told.rend() ? kNone : *found;
}

std::string StoryLine::card(const std::string& person, const alerting::Extras& extras) const {
  const core::Notification& n = newest(person);
  return n.id.empty() ? "" : alerting::plain_text(alerting::blocks_of(n, extras, {}));
}

size_t StoryLine::times(const std::string& person, core::Cause cause) const {
  return static_cast<size_t>(std::ranges::count_if(
      all.notifications, [&](const auto& n) { return n.person == person && n.cause == cause; }));
}

std::string StoryLine::log() const {
  std::string text;
  for (const core::DecisionEntry& e : all.entries)
    text += minute_of(e.at) + " " + e.what + " " + e.by + " " + e.option + "\n";
  return text;
}

int64_t StoryLine::frozen(std::string_view what, std::string_view figure) const {
  for (auto e = all.entries.rbegin(); e != all.entries.rend(); ++e) {
    if (e->what != what) continue;
    for (const core::Figure& f : e->figures)
      if (f.name == figure) return f.number;
  }
  return INT64_MIN;
}

}  // namespace desk_test
