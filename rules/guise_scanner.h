#pragma once
// GuiseScanner: finds the words of a Guises in messages where they are disguised. A guise counts
// only where the text makes less sense as it stands than with the word in its place (likelihood.h):
// 果期 is 过期 in 奶粉果期了, but not in 结果期待. Owned by one thread.
#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/text/fold.h"
#include "rules/guises.h"
#include "rules/likelihood.h"

namespace rules {

inline constexpr size_t kGuisesMax = 256;          // of one message, before they are weighed
inline constexpr size_t kGuiseStepsMax = 200'000;  // of the walk through one message

struct Guise {
  uint32_t begin = 0, end = 0;  // characters of the folded text
  uint32_t word = 0;
  uint16_t tricks = 0;
  uint16_t changed = 0;  // letters of the word that are disguised
  int32_t gain = 0;      // how much more sense the text makes with the word, in eighths of a bit
  auto operator<=>(const Guise&) const = default;
};

// Whether a guise counts: the gain must outweigh what its tricks make of ordinary text.
bool is_convincing(const Guise& guise, size_t letters);

class GuiseScanner {
 public:
  explicit GuiseScanner(std::shared_ptr<const Guises> guises) : guises_(std::move(guises)) {}

  // Every convincing guise in `text`, sorted, each word once at a place.
  void scan(const core::text::Folded& text, std::vector<Guise>& out);

  uint64_t dropped() const { return dropped_; }  // guises, or messages whose walk was cut short

 private:
  static constexpr size_t kLetterBits = 256;
  using Letters = std::bitset<kLetterBits>;  // by letter modulo kLetterBits: most are ruled out
  struct Step {                              // some units in a row that stand for a letter
    uint32_t from = 0, to = 0;
    Stand stand;
  };
  struct Path {
    uint32_t begin = 0, at = 0, node = 0;
    uint16_t tricks = 0, changed = 0;
  };

  void read_units(const core::text::Folded& text);
  void find_steps();
  void find_parts(uint32_t i);
  void find_syllables(uint32_t begin, uint32_t end);
  void start(uint32_t begin);
  void follow(const Path& path);
  void follow_units(const Path& path);
  void follow_steps(const Path& path);
  void arrive(const Path& path);
  void found(Guise guise);
  bool is_hopeless(const Guise& guise);
  void weigh(const core::text::Folded& text, std::vector<Guise>& out);

  std::shared_ptr<const Guises> guises_;
  Likelihood likelihood_;
  std::vector<Unit> units_;
  std::vector<std::span<const Stand>> stands_;  // of each unit
  std::vector<Letters> letters_;                // of each unit: which letters are among them
  std::vector<Step> steps_;                     // ascending by from
  std::vector<uint32_t> steps_from_;            // of each unit: its first step
  std::vector<Guise> found_;  // begin and end are units here, words those of guises_
  std::u32string region_;
  std::string token_;
  size_t walked_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace rules
