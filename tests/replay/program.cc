#include "tests/replay/program.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/servers/child.h"

namespace tests {

std::string qingyu_path() { return QINGYU_BINARY; }

Ran qingyu(const std::vector<std::string>& arguments, const std::string& folder) {
  static int runs = 0;
  const std::string log = folder + "/run-" + std::to_string(++runs) + ".log";
  std::vector<std::string> all = {qingyu_path()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Child child(all, log);
  const int code = child.wait();
  return {code, read_file(log)};
}

Said said(const std::vector<std::string>& arguments, const std::string& folder,
          const std::string& input) {
  const std::string out = folder + "/said.out", err = folder + "/said.err";
  const std::string apart =
      "in=$1 out=$2 err=$3; shift 3; exec \"$@\" <\"$in\" >\"$out\" 2>\"$err\"";
  std::vector<std::string> all = {"sh", "-c", apart, "sh", input, out, err, qingyu_path()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Child child(all, folder + "/said.log");
  const int code = child.wait();
  return {code, read_file(out), read_file(err)};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text << std::flush;
  if (!out) throw std::runtime_error("cannot write " + path);
}

bool whole_matrices() {
  const char* all = std::getenv("QINGYU_ALL");
  return all != nullptr && *all != '\0';
}

uint64_t test_seed() {
  const char* seed = std::getenv("QINGYU_SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1;
}

}  // namespace tests
