#include <algorithm>
#include <set>

#include "tests/tidy/house.h"

namespace tidy {

namespace {

// Words that say nothing about what a thing is, so that everything moves in.
const std::set<std::string> kEmptyWords = {"manager", "util",    "utils", "utility",
                                           "helper",  "helpers", "data",  "info",
                                           "impl",    "common",  "base",  "context"};

// "PacketManager", "packet_manager" and "kPacketManager" -> packet, manager
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words = {""};
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (c == '_' || c == '.' || c == '/' || c == '-' || upper) words.emplace_back();
    if (upper) words.back() += static_cast<char>(c - 'A' + 'a');
    if (!upper && c != '_' && c != '.' && c != '/' && c != '-') words.back() += c;
  }
  return words;
}

std::string empty_word_in(std::string_view name) {
  for (const std::string& word : words_of(name))
    if (kEmptyWords.contains(word)) return word;
  return "";
}

// A token with its neighbours, comments left out. Past the ends there are empty tokens.
class Code {
 public:
  explicit Code(const File& file) {
    std::ranges::copy_if(file.tokens, std::back_inserter(tokens_),
                         [](const Token& token) { return token.kind != TokenKind::Comment; });
  }
  size_t size() const { return tokens_.size(); }
  const Token& operator[](size_t i) const { return i < tokens_.size() ? tokens_[i] : nothing_; }
  bool word(size_t i) const { return (*this)[i].kind == TokenKind::Word; }
  bool follows(size_t i, std::string_view text) const {  // the token before i
    return i > 0 && tokens_[i - 1].text == text;
  }
  bool called(size_t i) const { return (*this)[i + 1].text == "("; }
  // "core" of core::exp, "" of a plain or global name; a member's owner does not count.
  std::string_view qualifier(size_t i) const {
    return follows(i, "::") && i > 1 && word(i - 2) ? tokens_[i - 2].text : "";
  }
  bool member(size_t i) const { return follows(i, ".") || follows(i, "->"); }

 private:
  std::vector<Token> tokens_;
  Token nothing_;
};

// Runs `check` over every word of the code of C++ files; what it returns, unless empty, is flagged.
template <typename Check>
Flags each_word(const House& house, const Check& check) {
  Flags flags;
  for (const auto& file : house.files()) {
    const Code code(*file);
    for (size_t i = 0; i < code.size(); ++i)
      if (code.word(i))
        if (const std::string what = check(*file, code, i); !what.empty())
          flags.push_back({file->path, code[i].line, what});
  }
  return flags;
}

bool declares_type(const Code& code, size_t i) {
  static const std::set<std::string_view> keywords = {"class", "struct", "enum", "union",
                                                      "concept"};
  const bool scoped = code.follows(i, "class") && i > 1 && code[i - 2].text == "enum";
  const bool alias = code.follows(i, "using") && code[i + 1].text == "=";
  return scoped || alias || (i > 0 && keywords.contains(code[i - 1].text));
}

bool measures(const File& file) {  // benchmarks and the clock itself
  return file.test() || file.path.starts_with("engine/bench") ||
         (file.folder() == "engine" && file.name().find("clock") != std::string::npos);
}

}  // namespace

Flags banned_names(const House& house) {
  Flags flags = each_word(house, [](const File&, const Code& code, size_t i) -> std::string {
    // Ours begin with a capital; `struct redisContext;` is somebody else's.
    const bool ours = declares_type(code, i) && code[i].text[0] >= 'A' && code[i].text[0] <= 'Z';
    const std::string word = ours ? empty_word_in(code[i].text) : "";
    return word.empty() ? "" : std::string(code[i].text) + " says nothing with \"" + word + "\"";
  });
  for (const auto& file : house.files())
    if (const std::string word = empty_word_in(file->path); file->cpp() && !word.empty())
      flags.push_back({file->path, 0, "a file's name says nothing with \"" + word + "\""});
  return flags;
}

Flags threads_outside_engine(const House& house) {
  static const std::set<std::string_view> starters = {"thread", "jthread", "async"};
  return each_word(house, [](const File& file, const Code& code, size_t i) -> std::string {
    const std::string_view word = code[i].text;
    if (file.folder() == "engine" || file.test()) return "";
    if (word == "pthread_create" || (code.qualifier(i) == "std" && starters.contains(word)))
      return "only engine/ starts threads";
    return "";
  });
}

Flags clocks(const House& house) {
  static const std::set<std::string_view> readers = {"gettimeofday", "clock_gettime", "localtime",
                                                     "localtime_r", "gmtime"};
  return each_word(house, [](const File& file, const Code& code, size_t i) -> std::string {
    const std::string_view word = code[i].text;
    if (measures(file)) return "";
    if (word == "system_clock" && code[i + 2].text == "now")
      return "system_clock::now() outside engine's clock";
    if (word == "steady_clock" && code[i + 2].text == "now" && file.folder() != "engine")
      return "steady_clock::now() outside engine";
    const std::string_view argument = code[i + 2].text;
    const bool now = word == "time" && (argument == "nullptr" || argument == "NULL" ||
                                        argument == "0" || argument == "&");
    if (code.called(i) && !code.member(i) && (now || readers.contains(word)))
      return std::string(word) + "() outside engine's clock";
    const bool may_wait = file.folder() == "engine" || file.folder() == "ingest" ||
                          file.path.starts_with("alerting/courier") || file.path == "core/clock.h";
    return word == "Clock" && !may_wait ? "only sources and the courier may look at a Clock" : "";
  });
}

Flags banned_calls(const House& house) {
  static const std::set<std::string_view> random = {"rand", "srand", "random", "drand48",
                                                    "random_device"};
  static const std::set<std::string_view> libm = {
      "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "pow",  "lgamma", "tgamma",
      "sin", "cos",  "tan",   "erf", "erfc", "cbrt",  "sinh",  "cosh", "tanh",   "hypot"};
  return each_word(house, [](const File& file, const Code& code, size_t i) -> std::string {
    const std::string_view word = code[i].text, from = code.qualifier(i);
    if (file.test()) {
      const bool sleeps = word == "sleep_for" || word == "sleep_until" || word == "usleep";
      return sleeps ? std::string(word) + ": tests do not wait by sleeping" : "";
    }
    if (word == "hash" && from == "std") return "std::hash differs between platforms: core/hash.h";
    const bool free = !code.member(i) && (from == "std" || from == "");
    if (random.contains(word) && free && (code.called(i) || from == "std"))
      return std::string(word) + " makes two runs differ";
    const bool exact = file.folder() == "detectors" || file.folder() == "alerting";
    if (exact && libm.contains(word) && free && code.called(i))
      return std::string(word) + "() differs in bits between processors: core/math.h";
    return "";
  });
}

Flags letters_outside_ascii(const House& house) {
  return each_word(house, [](const File&, const Code& code, size_t i) -> std::string {
    const bool ascii = std::ranges::all_of(code[i].text, [](char c) { return c > 0; });
    return ascii ? "" : "identifier with letters outside ASCII: " + std::string(code[i].text);
  });
}

}  // namespace tidy
