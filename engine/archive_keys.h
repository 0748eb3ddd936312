#pragma once
// Who is meant in an event becomes keyed hashes before it is written into the archive, and stays so
// when it is read again (core::Event::keyed).
#include <functional>
#include <string>

#include "core/event.h"
#include "rules/keyed_hash.h"

namespace engine {

// Author, customer and order become what a Signal would call them, a talk of two (`pair:` and two
// ids of people) a keyed channel; names and tags are masked. An agents' report of somebody of the
// company's own people (`is_ours`) keeps the author: the ledger calls them so too.
void key_people(core::Event& event, const std::string& key, rules::Members& members,
                const std::function<bool(const std::string&)>& is_ours);

}  // namespace engine
