#pragma once
// StoryBooks: the Book that a story is played on: the rules under test with the catalogue that the
// story asks for. Each catalogue is loaded once. Used by one thread.
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "rules/book.h"
#include "rules/story.h"

namespace engine {

class StoryBooks {
 public:
  // `files`: the rules under test and the catalogue of stories that ask for none.
  explicit StoryBooks(rules::BookFiles files) : files_(std::move(files)) {}

  // nullptr when the rules or the catalogue do not load: `findings` says why, once. An Error when
  // an inline catalogue cannot be written down.
  core::Result<std::shared_ptr<const rules::Book>> of(const rules::Story& story,
                                                      std::vector<rules::Finding>& findings);
  // The one without a story. begin_plain() loads it on a thread of its own meanwhile: to compile a
  // Book is most of what a test costs.
  void begin_plain();
  std::shared_ptr<const rules::Book> plain(std::vector<rules::Finding>& findings);

 private:
  struct Loaded {
    std::shared_ptr<const rules::Book> book;
    std::vector<rules::Finding> errors;
  };
  static Loaded load_now(const rules::BookFiles& files);
  std::shared_ptr<const rules::Book> load(const std::string& key, const std::string& folder,
                                          std::vector<rules::Finding>& findings);

  const rules::BookFiles files_;
  std::map<std::string, std::shared_ptr<const rules::Book>> books_;  // by folder, or by products
  std::future<Loaded> begun_;
};

}  // namespace engine
