#pragma once
// BookWatch: whether the files of a Book have changed, by their time, size and place on the disk.
// A change is told only when the files have stood still for one look: an editor or a copy writes
// them one by one. Owned by one thread.
#include <cstdint>
#include <string>
#include <vector>

#include "rules/book.h"

namespace engine {

class BookWatch {
 public:
  static constexpr size_t kFilesMax = 4'096;  // looked at; of more, those that come first by name

  // As the files are now.
  explicit BookWatch(rules::BookFiles files);
  // Files that the others name, as they are now, instead of those named before.
  void also(std::vector<std::string> paths);

  bool look();

 private:
  struct Row {
    std::string path;
    int64_t changed_ns = 0, bytes = -1;  // -1: not there
    uint64_t inode = 0;
    bool operator==(const Row&) const = default;
  };
  std::vector<Row> rows() const;
  std::vector<std::string> paths() const;

  const rules::BookFiles files_;
  std::vector<std::string> also_;
  std::vector<Row> told_, before_;  // what the owner knows, and the last look
};

}  // namespace engine
