#include "engine/ledger.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/hash.h"
#include "core/text/fold.h"
#include "engine/audit.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Figures that are texts even when nobody gave one.
constexpr std::string_view kTexts[] = {"rule", "reason", "option"};

Json to_json(const core::Because& because) {
  Json figures = Json::object();
  for (const core::Figure& f : because.figures) {
    if (f.text.empty() && std::ranges::find(kTexts, f.name) == std::end(kTexts)) {
      figures[f.name] = f.number;
    } else {
      figures[f.name] = f.text;
    }
  }
  return {{"code", because.code}, {"figures", figures}};
}

Json to_json(const std::vector<core::ProductVotes>& products) {
  Json all = Json::array();
  for (const core::ProductVotes& p : products)
    all.push_back({{"sku", p.sku}, {"votes_permille", p.votes_permille}});
  return all;
}

}  // namespace

core::LedgerLine ledger_line(const core::IncidentChange& c) {
  Json line = {{"kind", "incident"},
               {"at", core::to_ms(c.at)},
               {"incident", c.incident},
               {"revision", c.revision},
               {"family", c.family},
               {"subject", c.subject},
               {"products", to_json(c.products)},
               {"issue", c.issue},
               {"level", core::name_of(c.level)},
               {"state", core::name_of(c.state)},
               {"rung", c.rung},
               {"rung_name", c.rung_name},
               {"groups", c.groups},
               {"people", c.people},
               {"loss_cny", c.loss_cny},
               {"doubling_minutes", c.doubling_minutes},
               {"messages", c.messages},
               {"copies", c.copies},
               {"first_at", core::to_ms(c.first_at)},
               {"previous", c.previous},
               {"because", to_json(c.because)}};
  return {c.at, c.incident, c.revision, "incident", "", dump(line)};
}

core::LedgerLine ledger_line(const core::Notification& n) {
  const uint32_t revision = n.incident.revision;
  Json line = {{"kind", "notification"},
               {"at", core::to_ms(n.at)},
               {"id", n.id},
               {"incident", n.incident.incident},
               {"revision", revision},
               {"cause", core::name_of(n.cause)},
               {"rung", n.rung},
               {"person", n.person},
               {"channel", n.channel},
               {"because", to_json(n.because)}};
  return {n.at, n.incident.incident, revision, "notification", n.id, dump(line)};
}

core::LedgerLine ledger_line(const alerting::Refusal& r) {
  Json line = {
      {"kind", "refusal"}, {"at", core::to_ms(r.at)},      {"incident", r.incident}, {"act", r.act},
      {"by", r.by},        {"because", to_json(r.because)}};
  std::string text = dump(line);
  std::string id = core::hex16(core::hash64(text));
  return {r.at, r.incident, 0, "refusal", std::move(id), std::move(text)};
}

core::LedgerLine ledger_line(const core::DecisionEntry& e) {
  std::string number = std::to_string(e.number);
  number.insert(0, 10 - std::min<size_t>(10, number.size()), '0');  // sorts as a number
  return {e.at, e.incident, e.revision, "decision", std::move(number), decision_line(e)};
}

std::string ledger_head(const LedgerHead& head) {
  return dump({{"kind", "ledger"},
               {"at", core::to_ms(head.at)},
               {"format", kLedgerFormat},
               {"book", head.book_hash},
               {"unicode", core::text::unicode_version()},
               {"hash_seed", core::hex16(core::kHashSeed)}});
}

core::Result<core::Unit> write_ledger(core::Store& store, const LedgerHead& head,
                                      std::ostream& out) {
  const auto lines = store.ledger("");
  if (!lines) return lines.error();
  out << ledger_head(head) << '\n';
  for (const core::LedgerLine& line : *lines) out << line.line << '\n';
  if (!out.flush())
    return core::Error{core::Code::Unavailable,
                       "the ledger could not be written whole: disk full?"};
  return core::Unit{};
}

}  // namespace engine
