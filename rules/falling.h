#pragma once
// Falling: which family each rule hit of a message falls to (DESIGN 11.5).
#include <string>
#include <vector>

#include "core/event.h"
#include "core/text/fold.h"
#include "rules/inherited.h"
#include "rules/loaded_book.h"
#include "rules/naming.h"
#include "rules/verdict.h"

namespace rules {

// A signal in the making.
struct Draft {
  std::string family;
  const NamedFamily* named = nullptr;          // null: the text does not name the family
  const InheritedFamily* inherited = nullptr;  // null: it was not inherited
  core::SubjectSource source = core::SubjectSource::Name;
  std::vector<Fired> fired;  // in order of rules
  // By add_shadows() only: what rules in shadow add, and whether only they make the draft.
  std::vector<Fired> shadows = {};
  bool shadow_only = false;
};

// A draft for every family that `naming` names or that a hit of `fired` falls to, in order of
// family:
// - rules about products or brands fall to the named brands, rules about merchants, stores and
//   couriers to those named, rules about orders and customers to the event's own;
// - if none of that kind is there, to every named family;
// - if nothing is named, to the families that were inherited, by the same two rules, if any were;
// - else to the event's order or customer, else to the categories in the text, else
//   to unknown:<the smallest fingerprint, or the text's hash>.
// A level reported by a person falls like a hit of no rule.
// `prints` are the text's fingerprints.
void settle(const LoadedBook& book, const core::Event& event, const core::text::Folded& folded,
            const std::vector<uint64_t>& prints, const Naming& naming,
            const std::vector<Fired>& fired, std::vector<Draft>& out,
            const Inherited* inherited = nullptr);

// Takes the rules in shadow out of `fired`.
void part_shadows(const Program& program, std::vector<Fired>& fired, std::vector<Fired>& shadows);

// Adds to the drafts what the rules in shadow would add, and changes nothing else of them: families
// that only they would give a signal become drafts without a name and without `fired`.
void add_shadows(const LoadedBook& book, const core::Event& event, const core::text::Folded& folded,
                 const std::vector<uint64_t>& prints, const Naming& naming,
                 const std::vector<Fired>& shadows, std::vector<Draft>& drafts,
                 const Inherited* inherited = nullptr);

}  // namespace rules
