#include "engine/story_books.h"

#include <filesystem>
#include <fstream>

#include "engine/scratch_store.h"

namespace engine {

namespace fs = std::filesystem;

namespace {

// A cell of CSV.
std::string cell(const std::string& text) {
  std::string quoted("\"");
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string to_csv(const std::vector<rules::StoryProduct>& products) {
  std::string csv(
      "sku,name,aliases,brand,merchant,department,category,unit_price_cny,units_sold_7d\n");
  for (const rules::StoryProduct& p : products) {
    std::string aliases;
    for (const std::string& alias : p.aliases) aliases += (aliases.empty() ? "" : "|") + alias;
    char price[32];
    std::snprintf(price, sizeof price, "%.2f", p.price);
    for (const std::string& text :
         {p.sku, p.name, aliases, p.brand, p.merchant, p.department, p.category})
      csv += cell(text) + ",";
    csv += std::string(price) + "," + std::to_string(p.sold) + "\n";
  }
  return csv;
}

}  // namespace

std::shared_ptr<const rules::Book> StoryBooks::plain(std::vector<rules::Finding>& findings) {
  if (begun_.valid()) {
    Loaded loaded = begun_.get();
    for (rules::Finding& finding : loaded.errors) findings.push_back(std::move(finding));
    books_[files_.catalogue] = std::move(loaded.book);
  }
  return load(files_.catalogue, files_.catalogue, findings);
}

void StoryBooks::begin_plain() {
  begun_ = std::async(std::launch::async, [files = files_] { return load_now(files); });
}

StoryBooks::Loaded StoryBooks::load_now(const rules::BookFiles& files) {
  Loaded loaded;
  std::vector<rules::Finding> found;
  loaded.book = rules::load_book(files, found);
  for (rules::Finding& finding : found)
    if (finding.severity == rules::Severity::Error) loaded.errors.push_back(std::move(finding));
  return loaded;
}

core::Result<std::shared_ptr<const rules::Book>> StoryBooks::of(
    const rules::Story& story, std::vector<rules::Finding>& findings) {
  if (!story.catalogue.empty()) {
    const fs::path beside = fs::path(story.place.file->name).parent_path();
    const std::string folder = (beside / story.catalogue).lexically_normal().string();
    return load(folder, folder, findings);
  }
  if (story.products.empty()) return plain(findings);
  const std::string csv = to_csv(story.products);
  if (const auto it = books_.find(csv); it != books_.end()) return it->second;
  auto folder = temporary_folder("qingyu-story-");
  if (!folder) return folder.error();
  std::ofstream out(*folder + "/catalogue.csv", std::ios::binary);
  out << csv << std::flush;
  if (!out) return core::Error{core::Code::Unavailable, "cannot write into " + *folder};
  auto book = load(csv, *folder, findings);
  std::error_code ignored;
  fs::remove_all(*folder, ignored);
  return book;
}

std::shared_ptr<const rules::Book> StoryBooks::load(const std::string& key,
                                                    const std::string& folder,
                                                    std::vector<rules::Finding>& findings) {
  if (const auto it = books_.find(key); it != books_.end()) return it->second;
  rules::BookFiles files = files_;
  files.catalogue = folder;
  Loaded loaded = load_now(files);
  for (rules::Finding& finding : loaded.errors) findings.push_back(std::move(finding));
  return books_[key] = std::move(loaded.book);
}

}  // namespace engine
