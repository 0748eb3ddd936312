#pragma once
// LargeCatalogue: as many products, brands, merchants and stores as a test asks for, made from a
// seed alone, with aliases of one product, of several products of a brand, and of several brands.
#include <cstdint>
#include <string>
#include <vector>

namespace rules_test {

struct LargeProduct {
  std::string sku, name, brand, category, merchant;
  // "霁野洗衣液": all of the brand's of that kind; "白茶洗衣液": whoever has the flavour, of any
  // brand.
  std::string brand_kind, flavour_kind;
  std::string own;  // an alias that no other product has
};

struct LargeCatalogueSpec {
  uint64_t seed = 1;
  size_t products = 2'000;
  size_t products_a_brand = 40;
  size_t big_brand = 0;  // so many more products are of one brand and one kind
};

class LargeCatalogue {
 public:
  explicit LargeCatalogue(const LargeCatalogueSpec& spec);

  const std::vector<LargeProduct>& products() const { return products_; }
  std::string products_csv() const;
  std::string merchants_csv() const;
  std::string stores_csv() const;

  // A message of about `chars` characters of common ones, as no catalogue knows it; with `named`
  // one of the products' names somewhere in it.
  std::string chatter(uint64_t number, size_t chars, bool named) const;

 private:
  void add(size_t number, const std::string& brand, const char* kind);

  LargeCatalogueSpec spec_;
  size_t merchants_ = 0;
  std::vector<LargeProduct> products_;
};

}  // namespace rules_test
