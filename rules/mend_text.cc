#include "rules/mend_text.h"

#include <algorithm>

namespace rules {

namespace {

constexpr std::string_view kColon = "：", kComma = "，", kEnumerationComma = "、";
constexpr std::string_view kDashes[] = {"－", "—", "–"};
constexpr std::pair<std::string_view, std::string_view> kBrackets[] = {
    {"［", "］"}, {"【", "】"}, {"〔", "〕"}};
constexpr std::pair<std::string_view, std::string_view> kBraces[] = {{"｛", "｝"}};
constexpr std::pair<std::string_view, std::string_view> kQuotes[] = {
    {"“", "”"}, {"‘", "’"}, {"「", "」"}, {"＂", "＂"}};
constexpr std::string_view kWideSpace = "\u3000", kHardSpace = "\u00a0";

bool is_key_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// One line, its bytes counted from the beginning of the file.
struct Line {
  std::string_view text;
  size_t begin = 0;
  int number = 0;
};

std::vector<Line> lines_of(std::string_view bytes) {
  std::vector<Line> lines;
  int number = 0;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    lines.push_back({bytes.substr(begin, end - begin), begin, ++number});
    begin = end + 1;
  }
  return lines;
}

// Where the indentation ends, whatever it is made of.
size_t first_of(const Line& line) {
  size_t at = 0;
  for (bool more = true; more;) {
    const std::string_view rest = line.text.substr(at);
    more = false;
    for (const std::string_view blank :
         {std::string_view(" "), std::string_view("\t"), kWideSpace, kHardSpace})
      if (rest.starts_with(blank)) {
        at += blank.size();
        more = true;
        break;
      }
  }
  return at;
}

// What stands outside quotes and before a comment: for each byte of the line.
std::vector<bool> syntax_of(std::string_view text) {
  std::vector<bool> syntax(text.size(), false);
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"')
        ++i;
      else if (c == quote)
        quote = 0;
      continue;
    }
    if (c == '#' && (i == 0 || text[i - 1] == ' ')) break;
    const bool opens = i == 0 || std::string_view(" [{,:").find(text[i - 1]) != std::string::npos;
    if ((c == '"' || c == '\'') && opens)
      quote = c;
    else
      syntax[i] = true;
  }
  return syntax;
}

class Punctuation {
 public:
  Punctuation(const std::set<std::string>& keys, const std::set<int>& marked)
      : keys_(keys), marked_(marked) {}

  void read(const Line& line) {
    line_ = &line;
    text_ = line.text;
    syntax_ = syntax_of(text_);
    dash();
    for (size_t i = 0; i < text_.size(); ++i)
      if (syntax_[i]) colon(i);
    enclosed(kBrackets, "[", "]", brackets_);
    enclosed(kBraces, "{", "}", brackets_);
    if (marked_.contains(line.number)) {
      enclosed(kQuotes, "\"", "\"", quotes_);
      commas();
    }
  }

  std::vector<Edits> take() {
    std::vector<Edits> all;
    for (Edits* edits : {&colons_, &spaces_, &dashes_, &brackets_, &quotes_, &commas_}) {
      std::ranges::sort(*edits, {}, &Edit::begin);
      if (!edits->empty()) all.push_back(std::move(*edits));
    }
    return all;
  }

 private:
  void add(Edits& edits, size_t begin, size_t end, std::string_view text) {
    edits.push_back({line_->begin + begin, line_->begin + end, std::string(text)});
  }

  // Behind it a value begins.
  size_t behind_blanks(size_t at) const {
    return std::min(text_.find_first_not_of(' ', at), text_.size());
  }

  void dash() {
    const size_t at = first_of(*line_);
    for (const std::string_view wide : kDashes)
      if (text_.substr(at).starts_with(wide))
        return add(dashes_, at, behind_blanks(at + wide.size()), "- ");
    const bool bare = at + 1 < text_.size() && text_[at] == '-' && text_[at + 1] != ' ' &&
                      text_[at + 1] != '-' && text_[at + 1] != '\r';
    if (bare) add(spaces_, at + 1, at + 1, " ");
  }

  // A colon at i behind a key: a wide one, or one without its space.
  void colon(size_t i) {
    const bool wide = text_.substr(i).starts_with(kColon);
    if (!wide && text_[i] != ':') return;
    size_t begin = i;
    while (begin > 0 && is_key_char(text_[begin - 1])) --begin;
    if (begin == i || !key_may_begin(begin)) return;
    const size_t behind = i + (wide ? kColon.size() : 1);
    if (wide) return add(colons_, i, behind_blanks(behind), behind < text_.size() ? ": " : ":");
    if (behind < text_.size() && text_[behind] != ' ' && text_[behind] != '\r' &&
        keys_.contains(std::string(text_.substr(begin, i - begin))))
      add(spaces_, behind, behind, " ");
  }

  bool key_may_begin(size_t at) const {
    const size_t first = first_of(*line_);
    if (at == first) return true;
    std::string_view left = text_.substr(0, at);
    while (left.ends_with(' ')) left.remove_suffix(1);
    for (const std::string_view dash : kDashes)
      if (left.ends_with(dash) && left.size() - dash.size() == first) return true;
    const bool item = left.ends_with('-') && first == left.size() - 1;
    return item || left.ends_with('{') || left.ends_with(',') || left.ends_with("｛") ||
           left.ends_with(kComma);
  }

  // Whether a value begins at `at`.
  bool value_begins(size_t at) const {
    std::string_view left = text_.substr(0, at);
    while (left.ends_with(' ')) left.remove_suffix(1);
    for (const std::string_view mark : {std::string_view(":"), kColon, std::string_view("-"),
                                        std::string_view("["), std::string_view(",")})
      if (left.ends_with(mark)) return true;
    return false;
  }

  template <size_t N>
  void enclosed(const std::pair<std::string_view, std::string_view> (&pairs)[N],
                std::string_view open, std::string_view close, Edits& out) {
    for (const auto& [wide_open, wide_close] : pairs) {
      const size_t begin = text_.find(wide_open);
      if (begin == std::string_view::npos || !syntax_[begin] || !value_begins(begin)) continue;
      const size_t end = text_.rfind(wide_close);
      if (end == std::string_view::npos || end <= begin) continue;
      add(out, begin, begin + wide_open.size(), open);
      add(out, end, end + wide_close.size(), close);
      if (open == "[") commas(begin, end);
    }
  }

  void commas() {
    const size_t open = text_.find('['), close = text_.rfind(']');
    if (open != std::string_view::npos && close != std::string_view::npos) commas(open, close);
  }

  // Between the brackets of a list.
  void commas(size_t begin, size_t end) {
    for (const std::string_view comma : {kComma, kEnumerationComma})
      for (size_t at = text_.find(comma, begin); at < end; at = text_.find(comma, at + 1))
        if (syntax_[at]) add(commas_, at, behind_blanks(at + comma.size()), ", ");
  }

  const std::set<std::string>& keys_;
  const std::set<int>& marked_;
  const Line* line_ = nullptr;
  std::string_view text_;
  std::vector<bool> syntax_;
  Edits colons_, spaces_, dashes_, brackets_, quotes_, commas_;
};

}  // namespace

std::string with_edits(std::string_view bytes, const Edits& edits) {
  std::string out;
  size_t done = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < done || edit.end > bytes.size() || edit.begin > edit.end) continue;
    out.append(bytes.substr(done, edit.begin - done)).append(edit.text);
    done = edit.end;
  }
  return out.append(bytes.substr(done));
}

Edits line_end_mends(std::string_view bytes) {
  Edits edits;
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kMark)) edits.push_back({0, kMark.size(), {}});
  for (size_t at = bytes.find("\r\n"); at != std::string_view::npos;
       at = bytes.find("\r\n", at + 1))
    edits.push_back({at, at + 1, {}});
  return edits;
}

Edits indentation_mends(std::string_view bytes, size_t width) {
  Edits edits;
  for (const Line& line : lines_of(bytes))
    for (size_t at = 0; at < line.text.size();) {
      const std::string_view rest = line.text.substr(at);
      const size_t begin = line.begin + at;
      if (rest.starts_with('\t')) {
        edits.push_back({begin, begin + 1, std::string(width, ' ')});
        ++at;
      } else if (rest.starts_with(kWideSpace) || rest.starts_with(kHardSpace)) {
        const bool wide = rest.starts_with(kWideSpace);
        const size_t size = wide ? kWideSpace.size() : kHardSpace.size();
        edits.push_back({begin, begin + size, std::string(wide ? 2 : 1, ' ')});
        at += size;
      } else if (rest.starts_with(' ')) {
        ++at;
      } else {
        break;
      }
    }
  return edits;
}

std::vector<Edits> punctuation_mends(std::string_view bytes, const std::set<std::string>& keys,
                                     const std::set<int>& marked) {
  Punctuation punctuation(keys, marked);
  for (const Line& line : lines_of(bytes)) punctuation.read(line);
  return punctuation.take();
}

}  // namespace rules
