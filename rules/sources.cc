#include "rules/sources.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/bytes.h"
#include "core/text/utf8.h"
#include "rules/findings.h"
#include "rules/story.h"

namespace rules {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kArchiveVersion = 1;

size_t bytes_max(Role role) {
  if (role == Role::Zones) return kYamlBytesMax;
  const bool table = role == Role::Products || role == Role::Groups || role == Role::Merchants ||
                     role == Role::Stores || role == Role::Baselines;
  return table ? kTableBytesMax : kYamlBytesMax;
}

// Reads at most `limit` + 1 bytes, so that a device or an endless pipe cannot fill the memory.
bool read_bytes(const std::string& path, size_t limit, std::string& out) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  out.resize(std::min<uintmax_t>(fs::file_size(path, error), limit) + 1);
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<size_t>(in.gcount()));
  return true;
}

// Line and column of the first byte that is not UTF-8.
Place first_bad_byte(const SourceFile& file) {
  Place place{&file, 1, 1};
  const std::string_view bytes = file.bytes;
  for (size_t i = 0; i < bytes.size();) {
    const size_t before = i;
    core::text::decode_at(bytes, i);
    if (!core::text::valid_utf8(bytes.substr(before, i - before))) return place;
    place.column = bytes[before] == '\n' ? 1 : place.column + 1;
    if (bytes[before] == '\n') ++place.line;
  }
  return place;
}

class Reader {
 public:
  Reader(std::deque<SourceFile>& sources, Findings& findings)
      : sources_(sources), findings_(findings) {}

  enum class Need { Required, Optional };

  void read(Role role, const std::string& path, Need need) {
    std::error_code error;
    if (need == Need::Optional && !fs::exists(path, error)) return;
    SourceFile& file = sources_.emplace_back();
    file.role = role;
    file.order = static_cast<int>(sources_.size());
    file.name = path;
    read_into(file, {&file, 0, 0});
  }

  // `whole` is where it is told that the file cannot be read.
  void read_into(SourceFile& file, const Place& whole) {
    const std::string& path = file.name;
    const Role role = file.role;
    if (!read_bytes(path, bytes_max(role), file.bytes)) {
      refuse(whole, "unreadable", both("读不到这个文件", "cannot read this file"));
    } else if (file.bytes.size() > bytes_max(role)) {
      const std::string limit = std::to_string(bytes_max(role) >> 20);
      refuse(whole, "file-too-large",
             both("文件太大，最多 " + limit + " MB", "file too large, at most " + limit + " MB"));
    } else if (!core::text::valid_utf8(file.bytes)) {
      refuse(first_bad_byte(file), "invalid-utf8",
             both("这里不是 UTF-8，请另存为 UTF-8", "not UTF-8 here: save the file as UTF-8"));
    }
  }

  void read_packs(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return read(Role::Pack, path, Need::Required);
    for (const std::string& name : yaml_files_in(path)) read(Role::Pack, name, Need::Required);
  }

 private:
  // The file stays in the list, emptied, because its findings point at it.
  void refuse(const Place& place, std::string_view code, std::string message) {
    findings_.error(place, code, std::move(message));
    sources_.back().bytes.clear();
    sources_.back().readable = false;
  }

  std::deque<SourceFile>& sources_;
  Findings& findings_;
};

std::string joined(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

}  // namespace

std::vector<std::string> yaml_files_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string extension = it->path().extension().string();
    if ((extension == ".yaml" || extension == ".yml") &&
        !it->path().string().ends_with(kStoryEnding))
      names.push_back(it->path().string());
    if (names.size() > kFilesMax) break;
  }
  std::ranges::sort(names);
  return names;
}

std::deque<SourceFile> read_sources(const BookFiles& files, Findings& findings) {
  std::deque<SourceFile> sources;
  Reader reader(sources, findings);
  using Need = Reader::Need;
  reader.read(Role::Taxonomy, files.taxonomy, Need::Required);
  reader.read(Role::Lists, files.lists, Need::Required);
  reader.read(Role::Ladders, files.ladders, Need::Required);
  if (!files.limits.empty()) reader.read(Role::Limits, files.limits, Need::Required);
  for (const std::string& pack : files.packs) reader.read_packs(pack);
  if (!files.catalogue.empty()) {
    reader.read(Role::Products, joined(files.catalogue, "catalogue.csv"), Need::Required);
    reader.read(Role::Groups, joined(files.catalogue, "groups.csv"), Need::Optional);
    reader.read(Role::Merchants, joined(files.catalogue, "merchants.csv"), Need::Optional);
    reader.read(Role::Stores, joined(files.catalogue, "stores.csv"), Need::Optional);
  }
  if (!files.baselines.empty()) reader.read(Role::Baselines, files.baselines, Need::Required);
  return sources;
}

const SourceFile& words_file(std::deque<SourceFile>& sources, const SourceFile& user,
                             const std::string& written, const std::string& key, const Place& place,
                             Findings& findings) {
  for (const SourceFile& file : sources)
    if (file.role == Role::Words && file.key == key) return file;
  SourceFile& file = sources.emplace_back();
  file.role = Role::Words;
  file.order = static_cast<int>(sources.size());
  file.name = (fs::path(user.name).parent_path() / written).string();
  file.key = key;
  const fs::path path(written);
  const bool inside = path.is_relative() && std::ranges::find(path, "..") == path.end();
  if (!inside) {
    findings.error(place, "unreadable",
                   both("只能写规则文件夹里面的文件", "only a file in the folder of the pack"));
    file.readable = false;
    return file;
  }
  Reader(sources, findings).read_into(file, place);
  return file;
}

std::string to_archive(const std::deque<SourceFile>& sources) {
  core::ByteWriter out;
  out.u64(kArchiveVersion);
  out.u64(sources.size());
  for (const SourceFile& file : sources) {
    out.u64(static_cast<uint64_t>(file.role));
    out.str(file.key.empty() ? fs::path(file.name).filename().string() : file.key);
    out.str(file.bytes);
  }
  return out.take();
}

core::Result<std::deque<SourceFile>> from_archive(std::string_view bytes) {
  const core::Error broken{core::Code::BadInput, "not an archive of a Book"};
  if (bytes.size() > kArchiveBytesMax) return broken;
  core::ByteReader in(bytes);
  if (in.u64() != kArchiveVersion) return broken;
  const size_t n = in.count();
  if (n > kFilesMax + kRoles) return broken;
  std::deque<SourceFile> sources;
  for (size_t i = 0; i < n && in.ok(); ++i) {
    const uint64_t role = in.u64();
    if (role >= kRoles) return broken;
    SourceFile& file = sources.emplace_back();
    file.role = static_cast<Role>(role);
    file.order = static_cast<int>(sources.size());
    file.name = in.str();
    if (file.role == Role::Words) file.key = file.name;
    file.bytes = in.str();
    if (file.bytes.size() > bytes_max(file.role) || !core::text::valid_utf8(file.bytes))
      return broken;
  }
  if (!in.ok() || !in.at_end()) return broken;
  return sources;
}

}  // namespace rules
