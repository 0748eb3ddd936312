#include "alerting/case_library.h"

#include <algorithm>

#include "alerting/estimate.h"
#include "alerting/saved.h"
#include "core/bytes.h"
#include "core/text/fingerprint.h"

namespace alerting {

namespace {

constexpr uint64_t kVersion = 1;
constexpr size_t kShown = 3;
constexpr int64_t kTexts = 400, kIssue = 250, kSubject = 200, kCategory = 100, kRules = 150;
constexpr int64_t kWorthSaying = 250;

// Shared of all, in parts of `whole`. REQUIRES: neither list holds a value twice.
template <typename T>
int64_t jaccard(const std::vector<T>& a, const std::vector<T>& b, int64_t whole) {
  if (a.empty() || b.empty()) return 0;
  const int64_t shared =
      std::ranges::count_if(a, [&](const T& one) { return std::ranges::find(b, one) != b.end(); });
  return whole * shared / (static_cast<int64_t>(a.size() + b.size()) - shared);
}

int64_t likeness(const ClosedCase& a, const ClosedCase& b) {
  int64_t sum = jaccard(a.fingerprints, b.fingerprints, kTexts) + jaccard(a.rules, b.rules, kRules);
  const bool known = !a.issue.empty() && a.issue != "mention";  // else nobody knows what it is
  if (known && a.issue == b.issue) sum += kIssue;
  if (!a.subject.empty() && a.subject == b.subject)
    sum += kSubject;
  else if (!a.category.empty() && a.category == b.category)
    sum += kCategory;
  return sum;
}

bool tells_of_it(const core::Notification& n) {
  switch (n.cause) {
    case core::Cause::Opened:
    case core::Cause::Reopened:
    case core::Cause::Consulted:
    case core::Cause::Approval:
      return true;
    case core::Cause::Escalated:
      return n.rung >= n.incident.rung;
    default:
      return false;
  }
}

// What a notification knows of its incident, as if it had been closed.
ClosedCase query_of(const core::Notification& n, const core::Policy& policy) {
  const core::IncidentChange& i = n.incident;
  ClosedCase query;
  query.incident = i.incident;
  query.family = i.family;
  query.subject = i.subject;
  if (const core::Product* product = policy.catalogue.product(sku_of(i.subject)))
    query.category = product->category;
  query.issue = i.issue;
  for (const core::Figure& f : i.because.figures)
    if (f.name == "rule" && !f.text.empty()) query.rules.push_back(f.text);
  for (const core::Evidence& e : n.evidence) add_fingerprints(e.excerpt, query.fingerprints);
  return query;
}

}  // namespace

std::string encode(const ClosedCase& c) {
  core::ByteWriter out;
  out.u64(kVersion);
  for (const std::string* s :
       {&c.incident, &c.family, &c.subject, &c.category, &c.issue, &c.option, &c.outcome})
    out.str(*s);
  out.u64(static_cast<uint64_t>(c.level));
  out.u64(c.rules.size());
  for (const std::string& rule : c.rules) out.str(rule);
  out.u64(c.fingerprints.size());
  for (const uint64_t print : c.fingerprints) out.u64(print);
  out.time(c.opened_at);
  out.time(c.closed_at);
  for (const int64_t n : {c.groups, c.people, c.minutes_to_decision}) out.i64(n);
  return out.take();
}

bool decode(std::string_view bytes, ClosedCase& c) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  for (std::string* s :
       {&c.incident, &c.family, &c.subject, &c.category, &c.issue, &c.option, &c.outcome})
    *s = in.str();
  size_t n = 0;
  if (!read_within(in, c.level, 1, 4) || !read_count(in, n, ClosedCase::kRulesMax)) return false;
  c.rules.resize(n);
  for (std::string& rule : c.rules) rule = in.str();
  if (!read_count(in, n, ClosedCase::kFingerprintsMax)) return false;
  c.fingerprints.resize(n);
  for (uint64_t& print : c.fingerprints) print = in.u64();
  if (!read_time(in, c.opened_at) || !read_time(in, c.closed_at)) return false;
  if (!read_amount(in, c.groups) || !read_amount(in, c.people)) return false;
  c.minutes_to_decision = in.i64();
  return in.ok() && in.at_end();
}

std::vector<std::string> top_rules(const Chronicle& chronicle) {
  auto rules = chronicle.rules;
  std::ranges::stable_sort(rules, std::ranges::greater{}, &std::pair<std::string, int64_t>::second);
  std::vector<std::string> top;
  for (const auto& [rule, hits] : rules)
    if (top.size() < ClosedCase::kRulesMax) top.push_back(rule);
  return top;
}

void add_fingerprints(std::string_view text, std::vector<uint64_t>& fingerprints) {
  core::text::Folded folded;
  core::text::fold(text, folded);
  std::vector<uint64_t> more;
  core::text::copy_marks(folded, more);
  fingerprints.insert(fingerprints.end(), more.begin(), more.end());
  std::ranges::sort(fingerprints);
  const auto twice = std::ranges::unique(fingerprints);
  fingerprints.erase(twice.begin(), twice.end());
  if (fingerprints.size() > ClosedCase::kFingerprintsMax)
    fingerprints.resize(ClosedCase::kFingerprintsMax);
}

std::vector<Likeness> similar(const ClosedCase& query, const std::vector<ClosedCase>& cases,
                              core::Time before) {
  std::vector<Likeness> found;
  for (const ClosedCase& c : cases) {
    if (c.closed_at >= before || c.incident == query.incident) continue;
    const int64_t permille = likeness(query, c);
    if (permille >= kWorthSaying) found.push_back({c, permille});
  }
  std::ranges::sort(found, [](const Likeness& a, const Likeness& b) {
    if (a.permille != b.permille) return a.permille > b.permille;
    if (a.found.closed_at != b.found.closed_at) return a.found.closed_at > b.found.closed_at;
    return a.found.incident < b.found.incident;
  });
  if (found.size() > kShown) found.resize(kShown);
  return found;
}

std::vector<SimilarCase> similar_cases(const core::Notification& n,
                                       const std::vector<ClosedCase>& cases,
                                       const core::Policy& policy) {
  std::vector<SimilarCase> all;
  if (!tells_of_it(n)) return all;
  for (const Likeness& like : similar(query_of(n, policy), cases, n.at)) {
    const ClosedCase& c = like.found;
    SimilarCase one;
    one.incident = c.incident;
    one.subject_name = policy.subject_name(c.subject);
    one.issue_name = policy.issue_name(c.issue);
    const core::ResponseOption* option = policy.option(c.option);
    one.option = option != nullptr ? option->name : c.option;
    one.outcome = c.outcome;
    one.closed_at = c.closed_at;
    one.alike_permille = like.permille;
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace alerting
