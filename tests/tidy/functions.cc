// functions_of(): walks the tokens with a stack of open braces. What a brace opens is told by its
// head, the tokens since the last ";", "{" or "}" of the same level: a head with parentheses is a
// function's, unless the brace is a value ("= {", "return {") or initialises a member.
#include "tests/tidy/lexer.h"

namespace tidy {

namespace {

class Walker {
 public:
  std::vector<FunctionSpan> walk(const std::vector<Token>& code) {
    for (const Token& token : code)
      if (token.kind != TokenKind::Comment && token.kind != TokenKind::Directive) take(token);
    return std::move(spans_);
  }

 private:
  enum class Brace { Scope, Function, Value };

  void take(const Token& token) {
    const std::string_view text = token.kind == TokenKind::Symbol ? token.text : "";
    if (text == "{") {
      open(token);
    } else if (text == "}") {
      close(token);
    } else if (function_depth_ > 0) {
      return;
    } else if (text == ";" && parentheses_ == 0) {
      forget_head();
    } else {
      extend_head(token);
    }
  }

  void extend_head(const Token& token) {
    if (token.text == "(" && token.kind == TokenKind::Symbol) {
      if (parentheses_++ == 0 && name_.empty()) {
        const std::string_view name = last_.text == "]" ? "lambda" : last_.text;
        name_.assign(name.empty() ? "(" : name);
        name_line_ = token.line;
      }
    } else if (token.text == ")" && token.kind == TokenKind::Symbol) {
      --parentheses_;
    } else if (token.text == ":" && last_.text == ")" && parentheses_ == 0) {
      initialises_members_ = true;
    }
    last_ = token;
  }

  void open(const Token& token) {
    Brace kind = Brace::Scope;
    if (function_depth_ > 0 || parentheses_ > 0) {
      kind = Brace::Value;
    } else if (initialises_members_ && last_.kind == TokenKind::Word) {
      kind = Brace::Value;  // Shard(int n) : rings_{n} {
    } else if (!name_.empty()) {
      kind = is_value() ? Brace::Value : Brace::Function;
    }
    if (kind == Brace::Function) {
      ++function_depth_;
      spans_.push_back({name_, name_line_, token.line});
    } else if (kind == Brace::Scope) {
      forget_head();
    }
    braces_.push_back(kind);
  }

  bool is_value() const {
    return last_.text == "=" || last_.text == "," || last_.text == "return" || last_.text == "<";
  }

  void close(const Token& token) {
    if (braces_.empty()) return;
    const Brace kind = braces_.back();
    braces_.pop_back();
    if (kind == Brace::Function) {
      --function_depth_;
      spans_.back().last_line = token.line;
    }
    if (kind != Brace::Value) forget_head();
    last_ = token;
  }

  void forget_head() {
    name_.clear();
    initialises_members_ = false;
    last_ = {};
  }

  std::vector<FunctionSpan> spans_;
  std::vector<Brace> braces_;
  int function_depth_ = 0, parentheses_ = 0;
  // The head, as far as it matters.
  std::string name_;
  int name_line_ = 0;
  bool initialises_members_ = false;
  Token last_;
};

}  // namespace

std::vector<FunctionSpan> functions_of(const std::vector<Token>& code) {
  return Walker().walk(code);
}

}  // namespace tidy
