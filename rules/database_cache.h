#pragma once
// DatabaseCache: compiled databases in files, by what they were made from: a strong hash over the
// patterns, flags and ids, the library's version and the machine. A file that is damaged, cut off,
// foreign or cannot be written is survived: the caller compiles, and the file is written anew. It
// only saves time: with or without it the matches are the same.
//
// File "KEY.hsdb" (docs/formats.md): magic, key, length, bytes of the library, their SHA-256.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

struct hs_database;

namespace rules {

// What a database is compiled from, in order.
struct DatabaseSource {
  enum class Kind : uint8_t { Literals, Expressions };
  Kind kind = Kind::Literals;
  std::span<const std::string> patterns;  // pattern i has id i
  unsigned flags = 0;                     // of all of them
};

class DatabaseCache {
 public:
  static constexpr size_t kFilesMax = 64;        // of more, those used longest ago go
  static constexpr int64_t kUnusedDaysMax = 30;  // unused for longer: goes
  static constexpr size_t kBytesMax = 1u << 30;  // of one file

  // `folder` is made when something is kept; "": nothing is found or kept.
  explicit DatabaseCache(std::string folder) : folder_(std::move(folder)) {}

  // The caller's, or nullptr.
  hs_database* find(const DatabaseSource& source) const;
  void keep(const DatabaseSource& source, const hs_database* database) const;

 private:
  std::string path_of(std::string_view key) const;
  void prune(const std::string& newest) const;

  const std::string folder_;
};

}  // namespace rules
