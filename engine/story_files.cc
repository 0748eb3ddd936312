#include "engine/story_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/text/utf8.h"

namespace engine {

namespace fs = std::filesystem;

namespace {

// The stories in a folder, by name.
std::vector<std::string> stories_in(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().string().ends_with(rules::kStoryEnding))
      found.push_back(it->path().lexically_normal().string());
  std::ranges::sort(found);
  return found;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const std::string& one : more)
    if (std::ranges::find(to, one) == to.end()) to.push_back(one);
}

bool read_bytes(const std::string& path, std::string& bytes) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > rules::kYamlBytesMax)
    return false;
  std::ifstream in(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(in), {});
  return !in.bad() && core::text::valid_utf8(bytes);
}

}  // namespace

core::Result<TestPaths> sort_paths(const std::vector<std::string>& paths) {
  TestPaths sorted;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error))
      return core::Error{core::Code::NotFound, path + ": 没有这个文件 no such file or folder"};
    const auto inside =
        fs::is_directory(path, error) ? stories_in(path) : std::vector<std::string>{};
    if (path.ends_with(rules::kStoryEnding)) append(sorted.stories, {path});
    append(sorted.stories, inside);
    if (!path.ends_with(rules::kStoryEnding) && inside.empty()) append(sorted.packs, {path});
  }
  return sorted;
}

std::vector<std::string> stories_beside(const std::vector<std::string>& packs) {
  std::vector<std::string> found;
  for (const std::string& pack : packs) {
    std::error_code error;
    const fs::path folder =
        fs::is_directory(pack, error) ? fs::path(pack) / "" : fs::path(pack).parent_path() / "";
    append(found, stories_in(folder / "stories"));
    append(found, stories_in(folder / ".." / "stories"));
  }
  return found;
}

void read_stories(const std::vector<std::string>& paths, rules::Findings& findings,
                  ReadStories& out) {
  for (const std::string& path : paths) {
    if (out.files.size() == kStoriesMax) {
      findings.error({&out.files.back(), 0, 0}, "too-many",
                     rules::both("故事最多 1000 个", "at most 1000 stories"));
      return;
    }
    rules::SourceFile& file = out.files.emplace_back();
    file.name = path;
    file.order = static_cast<int>(out.files.size());
    if (!read_bytes(path, file.bytes)) {
      file.bytes.clear();
      findings.error({&file, 0, 0}, "unreadable",
                     rules::both("读不了：要 UTF-8，最多 1 MB",
                                 "cannot be read: UTF-8 of at most 1 MB is expected"));
      continue;
    }
    if (auto story = rules::read_story(file, findings)) out.stories.push_back(std::move(*story));
  }
}

}  // namespace engine
