#pragma once
// Whether a match stands for the word it matched, or only for the same characters in a row.
#include <span>

#include "core/text/fold.h"
#include "rules/matcher.h"

namespace rules {

// False when
// - the match begins or ends inside a longer word of Latin letters or a longer number: `tnt` is not
//   in `latnt`, nor 12315 in 123150. A letter beside a digit, and a removed space or separator, are
//   borders.
// - it reaches across a removed space, and behind the space begins a known word that ends behind
//   the match, and none that ends within it (没用过 期待 holds no 过期, but 吃坏 肚子疼 holds
//   吃坏肚子). Known words are the dictionary's and the words of `all`, the message's raw matches
//   in order (DESIGN 11.9).
bool stands(const core::text::Folded& text, const Match& match, std::span<const Match> all);

// How what matched is written: whether something was removed inside it, or letters only look like
// what they are.
uint16_t tricks_of(const core::text::Folded& text, const Match& match);

}  // namespace rules
