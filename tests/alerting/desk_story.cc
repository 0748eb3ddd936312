#include "desk_story.h"

#include <doctest/doctest.h>

#include "core/hash.h"

namespace desk_test {

namespace {

constexpr int64_t kStartMs = 1'773'122'400'000;  // 2026-03-10 06:00 UTC

core::Product product(std::string sku, std::string category, int64_t price_fen, int64_t units) {
  core::Product p;
  p.sku = std::move(sku);
  p.name = "汀白" + p.sku;
  p.brand = "汀白";
  p.category = std::move(category);
  p.price_fen = price_fen;
  p.units_sold = units;
  return p;
}

core::Bounds bounds(std::optional<core::Level> level, std::optional<int64_t> groups,
                    std::optional<core::Over> people, std::optional<core::Over> loss) {
  core::Bounds b;
  b.always = !level && !groups && !people && !loss;
  b.level = level;
  b.groups = groups;
  b.people = people;
  b.loss_cny = loss;
  return b;
}

core::Rung rung(std::string name, core::Bounds enter, std::optional<core::Millis> ack,
                std::optional<core::Millis> decide, int64_t authority) {
  core::Rung rung;
  rung.who.id = rung.name = std::move(name);
  rung.enter = std::move(enter);
  rung.ack = ack;
  rung.decide = decide;
  rung.authority_cny = authority;
  return rung;
}

core::Ladder default_ladder() {
  using core::Level;
  core::Ladder l;
  l.id = "default";
  l.rungs = {
      rung("duty", bounds({}, {}, {}, {}), 10min, {}, 0),
      rung("manager", bounds(Level::Orange, {}, {}, core::Over{50'000}), 15min, 60min, 100'000),
      rung("director", bounds(Level::Red, 20, {}, core::Over{300'000}), 15min, 45min, 1'000'000),
      rung("ceo", bounds({}, {}, core::Over{100'000}, core::Over{1'000'000}), {}, 30min, -1),
  };
  return l;
}

core::Ladder short_ladder() {
  core::Ladder l;
  l.id = "short";
  l.rungs = {rung("duty", bounds({}, {}, {}, {}), 10min, {}, 0),
             rung("chief", bounds(core::Level::Red, {}, {}, {}), {}, {}, -1)};
  return l;
}

core::Person person(std::string id, std::vector<std::string> channels) {
  core::Person one;
  one.id = one.name = std::move(id);
  one.channels = std::move(channels);
  return one;
}

void append_word(std::string& text, const std::string& word) {
  if (!text.empty()) text += ' ';
  text += word;
}

}  // namespace

core::Time at(core::Millis since_start) { return core::from_ms(kStartMs) + since_start; }

std::string group(int number) { return std::string("g").append(std::to_string(number)); }

core::Act act_of(std::string what, std::string by) {
  core::Act act;
  act.what = std::move(what);
  act.by = std::move(by);
  act.door = "cli";
  return act;
}

core::Policy usual_policy() {
  core::Policy p;
  p.catalogue.products = {product("SKU1", "洗衣液", 1'000, 1'000),
                          product("SKU2", "洗衣液", 3'000, 10'000),
                          product("SKU3", "洗发水", 4'000, 200'000)};
  p.issues["expiry"] = {"expiry", "临期/过期", "qa", "use", false, ""};
  p.issues["mould"] = {"mould", "发霉", "qa", "use", false, "short"};
  p.ladders = {{"default", default_ladder()}, {"short", short_ladder()}};
  for (const char* id : {"duty", "ceo", "chief"}) p.people[id] = person(id, {"terminal"});
  p.people["manager"] = person("manager", {"terminal", "webhook:manager"});
  p.people["director"] = person("director", {"wecom:qa", "webhook:backup", "terminal"});
  return p;
}

DeskStory::DeskStory(core::Policy policy, alerting::Proof proof, std::string family)
    : family_(std::move(family)), proof_(proof) {
  policies.add(core::kTimeMin, std::make_shared<core::Policy>(std::move(policy)));
  desk = std::make_unique<alerting::Desk>(family_, policies, proof_);
}

std::string DeskStory::hit(const std::string& group, core::Millis when, const Says& says) {
  core::Signal s;
  s.at = s.published = at(when);
  s.event = "e" + std::to_string(++events_);
  s.kind = says.kind;
  s.family = family_;
  s.channel = says.kind == core::Kind::Chat ? group : "";
  s.channel_name = "群" + group;
  s.author = core::hash64(group);
  s.author_sealed = says.sealed;
  s.members = says.members;
  s.followers = says.followers;
  s.service = says.service;
  s.reported_level = says.reported;
  s.sensitivity = says.sensitivity;
  s.reporter = says.reporter;
  s.customer = says.customer;
  s.order = says.order;
  s.named = true;
  if (!says.rule.empty())
    s.hits = {{says.rule, says.issue, says.level, 1000, says.ladder, says.threat}};
  if (!says.sku.empty()) s.votes = {{says.sku, 1000}};
  if (!says.category.empty()) s.categories = {says.category};
  s.excerpt = says.text.empty() ? "还有三个月就过期 " + s.event : says.text;
  observe(s, says);
  return s.event;
}

void DeskStory::mention(const std::string& group, core::Millis when, Says says) {
  says.rule.clear();
  hit(group, when, says);
}

bool DeskStory::recall(const std::string& event, core::Millis when) {
  until(when);
  const bool known = desk->recall(event);
  after_step();
  return known;
}

void DeskStory::open(core::Millis when) {
  for (const char* group : {"g1", "g2", "g3"}) hit(group, when);
}

alerting::Sighting DeskStory::sighting_of(const core::Signal& s, const Says& says) {
  alerting::Sighting sighting;
  sighting.counts = !s.hits.empty();
  sighting.mention = true;
  sighting.evidence = says.evidence;
  sighting.copy = says.copy;
  const core::OpenBounds& bounds = desk->bounds(s);
  std::erase_if(hit_groups_, [&](const auto& g) { return g.second <= s.at - bounds.within; });
  if (sighting.counts) hit_groups_[s.group()] = s.at;
  sighting.rule_groups = static_cast<int64_t>(hit_groups_.size());
  if (!says.opens.empty()) sighting.opens = core::Because{says.opens, {}};
  if (sighting.counts && !sighting.opens && sighting.rule_groups >= bounds.rule_groups)
    sighting.opens = core::Because{"rule_groups",
                                   {{"groups", sighting.rule_groups, ""},
                                    {"within_minutes", bounds.within / 1min, ""},
                                    {"rule", 0, s.hits.front().rule}}};
  return sighting;
}

void DeskStory::observe(core::Signal signal, const Says& says) {
  until(signal.at - at(0min));
  const bool open_before = desk->on_ladder();
  desk->observe(signal, sighting_of(signal, says), all);
  if (open_before && !desk->on_ladder()) hit_groups_.clear();
  after_step();
}

void DeskStory::act(core::Act act, core::Millis when) {
  until(when);
  act.incident = act.notification.empty() ? "family:" + family_ : "";
  if (act.notification.empty() && !desk->open() && !desk->known().empty())
    act.incident = desk->known().back();
  const bool open_before = desk->on_ladder();
  desk->act(act, at(when), all);
  if (open_before && !desk->on_ladder()) hit_groups_.clear();  // as the Watch does
  after_step();
}

void DeskStory::ack(const std::string& by, core::Millis when) { act(act_of("ack", by), when); }

void DeskStory::decide(const std::string& by, core::Millis when, const std::string& option) {
  core::Act decision = act_of("decide", by);
  decision.option = option;
  decision.because = "先认错";
  act(decision, when);
}

void DeskStory::close(const std::string& by, core::Millis when) {
  core::Act end = act_of("close", by);
  end.because = "已处理";
  act(end, when);
}

void DeskStory::does(const std::string& what, const std::string& by, core::Millis when,
                     const std::string& option, const std::string& value) {
  core::Act one = act_of(what, by);
  one.option = option;
  one.value = value;
  one.because = "看过";
  act(one, when);
}

void DeskStory::outcome(const std::string& what, const core::Notification& n, core::Millis when) {
  core::Act learnt = act_of(what, "");
  learnt.notification = n.id;
  act(learnt, when);
}

void DeskStory::hold(bool held, core::Millis when) {
  until(when);
  desk->hold(held, at(when));
  after_step();
}

void DeskStory::until(core::Millis when) {
  while (const auto due = desk->due()) {
    if (*due > at(when)) break;
    const bool open_before = desk->on_ladder();
    desk->advance(*due, all);
    if (open_before && !desk->on_ladder()) hit_groups_.clear();
    after_step();
  }
}

std::string DeskStory::told(core::Millis when) {
  until(when);
  std::string people;
  for (; asked_notifications_ < all.notifications.size(); ++asked_notifications_)
    if (all.notifications[asked_notifications_].cause != core::Cause::Review)
      append_word(people, all.notifications[asked_notifications_].person);
  return people;
}

std::string DeskStory::changed(core::Millis when) {
  until(when);
  std::string codes;
  for (; asked_changes_ < all.changes.size(); ++asked_changes_)
    append_word(codes, all.changes[asked_changes_].because.code);
  return codes;
}

std::string DeskStory::text_of(const core::Because& because) {
  std::string text = because.code;
  for (const core::Figure& f : because.figures)
    append_word(text, f.name + '=' + (f.text.empty() ? std::to_string(f.number) : f.text));
  return text;
}

std::string DeskStory::saved() const {
  core::ByteWriter out;
  desk->save(out);
  return out.take();
}

void DeskStory::after_step() {
  if (!reload_) return;
  const std::string bytes = saved();
  core::ByteReader in(bytes);
  auto again = std::make_unique<alerting::Desk>(family_, policies, proof_);
  REQUIRE(again->load(in));
  REQUIRE(in.at_end());
  desk = std::move(again);
  REQUIRE(saved() == bytes);
}

}  // namespace desk_test
