#include "tests/tidy/lexer.h"

#include <algorithm>

namespace tidy {

namespace {

bool starts_word(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_word(char c) { return starts_word(c) || is_digit(c); }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::vector<Token> all() {
    while (at_ < source_.size()) step();
    return std::move(tokens_);
  }

 private:
  // Takes one token or blank. Every branch moves on by at least one character.
  void step() {
    const char c = source_[at_];
    if (c == '\n') {
      take_blank();
      line_begins_ = true;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      take_blank();
    } else if (c == '#' && line_begins_) {
      add(TokenKind::Directive, directive_end());
    } else if (ahead("//")) {
      add(TokenKind::Comment, find("\n"));
    } else if (ahead("/*")) {
      add(TokenKind::Comment, past("*/", at_ + 2));
    } else if (c == '"' || c == '\'') {
      add(TokenKind::Text, quoted_end());
    } else if (starts_word(c)) {
      take_word();
    } else if (is_digit(c)) {
      add(TokenKind::Number, number_end());
    } else {
      add(TokenKind::Symbol, at_ + (ahead("::") || ahead("->") ? 2 : 1));
    }
  }

  void take_blank() {
    if (source_[at_] == '\n') ++line_;
    ++at_;
  }

  void take_word() {
    size_t end = at_;
    while (end < source_.size() && in_word(source_[end])) ++end;
    const std::string_view word = source_.substr(at_, end - at_);
    const bool quote = end < source_.size() && source_[end] == '"';
    if (quote && word.ends_with('R')) {
      at_ = end;
      add(TokenKind::Text, raw_end());
    } else if (quote && (word == "u8" || word == "u" || word == "U" || word == "L")) {
      at_ = end;
      add(TokenKind::Text, quoted_end());
    } else {
      add(TokenKind::Word, end);
    }
  }

  void add(TokenKind kind, size_t end) {
    const std::string_view text = source_.substr(at_, end - at_);
    tokens_.push_back({kind, text, line_});
    line_ += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    at_ += text.size();
    line_begins_ = false;
  }

  bool ahead(std::string_view what) const { return source_.substr(at_).starts_with(what); }
  size_t find(std::string_view what) const {
    return std::min(source_.find(what, at_), source_.size());
  }
  size_t past(std::string_view what, size_t from) const {
    const size_t found = source_.find(what, from);
    return found == std::string_view::npos ? source_.size() : found + what.size();
  }

  // An #include may hold quotes and slashes, a #define continues after a backslash.
  size_t directive_end() const {
    size_t end = at_;
    while ((end = source_.find('\n', end)) != std::string_view::npos && source_[end - 1] == '\\')
      ++end;
    return std::min(end, source_.size());
  }

  size_t quoted_end() const {
    size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != source_[at_])
      end += source_[end] == '\\' ? 2 : 1;
    return std::min(end + 1, source_.size());
  }

  // R"mark( ... )mark"
  size_t raw_end() const {
    const size_t open = source_.find('(', at_);
    if (open == std::string_view::npos) return source_.size();
    std::string close = ")";
    close += source_.substr(at_ + 1, open - at_ - 1);
    close += '"';
    return past(close, open);
  }

  size_t number_end() const {
    size_t end = at_;
    while (end < source_.size()) {
      const char c = source_[end];
      const bool sign =
          (c == '+' || c == '-') && (source_[end - 1] == 'e' || source_[end - 1] == 'E');
      const bool separator = c == '\'' && end + 1 < source_.size() && in_word(source_[end + 1]);
      if (!in_word(c) && c != '.' && !sign && !separator) break;
      ++end;
    }
    return end;
  }

  std::string_view source_;
  size_t at_ = 0;
  int line_ = 1;
  bool line_begins_ = true;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) { return Lexer(source).all(); }

}  // namespace tidy
