#pragma once
// A lexer that knows just enough C++ to tell code from comments, strings and preprocessor lines,
// and to find where functions begin and end.
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

enum class TokenKind {
  Word,       // identifier or keyword, also one with letters outside ASCII
  Number,     // 12, 0x1f, 1'000, 1.0e-6
  Text,       // string or character literal, raw ones too, without its prefix
  Symbol,     // one character of punctuation, but "::" and "->" are one
  Comment,    // with its slashes
  Directive,  // a preprocessor line with its continuations: #include "core/time.h"
};

struct Token {
  TokenKind kind = TokenKind::Word;
  std::string_view text;  // of the source
  int line = 0;           // of its first character, from 1
};

// Every token of `source` in order. Never fails: what is unfinished ends with the source.
std::vector<Token> tokens_of(std::string_view source);

struct FunctionSpan {
  std::string name;  // the word before the first parenthesis
  int first_line = 0, last_line = 0;
};

// The functions with bodies, lambdas at namespace scope among them; what is nested in a function
// belongs to it. `code` may hold comments and directives: they are passed over.
std::vector<FunctionSpan> functions_of(const std::vector<Token>& code);

}  // namespace tidy
