#include "rules/look.h"

#include <algorithm>

#include "core/text/mask.h"
#include "core/text/utf8.h"

namespace rules {

void Look::at(std::string text) {
  text_ = std::move(text);
  core::text::mask(text_);
  core::text::fold(text_, folded_);
  scanner_.scan(folded_, matches_);
  namer_.find(folded_, matches_, naming_);
}

// Folding first tells whether there may be anything to mask: in most texts there is not.
void Look::add(std::string& text) {
  core::text::fold(text, folded_);
  if (folded_.may_hold_personal && core::text::mask(text)) core::text::fold(text, folded_);
  scanner_.add(folded_);
}

void Look::at_added(size_t i, const std::string& masked) {
  text_ = masked;
  core::text::fold(text_, folded_);
  scanner_.scan(i, folded_, matches_);
  namer_.find(folded_, matches_, naming_);
}

bool Look::fires(uint32_t rule) const {
  return judge_rule(book_.program_.rules[rule], rule, matches_, naming_.masks).fires;
}

const std::vector<Fired>& Look::fired(const core::Event& event) {
  judge_rules(book_.program_, event, matches_, naming_.masks, seen_, fired_);
  return fired_;
}

const std::vector<Fired>& Look::fired_by_any() {
  triggered_rules(book_.program_, matches_, seen_, fired_);
  std::erase_if(fired_, [this](const Fired& fired) { return !fires(fired.rule); });
  std::ranges::sort(fired_, {}, &Fired::rule);
  return fired_;
}

std::string Look::words_found() const {
  std::string words;
  const std::u32string_view chars = folded_.chars;
  for (const Match& m : matches_)
    words.append(1, ' ').append(
        quoted(core::text::to_utf8(chars.substr(m.begin, m.end - m.begin))));
  return words.empty() ? std::string(" -") : words;
}

}  // namespace rules
