#include "engine/bench_corpus.h"

#include <algorithm>
#include <fstream>

#include "core/hash.h"
#include "core/text/fold.h"
#include "core/text/utf8.h"

namespace engine {

namespace {

constexpr const char* kDictionary = "/usr/lib/python3/dist-packages/jieba/dict.txt";
constexpr size_t kWordsPerRule = 100;
constexpr size_t kCommonWords = 20'000;
constexpr int64_t kStart = 1'773'100'000'000;

// A small generator with a state that is the same everywhere.
class Dice {
 public:
  uint64_t roll(uint64_t sides) { return (state_ = core::hash_mix(state_, 1)) % sides; }
  bool chance(uint64_t permille) { return roll(1000) < permille; }

 private:
  uint64_t state_ = 20'261'124;
};

struct Entry {
  std::string word;
  uint64_t frequency = 0;
};

bool all_han(const std::u32string& chars) {
  return std::ranges::all_of(chars, [](char32_t c) { return c >= 0x4e00 && c <= 0x9fff; });
}

core::Result<std::vector<Entry>> read_dictionary() {
  std::ifstream in(kDictionary);
  if (!in)
    return core::Error{core::Code::BadSettings, std::string("the bench needs ") + kDictionary +
                                                    " (Debian: apt-get install python3-jieba)"};
  std::vector<Entry> entries;
  std::string word, part;
  uint64_t frequency = 0;
  while (in >> word >> frequency >> part) {
    const std::u32string chars = core::text::to_utf32(word);
    // Rules must find them: only words that folding leaves as they are.
    if (chars.size() < 2 || chars.size() > 6 || !all_han(chars) ||
        core::text::fold_word(word) != chars)
      continue;
    entries.push_back({word, frequency});
  }
  std::ranges::stable_sort(
      entries, [](const Entry& a, const Entry& b) { return a.frequency > b.frequency; });
  return entries;
}

class Writer {
 public:
  Writer(const std::vector<Entry>& dictionary, const std::vector<std::string>& words)
      : dictionary_(dictionary), words_(words) {
    uint64_t sum = 0;
    for (size_t i = 0; i < std::min(kCommonWords, dictionary.size()); ++i)
      sums_.push_back(sum += dictionary[i].frequency);
  }

  void write(size_t i, std::string& out) {
    const std::string n = std::to_string(i);
    const std::string group = std::to_string(dice_.roll(300));
    out += R"({"id":"b)" + n + R"(","ts":)" +
           std::to_string(kStart + static_cast<int64_t>(i) * 100) +
           R"(,"platform":"wechat","kind":"chat","channel":{"id":"g)" + group + R"(","name":")" +
           "邻里群" + group + R"(","members":)" + std::to_string(30 + dice_.roll(470)) +
           R"(},"author":{"id":"u)" + core::hex16(core::hash_mix(7, dice_.roll(50'000))) +
           R"("},"text":")" + text() + "\"";
    if (dice_.chance(100) && i > 100)
      out += R"(,"forward_of":"b)" + std::to_string(i - 1 - dice_.roll(99)) + "\"";
    out += "}\n";
  }

 private:
  const std::string& common_word() {
    const auto it = std::ranges::upper_bound(sums_, dice_.roll(sums_.back()));
    return dictionary_[static_cast<size_t>(it - sums_.begin())].word;
  }

  std::string keyword() {
    const std::string& word = words_[dice_.roll(words_.size())];
    if (!dice_.chance(300)) return word;
    const std::u32string chars = core::text::to_utf32(word);
    return core::text::to_utf8(chars.substr(0, 1)) + (dice_.chance(500) ? "*" : "\xe2\x80\x8b") +
           core::text::to_utf8(chars.substr(1));
  }

  std::string text() {
    static constexpr const char* kBetween[] = {"，", "。", "！", "？", "", "",
                                               "",   "",   "",   "",   "", ""};
    static constexpr const char* kExtras[] = {
        "😂",        "[微笑]", "ＡＢＣ",     " http://u.test/1a2b3c4d",
        "這個東西", "\\n",    "\\\"好\\\"", "12.5元"};
    std::string all;
    const uint64_t length = 4 + dice_.roll(12) + (dice_.chance(100) ? dice_.roll(60) : 0);
    for (uint64_t i = 0; i < length; ++i) {
      all += common_word();
      all += kBetween[dice_.roll(std::size(kBetween))];
      if (dice_.chance(30)) all += kExtras[dice_.roll(std::size(kExtras))];
    }
    if (dice_.chance(18)) all += keyword();
    return all;
  }

  Dice dice_;
  const std::vector<Entry>& dictionary_;
  const std::vector<std::string>& words_;
  std::vector<uint64_t> sums_;
};

std::string pack_of(const std::vector<std::string>& words) {
  std::string yaml = "pack: bench\nowner: bench\nrules:\n";
  for (size_t from = 0; from < words.size(); from += kWordsPerRule) {
    const std::string n = std::to_string(from / kWordsPerRule);
    yaml += "  - id: bench-" + n +
            "\n    name: bench\n    issue: expiry\n    level: blue\n    subject: product\n    "
            "when:\n      any: [";
    for (size_t i = from; i < std::min(words.size(), from + kWordsPerRule); ++i)
      yaml += (i > from ? ", " : "") + words[i];
    yaml += "]\n    tests:\n      - hit: " + words[from] + "\n";
  }
  return yaml;
}

}  // namespace

core::Result<BenchCorpus> make_bench_corpus(size_t events, size_t words) {
  const auto dictionary = read_dictionary();
  if (!dictionary) return dictionary.error();
  if (dictionary->size() < kCommonWords + words)
    return core::Error{core::Code::BadSettings, "the dictionary is too small for so many words"};
  BenchCorpus corpus;
  // Rare words, spread evenly over the tail.
  const size_t step = (dictionary->size() - kCommonWords) / words;
  for (size_t i = 0; i < words; ++i)
    corpus.words.push_back((*dictionary)[kCommonWords + i * step].word);
  std::ranges::sort(corpus.words);
  corpus.words.erase(std::unique(corpus.words.begin(), corpus.words.end()), corpus.words.end());
  Writer writer(*dictionary, corpus.words);
  for (size_t i = 0; i < events; ++i) writer.write(i, corpus.lines);
  corpus.pack = pack_of(corpus.words);
  return corpus;
}

}  // namespace engine
