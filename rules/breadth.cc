#include "rules/breadth.h"

#include <algorithm>
#include <set>

#include "core/check.h"
#include "core/text/utf8.h"
#include "rules/findings.h"
#include "rules/look.h"

namespace rules {

namespace {

class LookedBreadth final : public Breadth {
 public:
  explicit LookedBreadth(std::shared_ptr<const LoadedBook> book)
      : book_(std::move(book)), look_(*book_), rules_(book_->program_.rules.size()) {
    for (const Rule& rule : book_->program_.rules) {
      if (rule.mode == Mode::Off) continue;
      for (const PatternSet* set : {&rule.any, &rule.count})
        asked_.insert(set->begin(), set->end());
    }
  }

  void add(const core::Event& event) override {
    ++messages_;
    look_.at(event.text);
    std::set<uint32_t> seen;
    for (const Match& match : look_.matches())
      if (asked_.contains(match.pattern)) seen.insert(match.pattern);
    for (const uint32_t pattern : seen) ++words_[pattern];
    for (const Fired& fired : look_.fired_by_any()) ++rules_[fired.rule];
  }

  uint64_t messages() const override { return messages_; }

  std::vector<Finding> findings(uint32_t permille) const override {
    Findings found;
    for (const auto& [pattern, count] : words_) {
      const auto place = book_->word_places_.find(pattern);
      if (!broad(count, permille) || place == book_->word_places_.end()) continue;
      const std::string what = pattern < kFirstExpression
                                   ? core::text::to_utf8(book_->words_[word_of(pattern)])
                                   : book_->expressions_[pattern - kFirstExpression];
      tell(found, place->second, "broad-word", quoted(what), count);
    }
    for (size_t i = 0; i < rules_.size(); ++i) {
      const Rule& rule = book_->program_.rules[i];
      if (broad(rules_[i], permille)) tell(found, rule.place, "broad-rule", rule.id, rules_[i]);
    }
    return found.take();
  }

 private:
  bool broad(uint64_t count, uint32_t permille) const {
    return count * 1000 > messages_ * permille;
  }

  void tell(Findings& found, const Place& place, std::string_view code, const std::string& what,
            uint64_t count) const {
    const uint64_t tenths = count * 1000 / messages_;
    const std::string share = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) +
                              " % (" + std::to_string(count) + "/" + std::to_string(messages_) +
                              ")";
    found.warning(
        place, code,
        both(what + " 命中样本的 " + share, what + " matches " + share + " of the sample"));
  }

  std::shared_ptr<const LoadedBook> book_;
  Look look_;
  std::set<uint32_t> asked_;            // words and expressions that are asked about
  std::map<uint32_t, uint64_t> words_;  // messages that hold it
  std::vector<uint64_t> rules_;         // messages it fires on
  uint64_t messages_ = 0;
};

}  // namespace

std::unique_ptr<Breadth> make_breadth(std::shared_ptr<const Book> book) {
  auto loaded = std::dynamic_pointer_cast<const LoadedBook>(std::move(book));
  INVARIANT(loaded != nullptr);
  return std::make_unique<LookedBreadth>(std::move(loaded));
}

}  // namespace rules
