#include "tests/rules/large_catalogue.h"

#include <set>

#include "core/hash.h"
#include "core/text/utf8.h"

namespace rules_test {

namespace {

constexpr std::u32string_view kBrandChars =
    U"霁朴芦星木鹿云汐沐岚苇澜牧赣禾野汀砾垣浔杪白谷岭净松柏桐枫榆梧竹兰荷菊梅杏桃梨棠溪泉湖海江河"
    U"川"
    U"峰岩石玉珠璃珀瑾瑜锦绣绮罗纱绫丝棉麻絮晨曦暮夕朝露霜雪冰晴阳月辰宿";
constexpr std::u32string_view kCommonChars =
    U"的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过"
    U"天去"
    U"能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同"
    U"日手"
    U"又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感见明"
    U"问力"
    U"理尔点文几定本公特做外孩相西果走将月十实向声车全信重三机工物气每并别真打太新比才便夫再书部水"
    U"像眼"
    U"等体却加电主界门利海受听表德少克代员许先口由死安写性马光白或住难望教命花结乐色更拉东神记处让"
    U"母父";
constexpr const char* kFlavours[] = {
    "白茶", "桂花", "雪松", "山茶", "柠檬", "薄荷", "原味", "蜂蜜", "草本", "海盐", "抹茶", "焦糖",
    "玫瑰", "茉莉", "竹炭", "青柠", "红枣", "燕麦", "黑麦", "香草", "椰子", "荔枝", "蓝莓", "葡萄",
    "金银", "艾草", "芦荟", "珍珠", "牛油", "杏仁", "榛子", "核桃", "糙米", "紫薯", "南瓜", "菠菜"};
constexpr const char* kKinds[] = {"洗衣液", "酸奶",     "洗手液", "纯牛奶", "坚果礼盒", "抽纸",
                                  "洗洁精", "沐浴露",   "牙膏",   "面霜",   "大米",     "挂面",
                                  "食用油", "酱油",     "饼干",   "薯片",   "巧克力",   "火腿",
                                  "水饺",   "汤圆",     "咖啡",   "绿茶",   "果汁",     "矿泉水",
                                  "啤酒",   "婴儿奶粉", "纸尿裤", "猫粮",   "狗粮",     "垃圾袋"};

std::string word_of(std::u32string_view from, uint64_t& dice, size_t chars) {
  std::u32string word;
  for (size_t i = 0; i < chars; ++i) {
    dice = core::hash_mix(dice, i + 1);
    word += from[dice % from.size()];
  }
  return core::text::to_utf8(word);
}

}  // namespace

LargeCatalogue::LargeCatalogue(const LargeCatalogueSpec& spec)
    : spec_(spec), merchants_(spec.products / 100 + 1) {
  uint64_t dice = core::hash_mix(spec.seed, 1);
  std::set<std::string> brands;
  while (products_.size() < spec.products) {
    const std::string brand = word_of(kBrandChars, dice, 3);
    if (!brands.insert(brand).second) continue;
    for (size_t i = 0; i < spec.products_a_brand && products_.size() < spec.products; ++i) {
      dice = core::hash_mix(dice, i);
      add(products_.size(), brand, kKinds[dice % std::size(kKinds)]);
    }
  }
  for (size_t i = 0; i < spec.big_brand; ++i) add(products_.size(), "大森林家", kKinds[0]);
}

void LargeCatalogue::add(size_t number, const std::string& brand, const char* kind) {
  const uint64_t dice = core::hash_mix(core::hash_mix(spec_.seed, 2), number);
  const std::string flavour = kFlavours[dice % std::size(kFlavours)];
  const std::string n = std::to_string(number);
  LargeProduct p;
  p.sku = "SKU" + n;
  p.brand = brand;
  p.category = kind;
  p.merchant = "商家" + std::to_string(dice / 64 % merchants_) + "商贸";
  p.brand_kind = brand + kind;
  p.flavour_kind = brand.substr(0, 6) + flavour + kind;
  p.name = brand + flavour + kind + n + "号" + std::to_string(1 + dice % 9) + "kg";
  p.own = brand + n + "号";
  products_.push_back(std::move(p));
}

std::string LargeCatalogue::products_csv() const {
  std::string csv =
      "sku,name,aliases,brand,merchant,department,category,unit_price_cny,units_sold_7d\n";
  for (const LargeProduct& p : products_)
    csv += p.sku + "," + p.name + "," + p.brand_kind + "|" + p.flavour_kind + "|" + p.own + "," +
           p.brand + "," + p.merchant + ",部门," + p.category + ",19.9,100\n";
  return csv;
}

std::string LargeCatalogue::merchants_csv() const {
  std::string csv = "merchant_id,name\n";
  for (size_t i = 0; i < merchants_; ++i)
    csv += "M" + std::to_string(i) + ",商家" + std::to_string(i) + "商贸\n";
  return csv;
}

std::string LargeCatalogue::stores_csv() const {
  std::string csv = "store_id,name\n";
  for (size_t i = 0; i < merchants_; ++i)
    csv += "S" + std::to_string(i) + ",邻里" + std::to_string(i) + "号店\n";
  return csv;
}

std::string LargeCatalogue::chatter(uint64_t number, size_t chars, bool named) const {
  uint64_t dice = core::hash_mix(core::hash_mix(spec_.seed, 3), number);
  std::string text = word_of(kCommonChars, dice, chars / 2);
  if (named) text += products_[dice % products_.size()].name;
  return text + word_of(kCommonChars, dice, chars - chars / 2);
}

}  // namespace rules_test
