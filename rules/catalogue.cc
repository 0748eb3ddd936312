#include "rules/catalogue.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/text/utf8.h"
#include "rules/csv.h"

namespace rules {

namespace {

constexpr double kPriceMax = 1e8;  // CNY
constexpr double kUnitsMax = 1e12;
constexpr double kMembersMax = 1e9;
constexpr size_t kAliasesMax = 64;
constexpr size_t kFieldCharsMax = 200;

// Cells that must not be empty, and are not absurdly long.
bool good_cells(CsvTable& table, std::initializer_list<size_t> columns,
                std::initializer_list<std::string_view> names) {
  auto name = names.begin();
  for (const size_t column : columns) {
    const std::string_view cell = table.field(column);
    const bool empty = cell.empty();
    if (empty || core::text::count_code_points(cell) > kFieldCharsMax) {
      table.bad_row("bad-row", empty
                                   ? both(quoted(*name) + " 是空的", quoted(*name) + " is empty")
                                   : both(quoted(*name) + " 太长", quoted(*name) + " is too long"));
      return false;
    }
    ++name;
  }
  return true;
}

// Whether `id` is new; a second one is a bad row and the first one stands.
bool first_of(CsvTable& table, std::set<std::string, std::less<>>& seen, std::string_view id) {
  if (seen.emplace(id).second) return true;
  table.bad_row("duplicate-id", both(quoted(id) + " 前面已有，本行不用",
                                     quoted(id) + " is there already, this row is left out"));
  return false;
}

std::vector<std::string> split_bars(std::string_view cell) {
  std::vector<std::string> parts;
  while (!cell.empty() && parts.size() < kAliasesMax) {
    const size_t bar = std::min(cell.find('|'), cell.size());
    std::string_view part = cell.substr(0, bar);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty() && core::text::count_code_points(part) <= kFieldCharsMax)
      parts.emplace_back(part);
    cell.remove_prefix(std::min(bar + 1, cell.size()));
  }
  return parts;
}

void read_products(const SourceFile& file, Findings& findings,
                   std::vector<core::Product>& products) {
  enum { Sku, Name, Aliases, Brand, Merchant, Department, Category, Price, Units };
  CsvTable table(file,
                 {{"sku"},
                  {"name"},
                  {"aliases", false},
                  {"brand", false},
                  {"merchant", false},
                  {"department", false},
                  {"category", false},
                  {"unit_price_cny", false},
                  {"units_sold_7d", false}},
                 findings);
  std::set<std::string, std::less<>> seen;
  while (table.next()) {
    double price = 0, units = 0;
    if (!good_cells(table, {Sku, Name}, {"sku", "name"}) ||
        !table.number(Price, kPriceMax, price) || !table.number(Units, kUnitsMax, units) ||
        !first_of(table, seen, table.field(Sku)))
      continue;
    core::Product& p = products.emplace_back();
    p.sku = table.field(Sku);
    p.name = table.field(Name);
    p.aliases = split_bars(table.field(Aliases));
    p.brand = table.field(Brand);
    p.merchant = table.field(Merchant);
    p.department = table.field(Department);
    p.category = table.field(Category);
    p.price_fen = std::llround(price * 100);
    p.units_sold = std::llround(units);
  }
  table.finish();
  std::ranges::sort(products, {}, &core::Product::sku);
}

// merchants.csv and stores.csv have the same shape.
template <typename Row>
void read_named(const SourceFile& file, std::string_view id_column, Findings& findings,
                std::vector<Row>& rows) {
  CsvTable table(file, {{id_column}, {"name"}}, findings);
  std::set<std::string, std::less<>> seen;
  while (table.next()) {
    if (!good_cells(table, {0, 1}, {id_column, "name"}) || !first_of(table, seen, table.field(0)))
      continue;
    rows.push_back({std::string(table.field(0)), std::string(table.field(1))});
  }
  table.finish();
}

bool says_yes(std::string_view cell) {
  return cell == "true" || cell == "1" || cell == "yes" || cell == "是";
}

void read_groups(const SourceFile& file, Findings& findings, CatalogueFiles& out) {
  enum { Id, Name, Members, Service };
  CsvTable table(file, {{"group_id"}, {"name", false}, {"members", false}, {"service", false}},
                 findings);
  std::set<std::string, std::less<>> seen;
  while (table.next()) {
    double members = 0;
    if (!good_cells(table, {Id}, {"group_id"}) || !table.number(Members, kMembersMax, members) ||
        !first_of(table, seen, table.field(Id)))
      continue;
    core::Group group;
    group.id = table.field(Id);
    group.name = table.field(Name);
    group.members = static_cast<uint32_t>(members);
    if (says_yes(table.field(Service))) out.service_channels.insert(group.id);
    out.catalogue.groups.emplace(group.id, std::move(group));
  }
  table.finish();
}

// Merchants that only the products' column names: their name is their id.
void add_unlisted_merchants(core::Catalogue& catalogue) {
  std::set<std::string, std::less<>> known;
  for (const core::Merchant& m : catalogue.merchants) {
    known.insert(m.id);
    known.insert(m.name);
  }
  for (const core::Product& p : catalogue.products)
    if (!p.merchant.empty() && known.insert(p.merchant).second)
      catalogue.merchants.push_back({p.merchant, p.merchant});
}

}  // namespace

CatalogueFiles read_catalogue(const std::deque<SourceFile>& sources, Findings& findings) {
  CatalogueFiles out;
  for (const SourceFile& file : sources) {
    if (!file.readable) continue;
    switch (file.role) {
      case Role::Products:
        read_products(file, findings, out.catalogue.products);
        break;
      case Role::Merchants:
        read_named(file, "merchant_id", findings, out.catalogue.merchants);
        break;
      case Role::Stores:
        read_named(file, "store_id", findings, out.catalogue.stores);
        break;
      case Role::Groups:
        read_groups(file, findings, out);
        break;
      default:
        break;
    }
  }
  add_unlisted_merchants(out.catalogue);
  std::ranges::sort(out.catalogue.merchants, {}, &core::Merchant::id);
  std::ranges::sort(out.catalogue.stores, {}, &core::Shop::id);
  return out;
}

}  // namespace rules
