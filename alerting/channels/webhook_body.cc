#include "alerting/channels/webhook_body.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace alerting {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kOptionsMax = 6, kActionsMax = 8, kSimilarMax = 3;
constexpr Room kIdRoom = {80, 320}, kNameRoom = {30, 120};
constexpr Room kQuoteRoom = {140, 420}, kShortQuoteRoom = {40, 160};

std::string_view type_of(core::Cause cause) {
  switch (cause) {
    case core::Cause::Opened:
      return "incident.opened";
    case core::Cause::Escalated:
      return "escalation.step";
    case core::Cause::Updated:
      return "incident.updated";
    case core::Cause::Reminder:
      return "decision.requested";
    case core::Cause::Decided:
      return "decision.recorded";
    case core::Cause::AllClear:
      return "incident.resolved";
    case core::Cause::Reopened:
      return "incident.reopened";
    case core::Cause::Consulted:
      return "incident.consulted";
    case core::Cause::Approval:
      return "decision.approval_requested";
    case core::Cause::Action:
      return "action.requested";
    case core::Cause::ActionLate:
      return "action.late";
    case core::Cause::Briefing:
      return "incident.briefing";
    case core::Cause::Review:
      return "incident.review";
    case core::Cause::Test:
      return "channel.test";
    case core::Cause::Alarm:
      return "system.alarm";
  }
  return "";
}

std::string name(std::string_view text) { return clipped(one_line(text), kIdRoom); }
std::string short_name(std::string_view text) { return clipped(one_line(text), kNameRoom); }
Json range(const core::Interval& i) {
  return {{"low", i.low}, {"middle", i.middle}, {"high", i.high}};
}
Json time_or_null(core::Time at) { return at == core::Time{} ? Json(nullptr) : Json(utc(at)); }

Json figures_of(const std::vector<core::Figure>& all) {
  Json figures = Json::object();
  for (const core::Figure& f : all)
    figures[name(f.name)] = f.text.empty() ? Json(f.number) : Json(name(f.text));
  return figures;
}

Json evidence_of(const core::Notification& n, Degrade level) {
  Json list = Json::array();
  if (level >= Degrade::NoQuotes) return list;
  for (const core::Evidence& e : n.evidence) {
    if (level == Degrade::Shorter && !list.empty()) break;
    list.push_back(
        {{"at", utc(e.at)},
         {"channel", quotable(e.channel_name, kIdRoom)},
         {"quote", quotable(e.excerpt, level == Degrade::Full ? kQuoteRoom : kShortQuoteRoom)}});
  }
  return list;
}

// Ids and numbers: all that a receiver needs to ask for the rest.
Json thin(const core::Notification& n, Degrade level) {
  const core::IncidentChange& i = n.incident;
  Json data = {{"notification_id", n.id},
               {"incident_id", name(i.incident)},
               {"revision", i.revision},
               {"cause", core::name_of(n.cause)},
               {"level", core::name_of(i.level)},
               {"state", core::name_of(i.state)},
               {"rung", n.rung},
               {"incident_rung", i.rung},
               {"person", name(n.person)},
               {"channel", name(n.channel)},
               {"groups", i.groups},
               {"people_estimated", i.people},
               {"people_in_6h", range(i.people_in_6h)},
               {"loss_cny_estimated", i.loss_cny},
               {"loss_cny_range", range(i.loss_range_cny)},
               {"wait_cost_cny", n.wait_cost_cny},
               {"doubling_minutes", i.doubling_minutes},
               {"threats", i.threats},
               {"messages", i.messages},
               {"copies", i.copies},
               {"ack_by", time_or_null(n.ack_by)},
               {"decide_by", time_or_null(n.decide_by)},
               {"golden_until", time_or_null(n.golden_until)},
               {"authority_cny", n.authority_cny < 0 ? Json(nullptr) : Json(n.authority_cny)},
               {"authority_unlimited", n.authority_cny < 0},
               {"degrade", static_cast<int>(level)}};
  if (!n.option.empty()) data["option"] = name(n.option);
  if (!n.action.empty()) data["action"] = name(n.action);
  return data;
}

Json options_of(const core::Notification& n) {
  Json list = Json::array();
  for (size_t i = 0; i < std::min(n.options.size(), kOptionsMax); ++i) {
    const core::OptionOffer& o = n.options[i];
    Json actions = Json::array();
    for (size_t a = 0; a < std::min(o.actions.size(), kActionsMax); ++a)
      actions.push_back(short_name(o.actions[a]));
    list.push_back({{"id", name(o.id)},
                    {"name", short_name(o.name)},
                    {"cost_cny", range(o.cost_cny)},
                    {"within_authority", o.within_authority},
                    {"actions", actions}});
  }
  return list;
}

Json similar_of(const Extras& extras, Degrade level) {
  Json list = Json::array();
  if (level >= Degrade::NoQuotes) return list;
  for (size_t i = 0; i < std::min(extras.similar.size(), kSimilarMax); ++i) {
    const SimilarCase& s = extras.similar[i];
    list.push_back({{"incident_id", name(s.incident)},
                    {"subject_name", name(s.subject_name)},
                    {"issue_name", name(s.issue_name)},
                    {"option", quotable(s.option, kIdRoom)},
                    {"outcome", quotable(s.outcome, kIdRoom)},
                    {"closed_at", time_or_null(s.closed_at)},
                    {"alike_permille", s.alike_permille}});
  }
  return list;
}

void add_words(const core::Notification& n, const Extras& extras, Degrade level,
               const std::string& text, Json& data) {
  const core::IncidentChange& i = n.incident;
  data["family"] = name(i.family);
  data["subject"] = name(i.subject);
  data["subject_name"] = name(n.subject_name);
  data["issue"] = name(i.issue);
  data["issue_name"] = name(n.issue_name);
  data["rung_name"] = name(i.rung_name);
  data["person_name"] = name(n.person_name);
  data["first_at"] = time_or_null(i.first_at);
  data["previous"] = name(i.previous);
  data["products"] = Json::array();
  for (const core::ProductVotes& p : i.products)
    data["products"].push_back({{"sku", name(p.sku)}, {"votes_permille", p.votes_permille}});
  data["because"] = {{"code", name(n.because.code)},
                     {"figures", figures_of(n.because.figures)},
                     {"sentence", sentence(n.because, Language::Chinese)},
                     {"sentence_en", sentence(n.because, Language::English)}};
  data["evidence"] = evidence_of(n, level);
  data["options"] = options_of(n);
  data["similar"] = similar_of(extras, level);
  if (!n.option.empty()) data["option_name"] = name(n.option_name);
  if (!n.action.empty()) data["action_name"] = name(n.action_name);
  if (!n.facts.empty()) data["facts"] = figures_of(n.facts);
  data["text"] = text;
}

// The person who decided, as the reason names him.
Json decided_by(const core::Notification& n) {
  for (const core::Figure& f : n.because.figures)
    if (f.name == "by") return name(f.text);
  return nullptr;
}

Json sku_of(const core::IncidentChange& i) {
  constexpr std::string_view kProduct = "product:";
  if (i.subject.starts_with(kProduct)) return name(i.subject.substr(kProduct.size()));
  return nullptr;
}

// What a system needs to carry an action out, and not more than once.
Json order_of(const core::Notification& n, Degrade level) {
  const core::IncidentChange& i = n.incident;
  Json data = {{"action", name(n.action)},
               {"option", name(n.option)},
               {"subject", name(i.subject)},
               {"sku", sku_of(i)},
               {"skus", Json::array()},
               {"incident", name(i.incident)},
               {"revision", i.revision},
               {"decided_by", decided_by(n)},
               {"confirm_by", time_or_null(n.ack_by)},
               {"idempotency", n.id}};
  for (const core::ProductVotes& p : i.products) data["skus"].push_back(name(p.sku));
  if (level == Degrade::Neutral) return data;
  data["action_name"] = name(n.action_name);
  data["option_name"] = name(n.option_name);
  data["subject_name"] = name(n.subject_name);
  data["undo"] = quotable(n.action_undo, kQuoteRoom);
  data["because"] = sentence(n.because, Language::Chinese);
  return data;
}

}  // namespace

std::string webhook_body(const core::Notification& n, const Extras& extras, const std::string& text,
                         Degrade level) {
  Json data;
  if (n.cause == core::Cause::Action) {
    data = order_of(n, level);
  } else {
    data = thin(n, level);
    if (level != Degrade::Neutral) add_words(n, extras, level, text, data);
  }
  const Json body = {{"type", type_of(n.cause)}, {"timestamp", utc(n.at)}, {"data", data}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace alerting
