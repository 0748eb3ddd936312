#include "console/keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "console/crypt.h"
#include "core/check.h"

namespace console {

namespace {

using core::Code;
using core::Error;
using Lines = std::vector<std::pair<uint8_t, std::string>>;

constexpr size_t kFileBytesMax = 4096;

Error not_keys(const std::string& path) {
  return {Code::BadSettings, path + ": 不是密钥文件\n" + path +
                                 ": not a key file: one or more lines of a number 0..255, a space "
                                 "and 64 hexadecimal digits"};
}

Error refused(const std::string& path) {
  return {Code::Unavailable,
          path + ": 无法读写密钥文件\n" + path + ": the key file cannot be read or written"};
}

// Whole or not at all: a new file takes the old one's place. Opened new, so its mode is ours.
core::Result<core::Unit> write_file(const std::string& path, const Lines& lines, bool replace) {
  std::string text;
  for (const auto& [kid, key] : lines) text += std::to_string(kid) + " " + to_hex(key) + "\n";
  const std::string draft = path + ".new";
  if (replace) ::unlink(draft.c_str());
  const std::string& target = replace ? draft : path;
  const int file = ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return refused(path);
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool kept = ::fsync(file) == 0;
  ::close(file);
  if (!written || !kept || (replace && std::rename(draft.c_str(), path.c_str()) != 0)) {
    ::unlink(target.c_str());
    return refused(path);
  }
  return core::Unit{};
}

// False: the line is not one of a key file, or its number is there already.
bool add_line(std::string_view line, Lines& lines) {
  const size_t space = line.find(' ');
  unsigned kid = 0;
  const auto number = std::from_chars(line.data(), line.data() + std::min(space, line.size()), kid);
  if (space == std::string_view::npos || number.ec != std::errc() || kid > 255 ||
      number.ptr != line.data() + space)
    return false;
  const auto key = from_hex(line.substr(space + 1));
  if (!key || key->size() != kKeyBytes) return false;
  for (const auto& [known, unused] : lines)
    if (known == kid) return false;
  lines.emplace_back(static_cast<uint8_t>(kid), *key);
  return true;
}

core::Result<Lines> read_lines(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return refused(path);
  struct stat about {};
  std::string text(kFileBytesMax, '\0');
  const bool known = ::fstat(file, &about) == 0;
  const ssize_t size = ::read(file, text.data(), text.size());
  ::close(file);
  if (!known || size < 0) return refused(path);
  if ((about.st_mode & 077) != 0)
    return Error{Code::BadSettings, path + ": 密钥文件必须只有属主可读 (chmod 600)\n" + path +
                                        ": a key file must be readable by its owner only"};
  Lines lines;
  std::string_view rest = std::string_view(text).substr(0, static_cast<size_t>(size));
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    if (!add_line(rest.substr(0, end), lines)) return not_keys(path);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (lines.empty() || lines.size() > kKeysMax) return not_keys(path);
  return lines;
}

}  // namespace

Keys::Keys(std::vector<std::pair<uint8_t, std::string>> keys) : keys_(std::move(keys)) {
  INVARIANT(!keys_.empty());
}

const std::string* Keys::key(uint8_t kid) const {
  for (const auto& [number, bytes] : keys_)
    if (number == kid) return &bytes;
  return nullptr;
}

core::Result<Keys> load_keys(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0)
    if (const auto made = write_file(path, {{uint8_t{1}, random_bytes(kKeyBytes)}}, false); !made)
      return made.error();
  auto lines = read_lines(path);
  if (!lines) return lines.error();
  return Keys(*std::move(lines));
}

core::Result<core::Unit> rotate_keys(const std::string& path) {
  auto lines = read_lines(path);
  if (!lines) return lines.error();
  if (lines->size() == kKeysMax) lines->erase(lines->begin());
  // The next number round the circle that is not in use.
  auto kid = static_cast<uint8_t>(lines->back().first + 1);
  while (std::ranges::any_of(*lines, [&](const auto& line) { return line.first == kid; })) ++kid;
  lines->emplace_back(kid, random_bytes(kKeyBytes));
  return write_file(path, *lines, true);
}

}  // namespace console
