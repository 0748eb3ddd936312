#include "rules/falling.h"

#include <algorithm>

#include "core/hash.h"
#include "core/text/fingerprint.h"
#include "core/text/utf8.h"
#include "rules/keyed_hash.h"

namespace rules {

namespace {

EntityKind kind_of(Subject subject) {
  switch (subject) {
    case Subject::Merchant:
      return EntityKind::Merchant;
    case Subject::Store:
      return EntityKind::Store;
    case Subject::Courier:
      return EntityKind::Courier;
    default:
      return EntityKind::Brand;
  }
}

// "brand:..." and "product:..." are brands.
EntityKind kind_of(std::string_view family) {
  if (family.starts_with("merchant:")) return EntityKind::Merchant;
  if (family.starts_with("store:")) return EntityKind::Store;
  return family.starts_with("courier:") ? EntityKind::Courier : EntityKind::Brand;
}

class Settling {
 public:
  Settling(const LoadedBook& book, const core::Event& event, const core::text::Folded& folded,
           const std::vector<uint64_t>& prints, const Naming& naming, std::vector<Draft>& out,
           const Inherited* inherited)
      : book_(book),
        event_(event),
        folded_(folded),
        prints_(prints),
        naming_(naming),
        out_(out),
        inherited_(naming.families.empty() ? inherited : nullptr) {
    for (const NamedFamily& family : naming.families)
      if (!family.beside_product) draft(family);
    named_ = out_.size();
  }

  void fall(const Fired& fired) {
    const Subject subject = book_.program_.rules[fired.rule].subject;
    if (subject == Subject::Order || subject == Subject::Customer) {
      const bool by_order = subject == Subject::Order;
      const std::string own = by_order ? order() : customer();
      const Source source = by_order ? Source::Order : Source::Customer;
      if (!own.empty()) return draft(own, source).fired.push_back(fired);
    } else if (fall_to_kind(fired, kind_of(subject))) {
      return;
    }
    if (named_ == 0 && inherited_ != nullptr) return fall_inherited(&fired, kind_of(subject));
    if (named_ == 0) return fall_unnamed(&fired);
    for (size_t i = 0; i < named_; ++i) out_[i].fired.push_back(fired);
  }

  // Where a person's report falls that no rule and no name caught.
  void fall_unnamed(const Fired* fired) {
    std::vector<std::pair<std::string, Source>> families;
    if (!order().empty())
      families.emplace_back(order(), Source::Order);
    else if (!customer().empty())
      families.emplace_back(customer(), Source::Customer);
    if (families.empty())
      for (const uint32_t index : naming_.categories)
        families.emplace_back("category:" + book_.names_.category_name(index), Source::Category);
    if (families.empty()) families.emplace_back(unknown(), Source::Unknown);
    for (const auto& [family, source] : families) {
      Draft& d = draft(family, source);
      if (fired != nullptr) d.fired.push_back(*fired);
    }
  }

  void fall_report() {
    if (inherited_ != nullptr) return fall_inherited(nullptr, EntityKind::Brand);
    fall_unnamed(nullptr);
  }

 private:
  using Source = core::SubjectSource;

  // To the families of that kind, or to all when there is none.
  void fall_inherited(const Fired* fired, EntityKind kind) {
    const auto of_kind = [kind](const InheritedFamily& f) { return kind_of(f.family) == kind; };
    const bool any = std::ranges::any_of(inherited_->families, of_kind);
    for (const InheritedFamily& family : inherited_->families) {
      if (any && !of_kind(family)) continue;
      Draft& d = draft(family.family, inherited_->source);
      d.inherited = &family;
      if (fired != nullptr) d.fired.push_back(*fired);
    }
  }

  bool fall_to_kind(const Fired& fired, EntityKind kind) {
    bool any = false;
    for (const NamedFamily& family : naming_.families) {
      if (book_.names_.entity(family.entity).kind != kind) continue;
      draft(family).fired.push_back(fired);
      any = true;
    }
    return any;
  }

  Draft& draft(const NamedFamily& family) {
    Draft& d = draft(book_.names_.entity(family.entity).family, Source::Name);
    d.named = &family;
    return d;
  }

  // Named families stay in front until the end: fall() counts on it.
  Draft& draft(const std::string& family, Source source) {
    const auto it = std::ranges::find(out_, family, &Draft::family);
    if (it != out_.end()) return *it;
    return out_.emplace_back(Draft{family, nullptr, nullptr, source, {}, {}, false});
  }

  std::string order() const { return keyed("order", event_.order); }
  std::string customer() const { return keyed("customer", event_.customer); }

  std::string keyed(std::string_view kind, const std::string& id) const {
    if (id.empty()) return {};
    return std::string(kind) + ":" + keyed_hash(book_.hash_key_, kind, id);
  }

  std::string unknown() const {
    const uint64_t first =
        prints_.empty() ? core::hash64(core::text::to_utf8(folded_.chars)) : prints_.front();
    return "unknown:" + core::hex16(first);
  }

  const LoadedBook& book_;
  const core::Event& event_;
  const core::text::Folded& folded_;
  const std::vector<uint64_t>& prints_;
  const Naming& naming_;
  std::vector<Draft>& out_;
  const Inherited* inherited_;  // null: nothing, or the text names something itself
  size_t named_ = 0;
};

}  // namespace

void settle(const LoadedBook& book, const core::Event& event, const core::text::Folded& folded,
            const std::vector<uint64_t>& prints, const Naming& naming,
            const std::vector<Fired>& fired, std::vector<Draft>& out, const Inherited* inherited) {
  out.clear();
  Settling settling(book, event, folded, prints, naming, out, inherited);
  for (const Fired& f : fired) settling.fall(f);
  if (out.empty() && event.reported_level > 0) settling.fall_report();
  std::ranges::sort(out, {}, &Draft::family);
}

void part_shadows(const Program& program, std::vector<Fired>& fired, std::vector<Fired>& shadows) {
  shadows.clear();
  const auto in_shadow = [&](const Fired& f) { return program.rules[f.rule].mode == Mode::Shadow; };
  for (const Fired& f : fired)
    if (in_shadow(f)) shadows.push_back(f);
  if (!shadows.empty()) std::erase_if(fired, in_shadow);
}

void add_shadows(const LoadedBook& book, const core::Event& event, const core::text::Folded& folded,
                 const std::vector<uint64_t>& prints, const Naming& naming,
                 const std::vector<Fired>& shadows, std::vector<Draft>& drafts,
                 const Inherited* inherited) {
  if (shadows.empty()) return;
  std::vector<Draft> theirs;
  settle(book, event, folded, prints, naming, shadows, theirs, inherited);
  for (Draft& their : theirs) {
    if (their.fired.empty()) continue;
    const auto draft = std::ranges::find(drafts, their.family, &Draft::family);
    if (draft != drafts.end()) {
      draft->shadows = std::move(their.fired);
      continue;
    }
    their.named = nullptr;
    their.shadow_only = true;
    their.shadows = std::move(their.fired);
    their.fired.clear();
    drafts.push_back(std::move(their));
  }
  std::ranges::sort(drafts, {}, &Draft::family);
}

}  // namespace rules
