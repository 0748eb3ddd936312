#pragma once
// An explanation for people and for programs (docs/formats.md "qingyu explain").
#include <string>

#include "engine/marked_text.h"
#include "rules/explain.h"

namespace engine {

std::string explain_text(const rules::Explanation& explanation, Paint paint);

// What stands beside an explanation in its JSON.
struct ExplainedBy {
  std::string book;       // hash
  std::string event;      // id, "": a text
  std::string counts;     // outlook_json(), "": no store was asked
  std::string incidents;  // chain_json(), "" as before
};
std::string explain_json(const rules::Explanation& explanation, const ExplainedBy& by);

}  // namespace engine
