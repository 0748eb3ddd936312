// The shipped rules: they load without a word of complaint, and every example does what it says.
#include <doctest/doctest.h>

#include "rules/book.h"

namespace {

rules::BookFiles shipped() {
  const std::string root = std::string(QINGYU_SOURCE_DIR) + "/rules/";
  rules::BookFiles files;
  files.packs = {root + "packs"};
  files.lists = root + "lists.yaml";
  files.taxonomy = root + "taxonomy.yaml";
  files.ladders = root + "ladders.yaml";
  files.limits = root + "limits.yaml";
  return files;
}

}  // namespace

TEST_CASE("the shipped packs load without errors or warnings and their examples hold") {
  std::vector<rules::Finding> findings;
  const auto book = rules::load_book(shipped(), findings);
  std::string printed;
  for (const rules::Finding& f : findings) printed += rules::to_text(f) + "\n";
  CHECK_MESSAGE(findings.empty(), printed);
  REQUIRE(book != nullptr);
  CHECK(book->rules() > 0);
  CHECK(book->words() > book->rules());
  CHECK(book->policy().ladder("product-safety").rungs.size() == 4);
}

TEST_CASE("the matching library passes its known failing cases") {
  const core::Result<core::Unit> result = rules::matcher_self_test();
  CHECK_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  CHECK(rules::matcher_version().starts_with("5.4"));
}
