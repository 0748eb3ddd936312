#pragma once
// The Book as this folder sees it: what load_book() makes and a Judge works with. Its members are
// filled while one thread loads; afterwards everybody has it as const, and nothing in it changes.
#include <memory>
#include <set>
#include <string>

#include "rules/book.h"
#include "rules/matcher.h"
#include "rules/names.h"
#include "rules/program.h"

namespace rules {

class LoadedBook final : public Book {
 public:
  const core::Policy& policy() const override { return policy_; }
  const std::string& hash() const override { return hash_; }
  const std::string& bytes() const override { return bytes_; }
  size_t rules() const override { return program_.rules.size(); }
  size_t words() const override { return matcher_->words(); }

  core::Policy policy_;
  // Of the files' bytes, of their archive, and the key of keyed_hash.h, which is in neither.
  std::string hash_, bytes_, hash_key_;
  std::deque<SourceFile> sources_;  // the rules' places point into it
  Program program_;
  Names names_;                            // of the catalogue and the couriers
  std::vector<std::u32string> words_;      // by word id
  std::vector<std::string> expressions_;   // by id - kFirstExpression, folded
  std::map<uint32_t, Place> word_places_;  // of words and expressions, where they stand first
  std::shared_ptr<const Matcher> matcher_;
  std::set<std::string, std::less<>> service_channels_;  // ids; `service: true` in groups.csv
};

// What load_book() says of files that have been read.
std::vector<Finding> check_sources(std::deque<SourceFile> sources);

}  // namespace rules
