#pragma once
// Pack edits: small changes to the text of a rule pack that leave every other byte as its author
// wrote it. Each gives the new text, or NotFound when the place is not there or is written in a way
// it does not understand. Whether the new text says what was meant is for the loader to tell.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace rules {

// A pack file's text and one of its rules.
struct RuleInPack {
  std::string file;  // for messages
  std::string bytes;
  std::string rule;
};

// `mode: shadow` becomes `mode: active`.
core::Result<std::string> with_mode_active(const RuleInPack& at);
// Adds words to `except` or `none` of `when`, which is made when it is not there.
core::Result<std::string> with_words(const RuleInPack& at, std::string_view key,
                                     const std::vector<std::string>& words);
// `near.within` becomes this.
core::Result<std::string> with_within(const RuleInPack& at, uint32_t within);
// Takes a word out of `any`: one that stands there itself, not in a list, and not the only one.
core::Result<std::string> without_word(const RuleInPack& at, const std::string& word);

// The lines that differ, as `diff -u` shows them, without context.
std::string line_diff(const std::string& file, const std::string& before, const std::string& after);

}  // namespace rules
