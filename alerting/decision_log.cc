#include "alerting/decision_log.h"

#include <openssl/evp.h>

#include <array>

#include "alerting/estimate.h"
#include "core/check.h"

namespace alerting {

namespace {

constexpr std::array<std::string_view, 4> kBreaks = {"changed", "missing", "wrong_previous",
                                                     "out_of_order"};

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  INVARIANT(done == 1 && size == 32);
  std::string hex;
  for (unsigned k = 0; k < size; ++k)
    for (const int shift : {4, 0}) hex += "0123456789abcdef"[(digest[k] >> shift) & 15];
  return hex;
}

void add_known(std::vector<core::Figure>& figures, const Incident& i, const Step& s) {
  const auto number = [&](const char* name, int64_t value) {
    figures.push_back({name, value, ""});
  };
  const auto text = [&](const char* name, std::string_view value) {
    figures.push_back({name, 0, std::string(value)});
  };
  text("level", core::name_of(i.level));
  text("issue", i.issue);
  text("subject", i.subject);
  text("state", core::name_of(i.state));
  number("rung", i.rung);
  number("groups", i.tally.groups());
  number("people", i.tally.people());
  number("loss_cny", expected_loss(i.subject, s.policy).cny);
  number("doubling_minutes", i.tally.doubling_minutes(s.at));
}

}  // namespace

void log_decision(const Incident& i, const Step& s, Logged logged) {
  core::DecisionEntry e;
  e.at = s.at;
  e.incident = i.id;
  e.family = s.family;
  e.revision = i.revision;
  e.number = ++s.chain.number;
  e.what = std::move(logged.what);
  e.by = std::move(logged.by);
  e.door = std::move(logged.door);
  e.option = std::move(logged.option);
  e.because = std::move(logged.because);
  e.figures = std::move(logged.figures);
  add_known(e.figures, i, s);
  e.previous = s.chain.hash;
  e.hash = s.chain.hash = hash_of(e);
  s.out.entries.push_back(std::move(e));
}

std::string hash_of(const core::DecisionEntry& entry) {
  core::DecisionEntry hashed = entry;
  hashed.hash.clear();
  core::ByteWriter out;
  core::write(out, hashed);
  return sha256_hex(out.bytes());
}

std::string_view name_of(Break reason) { return kBreaks.at(static_cast<size_t>(reason)); }

std::optional<BrokenChain> verify_chain(const std::vector<core::DecisionEntry>& entries) {
  const std::string none(64, '0');
  const std::string* previous = &none;
  uint64_t number = 0;
  core::Time at = core::kTimeMin;
  for (size_t place = 0; place < entries.size(); ++place) {
    const core::DecisionEntry& e = entries[place];
    if (hash_of(e) != e.hash) return BrokenChain{place, Break::Changed};
    if (e.number <= number || e.at < at) return BrokenChain{place, Break::OutOfOrder};
    if (e.number != number + 1) return BrokenChain{place, Break::Missing};
    if (e.previous != *previous) return BrokenChain{place, Break::WrongPrevious};
    previous = &e.hash;
    number = e.number;
    at = e.at;
  }
  return std::nullopt;
}

}  // namespace alerting
