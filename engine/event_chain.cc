#include "engine/event_chain.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "alerting/courier_note.h"
#include "alerting/message.h"
#include "core/notification.h"
#include "engine/desk_commands.h"
#include "rules/findings.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;
using rules::both;

constexpr int kZoneOffsetMinutes = 480;

bool concerns(const ListedIncident& one, const std::vector<std::string>& families, core::Time at) {
  if (std::ranges::find(families, one.last.family) == families.end()) return false;
  const bool closed = one.last.state == core::IncidentState::Closed;
  return std::min(one.first.first_at, one.first.at) <= at && (!closed || at <= one.last.at);
}

core::Result<std::vector<ChainDelivery>> deliveries_of(core::Store& store,
                                                       const std::string& incident) {
  const auto outbox = store.outbox(incident);
  if (!outbox) return outbox.error();
  std::vector<ChainDelivery> all;
  for (const auto& [item, state] : *outbox) {
    core::Notification n;
    if (!core::decode(item.bytes, n)) continue;
    ChainDelivery d;
    d.id = item.id;
    d.cause = core::name_of(n.cause);
    d.person = n.person;
    d.channel = n.channel;
    d.rung = n.rung;
    d.at = n.at;
    d.attempts = state.attempts;
    d.delivery = state.delivery;
    d.answer = alerting::answer_of(state.vendor_answer);
    all.push_back(std::move(d));
  }
  std::ranges::sort(all, [](const ChainDelivery& a, const ChainDelivery& b) {
    return std::tie(a.at, a.id) < std::tie(b.at, b.id);
  });
  return all;
}

// The figures that its opening rested on: what was counted, and what is usual.
std::string figures_of(const core::Because& because) {
  std::string text = because.code + ":";
  for (const core::Figure& f : because.figures)
    text += " " + f.name + "=" + (f.text.empty() ? std::to_string(f.number) : f.text);
  return text;
}

}  // namespace

core::Result<EventChain> event_chain(core::Store& store, std::vector<std::string> families,
                                     core::Time at) {
  auto listed = list_incidents(store, "");
  if (!listed) return listed.error();
  EventChain chain;
  chain.families = std::move(families);
  for (ListedIncident& one : *listed) {
    if (!concerns(one, chain.families, at)) continue;
    auto deliveries = deliveries_of(store, one.last.incident);
    if (!deliveries) return deliveries.error();
    chain.incidents.push_back({std::move(one), std::move(*deliveries)});
  }
  return chain;
}

std::string chain_text(const EventChain& chain, Paint paint) {
  std::string out = bold(both("它引起的事件", "incidents it belongs to"), paint) + "\n";
  if (chain.families.empty())
    return out + "  " + both("没有信号，所以没有", "no signal, so none") + "\n";
  if (chain.incidents.empty())
    return out + "  " + both("那时这些主体没有事件", "these subjects had no incident then") + "\n";
  for (const ChainIncident& one : chain.incidents) {
    const core::IncidentChange &first = one.listed.first, &last = one.listed.last;
    out += "  " + bold(last.incident, paint) + "  " + last.family + "  " + last.issue + "\n";
    out += "    " + both("开启", "opened") + "  " + figures_of(first.because) + "\n";
    out += "    " + both("证据", "evidence") + "  " + std::to_string(last.messages) +
           " 条消息 messages, " + std::to_string(last.groups) + " 个群 groups, 约 " +
           std::to_string(last.people) + " 人 people\n";
    for (const std::string& line : one.listed.lines) {
      const std::string words = line_in_words(line, kZoneOffsetMinutes);
      if (!words.empty()) out += "    " + words + "\n";
    }
    for (const ChainDelivery& d : one.deliveries)
      out += "    " + both("送达", "delivery") + "  " + d.id + "  " + d.person + " (" + d.channel +
             ") " + d.cause + " 第 " + std::to_string(d.rung) + " 级 rung  " +
             delivery_text(d.delivery) + "  " + std::to_string(d.attempts) + " 次 attempts  " +
             d.answer + "\n";
  }
  return out;
}

std::string chain_json(const EventChain& chain) {
  Json incidents = Json::array();
  for (const ChainIncident& one : chain.incidents) {
    Json lines = Json::array(), deliveries = Json::array();
    for (const std::string& line : one.listed.lines) {
      Json json = Json::parse(line, nullptr, false);
      if (!json.is_discarded()) lines.push_back(std::move(json));
    }
    for (const ChainDelivery& d : one.deliveries)
      deliveries.push_back({{"id", d.id},
                            {"cause", d.cause},
                            {"person", d.person},
                            {"channel", d.channel},
                            {"rung", d.rung},
                            {"delivery", delivery_text(d.delivery)},
                            {"attempts", d.attempts},
                            {"answer", d.answer}});
    incidents.push_back({{"incident", one.listed.last.incident},
                         {"family", one.listed.last.family},
                         {"ledger", std::move(lines)},
                         {"deliveries", std::move(deliveries)}});
  }
  return incidents.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace engine
