// Writes the table of ordinary_words.cc at build time.
//
//   generate_ordinary_words dict.txt OUT      (lines "word frequency part-of-speech")
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "core/hash.h"
#include "core/text/utf8.h"

namespace {

constexpr long kFrequencyMin = 200;
constexpr size_t kCharsMin = 2, kCharsMax = 4;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream in(argv[1]);
  std::set<uint64_t> hashes;
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string word, part;
    long frequency = 0;
    fields >> word >> frequency >> part;
    const size_t chars = core::text::count_code_points(word);
    if (frequency >= kFrequencyMin && chars >= kCharsMin && chars <= kCharsMax && part != "nz" &&
        part != "nt")
      hashes.insert(core::hash64(word));
  }
  std::ofstream out(argv[2]);
  for (const uint64_t hash : hashes) out << hash << "u,\n";
  out.close();
  if (hashes.size() < 1000 || !out) {
    std::fprintf(stderr, "generate_ordinary_words: %s is not the dictionary\n", argv[1]);
    return 2;
  }
  return 0;
}
