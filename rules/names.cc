#include "rules/names.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/text/fold.h"
#include "core/text/utf8.h"
#include "rules/ordinary_words.h"

namespace rules {

namespace {

constexpr size_t kShownMax = 10;       // weak names listed in the warning
constexpr size_t kLatinStrongMin = 3;  // two letters are weak
constexpr std::u32string_view kBrackets = U"()[]<>{}【】《》「」〈〉\"'";

std::u32string without_brackets(const std::u32string& name) {
  std::u32string out;
  for (const char32_t c : name)
    if (kBrackets.find(c) == std::u32string_view::npos) out.push_back(c);
  return out;
}

bool is_digits(const std::u32string& word) {
  return std::ranges::all_of(word, [](char32_t c) { return c >= U'0' && c <= U'9'; });
}

bool is_short_latin(const std::u32string& word) {
  return word.size() < kLatinStrongMin && word.front() < 0x80;
}

void insert_sorted(std::vector<uint32_t>& set, uint32_t value) {
  const auto at = std::ranges::lower_bound(set, value);
  if (at == set.end() || *at != value) set.insert(at, value);
}

}  // namespace

class NamesBuilder {
 public:
  NamesBuilder(Names& out, Vocabulary& vocabulary) : out_(out), vocabulary_(vocabulary) {}

  void add_catalogue(const core::Catalogue& catalogue) {
    for (const core::Merchant& m : catalogue.merchants) {
      const uint32_t entity = entity_of(EntityKind::Merchant, "merchant:" + m.id);
      merchants_.emplace(m.id, entity);
      merchants_.emplace(m.name, entity);
      name_entity(m.name, entity);
    }
    for (const core::Shop& s : catalogue.stores)
      name_entity(s.name, entity_of(EntityKind::Store, "store:" + s.id));
    for (const core::Product& p : catalogue.products) add_product(p);
    for (Entity& entity : out_.entities_) entity.pieces.finish();
  }

  void add_couriers(const std::vector<Courier>& couriers) {
    for (const Courier& courier : couriers) {
      if (courier.names.empty() || courier.names.front().empty()) continue;
      const uint32_t entity = entity_of(EntityKind::Courier, "courier:" + courier.names.front());
      for (const std::string& form : courier.names) name_entity(form, entity);
    }
  }

  // Decides which names are weak, and makes the tables by word.
  void finish(const SourceFile* file, Findings& findings) {
    const size_t words = vocabulary_.words().size();
    out_.name_of_word_.assign(words, -1);
    out_.category_of_word_.assign(words, -1);
    for (const auto& [word, category] : categories_)
      out_.category_of_word_[word] = static_cast<int32_t>(category);
    std::vector<std::string> weak;
    for (auto& [word, name] : names_) {
      if (categories_.contains(word))
        name.products.clear();  // 洗衣液 is no alias, it is a category
      name.weak = is_weak(word, name);
      const bool lost_products = name.products.empty() && had_products_.contains(word);
      if (name.weak || lost_products)
        weak.push_back(core::text::to_utf8(vocabulary_.words()[word]));
      if (name.products.empty() && name.entities.empty()) continue;
      out_.name_of_word_[word] = static_cast<int32_t>(out_.names_.size());
      out_.names_.push_back(std::move(name));
    }
    if (!weak.empty() && file != nullptr) warn(*file, weak, findings);
  }

 private:
  uint32_t entity_of(EntityKind kind, const std::string& family) {
    const auto [it, added] =
        entities_.emplace(family, static_cast<uint32_t>(out_.entities_.size()));
    if (added) {
      Entity& entity = out_.entities_.emplace_back();
      entity.kind = kind;
      entity.family = family;
    }
    return it->second;
  }

  // The words that a name is written as: with and without its brackets.
  std::vector<uint32_t> words_of(const std::string& name) {
    std::vector<uint32_t> words;
    const std::u32string folded = core::text::fold_word(name);
    for (const std::u32string& form : {folded, without_brackets(folded)})
      if (form.size() >= kWordCharsMin && form.size() <= kWordCharsMax)
        insert_sorted(words, vocabulary_.word(form));
    return words;
  }

  void name_entity(const std::string& name, uint32_t entity) {
    for (const uint32_t word : words_of(name)) insert_sorted(names_[word].entities, entity);
  }

  void name_product(const std::string& name, uint32_t product) {
    for (const uint32_t word : words_of(name)) {
      insert_sorted(names_[word].products, product);
      had_products_.insert(word);
    }
  }

  void add_product(const core::Product& p) {
    const auto product = static_cast<uint32_t>(out_.brand_of_.size());
    const uint32_t brand =
        entity_of(EntityKind::Brand, p.brand.empty() ? "product:" + p.sku : "brand:" + p.brand);
    const auto merchant = merchants_.find(p.merchant);
    out_.brand_of_.push_back(brand);
    out_.merchant_of_.push_back(merchant != merchants_.end() ? merchant->second : ~0u);
    Entity& entity = out_.entities_[brand];
    if (merchant != merchants_.end()) insert_sorted(entity.merchants, merchant->second);
    entity.pieces.add(product, core::text::fold_word(p.name), core::text::fold_word(p.brand));
    out_.category_of_.push_back(p.category.empty() ? -1 : add_category(p.category, entity));
    if (!p.brand.empty()) name_entity(p.brand, brand);
    name_product(p.name, product);
    for (const std::string& alias : p.aliases) name_product(alias, product);
  }

  int32_t add_category(const std::string& category, Entity& brand) {
    const auto [it, added] = category_ids_.emplace(category, out_.categories_.size());
    if (added) out_.categories_.push_back(category);
    insert_sorted(brand.categories, static_cast<uint32_t>(it->second));
    const std::u32string folded = core::text::fold_word(category);
    if (added && folded.size() >= kWordCharsMin && folded.size() <= kWordCharsMax)
      categories_.emplace(vocabulary_.word(folded), it->second);
    return static_cast<int32_t>(it->second);
  }

  bool is_weak(uint32_t word, const Name& name) const {
    const bool courier = std::ranges::any_of(name.entities, [this](uint32_t e) {
      return out_.entities_[e].kind == EntityKind::Courier;  // the author of the list chose it
    });
    if (courier) return false;
    const std::u32string& chars = vocabulary_.words()[word];
    std::set<uint32_t> brands;
    for (const uint32_t product : name.products) brands.insert(out_.brand_of_[product]);
    return categories_.contains(word) || brands.size() > Names::kBrandsMax || is_digits(chars) ||
           is_short_latin(chars) || is_ordinary_word(core::text::to_utf8(chars));
  }

  static void warn(const SourceFile& file, const std::vector<std::string>& weak,
                   Findings& findings) {
    std::string shown;
    for (size_t i = 0; i < weak.size() && i < kShownMax; ++i)
      shown += (i == 0 ? "" : " ") + weak[i];
    const std::string n = std::to_string(weak.size());
    findings.warning({&file, 0, 0}, "weak-name",
                     both(n + " 个名字是常用词或品类词，单独出现时不算提到: " + shown,
                          n + " names are ordinary or category words and do not count alone"));
  }

  Names& out_;
  Vocabulary& vocabulary_;
  std::map<std::string, uint32_t> entities_, merchants_;  // by family; by id and name
  std::map<std::string, size_t> category_ids_;
  std::map<uint32_t, size_t> categories_;  // by word
  std::map<uint32_t, Name> names_;         // by word
  std::set<uint32_t> had_products_;
};

Names::Names(const core::Catalogue& catalogue, const std::vector<Courier>& couriers,
             Vocabulary& vocabulary, const SourceFile* file, Findings& findings) {
  NamesBuilder builder(*this, vocabulary);
  builder.add_catalogue(catalogue);
  builder.add_couriers(couriers);
  builder.finish(file, findings);
}

}  // namespace rules
