#pragma once
// Program: the built `qingyu`, run as its users run it.
#include <cstdint>
#include <string>
#include <vector>

namespace tests {

struct Ran {
  int code = 0;
  std::string output;  // standard output and error
};

// Runs `qingyu` with these arguments to its end, its log in `folder`.
Ran qingyu(const std::vector<std::string>& arguments, const std::string& folder);
// The same, standard output and error apart, with the file `input` as standard input.
struct Said {
  int code = 0;
  std::string out, err;
};
Said said(const std::vector<std::string>& arguments, const std::string& folder,
          const std::string& input = "/dev/null");
std::string qingyu_path();

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);
std::vector<std::string> lines_of(const std::string& text);

// Whether whole matrices are wanted (tests/run.sh --all), and the seed of what is drawn.
bool whole_matrices();
uint64_t test_seed();

}  // namespace tests
