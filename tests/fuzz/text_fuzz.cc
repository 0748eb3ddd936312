// Any bytes through folding, masking and fingerprints: no crash, and what must hold for every text.
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/text/fingerprint.h"
#include "core/text/fold.h"
#include "core/text/mask.h"
#include "core/text/utf8.h"

namespace text = core::text;

namespace {

void check_fold(const std::string& bytes, text::Folded& folded) {
  text::fold(bytes, folded);
  INVARIANT(folded.original_length == text::count_code_points(bytes));
  INVARIANT(folded.begin.size() == folded.chars.size());
  INVARIANT(folded.end.size() == folded.chars.size());
  INVARIANT(folded.joined.size() == folded.chars.size());
  for (size_t i = 0; i < folded.chars.size(); ++i) {
    INVARIANT(folded.begin[i] < folded.end[i] && folded.end[i] <= folded.original_length);
    INVARIANT(i == 0 || folded.begin[i] >= folded.begin[i - 1]);
    INVARIANT(i == 0 || folded.end[i] >= folded.end[i - 1]);
    text::known_word_begins(folded.chars, i);
  }
  text::Folded again;
  text::fold(text::to_utf8(folded.chars), again);
  INVARIANT(again.chars == folded.chars);
}

void check_mask(const std::string& bytes) {
  const std::string valid = text::to_utf8(text::to_utf32(bytes));
  std::string once = valid;
  const bool masked = text::mask(once);
  INVARIANT(masked == (once != valid));
  text::Folded folded;
  text::fold(valid, folded);
  INVARIANT(!masked || folded.may_hold_personal);
  INVARIANT(text::count_code_points(once) == text::count_code_points(valid));
  std::string twice = once;
  INVARIANT(!text::mask(twice) && twice == once);
}

void check_fingerprints(const text::Folded& folded) {
  std::vector<uint64_t> prints;
  const uint64_t copy = text::copy_marks(folded, prints);
  INVARIANT(prints.size() <= text::kFingerprintsMax);
  INVARIANT(prints.empty() == (copy == 0));
  for (size_t i = 1; i < prints.size(); ++i) INVARIANT(prints[i - 1] < prints[i]);
  INVARIANT(prints.empty() || prints.size() < 2 || text::near_copies(prints, prints));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  text::Folded folded;
  check_fold(bytes, folded);
  check_mask(bytes);
  check_fingerprints(folded);
  return 0;
}
