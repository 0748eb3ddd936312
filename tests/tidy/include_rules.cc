#include <map>
#include <optional>
#include <set>

#include "tests/tidy/house.h"

namespace tidy {

namespace {

const std::set<std::string> kPeers = {"ingest",  "rules", "detectors", "alerting",
                                      "reports", "store", "console"};

struct Include {
  std::string path;
  bool ours = false;  // "quoted", not <angled>
  int line = 0;
};

std::optional<Include> include_of(const Token& token) {
  if (token.kind != TokenKind::Directive || !token.text.starts_with("#include"))
    return std::nullopt;
  const size_t open = token.text.find_first_of("\"<");
  if (open == std::string_view::npos) return std::nullopt;
  const size_t close = token.text.find_first_of("\">", open + 1);
  return Include{std::string(token.text.substr(open + 1, close - open - 1)),
                 token.text[open] == '"', token.line};
}

template <typename Check>
Flags each_include(const House& house, const Check& check) {
  Flags flags;
  for (const auto& file : house.files())
    for (const Token& token : file->tokens)
      if (const auto include = include_of(token))
        if (const std::string what = check(*file, *include); !what.empty())
          flags.push_back({file->path, include->line, what});
  return flags;
}

// A library's headers, told by how their paths begin, and where they may be included: folders, or
// single files. Tests and the floors that benchmarks measure against are free.
struct Library {
  std::string header;
  std::vector<std::string> homes;
};
const std::vector<std::string> kEverywhere = {"*"};
const std::vector<Library> kLibraries = {
    {"librdkafka/", {"ingest"}},
    {"simdjson.h", {"ingest"}},
    {"zstd.h", {"ingest"}},
    {"hs/", {"rules"}},
    {"hs.h", {"rules"}},
    {"hs_", {"rules"}},
    {"yaml-cpp/", {"rules", "engine/settings.cc"}},
    {"curl/", {"alerting"}},
    {"sqlite3.h", {"store"}},
    {"hiredis/", {"store"}},
    {"boost/", {"console/server.cc"}},
    {"argon2.h", {"console"}},
    // Time zones become tables of a Book where its ladder file is loaded, and nowhere else.
    {"unicode/", {"rules/time_zone.cc", "core/text/tables"}},
    {"opencc/", {"core/text/tables"}},
    {"CLI/", {"engine"}},
    {"prometheus/", {"engine"}},
    {"spdlog/", {"engine/log.cc"}},
    {"nlohmann/", kEverywhere},
    {"openssl/", kEverywhere},
    {"fmt/", kEverywhere},
};

// Neither the standard library nor another's: the operating system and the processor.
bool of_the_system(const std::string& header) {
  static const std::set<std::string> known = {
      "dirent.h",  "dlfcn.h", "fcntl.h",    "fnmatch.h", "glob.h",    "ifaddrs.h", "netdb.h",
      "poll.h",    "pwd.h",   "sched.h",    "signal.h",  "spawn.h",   "strings.h", "syslog.h",
      "termios.h", "time.h",  "ucontext.h", "unistd.h",  "pthread.h", "stdlib.h"};
  return known.contains(header) || header.ends_with("intrin.h") || header.starts_with("sys/") ||
         header.starts_with("arpa/") || header.starts_with("linux/") ||
         header.starts_with("net/") || header.starts_with("netinet/");
}

bool at_home(const File& file, const Library& library) {
  for (const std::string& home : library.homes)
    if (home == "*" ? file.folder() != "core" : file.path.starts_with(home)) return true;
  return false;
}

}  // namespace

Flags forbidden_folders(const House& house) {
  return each_include(house, [](const File& file, const Include& include) -> std::string {
    const std::string from = file.folder(), to = include.path.substr(0, include.path.find('/'));
    const bool table = include.path.ends_with(".inc") && to == include.path;  // made by the build
    if (!include.ours || from == to || from == "tests" || table) return "";
    if (to == "tests") return from + "/ must not include tests/";
    if (from == "engine" && (to == "core" || kPeers.contains(to))) return "";
    if (kPeers.contains(from) && to == "core") return "";
    return from + "/ must not include \"" + include.path + "\"";
  });
}

Flags third_party_headers(const House& house) {
  return each_include(house, [](const File& file, const Include& include) -> std::string {
    const std::string floor = "floor";
    if (include.ours || file.test() || file.name().find(floor) != std::string::npos) return "";
    for (const Library& library : kLibraries) {
      if (!include.path.starts_with(library.header)) continue;
      if (file.header()) return "<" + include.path + "> in a header";
      return at_home(file, library) ? "" : "<" + include.path + "> does not belong here";
    }
    if (of_the_system(include.path))
      return file.folder() == "core" && !include.path.ends_with("intrin.h")
                 ? "<" + include.path + ">: core uses the standard library only"
                 : "";
    const bool standard = include.path.find_first_of("./") == std::string::npos;
    return standard ? "" : "<" + include.path + "> is not in the table of libraries";
  });
}

Flags other_namespaces(const House& house) {
  Flags flags;
  for (const auto& file : house.files()) {
    if (!kPeers.contains(file->folder()) && file->folder() != "core" && file->folder() != "engine")
      continue;
    for (size_t i = 0; i + 1 < file->tokens.size(); ++i) {
      const Token& name = file->tokens[i + 1];
      if (file->tokens[i].text != "namespace" || file->tokens[i].kind != TokenKind::Word) continue;
      if (i > 0 && file->tokens[i - 1].text == "using") continue;
      if (name.text != file->folder() && name.text != "{")
        flags.push_back({file->path, name.line,
                         "namespace " + std::string(name.text) + " in " + file->folder() + "/"});
      break;  // the first one: those inside it are the file's own affair
    }
  }
  return flags;
}

Flags missing_pragma_once(const House& house) {
  Flags flags;
  for (const auto& file : house.files())
    if (file->header() && !file->text.starts_with("#pragma once\n"))
      flags.push_back({file->path, 1, "does not begin with #pragma once"});
  return flags;
}

}  // namespace tidy
