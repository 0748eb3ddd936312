// What the words of a catalogue stand for, and which of them are weak.
#include "rules/names.h"

#include <doctest/doctest.h>

#include "core/text/fold.h"
#include "rules/ordinary_words.h"

using rules::EntityKind;
using rules::Names;

namespace {

struct Built {
  explicit Built(core::Catalogue c, std::vector<rules::Courier> couriers = {})
      : catalogue(std::move(c)), names(catalogue, couriers, vocabulary, &file, findings) {}

  const rules::Name* name(std::string_view word) {
    const std::u32string folded = core::text::fold_word(word);
    for (uint32_t i = 0; i < vocabulary.words().size(); ++i)
      if (vocabulary.words()[i] == folded) return names.name(i);
    return nullptr;
  }
  std::string families(std::string_view word) {
    std::string all;
    if (const rules::Name* n = name(word))
      for (const uint32_t entity : n->entities) all += names.entity(entity).family + " ";
    return all;
  }
  std::string warnings() {
    std::string all;
    for (const rules::Finding& f : findings.take()) all += f.code + ":" + f.message;
    return all;
  }

  core::Catalogue catalogue;
  rules::Vocabulary vocabulary;
  rules::SourceFile file;
  rules::Findings findings;
  Names names;
};

core::Product product(std::string sku, std::string name, std::string brand,
                      std::vector<std::string> aliases = {}, std::string category = "") {
  core::Product p;
  p.sku = std::move(sku);
  p.name = std::move(name);
  p.brand = std::move(brand);
  p.aliases = std::move(aliases);
  p.category = std::move(category);
  return p;
}

}  // namespace

TEST_CASE("a product is named by its name and its aliases, a brand by itself") {
  core::Catalogue c;
  c.products = {product("1", "沐禾洗衣液2kg", "沐禾", {"沐禾洗衣液"})};
  Built b(c);
  CHECK(b.name("沐禾洗衣液2KG")->products == std::vector<uint32_t>{0});
  CHECK(b.name("沐禾洗衣液")->products == std::vector<uint32_t>{0});
  CHECK(b.families("沐禾") == "brand:沐禾 ");
  CHECK(b.name("洗衣液") == nullptr);
  CHECK(b.warnings() == "");
}

TEST_CASE("a word may name a merchant and a brand at once") {
  core::Catalogue c;
  c.merchants = {{"M1", "沐禾"}};
  c.products = {product("1", "沐禾洗衣液", "沐禾")};
  Built b(c);
  CHECK(b.families("沐禾") == "merchant:M1 brand:沐禾 ");
}

TEST_CASE("a store's brackets may be left out, a name of one character is no name") {
  core::Catalogue c;
  c.stores = {{"S1", "拾味小站（苇湾店）"}, {"S2", "站"}};
  Built b(c);
  CHECK(b.families("拾味小站(苇湾店)") == "store:S1 ");
  CHECK(b.families("拾味小站苇湾店") == "store:S1 ");
  CHECK(b.families("站") == "");
}

TEST_CASE("a courier's short forms name one family and are never weak") {
  Built b({}, {{{"顺丰速运", "顺丰", "SF"}}, {{"天天"}}});
  CHECK(b.families("顺丰") == "courier:顺丰速运 ");
  CHECK(b.families("sf") == "courier:顺丰速运 ");
  CHECK_FALSE(b.name("SF")->weak);
  CHECK_FALSE(b.name("天天")->weak);  // an ordinary word, but its author put it there
}

TEST_CASE("ordinary words, numbers, two letters and words of many brands are weak") {
  core::Catalogue c;
  for (const char* brand : {"光明", "沐禾", "361", "AB", "ABC"})
    c.products.push_back(product(brand, std::string(brand) + "湖光纸", brand));
  for (const char* brand : {"甲甲", "乙乙", "丙丙", "丁丁"})
    c.products.push_back(product(brand, std::string(brand) + "好纸", brand, {"三层抽纸"}));
  Built b(c);
  CHECK(b.name("光明")->weak);
  CHECK_FALSE(b.name("沐禾")->weak);
  CHECK(b.name("361")->weak);
  CHECK(b.name("ab")->weak);
  CHECK_FALSE(b.name("abc")->weak);
  CHECK(b.name("三层抽纸")->weak);
  CHECK_FALSE(b.name("光明湖光纸")->weak);
  const std::string told = b.warnings();
  CHECK(told.starts_with("weak-name:"));
  CHECK(told.find("光明") != std::string::npos);
  CHECK(told.find("沐禾") == std::string::npos);
}

TEST_CASE("an alias that is a category is taken for the category only, and told") {
  core::Catalogue c;
  c.products = {product("1", "沐禾鲜奶", "沐禾", {"纯牛奶"}, "纯牛奶"),
                product("2", "青禾鲜奶", "青禾", {}, "纯牛奶")};
  Built b(c);
  CHECK(b.name("纯牛奶") == nullptr);
  CHECK(b.warnings().find("纯牛奶") != std::string::npos);
}

TEST_CASE("a brand's entity knows who sells it and what it sells") {
  core::Catalogue c;
  c.merchants = {{"M1", "东湖粮行"}, {"M2", "西湖粮行"}};
  c.products = {product("1", "沐禾大米", "沐禾", {}, "大米"),
                product("2", "沐禾白面", "沐禾", {}, "面")};
  c.products[0].merchant = "西湖粮行";
  c.products[1].merchant = "M1";
  Built b(c);
  const rules::Entity& brand = b.names.entity(b.names.brand_of(0));
  CHECK(brand.family == "brand:沐禾");
  CHECK(brand.merchants.size() == 2);
  CHECK(brand.categories.size() == 2);
  CHECK(b.names.brand_of(1) == b.names.brand_of(0));
  CHECK(b.names.entity(b.names.merchant_of(1)).family == "merchant:M1");
}

TEST_CASE("ordinary words are the frequent ones that are no proper names") {
  for (const char* word : {"光明", "统一", "生活", "苹果", "面包", "我们", "美的"})
    CHECK_MESSAGE(rules::is_ordinary_word(word), std::string(word));
  for (const char* word : {"蒙牛", "伊利", "娃哈哈", "沐禾", "蛋黄酥", "的", "", "abc"})
    CHECK_FALSE_MESSAGE(rules::is_ordinary_word(word), std::string(word));
}
