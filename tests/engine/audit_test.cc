// The decision log as lines of the ledger: what was changed in them is found.
#include "engine/audit.h"

#include <doctest/doctest.h>

#include "alerting/decision_log.h"
#include "engine/ledger.h"

namespace {

std::vector<core::LedgerLine> three() {
  std::vector<core::LedgerLine> lines;
  std::string previous(64, '0');
  for (uint64_t number = 1; number <= 3; ++number) {
    core::DecisionEntry e;
    e.at = core::from_ms(1'773'122'400'000);
    e.incident = "INC-20260310-7K3M9Q2A";
    e.family = "brand:汀白";
    e.revision = 4;
    e.number = number;
    e.what = "decided";
    e.by = "ceo";
    e.option = "refund";
    e.because = "先认错\n再说";
    e.figures = {{"cost_cny", -1, ""}, {"level", 0, "red"}};
    e.previous = previous;
    e.hash = previous = alerting::hash_of(e);
    lines.push_back(engine::ledger_line(e));
  }
  return lines;
}

}  // namespace

TEST_CASE("a decision's line is read back as it was hashed") {
  const auto lines = three();
  CHECK(lines[2].id == "0000000003");
  const auto entry = engine::decision_of(lines[1].line);
  REQUIRE(entry);
  CHECK(engine::decision_line(*entry) == lines[1].line);
  CHECK(engine::audit_of(lines).broken == "");
  CHECK(engine::audit_of(lines).decisions == 3);
}

TEST_CASE("every byte that is changed in a line, and every line left out, is found") {
  const auto lines = three();
  for (size_t k = 0; k < lines[1].line.size(); ++k) {
    auto changed = lines;
    changed[1].line[k] = static_cast<char>(changed[1].line[k] ^ 1);
    CHECK_MESSAGE(engine::audit_of(changed).broken != "", changed[1].line);
  }
  auto gap = lines;
  gap.erase(gap.begin() + 1);
  CHECK(engine::audit_of(gap).broken == "brand:汀白 INC-20260310-7K3M9Q2A #3: missing");
}
