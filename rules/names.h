#pragma once
// Names: what the words of the catalogue stand for: products by name and alias, brands, merchants,
// stores, couriers, categories. Immutable; naming.h finds them in a message.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy.h"
#include "rules/findings.h"
#include "rules/pieces.h"
#include "rules/program.h"

namespace rules {

enum class EntityKind : uint8_t { Brand, Merchant, Store, Courier };

// What a family is made of. A product without a brand is a brand of its own.
struct Entity {
  EntityKind kind = EntityKind::Brand;
  std::string family;                // "brand:沐禾"
  std::vector<uint32_t> merchants;   // of a brand: the entities that sell it, ascending
  std::vector<uint32_t> categories;  // of a brand: of its products, ascending
  Pieces pieces;                     // of a brand's product names
};

// What one word names. A weak name is also something people say every day: an ordinary word, a
// category, a bare number or two letters, an alias that more than kBrandsMax brands share. It
// counts only beside more evidence (naming.h).
struct Name {
  std::vector<uint32_t> products;  // by alias or full name, ascending
  std::vector<uint32_t> entities;  // ascending
  bool weak = false;
};

class Names {
 public:
  static constexpr size_t kBrandsMax = 3;

  Names() = default;
  // Adds the names to `vocabulary`. REQUIRES: no word is added to it afterwards.
  Names(const core::Catalogue& catalogue, const std::vector<Courier>& couriers,
        Vocabulary& vocabulary, const SourceFile* file, Findings& findings);

  // What the word names; nullptr when it is no name.
  const Name* name(uint32_t word) const { return row(name_of_word_, names_, word); }
  // The category the word is; nullptr when it is none.
  const std::string* category(uint32_t word) const {
    return row(category_of_word_, categories_, word);
  }
  uint32_t category_index(uint32_t word) const {
    return static_cast<uint32_t>(category_of_word_[word]);
  }
  const std::string& category_name(uint32_t index) const { return categories_[index]; }
  const Entity& entity(uint32_t i) const { return entities_[i]; }
  uint32_t brand_of(uint32_t product) const { return brand_of_[product]; }
  uint32_t merchant_of(uint32_t product) const { return merchant_of_[product]; }
  int32_t category_of(uint32_t product) const { return category_of_[product]; }  // -1: none

 private:
  friend class NamesBuilder;

  template <typename T>
  static const T* row(const std::vector<int32_t>& of, const std::vector<T>& rows, uint32_t word) {
    if (word >= of.size() || of[word] < 0) return nullptr;
    return &rows[static_cast<size_t>(of[word])];
  }

  std::vector<Entity> entities_;
  std::vector<Name> names_;
  std::vector<std::string> categories_;
  std::vector<int32_t> name_of_word_, category_of_word_;  // -1: none
  std::vector<uint32_t> brand_of_, merchant_of_;          // entities, by product; ~0u: none
  std::vector<int32_t> category_of_;                      // by product
};

}  // namespace rules
