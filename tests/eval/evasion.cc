// The tool of evasion.py: finds words in texts and says how each one was written.
//
//   evasion_eval WORDS TEXTS [TRICKS]      one word, one text a line; TRICKS: bits of rules/trick.h
//
// Prints "text word begin end tricks changed gain" for every match (gain 0: stands as the standard
// fold reads it), and at the end, as a comment, what the scans took.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "core/text/fold.h"
#include "core/text/mask.h"
#include "rules/guise_scanner.h"
#include "rules/matcher.h"
#include "rules/vocabulary.h"

namespace {

std::vector<std::string> lines_of(const char* path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto tricks = static_cast<uint16_t>(argc > 3 ? std::stoi(argv[3]) : rules::kGuises);
  std::vector<std::u32string> words;
  std::vector<size_t> lines;  // of the words
  std::vector<rules::Guises::Word> guise_words;
  size_t line_number = 0;
  for (const std::string& line : lines_of(argv[1])) {
    std::u32string word = core::text::fold_word(line);
    ++line_number;
    if (word.size() < rules::kWordCharsMin || std::ranges::count(words, word) != 0) continue;
    guise_words.push_back({static_cast<uint32_t>(words.size()), word});
    words.push_back(std::move(word));
    lines.push_back(line_number - 1);
  }
  rules::CompileError error;
  rules::Scanner scanner(rules::Matcher::create(words, {}, error));
  rules::GuiseScanner guise_scanner(rules::Guises::create(guise_words, tricks));
  std::vector<core::text::Folded> texts;
  for (std::string text : lines_of(argv[2])) {
    core::text::mask(text);
    core::text::fold(text, texts.emplace_back());
  }
  std::vector<rules::Match> matches;
  std::vector<rules::Guise> guises;
  const std::clock_t start = std::clock();  // of the processor: the machine may be busy
  for (const core::text::Folded& text : texts) scanner.scan(text, matches);
  const std::clock_t middle = std::clock();
  for (const core::text::Folded& text : texts) guise_scanner.scan(text, guises);
  const std::clock_t end = std::clock();
  for (size_t i = 0; i < texts.size(); ++i) {
    scanner.scan(texts[i], matches);
    guise_scanner.scan(texts[i], guises);
    for (const rules::Match& m : matches)
      std::printf("%zu\t%zu\t%u\t%u\t%u\t0\t0\n", i, lines[m.pattern], m.begin, m.end, m.tricks);
    for (const rules::Guise& g : guises)
      std::printf("%zu\t%zu\t%u\t%u\t%u\t%u\t%d\n", i, lines[g.word], g.begin, g.end, g.tricks,
                  g.changed, g.gain);
  }
  const auto share = [&](std::clock_t from, std::clock_t to) {
    return static_cast<double>(to - from) * 1e9 / CLOCKS_PER_SEC /
           static_cast<double>(texts.size());
  };
  std::printf("# ns a text: standard %.0f, aggressive %.0f\n", share(start, middle),
              share(start, end));
  return 0;
}
