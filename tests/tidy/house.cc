#include "tests/tidy/house.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace tidy {

namespace {

constexpr size_t kFileBytesMax = 2'000'000;  // larger ones are recordings, not text for people

const std::set<std::string> kNotOurs = {".git",        "build",        "data",
                                        "__pycache__", "node_modules", ".cache"};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

House House::read(const std::filesystem::path& root) {
  House house;
  const std::filesystem::recursive_directory_iterator end;
  for (std::filesystem::recursive_directory_iterator entry(root); entry != end; ++entry) {
    if (entry->is_directory() && kNotOurs.contains(entry->path().filename().string()))
      entry.disable_recursion_pending();
    if (!entry->is_regular_file() || entry->file_size() > kFileBytesMax) continue;
    const std::string text = read_file(entry->path());
    if (text.find('\0') == std::string::npos)
      house.add(std::filesystem::relative(entry->path(), root).string(), text);
  }
  std::ranges::sort(house.files_, {}, [](const auto& file) { return file->path; });
  return house;
}

void House::add(std::string path, std::string text) {
  auto file = std::make_unique<File>(File{std::move(path), std::move(text), {}});
  if (file->cpp()) file->tokens = tokens_of(file->text);
  files_.push_back(std::move(file));
}

const File* House::find(std::string_view path) const {
  for (const auto& file : files_)
    if (file->path == path) return file.get();
  return nullptr;
}

std::string to_text(const std::vector<Flag>& flags) {
  std::string text;
  for (const Flag& flag : flags)
    text += "\n  " + flag.path + ":" + std::to_string(flag.line) + ": " + flag.what;
  return text;
}

}  // namespace tidy
