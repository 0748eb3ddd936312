#pragma once
// The house as the tidy test sees it: every text file of the repository with its path, and the
// rules that it must keep. A rule looks at the whole house and returns what breaks it.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/lexer.h"

namespace tidy {

struct File {
  std::string path;  // relative to the root, "core/time.h"
  std::string text;
  std::vector<Token> tokens;  // of .h and .cc files; they point into `text`

  std::string folder() const { return path.substr(0, path.find('/')); }  // "core", or the file
  std::string name() const { return path.substr(path.rfind('/') + 1); }  // "time.h"
  bool header() const { return path.ends_with(".h"); }
  bool source() const { return path.ends_with(".cc"); }
  bool cpp() const { return header() || source(); }
  bool script() const { return path.ends_with(".sh") || path == ".ci/run"; }
  bool test() const { return folder() == "tests"; }
};

// Sorted by path. Files do not move once they are in it, so that tokens may point into them.
class House {
 public:
  // Every file under `root` but what is built, fetched or git's own.
  static House read(const std::filesystem::path& root);

  House() = default;
  House(House&&) = default;
  House(const House&) = delete;
  void add(std::string path, std::string text);
  const std::vector<std::unique_ptr<File>>& files() const { return files_; }
  const File* find(std::string_view path) const;  // nullptr when there is none

 private:
  std::vector<std::unique_ptr<File>> files_;
};

struct Flag {
  std::string path;
  int line = 0;  // 0: the file as a whole
  std::string what;
};
std::string to_text(const std::vector<Flag>& flags);

using Flags = std::vector<Flag>;

// include_rules.cc
Flags forbidden_folders(const House& house);    // peers include only themselves and core
Flags third_party_headers(const House& house);  // only in the .cc of the folder that owns them
Flags other_namespaces(const House& house);     // a file's namespace is its folder
Flags missing_pragma_once(const House& house);

// size_rules.cc
Flags long_files(const House& house);
Flags long_functions(const House& house);
Flags long_lines(const House& house);

// word_rules.cc
Flags banned_names(const House& house);  // types and files that promise nothing
Flags threads_outside_engine(const House& house);
Flags clocks(const House& house);                 // who looks at a clock
Flags banned_calls(const House& house);           // what makes two runs differ
Flags letters_outside_ascii(const House& house);  // in identifiers

// type_rules.cc
// Two types of one full name: the linker takes the functions of one for the other's.
Flags types_defined_twice(const House& house);

// text_rules.cc
Flags unlisted_sources(const House& house);  // a .cc that no CMakeLists.txt names
Flags folders_without_readme(const House& house);
Flags paths_of_one_machine(const House& house);
Flags unfinished_work(const House& house);   // a note to do something, without its issue
Flags careless_scripts(const House& house);  // shell without its safety line

}  // namespace tidy
