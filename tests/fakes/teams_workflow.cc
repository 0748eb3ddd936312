#include "tests/fakes/teams_workflow.h"

#include <nlohmann/json.hpp>

namespace fakes {

TeamsWorkflow::TeamsWorkflow(core::Clock& clock)
    : clock_(clock), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return handle(request);
      }) {}

std::vector<std::string> TeamsWorkflow::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

size_t TeamsWorkflow::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

Reply TeamsWorkflow::handle(const Request& request) {
  if (request.method != "POST") return {405, "", "text/html", {}};
  if (request.query("sig") != "signature-of-teams") return {401, "{}", "application/json", {}};
  if (pace_.call(clock_.wall(), core::Millis(1'000)) > 4)
    return {429, "{}", "application/json", {}};
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return {400, "{}", "application/json", {}};
  if (body.dump(-1, ' ', /*ensure_ascii=*/true).size() > 28'672)
    ++dropped_;
  else
    posted_.push_back(request.body);
  return {202, "", "text/plain", {}};
}

}  // namespace fakes
