#include <algorithm>
#include <map>
#include <optional>

#include "tests/tidy/house.h"

namespace tidy {

namespace {

// What an open brace belongs to. Others than namespaces hide what is inside.
struct Opened {
  std::optional<std::string> space;  // a namespace's name, "" for an unnamed one
  std::string type;                  // the name of the type that begins here, "" none
};

bool is_type_word(std::string_view text) {
  return text == "struct" || text == "class" || text == "enum" || text == "union";
}

// `head`: the tokens between the last ";", "{" or "}" and the brace.
Opened opened_by(const std::vector<Token>& head) {
  for (size_t i = 0; i < head.size(); ++i) {
    const std::string_view text = head[i].text;
    const std::string_view next = i + 1 < head.size() ? head[i + 1].text : "";
    if (text == "(" || text == "=") return {};  // a function, a value
    if (text == "namespace") {
      std::string name;
      for (size_t k = i + 1; k < head.size(); ++k) name += head[k].text;
      return {name, ""};
    }
    const bool parameter = i > 0 && (head[i - 1].text == "<" || head[i - 1].text == ",");
    if (!is_type_word(text) || parameter || next == "class" || next.empty()) continue;
    const bool member = i + 2 < head.size() && head[i + 2].text == "::";  // struct Matcher::State
    return {std::nullopt, member ? "" : std::string(next)};
  }
  return {};
}

// Calls take("engine::Lane", line) for every type that others of the namespace can name.
template <typename Take>
void each_type(const File& file, Take take) {
  std::vector<Token> head;
  std::vector<std::optional<std::string>> spaces;
  for (const Token& token : file.tokens) {
    if (token.kind == TokenKind::Comment || token.kind == TokenKind::Directive) continue;
    const std::string_view symbol = token.kind == TokenKind::Symbol ? token.text : "";
    if (symbol == "{") {
      const Opened opened = opened_by(head);
      std::string full;
      const bool seen = std::ranges::all_of(spaces, [&](const auto& space) {
        if (space) full += *space + "::";
        return space && !space->empty();
      });
      if (seen && !opened.type.empty()) take(full + opened.type, token.line);
      spaces.push_back(opened.space);
    }
    if (symbol == "}" && !spaces.empty()) spaces.pop_back();
    if (symbol == "{" || symbol == "}" || symbol == ";")
      head.clear();
    else
      head.push_back(token);
  }
}

}  // namespace

Flags types_defined_twice(const House& house) {
  std::map<std::string, std::string> known;  // name -> path
  Flags flags;
  for (const auto& file : house.files()) {
    if (!file->cpp() || file->test()) continue;
    each_type(*file, [&](const std::string& name, int line) {
      const auto [it, added] = known.emplace(name, file->path);
      if (!added && it->second != file->path)
        flags.push_back({file->path, line, name + " is defined in " + it->second + " too"});
    });
  }
  return flags;
}

}  // namespace tidy
