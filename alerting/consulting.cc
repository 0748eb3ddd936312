#include "alerting/consulting.h"

#include <algorithm>

#include "alerting/acts.h"
#include "alerting/deadlines.h"
#include "alerting/reasons.h"
#include "alerting/telling.h"
#include "alerting/waiting_reasons.h"
#include "core/rota.h"

namespace alerting {

namespace {

constexpr uint8_t kSensitivityMax = 5;
constexpr uint32_t kPeersRung = 1;  // peers hold no rung: shown as those of the first

// Of its hits' ladders the first that asks peers, else the default one if that does.
const core::Consult* consult_of(const core::Signal& signal, const core::Policy& policy) {
  for (const core::RuleHit& hit : signal.hits) {
    const auto& consult = policy.ladder(policy.ladder_id(hit.ladder, hit.issue)).consult;
    if (consult) return &*consult;
  }
  const auto& consult = policy.ladder("").consult;
  return signal.hits.empty() && consult ? &*consult : nullptr;
}

bool all_doubt(const Consultation& c) {
  return std::ranges::all_of(c.asked, [&](const std::string& person) {
    return std::ranges::any_of(c.advice,
                               [&](const Advice& a) { return a.person == person && !a.confirms; });
  });
}

void note(Consultation& c, Advice advice) {
  std::erase_if(c.advice, [&](const Advice& a) { return a.person == advice.person; });
  c.advice.push_back(std::move(advice));
}

}  // namespace

std::optional<Report> report_of(const core::Signal& signal, const Step& s) {
  if (signal.kind != core::Kind::AgentReport || signal.sensitivity == 0 || !s.tells)
    return std::nullopt;
  const core::Consult* consult = consult_of(signal, s.policy);
  if (consult == nullptr) return std::nullopt;
  Report report;
  report.reporter = signal.reporter;
  report.sensitivity = std::min(signal.sensitivity, kSensitivityMax);
  report.within = bounded(consult->within);
  if (signal.sensitivity > consult->sensitivity_max) return report;
  report.peers = core::resolve(s.policy, consult->who, s.at).now;
  std::erase(report.peers, report.reporter);
  if (report.peers.size() > Consultation::kPeersMax) {
    report.left_out = report.peers.size() - Consultation::kPeersMax;
    report.peers.resize(Consultation::kPeersMax);
  }
  return report;
}

void consult(Incident& i, const Step& s, Opening opening, const Report& report) {
  const core::Because because = reasons::agent_report(report.reporter, report.sensitivity);
  open_below(i, s, opening);
  i.consultation = {};
  i.consultation.running = true;
  i.consultation.reporter = report.reporter;
  i.consultation.sensitivity = report.sensitivity;
  i.consultation.asked = report.peers;
  i.consultation.due = s.at + report.within;
  i.dropped += report.left_out;
  revise(i, s, because);
  for (const std::string& person : report.peers)
    tell(i, s, core::Cause::Consulted, {kPeersRung, person}, because);
}

void advise(Incident& i, const Step& s, const core::Act& act) {
  Consultation& c = i.consultation;
  if (!c.running || !i.waits() || std::ranges::find(c.asked, act.by) == c.asked.end())
    return refuse(i, s, act, reasons::not_consulted(act.by));
  const bool confirms = act.option == "confirm";
  if (!confirms && act.option != "doubt") return refuse(i, s, act, reasons::no_advice(act.by));
  note(c, {s.at, act.by, confirms, words(act.because)});
  if (confirms) return start_ladder(i, s, reasons::peers_confirmed(act.by, words(act.because)));
  if (!all_doubt(c)) return revise(i, s, reasons::peer_doubts(act.by, words(act.because)));
  close_incident(i, s, "", reasons::peers_doubted(static_cast<int64_t>(c.asked.size())));
}

void run_consultation(Incident& i, const Step& s) {
  Consultation& c = i.consultation;
  if (!c.running || !i.waits() || !c.due || *c.due > s.at) return;
  const auto asked = static_cast<int64_t>(c.asked.size());
  start_ladder(i, s, reasons::peers_silent(s.at - i.rung_at, asked));
}

std::vector<Told> consulted(const Incident& i, const core::Policy& policy) {
  std::vector<Told> all;
  const Consultation& c = i.consultation;
  for (const std::string& person : c.asked) all.push_back({kPeersRung, person});
  if (policy.people.contains(c.reporter)) all.push_back({kPeersRung, c.reporter});
  return all;
}

}  // namespace alerting
