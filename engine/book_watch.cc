#include "engine/book_watch.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

namespace engine {

namespace fs = std::filesystem;

BookWatch::BookWatch(rules::BookFiles files) : files_(std::move(files)), told_(rows()) {}

void BookWatch::also(std::vector<std::string> paths) {
  const std::vector<Row> known = rows();
  also_ = std::move(paths);
  // A change of the others that was not told yet is still to be told.
  for (Row& row : rows())
    if (std::ranges::find(known, row.path, &Row::path) == known.end())
      told_.push_back(std::move(row));
  std::ranges::sort(told_, {}, &Row::path);
  const std::vector<std::string> all = this->paths();
  std::erase_if(told_, [&](const Row& row) { return !std::ranges::binary_search(all, row.path); });
  before_.clear();
}

bool BookWatch::look() {
  std::vector<Row> now = rows();
  const bool changed = now != told_, still = now == before_;
  before_ = std::move(now);
  if (!changed || !still) return false;
  told_ = before_;
  return true;
}

// Sorted, each once.
std::vector<std::string> BookWatch::paths() const {
  std::vector<std::string> all = also_;
  for (const std::string& path :
       {files_.lists, files_.taxonomy, files_.ladders, files_.limits, files_.baselines})
    if (!path.empty()) all.push_back(path);
  if (!files_.catalogue.empty())
    for (const char* name : {"catalogue.csv", "groups.csv", "merchants.csv", "stores.csv"})
      all.push_back((fs::path(files_.catalogue) / name).string());
  for (const std::string& pack : files_.packs) {
    std::error_code error;
    if (!fs::is_directory(pack, error)) {
      all.push_back(pack);
      continue;
    }
    for (fs::directory_iterator it(pack, error), end; !error && it != end; it.increment(error)) {
      const fs::path extension = it->path().extension();
      if (extension == ".yaml" || extension == ".yml") all.push_back(it->path().string());
    }
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.size() > kFilesMax) all.resize(kFilesMax);
  return all;
}

std::vector<BookWatch::Row> BookWatch::rows() const {
  std::vector<Row> all;
  for (std::string& path : paths()) {
    Row row{std::move(path)};
    struct stat found {};
    if (::stat(row.path.c_str(), &found) == 0) {
      row.changed_ns = int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
      row.bytes = found.st_size;
      row.inode = found.st_ino;
    }
    all.push_back(std::move(row));
  }
  return all;
}

}  // namespace engine
