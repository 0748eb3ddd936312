#include <algorithm>
#include <set>

#include "tests/tidy/house.h"

namespace tidy {

namespace {

// Written in two halves, so that this file does not flag itself.
const std::string kWorkplace = std::string("/wo") + "rk/";
const std::string kToDo = std::string("TO") + "DO";
const std::vector<std::string> kNeverSaid = {std::string("FIX") + "ME", std::string("XX") + "X",
                                             std::string("HA") + "CK"};
constexpr std::string_view kSafety = "set -euo pipefail";

int line_of(std::string_view text, size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

bool word_begins(std::string_view text, size_t at) {
  const char before = at == 0 ? ' ' : text[at - 1];
  return !((before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') || before == '_');
}

// Where `text` holds `word` as a whole word.
std::vector<size_t> places_of(const std::string& word, std::string_view text) {
  std::vector<size_t> places;
  for (size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; at += word.size()) {
    const char after = at + word.size() < text.size() ? text[at + word.size()] : ' ';
    if (word_begins(text, at) && !(after >= 'A' && after <= 'Z') && after != '_')
      places.push_back(at);
  }
  return places;
}

void flag_unfinished(const File& file, std::string_view text, int first_line, Flags& flags) {
  for (const size_t at : places_of(kToDo, text))
    if (!text.substr(at).starts_with(kToDo + "(#"))
      flags.push_back({file.path, first_line + line_of(text, at) - 1, kToDo + " without (#issue)"});
  for (const std::string& word : kNeverSaid)
    for (const size_t at : places_of(word, text))
      flags.push_back({file.path, first_line + line_of(text, at) - 1, word});
}

bool carries_notes(const File& file) {
  return file.script() || file.path.ends_with(".py") || file.path.ends_with(".cmake") ||
         file.path.ends_with(".yaml") || file.name() == "CMakeLists.txt";
}

// The first line that is neither empty nor a comment.
std::string_view first_command(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (!line.empty() && !line.starts_with('#')) return line;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return "";
}

// Whether a CMakeLists.txt of the file's folder or of one above it names the file.
bool listed(const House& house, const File& file) {
  for (size_t cut = file.path.rfind('/'); cut != std::string::npos;
       cut = cut == 0 ? std::string::npos : file.path.rfind('/', cut - 1)) {
    const File* list = house.find(file.path.substr(0, cut) + "/CMakeLists.txt");
    const std::string name = file.path.substr(cut + 1);
    if (list != nullptr)
      for (const size_t at : places_of(name, list->text))
        if (at == 0 || std::string_view(" (\n\t\"").find(list->text[at - 1]) != std::string::npos ||
            list->text.substr(0, at).ends_with("SOURCE_DIR}/"))
          return true;
  }
  return false;
}

}  // namespace

Flags unlisted_sources(const House& house) {
  Flags flags;
  for (const auto& file : house.files())
    if (file->source() && !listed(house, *file))
      flags.push_back({file->path, 0, "no CMakeLists.txt lists it"});
  return flags;
}

Flags folders_without_readme(const House& house) {
  Flags flags;
  std::set<std::string> folders;
  for (const auto& file : house.files())
    if (file->path.find('/') != std::string::npos && !file->path.starts_with('.'))
      folders.insert(file->folder());
  for (const std::string& folder : folders)
    if (house.find(folder + "/README.md") == nullptr)
      flags.push_back({folder, 0, "has no README.md"});
  return flags;
}

Flags paths_of_one_machine(const House& house) {
  Flags flags;
  for (const auto& file : house.files())
    for (const size_t at : places_of(kWorkplace, file->text))
      flags.push_back({file->path, line_of(file->text, at), "a path of one machine"});
  return flags;
}

Flags unfinished_work(const House& house) {
  Flags flags;
  for (const auto& file : house.files()) {
    if (carries_notes(*file)) flag_unfinished(*file, file->text, 1, flags);
    for (const Token& token : file->tokens)
      if (token.kind == TokenKind::Comment) flag_unfinished(*file, token.text, token.line, flags);
  }
  return flags;
}

Flags careless_scripts(const House& house) {
  Flags flags;
  for (const auto& file : house.files()) {
    // One without a first line that names its interpreter is there to be sourced.
    const bool runs = file->text.starts_with("#!");
    if (file->script() && runs && first_command(file->text) != kSafety)
      flags.push_back({file->path, 1, "does not begin with " + std::string(kSafety)});
    if (file->script() && !runs && !file->text.starts_with("# shellcheck shell="))
      flags.push_back({file->path, 1, "neither runs (#!) nor says that it is to be sourced"});
  }
  return flags;
}

}  // namespace tidy
