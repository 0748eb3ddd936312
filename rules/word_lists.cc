#include "rules/word_lists.h"

#include <algorithm>
#include <set>

#include "core/text/fold.h"
#include "rules/mend.h"

namespace rules {

namespace {

bool is_mark(char32_t c) {
  const bool letter_or_digit =
      (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
  return (c < 0x80 && !letter_or_digit) || (c >= 0x2000 && c <= 0x206f) ||
         (c >= 0x3000 && c <= 0x303f) || (c >= 0xff00 && c <= 0xff0f);
}

}  // namespace

uint32_t add_word(const std::string& text, const Place& place, Vocabulary& vocabulary,
                  Findings& findings) {
  const std::u32string folded = core::text::fold_word(text);
  if (folded.size() >= kWordCharsMin && folded.size() <= kWordCharsMax) {
    const uint32_t id = vocabulary.word(folded);
    vocabulary.note_place(id, place);
    if (std::ranges::all_of(folded, is_mark))
      findings.warning(place, "marks-only",
                       both(quoted(text) + " 只有标点，会命中很多消息",
                            quoted(text) + " is punctuation only: it is in many messages"));
    return id;
  }
  const bool is_short = folded.size() < kWordCharsMin;
  findings.error(place, is_short ? "short-word" : "too-large",
                 is_short ? both("词 " + quoted(text) + " 太短，至少两个字",
                                 "word " + quoted(text) + " is under 2 characters")
                          : both("词太长，最多 100 字", "word over 100 characters"));
  return kNoWord;
}

void sort_unique(PatternSet& set) {
  std::ranges::sort(set);
  set.erase(std::unique(set.begin(), set.end()), set.end());
}

std::vector<std::string> split_bars(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '|')
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

WordLists::WordLists(const std::vector<WordList>& lists, const WordFiles& files, WordLists* shared,
                     Vocabulary& vocabulary, Findings& findings)
    : files_(files), shared_(shared), vocabulary_(vocabulary), findings_(findings) {
  for (const WordList& list : lists) lists_[list.name].list = &list;
  // In the order of the file: words get their numbers, and mistakes are found, used or not.
  for (const WordList& list : lists) patterns(lists_[list.name], 0);
}

WordLists::Linked* WordLists::linked(std::string_view name) {
  if (const auto it = lists_.find(name); it != lists_.end()) return &it->second;
  return shared_ != nullptr ? shared_->linked(name) : nullptr;
}

const PatternSet* WordLists::find(std::string_view name) {
  Linked* found = linked(name);
  if (found == nullptr) return nullptr;
  found->used = true;
  return &patterns(*found, 0);
}

const PatternSet* WordLists::find(const Item& item) {
  if (const PatternSet* found = find(item.text)) return found;
  std::vector<std::string_view> known;
  for (const WordLists* lists = this; lists != nullptr; lists = lists->shared_)
    for (const auto& [name, linked] : lists->lists_) known.push_back(name);
  findings_.error(
      item.place, "unknown-list",
      both("没有列表 " + quoted("$" + item.text), "unknown list " + quoted("$" + item.text)),
      nearest(item.text, known));
  return nullptr;
}

const WordList* WordLists::text(std::string_view name) const {
  const auto it = lists_.find(name);
  return it != lists_.end() ? it->second.list : nullptr;
}

const PatternSet& WordLists::patterns(Linked& linked, size_t depth) {
  if (linked.state != Linked::State::Untouched) return linked.patterns;
  linked.state = Linked::State::BeingRead;
  std::set<uint32_t> seen;
  for (const Item& item : linked.list->items) {
    PatternSet added;
    add(linked, item, depth, added);
    for (const uint32_t id : added)
      if (!seen.insert(id).second && item.kind == Item::Kind::Word)
        findings_.warning(item.place, "duplicate-word",
                          both("列表里已有同样的词 " + quoted(item.text),
                               "the list has this word already, folded"),
                          {}, findings_.full() ? std::nullopt : remove_item(item.place, item.text));
    linked.patterns.insert(linked.patterns.end(), added.begin(), added.end());
  }
  sort_unique(linked.patterns);
  linked.state = Linked::State::Ready;
  return linked.patterns;
}

void WordLists::add(Linked& linked, const Item& item, size_t depth, PatternSet& out) {
  if (item.kind == Item::Kind::List) return add_list(item, depth, out);
  if (item.kind == Item::Kind::Word) return add_words(*linked.list, item, out);
  const auto file = files_.find(item.text);
  if (file == files_.end()) return;  // a finding says why
  for (const Item& word : file->second) add_words(*linked.list, word, out);
}

void WordLists::add_list(const Item& item, size_t depth, PatternSet& out) {
  Linked* inner = linked(item.text);
  if (inner == nullptr) {
    find(item);
    return;
  }
  inner->used = true;
  if (inner->state == Linked::State::BeingRead || depth >= kListDepthMax) {
    findings_.error(item.place, "nested-list",
                    both("列表 " + quoted("$" + item.text) + " 绕回自己，或套得太深",
                         "a list inside itself, or nested too deeply"));
    return;
  }
  out = patterns(*inner, depth + 1);
}

// Bars separate the short forms of a courier.
void WordLists::add_words(const WordList& list, const Item& item, PatternSet& out) {
  const bool forms = list.name == kCouriers && item.text.find('|') != std::string::npos;
  for (const std::string& word : forms ? split_bars(item.text) : std::vector{item.text})
    if (const uint32_t id = add_word(word, item.place, vocabulary_, findings_); id != kNoWord)
      out.push_back(id);
}

void WordLists::report_unused() const {
  for (const auto& [name, linked] : lists_)
    if (!linked.used)
      findings_.warning(linked.list->place, "unused-list",
                        both("列表 " + quoted(name) + " 没有规则使用",
                             "list " + quoted(name) + " is never used"));
}

}  // namespace rules
