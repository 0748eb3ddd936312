#include "rules/naming.h"

#include <algorithm>

namespace rules {

namespace {

constexpr uint32_t kWholeVote = 1000;

// Words behind a weak brand or shop name that say it is meant as one.
constexpr std::u32string_view kMarkers[] = {U"牌",     U"品牌", U"旗舰店", U"专卖店",
                                            U"直营店", U"官方", U"家的"};

// Keeps the products for which `keep` holds, unless it holds for none.
template <typename Keep>
void prefer(std::vector<uint32_t>& products, Keep keep) {
  if (std::ranges::any_of(products, keep))
    std::erase_if(products, [&](uint32_t p) { return !keep(p); });
}

// Adds up to a whole vote: what is more is scaled down.
void limit_shares(std::vector<Share>& shares) {
  uint64_t total = 0;
  for (const Share& share : shares) total += share.permille;
  if (total <= kWholeVote) return;
  for (Share& share : shares)
    share.permille = static_cast<uint32_t>(share.permille * uint64_t{kWholeVote} / total);
}

// Gives `product` one of `n` equal parts of a vote.
void add_share(std::vector<Share>& shares, uint32_t product, size_t n) {
  const auto permille = static_cast<uint32_t>(kWholeVote / n);
  const auto it = std::ranges::find(shares, product, &Share::product);
  if (it != shares.end())
    it->permille += permille;
  else
    shares.push_back({product, permille});
}

}  // namespace

void Namer::find(const core::text::Folded& text, std::span<const Match> matches, Naming& out) {
  out.families.clear();
  out.categories.clear();
  out.masks.clear();
  choose_spans(matches);
  choose_categories(matches, out);
  if (spans_.empty()) return;
  named_.clear();
  for (const Span& span : spans_)
    if (span.counts) mark_named(*span.name);
  weigh_weak_names(text);
  for (const Span& span : spans_)
    if (!span.name->products.empty()) add_products(span, out);
  add_entities(text, out);
  bool any_brand = false;
  for (NamedFamily& f : out.families) {
    limit_shares(f.shares);
    any_brand = any_brand || names_.entity(f.entity).kind == EntityKind::Brand;
  }
  for (NamedFamily& f : out.families) {
    // Whoever sells it, also one that the catalogue does not know to sell it: one trouble is not to
    // open two incidents.
    const EntityKind kind = names_.entity(f.entity).kind;
    const bool seller = kind == EntityKind::Store || kind == EntityKind::Merchant;
    f.beside_product = seller && any_brand;
  }
}

// Leftmost-longest: matches are sorted by begin, then end.
void Namer::choose_spans(std::span<const Match> matches) {
  spans_.clear();
  uint32_t taken = 0;  // characters before this one are used
  for (const Match& m : matches) {
    const Name* name = m.is_word() ? names_.name(m.pattern) : nullptr;
    if (name == nullptr) continue;
    const bool longer = !spans_.empty() && spans_.back().match.begin == m.begin;
    if (m.begin < taken && !longer) continue;
    if (longer) spans_.pop_back();
    spans_.push_back({m, name, !name->weak, name->weak ? Evidence::None : Evidence::NotNeeded});
    taken = m.end;
  }
}

// Category words, leftmost-longest among themselves; not inside a name that is no product's.
void Namer::choose_categories(std::span<const Match> matches, Naming& out) {
  category_spans_.clear();
  for (const Match& m : matches) {
    if (!m.is_word() || names_.category(m.pattern) == nullptr) continue;
    const bool in_name = std::ranges::any_of(spans_, [&](const Span& s) {
      return s.name->products.empty() && s.match.begin <= m.begin && m.end <= s.match.end &&
             s.match.pattern != m.pattern;
    });
    if (in_name) continue;
    if (!category_spans_.empty() && m.begin < category_spans_.back().end) {
      if (category_spans_.back().begin != m.begin) continue;
      category_spans_.pop_back();
    }
    category_spans_.push_back(m);
  }
  for (const Match& m : category_spans_) out.categories.push_back(names_.category_index(m.pattern));
  std::ranges::sort(out.categories);
  out.categories.erase(std::unique(out.categories.begin(), out.categories.end()),
                       out.categories.end());
}

// A name's entities, and the brand of an alias that only one brand has.
void Namer::mark_named(const Name& name) {
  named_.insert(named_.end(), name.entities.begin(), name.entities.end());
  if (name.products.empty()) return;
  const uint32_t brand = names_.brand_of(name.products.front());
  if (std::ranges::all_of(name.products, [&](uint32_t p) { return names_.brand_of(p) == brand; }))
    named_.push_back(brand);
}

// Brands and shops first: a weak alias may then stand beside its brand.
void Namer::weigh_weak_names(const core::text::Folded& text) {
  for (Span& span : spans_) {
    if (span.counts) continue;
    for (const uint32_t entity : span.name->entities)
      if (const Evidence found = evidence(text, span, names_.entity(entity));
          found != Evidence::None) {
        if (!span.counts) span.evidence = found;
        span.counts = true;
        named_.push_back(entity);
      }
  }
  for (Span& span : spans_) {
    if (!span.name->weak || span.name->products.empty()) continue;
    if (span.counts || std::ranges::none_of(span.name->products, [this](uint32_t p) {
          return is_named(names_.brand_of(p)) || is_named(names_.merchant_of(p));
        }))
      continue;
    span.counts = true;
    span.evidence = Evidence::Brand;
  }
}

Namer::Evidence Namer::evidence(const core::text::Folded& text, const Span& span,
                                const Entity& entity) {
  const std::u32string_view behind = std::u32string_view(text.chars).substr(span.match.end);
  for (const std::u32string_view marker : kMarkers)
    if (behind.starts_with(marker)) return Evidence::Marker;
  if (entity.kind != EntityKind::Brand) return Evidence::None;
  for (const uint32_t merchant : entity.merchants)
    if (is_named(merchant)) return Evidence::Seller;
  for (const Match& m : category_spans_) {
    const bool apart = m.end <= span.match.begin || span.match.end <= m.begin;
    if (apart && std::ranges::binary_search(entity.categories, names_.category_index(m.pattern)))
      return Evidence::Category;
  }
  for (const uint32_t other : named_)
    if (&names_.entity(other) == &entity) return Evidence::Again;
  const bool piece =
      entity.pieces.longest(text.chars, span.match.begin, span.match.end, products_) > 0;
  return piece ? Evidence::Piece : Evidence::None;
}

// An alias: of its products those of a named brand, of these those of a named merchant; each gets
// the same share. The same alias twice is one vote.
void Namer::add_products(const Span& span, Naming& out) {
  if (!span.counts) return;
  for (const Span& before : spans_) {
    if (&before == &span) break;
    if (before.match.pattern == span.match.pattern) return;
  }
  products_ = span.name->products;
  prefer(products_, [this](uint32_t p) { return is_named(names_.brand_of(p)); });
  prefer(products_, [this](uint32_t p) { return is_named(names_.merchant_of(p)); });
  const bool related = std::ranges::any_of(products_, [this](uint32_t p) {
    return is_named(names_.brand_of(p)) || is_named(names_.merchant_of(p));
  });
  if (span.name->weak && !related) return;
  for (const uint32_t product : products_) {
    NamedFamily& f = family(out, names_.brand_of(product), span.match.begin);
    f.product_named = true;
    if (products_.size() <= kVotersMax) add_share(f.shares, product, products_.size());
  }
  if (products_.size() != 1) return;
  const uint32_t product = products_.front();
  if (const int32_t category = names_.category_of(product); category >= 0)
    family(out, names_.brand_of(product), span.match.begin)
        .categories.push_back(static_cast<uint32_t>(category));
}

void Namer::add_entities(const core::text::Folded& text, Naming& out) {
  for (const Span& span : spans_) {
    if (const auto it = program_.name_masks.find(span.match.pattern);
        it != program_.name_masks.end() && span.counts)
      out.masks.push_back({span.match.begin, span.match.end, &it->second});
    if (!span.counts) continue;
    for (const uint32_t entity : span.name->entities) {
      if (!is_named(entity)) continue;
      const bool fresh =
          std::ranges::find(out.families, entity, &NamedFamily::entity) == out.families.end();
      NamedFamily& f = family(out, entity, span.match.begin);
      if (fresh && names_.entity(entity).kind == EntityKind::Brand) vote_by_pieces(text, span, f);
    }
  }
}

// A bare brand: the products that share the longest further piece of their names with the text.
void Namer::vote_by_pieces(const core::text::Folded& text, const Span& span, NamedFamily& family) {
  const Entity& entity = names_.entity(family.entity);
  if (entity.pieces.longest(text.chars, span.match.begin, span.match.end, products_) == 0) return;
  for (const uint32_t product : products_) add_share(family.shares, product, products_.size());
}

bool Namer::is_named(uint32_t entity) const {
  return std::ranges::find(named_, entity) != named_.end();
}

NamedFamily& Namer::family(Naming& out, uint32_t entity, uint32_t begin) const {
  const auto at = std::ranges::lower_bound(out.families, entity, {}, &NamedFamily::entity);
  if (at != out.families.end() && at->entity == entity) {
    at->begin = std::min(at->begin, begin);
    return *at;
  }
  NamedFamily fresh;
  fresh.entity = entity;
  fresh.begin = begin;
  return *out.families.insert(at, std::move(fresh));
}

}  // namespace rules
