#pragma once
// Naming: which families a message names, and how its vote falls on their products (DESIGN 11.5).
#include <cstdint>
#include <span>
#include <vector>

#include "core/text/fold.h"
#include "rules/matcher.h"
#include "rules/names.h"
#include "rules/verdict.h"

namespace rules {

// A product's share of a message's vote, before the eight heaviest are chosen.
struct Share {
  uint32_t product = 0;
  uint32_t permille = 0;
};

struct NamedFamily {
  uint32_t entity = 0;
  uint32_t begin = 0;          // where it is named first: character of the folded text
  bool product_named = false;  // by an alias, not only the brand
  // A merchant or store beside a product or brand, whether or not the catalogue knows it to sell
  // that: it does not count as named, only rules about merchants or stores fall to it.
  bool beside_product = false;
  std::vector<Share> shares;         // by product; at most 1000 permille in all; none of a name
                                     // that more than Namer::kVotersMax products share
  std::vector<uint32_t> categories;  // of products that an alias named by itself
};

struct Naming {
  std::vector<NamedFamily> families;  // ascending by entity
  std::vector<uint32_t> categories;   // category words of the text, ascending
  std::vector<MaskedName> masks;
};

// Finds names. Owned by one thread; the scratch is reused.
class Namer {
 public:
  static constexpr size_t kVotersMax = Pieces::kProductsMax;

  Namer(const Names& names, const Program& program) : names_(names), program_(program) {}

  void find(const core::text::Folded& text, std::span<const Match> matches, Naming& out);

  // Why a name counts. NotNeeded: it is not weak. A weak one needs one of the others: a word behind
  // it that says it is meant so (旗舰店), who sells it, a category of its own, the same name once
  // more, a piece of a product's name, its brand or who sells it.
  enum class Evidence : uint8_t { NotNeeded, None, Marker, Seller, Category, Again, Piece, Brand };
  struct Span {
    Match match;
    const Name* name;
    bool counts;  // not weak, or with enough evidence
    Evidence evidence;
  };
  std::span<const Span> spans() const { return spans_; }  // of the last find()

 private:
  void choose_spans(std::span<const Match> matches);
  void choose_categories(std::span<const Match> matches, Naming& out);
  void mark_named(const Name& name);
  void weigh_weak_names(const core::text::Folded& text);
  Evidence evidence(const core::text::Folded& text, const Span& span, const Entity& entity);
  void add_products(const Span& span, Naming& out);
  void add_entities(const core::text::Folded& text, Naming& out);
  void vote_by_pieces(const core::text::Folded& text, const Span& span, NamedFamily& family);
  bool is_named(uint32_t entity) const;
  NamedFamily& family(Naming& out, uint32_t entity, uint32_t begin) const;

  const Names& names_;
  const Program& program_;
  std::vector<Span> spans_;            // leftmost-longest, in order
  std::vector<Match> category_spans_;  // the same for category words
  std::vector<uint32_t> named_;        // entities named by counting names
  std::vector<uint32_t> products_;     // scratch
};

}  // namespace rules
