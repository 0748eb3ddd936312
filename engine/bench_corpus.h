#pragma once
// BenchCorpus: group-chat events as a bench needs them - sentences of dictionary words by their
// frequency, with punctuation, emoji, links, full-width letters and some traditional characters,
// about 290 bytes a line - and a rule book of rarer dictionary words, of which a few per cent of
// the messages hold one, some of them disguised.
#include <string>
#include <vector>

#include "core/result.h"

namespace engine {

struct BenchCorpus {
  std::string lines;               // JSON lines of the `qingyu` format
  std::vector<std::string> words;  // what the rules look for
  std::string pack;                // a rule pack of them, YAML
};

// BadSettings when the dictionary (Debian's python3-jieba) is not installed.
core::Result<BenchCorpus> make_bench_corpus(size_t events, size_t words);

}  // namespace engine
