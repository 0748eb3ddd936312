// The file: one JSON object a line,
//   {"stream","offset","index","place","reason","size","excerpt"}
// written with one write() each, so that kill -9 leaves whole lines and at most one torn one, which
// the next open cuts off. Nothing is read back but the keys. The excerpt is masked before it is
// cut: half a phone number at the end would not look like one.
#include "ingest/dead_letters.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/hash.h"
#include "core/log.h"
#include "core/text/mask.h"
#include "core/text/utf8.h"
#include "ingest/json_string.h"

namespace ingest {

namespace {

constexpr size_t kExcerptMax = 256;    // bytes
constexpr size_t kReadableMax = 4096;  // of the raw bytes, looked at for the excerpt
constexpr size_t kKeysMax = 1 << 20;   // known letters; beyond, every letter counts as new
constexpr size_t kFieldMax = 512;      // bytes of place and reason

// Names whose values are somebody's, in the lines of every decoder.
constexpr std::array<std::string_view, 9> kPrivate = {
    "customer", "order", "from", "tolist", "screen_name", "mobile", "phone", "address", "by"};

// The reason's first word: one place can be refused for a reason of its bytes and for a reason of
// an event in it.
uint64_t key_of(std::string_view stream, int64_t offset, uint32_t index, std::string_view reason) {
  const std::string_view code = reason.substr(0, reason.find(':'));
  uint64_t key = core::hash_mix(core::hash64(stream), static_cast<uint64_t>(offset));
  key = core::hash_mix(key, index);
  return core::hash_mix(key, core::hash64(code));
}

// Blanks the value - a string, a number, a list of strings - behind each `"name":`.
void blank_values(std::string& json, std::string_view name) {
  const std::string quoted = '"' + std::string(name) + '"';
  for (size_t at = json.find(quoted); at != std::string::npos; at = json.find(quoted, at)) {
    at += quoted.size();
    size_t value = json.find_first_not_of(" \t:", at);
    if (value == std::string::npos) return;
    if (value == at) continue;  // no colon: it is a value itself
    const char first = json[value];
    const std::string_view ends = first == '"' ? "\"" : first == '[' ? "]" : ",}";
    if (first == '"' || first == '[') ++value;
    size_t end = json.find_first_of(ends, value);
    while (end != std::string::npos && json[end - 1] == '\\')
      end = json.find_first_of(ends, end + 1);
    end = std::min(json.size(), end);
    const size_t length =
        core::text::count_code_points(std::string_view(json).substr(value, end - value));
    json.replace(value, end - value, length, '*');
    at = value + length;
  }
}

std::string excerpt_of(std::string_view bytes) {
  std::string text = readable(bytes, kReadableMax);
  for (const std::string_view name : kPrivate) blank_values(text, name);
  core::text::mask(text);
  return std::string(core::text::prefix_of(text, kExcerptMax));
}

std::string clean(std::string_view text) { return readable(text, kFieldMax); }

std::string line_of(const DeadLetter& letter) {
  nlohmann::ordered_json json;
  json["stream"] = clean(letter.stream);
  json["offset"] = letter.offset;
  json["index"] = letter.index;
  json["place"] = clean(letter.place);
  json["reason"] = clean(letter.reason);
  json["size"] = letter.bytes.size();
  json["excerpt"] = excerpt_of(letter.bytes);
  return json.dump() + '\n';
}

// The key of a line that line_of() wrote; nothing for anything else.
std::optional<uint64_t> key_in(std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto text = [&json](const char* name) {
    const auto it = json.find(name);
    return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  const auto offset = json.find("offset"), index = json.find("index");
  if (offset == json.end() || !offset->is_number_integer()) return std::nullopt;
  if (index == json.end() || !index->is_number_unsigned()) return std::nullopt;
  return key_of(text("stream"), offset->get<int64_t>(), index->get<uint32_t>(), text("reason"));
}

core::Error cannot(const char* verb, const std::string& path) {
  return {core::Code::BadSettings, "cannot " + std::string(verb) + " the dead letters " + path +
                                       ": " + std::strerror(errno)};
}

}  // namespace

struct DeadLetters::State {
  std::mutex mutex;
  int file = -1;
  size_t bytes = 0, bytes_max = 0;
  bool write_failed = false;
  std::unordered_set<uint64_t> known;  // never walked
  uint64_t count = 0, dropped = 0;

  ~State() {
    if (file >= 0) ::close(file);
  }
  void remember(uint64_t key) {
    if (known.size() < kKeysMax) known.insert(key);
  }
  core::Result<core::Unit> read_back(const std::string& path);
  bool append(const std::string& line);
};

// Reads the keys of the lines that are there, and cuts off a torn last one.
core::Result<core::Unit> DeadLetters::State::read_back(const std::string& path) {
  std::string rest;
  std::array<char, 1 << 16> chunk;
  for (ssize_t n = 0; (n = ::read(file, chunk.data(), chunk.size())) != 0;) {
    if (n < 0) return cannot("read", path);
    rest.append(chunk.data(), static_cast<size_t>(n));
    size_t begin = 0;
    for (size_t end; (end = rest.find('\n', begin)) != std::string::npos; begin = end + 1) {
      bytes += end + 1 - begin;
      if (const auto key = key_in(std::string_view(rest).substr(begin, end - begin))) {
        remember(*key);
        ++count;
      }
    }
    rest.erase(0, begin);
  }
  if (!rest.empty() && ::ftruncate(file, static_cast<off_t>(bytes)) != 0)
    return cannot("mend", path);
  return core::Unit{};
}

// The whole line or, when the disk is full, nothing of it.
bool DeadLetters::State::append(const std::string& line) {
  if (::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size())) {
    bytes += line.size();
    return true;
  }
  if (!write_failed) core::log(core::LogLevel::Error, "dead letters cannot be written");
  write_failed = true;
  if (::ftruncate(file, static_cast<off_t>(bytes)) != 0) bytes_max = 0;  // write no more
  return false;
}

core::Result<std::unique_ptr<DeadLetters>> DeadLetters::open(const std::string& path, bool fresh,
                                                             size_t bytes_max) {
  auto state = std::make_unique<State>();
  state->bytes_max = bytes_max;
  if (!path.empty()) {
    const int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | (fresh ? O_TRUNC : 0);
    state->file = ::open(path.c_str(), flags, S_IRUSR | S_IWUSR);
    if (state->file < 0) return cannot("open", path);
    const auto read = state->read_back(path);
    if (!read) return read.error();
  }
  return std::unique_ptr<DeadLetters>(new DeadLetters(std::move(state)));
}

DeadLetters::DeadLetters(std::unique_ptr<State> state) : state_(std::move(state)) {}
DeadLetters::~DeadLetters() = default;

bool DeadLetters::put(const DeadLetter& letter) {
  const uint64_t key =
      key_of(clean(letter.stream), letter.offset, letter.index, clean(letter.reason));
  const std::lock_guard lock(state_->mutex);
  if (state_->known.contains(key)) return false;
  state_->remember(key);
  ++state_->count;
  if (state_->file < 0) return true;
  const std::string line = line_of(letter);
  if (state_->bytes + line.size() > state_->bytes_max) {
    ++state_->dropped;
    return true;
  }
  if (!state_->append(line)) ++state_->dropped;
  return true;
}

uint64_t DeadLetters::count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->count;
}

uint64_t DeadLetters::dropped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->dropped;
}

}  // namespace ingest
