#include "rules/pack_edit.h"

#include <algorithm>
#include <optional>

#include "core/text/utf8.h"
#include "rules/findings.h"
#include "rules/yaml.h"

namespace rules {

namespace {

using core::Code;
using core::Error;

// The tree of a pack, and the places of its nodes as bytes of the text.
class Text {
 public:
  explicit Text(const RuleInPack& at) : at_(at) {
    SourceFile file;
    file.name = at.file;
    file.bytes = at.bytes;
    Findings findings;
    root_ = parse_yaml(file, findings);
  }

  // The map of the rule; null when it is not there.
  const Node* rule() const {
    const Node* rules = root_ ? root_->value("rules") : nullptr;
    if (rules == nullptr) return nullptr;
    for (const Node& item : rules->items)
      if (const Node* id = item.value("id"); id != nullptr && id->text == at_.rule) return &item;
    return nullptr;
  }

  const Node* in_when(std::string_view key) const {
    const Node* when = rule() != nullptr ? rule()->value("when") : nullptr;
    return when != nullptr ? when->value(key) : nullptr;
  }

  // Lines and columns count from 1, columns in code points.
  size_t byte_of(int line, int column) const {
    size_t i = 0;
    for (; line > 1 && i < at_.bytes.size(); ++i)
      if (at_.bytes[i] == '\n') --line;
    for (; column > 1 && i < at_.bytes.size(); --column) core::text::decode_at(at_.bytes, i);
    return i;
  }
  size_t byte_of(const Node& node) const { return byte_of(node.line, node.column); }
  size_t line_begin(size_t byte) const {
    const size_t found = byte == 0 ? std::string::npos : at_.bytes.rfind('\n', byte - 1);
    return found == std::string::npos ? 0 : found + 1;
  }
  // Behind the line break.
  size_t line_end(size_t byte) const {
    const size_t found = at_.bytes.find('\n', byte);
    return found == std::string::npos ? at_.bytes.size() : found + 1;
  }

  std::string put(size_t from, size_t to, std::string_view text) const {
    return at_.bytes.substr(0, from) + std::string(text) + at_.bytes.substr(to);
  }
  char at(size_t byte) const { return byte < at_.bytes.size() ? at_.bytes[byte] : '\0'; }
  const std::string& bytes() const { return at_.bytes; }

  Error missing(std::string_view what) const {
    return {Code::NotFound, at_.file + ": " + at_.rule + " has no " + std::string(what) +
                                " that could be changed in its place"};
  }

 private:
  const RuleInPack& at_;
  std::optional<Node> root_;
};

bool is_han(char32_t c) { return c >= 0x3400 && c <= 0x9fff; }

// As it stands in YAML: plain when nobody could read it as anything but a word.
std::string quoted_for_yaml(const std::string& word) {
  const std::u32string chars = core::text::to_utf32(word);
  if (!chars.empty() && std::ranges::all_of(chars, is_han)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + quoted_for_yaml(word);
  return out;
}

// Where the scalar that begins at `byte` ends, when it stands on one line.
size_t end_of_scalar(const Text& text, size_t byte) {
  const char quote = text.at(byte);
  if (quote == '\'' || quote == '"') {
    const size_t end = text.bytes().find(quote, byte + 1);
    return end == std::string::npos ? byte : end + 1;
  }
  size_t end = byte;
  while (end < text.bytes().size() &&
         std::string_view(",]}\n#").find(text.at(end)) == std::string_view::npos)
    ++end;
  while (end > byte && text.at(end - 1) == ' ') --end;
  return end;
}

// Items of a list in brackets; those of a list with a line each begin with "- ".
bool in_brackets(const Text& text, const Node& list) { return text.at(text.byte_of(list)) == '['; }

}  // namespace

core::Result<std::string> with_mode_active(const RuleInPack& at) {
  const Text text(at);
  const Node* mode = text.rule() != nullptr ? text.rule()->value("mode") : nullptr;
  constexpr std::string_view kShadow = "shadow";
  if (mode == nullptr || mode->text != kShadow) return text.missing("`mode: shadow`");
  size_t begin = text.byte_of(*mode);
  if (text.at(begin) == '\'' || text.at(begin) == '"') ++begin;
  if (at.bytes.compare(begin, kShadow.size(), kShadow) != 0) return text.missing("`mode: shadow`");
  return text.put(begin, begin + kShadow.size(), "active");
}

core::Result<std::string> with_words(const RuleInPack& at, std::string_view key,
                                     const std::vector<std::string>& words) {
  const Text text(at);
  if (const Node* list = text.in_when(key); list != nullptr && !list->items.empty()) {
    const size_t begin = text.byte_of(*list);
    if (in_brackets(text, *list)) return text.put(begin + 1, begin + 1, joined(words) + ", ");
    if (text.at(begin) != '-') return text.missing("`" + std::string(key) + "`");
    std::string lines;
    const std::string indent =
        at.bytes.substr(text.line_begin(begin), begin - text.line_begin(begin));
    for (const std::string& word : words) lines += "- " + quoted_for_yaml(word) + "\n" + indent;
    return text.put(begin, begin, lines);
  }
  const Node* when = text.rule() != nullptr ? text.rule()->value("when") : nullptr;
  if (when == nullptr || when->keys.empty()) return text.missing("`when`");
  const std::string entry = std::string(key) + ": [" + joined(words) + "]";
  const size_t begin = text.byte_of(*when);
  if (text.at(begin) == '{') return text.put(begin + 1, begin + 1, entry + ", ");
  const size_t first = text.byte_of(when->keys.front());
  const std::string indent =
      at.bytes.substr(text.line_begin(first), first - text.line_begin(first));
  if (indent.find_first_not_of(' ') != std::string::npos) return text.missing("`when`");
  return text.put(first, first, entry + "\n" + indent);
}

core::Result<std::string> with_within(const RuleInPack& at, uint32_t within) {
  const Text text(at);
  const Node* near = text.in_when("near");
  const Node* number = near != nullptr ? near->value("within") : nullptr;
  if (number == nullptr) return text.missing("`near.within`");
  const size_t begin = text.byte_of(*number);
  size_t end = begin;
  while (text.at(end) >= '0' && text.at(end) <= '9') ++end;
  if (end == begin) return text.missing("`near.within`");
  return text.put(begin, end, std::to_string(within));
}

core::Result<std::string> without_word(const RuleInPack& at, const std::string& word) {
  const Text text(at);
  const Node* list = text.in_when("any");
  if (list == nullptr || list->items.size() < 2) return text.missing("word `" + word + "`");
  const auto it = std::ranges::find_if(list->items, [&](const Node& item) {
    return item.kind == Node::Kind::Scalar && item.text == word;
  });
  if (it == list->items.end()) return text.missing("word `" + word + "`");
  const size_t begin = text.byte_of(*it);
  if (!in_brackets(text, *list)) return text.put(text.line_begin(begin), text.line_end(begin), "");
  if (it + 1 != list->items.end()) return text.put(begin, text.byte_of(*(it + 1)), "");
  const size_t comma = at.bytes.rfind(',', begin);
  if (comma == std::string::npos) return text.missing("word `" + word + "`");
  return text.put(comma, end_of_scalar(text, begin), "");
}

std::string line_diff(const std::string& file, const std::string& before,
                      const std::string& after) {
  const auto lines = [](const std::string& text) {
    std::vector<std::string_view> all;
    for (size_t i = 0; i < text.size();) {
      const size_t end = std::min(text.find('\n', i), text.size());
      all.push_back(std::string_view(text).substr(i, end - i));
      i = end + 1;
    }
    return all;
  };
  const auto old_lines = lines(before), new_lines = lines(after);
  size_t same = 0, tail = 0;
  const size_t shorter = std::min(old_lines.size(), new_lines.size());
  while (same < shorter && old_lines[same] == new_lines[same]) ++same;
  while (tail < shorter - same &&
         old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail])
    ++tail;
  const size_t old_n = old_lines.size() - same - tail, new_n = new_lines.size() - same - tail;
  const auto range = [&](size_t n) {
    return std::to_string(n == 0 ? same : same + 1) + "," + std::to_string(n);
  };
  std::string out =
      "--- " + file + "\n+++ " + file + "\n@@ -" + range(old_n) + " +" + range(new_n) + " @@\n";
  for (size_t i = same; i < same + old_n; ++i) out += "-" + std::string(old_lines[i]) + "\n";
  for (size_t i = same; i < same + new_n; ++i) out += "+" + std::string(new_lines[i]) + "\n";
  return out;
}

}  // namespace rules
