#pragma once
// The examples of all rules, each run as a test case of its own, for `qingyu test`. Loading a Book
// runs them too, and refuses the Book when one fails, unless BookFiles::examples_decide is false.
#include <string>
#include <vector>

#include "rules/book.h"

namespace rules {

struct ExampleRun {
  std::string rule, text, file;
  bool hit = false;  // what the author says
  bool passed = false;
  Finding failure;  // of one that failed: where it stands, and what was seen in it
};

// In order of the rules' ids, and of each rule's list.
std::vector<ExampleRun> run_examples(const Book& book);

}  // namespace rules
