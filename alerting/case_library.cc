#include "alerting/case_library.h"

#include <algorithm>

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
  if (!a.issue.empty() && a.issue == b.issue) sum += kIssue;
  if (!a.subject.empty() && a.subject == b.subject)
    sum += kSubject;
  else if (!a.category.empty() && a.category == b.category)
    sum += kCategory;
  return sum;
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

std::vector<SimilarCase> similar(const ClosedCase& query, const std::vector<ClosedCase>& cases,
                                 core::Time before) {
  std::vector<SimilarCase> found;
  for (const ClosedCase& c : cases) {
    if (c.closed_at >= before || c.incident == query.incident) continue;
    const int64_t permille = likeness(query, c);
    if (permille >= kWorthSaying) found.push_back({c, permille});
  }
  std::ranges::sort(found, [](const SimilarCase& a, const SimilarCase& b) {
    if (a.permille != b.permille) return a.permille > b.permille;
    if (a.found.closed_at != b.found.closed_at) return a.found.closed_at > b.found.closed_at;
    return a.found.incident < b.found.incident;
  });
  if (found.size() > kShown) found.resize(kShown);
  return found;
}

}  // namespace alerting
