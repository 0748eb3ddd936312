#include "rules/named_paths.h"

#include <algorithm>
#include <filesystem>

#include "rules/sources.h"

namespace rules {

namespace {

namespace fs = std::filesystem;

struct Shared {
  const char* name;
  std::string BookFiles::*place;
};
constexpr Shared kShared[] = {{"lists.yaml", &BookFiles::lists},
                              {"taxonomy.yaml", &BookFiles::taxonomy},
                              {"ladders.yaml", &BookFiles::ladders},
                              {"limits.yaml", &BookFiles::limits}};

const Shared* shared_named(const fs::path& path) {
  const auto found =
      std::ranges::find_if(kShared, [&](const Shared& s) { return path.filename() == s.name; });
  return found == std::end(kShared) ? nullptr : found;
}

bool is_house(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / "packs", error) ||
         std::ranges::any_of(
             kShared, [&](const Shared& s) { return fs::is_regular_file(folder / s.name, error); });
}

// One file: it takes its place in `files`, or is a pack.
void take_file(const fs::path& path, BookFiles& files, std::vector<std::string>& packs) {
  if (const Shared* shared = shared_named(path))
    files.*shared->place = path.string();
  else
    packs.push_back(path.string());
}

}  // namespace

void take_paths(const std::vector<std::string>& paths, BookFiles& files) {
  std::vector<std::string> packs;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      take_file(path, files, packs);
    } else if (!is_house(path)) {
      packs.push_back(path);
    } else {
      for (const std::string& file : yaml_files_in(path)) take_file(file, files, packs);
      const fs::path inner = fs::path(path) / "packs";
      if (fs::is_directory(inner, error)) packs.push_back(inner.string());
    }
  }
  if (!packs.empty()) files.packs = std::move(packs);
}

bool is_among(const std::string& file, const std::vector<std::string>& paths) {
  const fs::path inner = fs::path(file).lexically_normal();
  return std::ranges::any_of(paths, [&](const std::string& path) {
    const std::string relative =
        inner.lexically_relative(fs::path(path).lexically_normal()).string();
    return relative == "." || (!relative.empty() && !relative.starts_with(".."));
  });
}

}  // namespace rules
