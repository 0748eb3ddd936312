#pragma once
// Breadth: how much of ordinary traffic a Book's words and rules match, from a sample of messages.
#include <cstdint>
#include <memory>
#include <vector>

#include "core/event.h"
#include "rules/book.h"

namespace rules {

// Owned by one thread; keeps the Book alive.
class Breadth {
 public:
  virtual ~Breadth() = default;
  // `event.text` need not be masked. Every rule looks at it, whatever kinds it is for.
  virtual void add(const core::Event& event) = 0;
  virtual uint64_t messages() const = 0;
  // broad-word and broad-rule: the words of `any` and `count`, and the rules, that match more than
  // `permille` of the messages, with their share.
  virtual std::vector<Finding> findings(uint32_t permille) const = 0;
};
std::unique_ptr<Breadth> make_breadth(std::shared_ptr<const Book> book);

}  // namespace rules
