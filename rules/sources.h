#pragma once
// The files of a Book: read once, kept byte for byte, so that the Book can be stored and loaded
// again (DESIGN 11.8).
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "rules/book.h"

namespace rules {

// What a file is to the Book. Stored in archives: new ones go to the end.
enum class Role : uint8_t {
  Taxonomy,
  Lists,
  Ladders,
  Limits,
  Pack,
  Products,
  Groups,
  Merchants,
  Stores,
  Baselines,
  Zones,  // not read from a file: made when the Book is, see rules/zones.h
  Words,  // a file of words that a list names
};
inline constexpr uint8_t kRoles = 12;

inline constexpr size_t kYamlBytesMax = 1 << 20;        // a file written by hand
inline constexpr size_t kTableBytesMax = 64 << 20;      // a catalogue file or baselines
inline constexpr size_t kArchiveBytesMax = 512u << 20;  // all files of a Book
inline constexpr size_t kFilesMax = 1000;

// One file, byte for byte.
struct SourceFile {
  Role role = Role::Pack;
  int order = 0;  // position among the files of the Book: findings are sorted by it
  std::string name;
  std::string key;  // what the archive calls it; "": the base name
  std::string bytes;
  bool readable = true;  // false: a finding says why, `bytes` is empty
};

// A place in a file, for findings. Line and column count from 1, columns in code points.
struct Place {
  const SourceFile* file = nullptr;
  int line = 0, column = 0;
};

class Findings;

// The YAML files in a folder, by name, at most kFilesMax + 1 of them; its stories are no packs.
std::vector<std::string> yaml_files_in(const std::string& folder);

// Reads the files of `files`, in a fixed order; what cannot be read, is too large or is not UTF-8
// becomes a finding and is left out. Elements of a deque do not move: a Place may point at them.
std::deque<SourceFile> read_sources(const BookFiles& files, Findings& findings);

// The file of words that `user`, a pack or the shared lists, names by `written`, read beside it and
// added to `sources`; or the one of that key which an archive brought. `place` is where it is
// named.
const SourceFile& words_file(std::deque<SourceFile>& sources, const SourceFile& user,
                             const std::string& written, const std::string& key, const Place& place,
                             Findings& findings);

// "version | number of files | role, base name, bytes of each"; docs/formats.md.
std::string to_archive(const std::deque<SourceFile>& sources);
core::Result<std::deque<SourceFile>> from_archive(std::string_view bytes);

}  // namespace rules
