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

class Settling {
 public:
  Settling(const LoadedBook& book, const core::Event& event, const core::text::Folded& folded,
           const std::vector<uint64_t>& prints, const Naming& naming, std::vector<Draft>& out)
      : book_(book), event_(event), folded_(folded), prints_(prints), naming_(naming), out_(out) {
    for (const NamedFamily& family : naming.families)
      if (!family.beside_product) draft(family);
    named_ = out_.size();
  }

  void fall(const Fired& fired) {
    const Subject subject = book_.program_.rules[fired.rule].subject;
    if (subject == Subject::Order || subject == Subject::Customer) {
      const std::string own = subject == Subject::Order ? order() : customer();
      if (!own.empty()) return draft(own).fired.push_back(fired);
    } else if (fall_to_kind(fired, kind_of(subject))) {
      return;
    }
    if (named_ == 0) return fall_unnamed(&fired);
    for (size_t i = 0; i < named_; ++i) out_[i].fired.push_back(fired);
  }

  // Where a person's report falls that no rule and no name caught.
  void fall_unnamed(const Fired* fired) {
    std::vector<std::string> families;
    if (!order().empty())
      families.push_back(order());
    else if (!customer().empty())
      families.push_back(customer());
    if (families.empty())
      for (const uint32_t index : naming_.categories)
        families.push_back("category:" + book_.names_.category_name(index));
    if (families.empty()) families.push_back(unknown());
    for (const std::string& family : families) {
      Draft& d = draft(family);
      if (fired != nullptr) d.fired.push_back(*fired);
    }
  }

 private:
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
    Draft& d = draft(book_.names_.entity(family.entity).family);
    d.named = &family;
    return d;
  }

  // Named families stay in front until the end: fall() counts on it.
  Draft& draft(const std::string& family) {
    const auto it = std::ranges::find(out_, family, &Draft::family);
    if (it != out_.end()) return *it;
    return out_.emplace_back(Draft{family, nullptr, {}});
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
  size_t named_ = 0;
};

}  // namespace

void settle(const LoadedBook& book, const core::Event& event, const core::text::Folded& folded,
            const std::vector<uint64_t>& prints, const Naming& naming,
            const std::vector<Fired>& fired, std::vector<Draft>& out) {
  out.clear();
  Settling settling(book, event, folded, prints, naming, out);
  for (const Fired& f : fired) settling.fall(f);
  if (out.empty() && event.reported_level > 0) settling.fall_unnamed(nullptr);
  std::ranges::sort(out, {}, &Draft::family);
}

}  // namespace rules
