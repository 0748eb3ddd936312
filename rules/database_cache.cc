#include "rules/database_cache.h"

#include <fcntl.h>
#include <hs/hs.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "core/bytes.h"
#include "core/log.h"

namespace rules {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMagic = "QINGYUDB1\n";
constexpr std::string_view kExtension = ".hsdb";
constexpr size_t kHashBytes = 32;

void debug(const std::string& line) { core::log(core::LogLevel::Debug, "cache: " + line); }

std::string sha256(std::string_view bytes) {
  std::string hash(kHashBytes, '\0');
  unsigned size = 0;
  const bool made =
      EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()), &size,
                 EVP_sha256(), nullptr) == 1;
  return made && size == kHashBytes ? hash : std::string();
}

std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

// What the library makes here of the smallest database: its version, the processor's features.
const std::string& reference() {
  static const std::string text = [] {
    core::ByteWriter out;
    out.str(hs_version());
    hs_platform_info_t platform{};
    if (hs_populate_platform(&platform) == HS_SUCCESS) {
      out.u64(platform.tune);
      out.u64(platform.cpu_features);
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    char* about = nullptr;
    if (hs_compile("a", 0, HS_MODE_BLOCK, nullptr, &database, &error) == HS_SUCCESS &&
        hs_database_info(database, &about) == HS_SUCCESS)
      out.str(about);
    std::free(about);
    hs_free_database(database);
    hs_free_compile_error(error);
    return out.take();
  }();
  return text;
}

std::string key_of(const DatabaseSource& source) {
  core::ByteWriter out;
  out.str(std::string(kMagic));
  out.str(reference());
  out.u64(static_cast<uint64_t>(source.kind));
  out.u64(source.flags);
  out.u64(source.patterns.size());
  for (const std::string& pattern : source.patterns) out.str(pattern);
  return sha256(out.take());
}

// "" when there is none, or one of a size that cannot be.
std::string read_file(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error || size > DatabaseCache::kBytesMax) return "";
  std::ifstream in(path, std::ios::binary);
  std::string bytes(size, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

// The library's bytes within a file; empty when it is not whole or not of this key.
std::string_view body_of(std::string_view file, std::string_view key) {
  const size_t head = kMagic.size() + kHashBytes + 8;
  if (file.size() < head + kHashBytes || !file.starts_with(kMagic)) return {};
  if (file.substr(kMagic.size(), kHashBytes) != key) return {};
  uint64_t length = 0;
  for (size_t i = 0; i < 8; ++i)
    length |= uint64_t{static_cast<unsigned char>(file[head - 8 + i])} << (8 * i);
  if (length != file.size() - head - kHashBytes) return {};
  const std::string_view body = file.substr(head, length);
  return sha256(body) == file.substr(head + length) ? body : std::string_view();
}

std::string file_of(std::string_view key, std::string_view body) {
  std::string file(kMagic);
  file += key;
  for (size_t i = 0; i < 8; ++i)
    file += static_cast<char>((uint64_t{body.size()} >> (8 * i)) & 255);
  file += body;
  return file += sha256(body);
}

// Whole or not at all: nobody reads half a file under its name.
bool write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + "." + std::to_string(getpid()) + ".new";
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  bool written = true;
  while (written && !bytes.empty()) {
    const ssize_t n = write(file, bytes.data(), bytes.size());
    written = n > 0;
    if (written) bytes.remove_prefix(static_cast<size_t>(n));
  }
  written = close(file) == 0 && written;
  if (written && rename(temporary.c_str(), path.c_str()) == 0) return true;
  unlink(temporary.c_str());
  return false;
}

}  // namespace

std::string DatabaseCache::path_of(std::string_view key) const {
  return (fs::path(folder_) / (hex(key) + std::string(kExtension))).string();
}

hs_database* DatabaseCache::find(const DatabaseSource& source) const {
  if (folder_.empty()) return nullptr;
  const std::string key = key_of(source);
  const std::string path = path_of(key);
  std::error_code error;
  if (!fs::exists(path, error)) return nullptr;
  const std::string file = read_file(path);
  const std::string_view body = body_of(file, key);
  hs_database* database = nullptr;
  if (body.empty() || hs_deserialize_database(body.data(), body.size(), &database) != HS_SUCCESS) {
    debug(path + " is damaged or of another machine: compiled anew");
    return nullptr;
  }
  utimensat(AT_FDCWD, path.c_str(), nullptr, 0);  // used now
  return database;
}

void DatabaseCache::keep(const DatabaseSource& source, const hs_database* database) const {
  if (folder_.empty()) return;
  char* bytes = nullptr;
  size_t size = 0;
  if (hs_serialize_database(database, &bytes, &size) != HS_SUCCESS) return;
  const std::unique_ptr<char, void (*)(void*)> owned(bytes, std::free);
  if (size > kBytesMax / 2) return;
  std::error_code error;
  fs::create_directories(folder_, error);
  const std::string key = key_of(source);
  const std::string path = path_of(key);
  if (!write_file(path, file_of(key, {bytes, size})))
    return debug(path + " cannot be written: the next start compiles again");
  prune(path);
}

// Ages count from the file that was just written, so that no clock is asked.
void DatabaseCache::prune(const std::string& newest) const {
  std::error_code error;
  const fs::file_time_type now = fs::last_write_time(newest, error);
  if (error) return;
  std::vector<std::pair<fs::file_time_type, std::string>> files;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.find(kExtension) == name.npos || it->path() == newest) continue;
    std::error_code gone;
    const fs::file_time_type used = fs::last_write_time(it->path(), gone);
    if (!gone) files.emplace_back(used, it->path().string());
  }
  std::ranges::sort(files);
  const size_t too_many = files.size() + 1 > kFilesMax ? files.size() + 1 - kFilesMax : 0;
  for (size_t i = 0; i < files.size(); ++i) {
    const bool old = now - files[i].first > std::chrono::hours(24 * kUnusedDaysMax);
    if (i >= too_many && !old) break;
    if (fs::remove(files[i].second, error)) debug(files[i].second + " is not used: removed");
  }
}

}  // namespace rules
