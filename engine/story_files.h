#pragma once
// StoryFiles: what `qingyu test` is to run, found from what its user names, and the stories read.
#include <deque>
#include <string>
#include <vector>

#include "core/result.h"
#include "rules/story.h"

namespace engine {

inline constexpr size_t kStoriesMax = 1'000;

struct TestPaths {
  std::vector<std::string> packs, stories;  // files or folders of packs; story files
};
// A path is a story, a folder that holds some, or else a pack or a folder of packs. NotFound: there
// is no such file.
core::Result<TestPaths> sort_paths(const std::vector<std::string>& paths);
// The stories that belong to packs: those in the folder `stories` in or beside their folder.
std::vector<std::string> stories_beside(const std::vector<std::string>& packs);

struct ReadStories {
  std::deque<rules::SourceFile> files;  // the stories' places point into them
  std::vector<rules::Story> stories;    // those without mistakes
};
void read_stories(const std::vector<std::string>& paths, rules::Findings& findings,
                  ReadStories& out);

}  // namespace engine
