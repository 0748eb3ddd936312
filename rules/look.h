#pragma once
// Look: one text at a time through masking, folding, scanner, names and verdict, for what is not a
// lane: examples, and the tools of rule authors (inspector.h). Owned by one thread.
#include <string>
#include <vector>

#include "rules/loaded_book.h"
#include "rules/naming.h"
#include "rules/verdict.h"

namespace rules {

class Look {
 public:
  explicit Look(const LoadedBook& book)
      : book_(book), scanner_(book.matcher_), namer_(book.names_, book.program_) {}

  // Masks `text` and finds what is in it. The members below speak of the text looked at last.
  void at(std::string text);

  // Many texts in one go, as Scanner does it: add() each, scan_added(), then at_added() those that
  // found() says may hold anything. add() masks its text.
  void begin_adding() { scanner_.begin_adding(); }
  void add(std::string& text);
  void scan_added() { scanner_.scan_added(); }
  bool found(size_t i) const { return scanner_.found(i); }
  void at_added(size_t i, const std::string& masked);

  const std::string& text() const { return text_; }  // masked
  const core::text::Folded& folded() const { return folded_; }
  const std::vector<Match>& matches() const { return matches_; }
  const Naming& naming() const { return naming_; }
  std::span<const Namer::Span> names() const { return namer_.spans(); }
  uint64_t dropped() const { return scanner_.dropped(); }

  // Whether a rule's conditions hold, whatever kind of message it looks at and when it is valid.
  bool fires(uint32_t rule) const;
  // The rules that fire, ascending: on the event, whose text is the one looked at; or of all.
  const std::vector<Fired>& fired(const core::Event& event);
  const std::vector<Fired>& fired_by_any();

  // The words found, for an author to see why.
  std::string words_found() const;

 private:
  const LoadedBook& book_;
  Scanner scanner_;
  Namer namer_;
  std::string text_;
  core::text::Folded folded_;
  std::vector<Match> matches_;
  Naming naming_;
  std::vector<uint8_t> seen_;
  std::vector<Fired> fired_;
};

}  // namespace rules
