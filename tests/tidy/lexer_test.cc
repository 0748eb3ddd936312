#include "tests/tidy/lexer.h"

#include <doctest/doctest.h>

#include <string>

namespace tidy {

namespace {

// "word:name symbol:( ..." of everything but the kinds' positions.
std::string seen(std::string_view source) {
  static const char* const names[] = {"word", "number", "text", "symbol", "comment", "directive"};
  std::string out;
  for (const Token& token : tokens_of(source)) {
    if (!out.empty()) out += ' ';
    out += names[static_cast<int>(token.kind)];
    out += ':';
    out += token.text;
  }
  return out;
}

std::string spans(std::string_view source) {
  std::string out;
  for (const FunctionSpan& span : functions_of(tokens_of(source)))
    out += span.name + " " + std::to_string(span.first_line) + "-" +
           std::to_string(span.last_line) + "; ";
  return out;
}

}  // namespace

TEST_CASE("words, numbers and symbols are told apart") {
  CHECK(seen("a::b->c_1 = 1'000+1.5e-6;") ==
        "word:a symbol::: word:b symbol:-> word:c_1 symbol:= number:1'000 symbol:+ number:1.5e-6 "
        "symbol:;");
}

TEST_CASE("comments and strings hide code, and each other") {
  CHECK(seen("x // y \"\n\"// no\" '\\'' /* { */ z") ==
        "word:x comment:// y \" text:\"// no\" text:'\\'' comment:/* { */ word:z");
}

TEST_CASE("raw strings end at their own mark only") {
  CHECK(seen("R\"(a\")\" + R\"x(b)\")x\" u8\"c\"") ==
        "text:\"(a\")\" symbol:+ text:\"x(b)\")x\" text:\"c\"");
}

TEST_CASE("a directive takes its continuations and hides what is in it") {
  CHECK(seen("#define X(a) \\\n  { a\nint b; # c") ==
        "directive:#define X(a) \\\n  { a word:int word:b symbol:; symbol:# word:c");
}

TEST_CASE("lines are counted through everything that spans lines") {
  const auto tokens = tokens_of("/*\n\n*/ R\"(\n)\" \"a\\\nb\"\nx");
  REQUIRE(tokens.size() == 4);
  CHECK(tokens[1].line == 3);
  CHECK(tokens[2].line == 4);
  CHECK(tokens[3].line == 6);
}

TEST_CASE("what is unfinished ends with the source") {
  for (const char* source :
       {"\"abc", "'", "/* abc", "R\"(abc", "R\"abc", "// abc", "#include \\", "1'", "\"\\"}) {
    const auto tokens = tokens_of(source);
    REQUIRE_FALSE(tokens.empty());
    CHECK(tokens.back().text.end() == std::string_view(source).end());
  }
}

TEST_CASE("functions are found with their lines") {
  CHECK(spans("int f(int a) {\n  if (a) { g(); }\n  return 1;\n}\n") == "f 1-4; ");
  CHECK(spans("namespace n {\nstruct S {\n  int g() const { return x_; }\n  int x_ = 0;\n};\n}") ==
        "g 3-3; ");
  CHECK(spans("auto h() -> int\n{\n}\nint main() {}") == "h 1-3; main 4-4; ");
}

TEST_CASE("a function begins at its name, however long its list of parameters") {
  CHECK(spans("void f(int a,\n       int b)\n    noexcept {\n}\n") == "f 1-4; ");
}

TEST_CASE("braces that initialise members are not a body") {
  CHECK(spans("S::S(int n)\n    : a_{n}, b_(n), c_{} {\n  x();\n}\n") == "S 1-4; ");
}

TEST_CASE("braces in strings, comments and values are not counted") {
  CHECK(spans("void f() {\n  s = \"}\"; // }\n  /* } */ c = '}';\n}\n") == "f 1-4; ");
  CHECK(spans("const V kRows = {{\"a\", f(1)}, {\"b\", g(2)}};\nint x{3};\nenum E { A, B };\n") ==
        "");
}

TEST_CASE("lambdas belong to their function, or are one") {
  CHECK(spans("void f() {\n  auto g = [](int x) {\n    return x;\n  };\n}\n") == "f 1-5; ");
  CHECK(spans("const auto kTwice = [](int x) {\n  return 2 * x;\n};\n") == "lambda 1-3; ");
}

TEST_CASE("defaults, operators and templates do not confuse the head") {
  CHECK(spans("template <typename T = int>\nbool operator==(T a, T b = T{}) {\n  return a;\n}\n") ==
        "= 2-4; ");
}

}  // namespace tidy
