// A catalogue of the size that big platforms have: what its names mean is the same as in a small
// one, and it loads. QINGYU_ALL=1 runs the 200,000 products and prints what they cost.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/rules/desk_of_files.h"
#include "tests/rules/large_catalogue.h"

using rules_test::DeskOfFiles;
using rules_test::LargeCatalogue;
using rules_test::LargeProduct;

namespace {

void write_files(DeskOfFiles& desk, const LargeCatalogue& catalogue) {
  desk.write("catalogue/catalogue.csv", catalogue.products_csv());
  desk.write("catalogue/merchants.csv", catalogue.merchants_csv());
  desk.write("catalogue/stores.csv", catalogue.stores_csv());
  desk.write_rule("{any: [过期, 发霉]}", "都过期了");
}

struct Shop : DeskOfFiles {
  Shop() : catalogue({.seed = 7, .products = 2'000}) {
    write_files(*this, catalogue);
    open();
    for (const LargeProduct& p : catalogue.products()) {
      by_brand_kind[p.brand_kind].push_back(&p);
      by_flavour_kind[p.flavour_kind].push_back(&p);
    }
  }
  LargeCatalogue catalogue;
  std::map<std::string, std::vector<const LargeProduct*>> by_brand_kind, by_flavour_kind;
};

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// Median nanoseconds a message, messages taken 128 at a time as a lane does.
double judge_ns(const std::shared_ptr<const rules::Book>& book,
                const std::vector<core::text::Folded>& texts, size_t& signals_made) {
  constexpr size_t kBatch = 128, kRounds = 9;
  const auto judge = rules::make_judge(book);
  core::Event event;
  event.kind = core::Kind::Chat;
  std::vector<core::Signal> signals;
  std::vector<double> rounds;
  for (size_t round = 0; round < kRounds; ++round) {
    signals_made = 0;
    const Clock::time_point begin = Clock::now();
    for (size_t from = 0; from + kBatch <= texts.size(); from += kBatch) {
      judge->begin_adding();
      for (size_t i = 0; i < kBatch; ++i) judge->add(texts[from + i]);
      judge->scan_added();
      signals.clear();
      for (size_t i = 0; i < kBatch; ++i)
        if (judge->found(i, event)) judge->judge_added(i, event, texts[from + i], signals);
      signals_made += signals.size();
    }
    rounds.push_back(seconds_since(begin) * 1e9 / static_cast<double>(texts.size()));
  }
  std::ranges::sort(rounds);
  return rounds[kRounds / 2];
}

}  // namespace

TEST_CASE_FIXTURE(Shop, "in a large catalogue every product's own alias is its whole vote") {
  for (const LargeProduct& p : catalogue.products()) {
    const auto signals = judge("昨天的" + p.own + "有问题");
    REQUIRE(signals.size() == 1);
    CHECK(signals[0].family == "brand:" + p.brand);
    CHECK(signals[0].product_named);
    REQUIRE(signals[0].votes.size() == 1);
    CHECK(signals[0].votes[0].sku == p.sku);
    CHECK(signals[0].votes[0].permille == 1000);
  }
}

TEST_CASE_FIXTURE(Shop, "an alias that n products share gives each the n-th part of a vote") {
  size_t shared = 0;
  for (const auto& [alias, products] : by_brand_kind) {
    const auto signals = judge("还是" + alias + "吧");
    REQUIRE(signals.size() == 1);
    CHECK(signals[0].family == "brand:" + products[0]->brand);
    REQUIRE(signals[0].votes.size() == std::min<size_t>(products.size(), 8));
    for (const core::Vote& vote : signals[0].votes) CHECK(vote.permille == 1000 / products.size());
    shared += products.size() > 1 ? 1 : 0;
  }
  CHECK(shared > 200);
}

TEST_CASE_FIXTURE(Shop, "an alias of two brands names both, and beside one of them only that") {
  size_t ambiguous = 0;
  for (const auto& [alias, products] : by_flavour_kind) {
    std::set<std::string> brands;
    for (const LargeProduct* p : products) brands.insert(p->brand);
    if (brands.size() != 2) continue;
    ++ambiguous;
    const auto both = judge("看" + alias + "这");
    REQUIRE(both.size() == 2);
    CHECK(both[0].family == "brand:" + *brands.begin());
    CHECK(both[1].family == "brand:" + *brands.rbegin());
    const auto one = judge("看" + alias + "，" + *brands.begin());
    REQUIRE(one.size() == 1);
    CHECK(one[0].family == "brand:" + *brands.begin());
  }
  CHECK(ambiguous >= 1);
}

TEST_CASE_FIXTURE(Shop, "the longest name wins over the aliases inside it") {
  // Product 12's own alias 某12号 is the beginning of no other, but lies inside longer names: the
  // brand alone in every alias, the flavour's alias in none of the full names.
  for (size_t i = 0; i < catalogue.products().size(); i += 7) {
    const LargeProduct& p = catalogue.products()[i];
    const auto signals = judge(p.name);
    REQUIRE(signals.size() == 1);
    REQUIRE(signals[0].votes.size() == 1);
    CHECK(signals[0].votes[0].sku == p.sku);
  }
  // A number goes on: 某12号 is not in 某123号, and 号 must be there.
  const LargeProduct& p = catalogue.products()[12];
  const auto signals = judge(p.brand + "129999号");
  REQUIRE(signals.size() == 1);
  CHECK_FALSE(signals[0].product_named);
}

TEST_CASE_FIXTURE(Shop,
                  "several products in one message are each named, and share a brand's vote") {
  const LargeProduct& a = catalogue.products()[0];
  const LargeProduct& b = catalogue.products()[1];
  const LargeProduct& c = catalogue.products()[1'000];
  REQUIRE(a.brand == b.brand);
  const auto signals = judge(a.own + "和" + b.own + "都过期了，" + c.own + "没事");
  REQUIRE(signals.size() == 2);
  for (const core::Signal& s : signals) {
    CHECK(s.hits.size() == 1);
    const bool first = s.family == "brand:" + a.brand;
    CHECK(s.votes.size() == (first ? 2 : 1));
    for (const core::Vote& vote : s.votes) CHECK(vote.permille == (first ? 500 : 1000));
  }
}

TEST_CASE("what a brand of very many products shares is the brand's alone") {
  DeskOfFiles desk;
  const LargeCatalogue catalogue({.products = 40, .big_brand = 3'000});
  write_files(desk, catalogue);
  desk.open();
  const LargeProduct& p = catalogue.products().back();
  const auto shared = desk.judge(p.brand_kind + "过期了");
  REQUIRE(shared.size() == 1);
  CHECK(shared[0].family == "brand:" + p.brand);
  CHECK(shared[0].product_named);
  CHECK(shared[0].votes.empty());
  const auto bare = desk.judge(p.brand + "的洗衣液");
  REQUIRE(bare.size() == 1);
  CHECK(bare[0].votes.empty());
  const auto own = desk.judge(p.own);
  REQUIRE(own.size() == 1);
  REQUIRE(own[0].votes.size() == 1);
  CHECK(own[0].votes[0].sku == p.sku);
}

TEST_CASE("QINGYU_ALL: 200000 products load and are scanned for in one database") {
  const char* all = std::getenv("QINGYU_ALL");
  if (all == nullptr || std::string_view(all) != "1") return;
  double loads[2] = {}, ns[2] = {};
  long peaks[2] = {};
  size_t words[2] = {}, made[2] = {};
  const LargeCatalogue small({.products = 400}), large({.products = 200'000, .big_brand = 2'000});
  std::vector<core::text::Folded> texts(40'000);
  for (size_t i = 0; i < texts.size(); ++i)
    core::text::fold(small.chatter(i, 6 + i % 40, i % 50 == 0), texts[i]);
  const LargeCatalogue* catalogues[] = {&small, &large};
  for (size_t i = 0; i < 2; ++i) {
    DeskOfFiles desk;
    write_files(desk, *catalogues[i]);
    const Clock::time_point begin = Clock::now();
    desk.open();
    loads[i] = seconds_since(begin);
    words[i] = desk.book->words();
    ns[i] = judge_ns(desk.book, texts, made[i]);
    peaks[i] = peak_megabytes();
    const LargeProduct& p = catalogues[i]->products()[i == 0 ? 399 : 199'999];
    CHECK(desk.votes(p.own) == p.sku + " 1000");
    CHECK(made[i] >= texts.size() / 50 * (i == 0 ? 1 : 0));
  }
  for (size_t i = 0; i < 2; ++i)
    MESSAGE(catalogues[i]->products().size(), " products, ", words[i], " words: loaded in ",
            loads[i], " s, peak ", peaks[i], " MB, ", ns[i], " ns a message, ", made[i],
            " signals");
}
