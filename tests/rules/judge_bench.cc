// How long a Judge takes for a message, beside the floor of one scan of its UTF-8 by the same
// number of words. Not a test: `ninja rules_bench && tests/rules/rules_bench DICT [WORDS]` with
// jieba's dict.txt. Texts are made of its words by frequency, like the corpus of the design's
// measurements; the rule words are rare words, so that one to three messages in a hundred hit.
#define DOCTEST_CONFIG_IMPLEMENT  // desk_of_files.cc checks with it
#include <doctest/doctest.h>
#include <hs/hs.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <random>
#include <sstream>

#include "core/text/utf8.h"
#include "tests/rules/desk_of_files.h"

namespace {

struct Dictionary {
  std::vector<std::string> words;
  std::vector<double> weights;
};

Dictionary read(const char* path) {
  Dictionary d;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string word;
    double frequency = 0;
    fields >> word >> frequency;
    d.words.push_back(word);
    d.weights.push_back(frequency);
  }
  return d;
}

std::vector<core::text::Folded> make_texts(const Dictionary& d, size_t n) {
  std::mt19937 random(7);
  std::discrete_distribution<size_t> word(d.weights.begin(), d.weights.end());
  std::lognormal_distribution<double> length(3.0, 1.0);
  std::vector<core::text::Folded> texts(n);
  for (core::text::Folded& folded : texts) {
    std::string text;
    const double chars = std::min(600.0, std::max(3.0, length(random)));
    while (static_cast<double>(core::text::count_code_points(text)) < chars) {
      text += d.words[word(random)];
      if (random() % 8 == 0) text += "，";
    }
    core::text::fold(text, folded);
  }
  return texts;
}

std::vector<std::string> rare_words(const Dictionary& d, size_t n) {
  std::vector<std::string> words;
  for (size_t i = 0; i < d.words.size() && words.size() < n; i += 3)
    if (d.weights[i] <= 3 && core::text::count_code_points(d.words[i]) >= 2 &&
        core::text::count_code_points(d.words[i]) <= 6)
      words.push_back(d.words[i]);
  return words;
}

hs_database_t* floor_database(const std::vector<std::string>& words) {
  std::vector<const char*> starts;
  std::vector<size_t> sizes;
  std::vector<unsigned> flags(words.size(), 0), ids(words.size(), 0);
  for (const std::string& w : words) {
    starts.push_back(w.data());
    sizes.push_back(w.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  hs_compile_lit_multi(starts.data(), flags.data(), ids.data(), sizes.data(),
                       static_cast<unsigned>(words.size()), HS_MODE_BLOCK, nullptr, &database,
                       &error);
  return database;
}

// CPU time: other work on the machine does not count.
double cpu_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

template <typename F>
double nanoseconds_each(size_t n, F run) {
  double best = 1e18;
  for (int round = 0; round < 60; ++round) {
    const double start = cpu_seconds();
    for (size_t i = 0; i < n; ++i) run(i);
    best = std::min(best, (cpu_seconds() - start) * 1e9 / static_cast<double>(n));
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const Dictionary dictionary = read(argc > 1 ? argv[1] : "");
  const size_t n = argc > 2 ? std::stoul(argv[2]) : 10'000;
  if (dictionary.words.empty()) return std::puts("usage: rules_bench dict.txt [words]"), 2;
  const std::vector<std::string> words = rare_words(dictionary, n);
  rules_test::DeskOfFiles desk;
  std::string pack = "pack: bench\nowner: qa\nrules:\n  - {id: r, name: r, issue: expiry, ";
  pack += "level: blue, tests: [{hit: '" + words.front() + "'}, {miss: '。'}], when: {any: [";
  for (const std::string& word : words) pack.append("'").append(word).append("', ");
  desk.write("pack.yaml", pack + "]}}\n");
  desk.load();
  if (desk.book == nullptr) return std::puts(desk.printed().c_str()), 1;
  const auto judge = rules::make_judge(desk.book);
  const std::vector<core::text::Folded> texts = make_texts(dictionary, 4000);
  std::vector<std::string> utf8;
  for (const core::text::Folded& t : texts) utf8.push_back(core::text::to_utf8(t.chars));

  core::Event event;
  event.kind = core::Kind::Chat;
  std::vector<core::Signal> signals;
  size_t hits = 0, chars = 0;
  std::vector<size_t> silent;
  for (size_t i = 0; i < texts.size(); ++i) {
    signals.clear();
    judge->judge(event, texts[i], signals);
    hits += signals.empty() ? 0 : 1;
    if (signals.empty()) silent.push_back(i);
    chars += texts[i].chars.size();
  }
  const auto run = [&](size_t i) {
    signals.clear();
    judge->judge(event, texts[i], signals);
  };
  hs_database_t* const database = floor_database(words);
  hs_scratch_t* scratch = nullptr;
  hs_alloc_scratch(database, &scratch);
  const auto none = [](unsigned, unsigned long long, unsigned long long, unsigned, void*) {
    return 0;
  };
  const double all = nanoseconds_each(texts.size(), run);
  const double quiet = nanoseconds_each(silent.size(), [&](size_t i) { run(silent[i]); });
  const double floor = nanoseconds_each(texts.size(), [&](size_t i) {
    hs_scan(database, utf8[i].data(), static_cast<unsigned>(utf8[i].size()), 0, scratch, none,
            nullptr);
  });
  std::printf(
      "words=%zu chars=%.1f hit_permille=%zu judge_ns=%.0f without_hit_ns=%.0f "
      "utf8_scan_ns=%.0f\n",
      desk.book->words(), static_cast<double>(chars) / static_cast<double>(texts.size()),
      hits * 1000 / texts.size(), all, quiet, floor);
  return 0;
}
