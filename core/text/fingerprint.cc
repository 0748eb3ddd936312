#include "core/text/fingerprint.h"

#include <algorithm>
#include <array>

#include "core/hash.h"
#include "core/text/tables/tables.h"

namespace core::text {
namespace {

constexpr size_t kGram = 4, kWindow = 4;
constexpr size_t kNameMax = 20;     // characters of an @name; WeChat and Weibo allow no more
constexpr size_t kBracketMax = 8;   // of [emoji]
constexpr size_t kKeptMax = 16384;  // characters of a text that are looked at

bool is_kept(char32_t c) { return is_word(entry_of(c).kind()); }

// The end of the URL that begins at `i`; `i` if none does. Folding has removed the dots and the
// space behind it, so it goes on to the first character that is not ASCII.
size_t url_end(const std::u32string& chars, size_t i) {
  const auto begins = [&](std::u32string_view scheme) {
    return chars.compare(i, scheme.size(), scheme) == 0;
  };
  const bool behind_letter = i > 0 && entry_of(chars[i - 1]).kind() == Class::Latin;
  if (behind_letter || !(begins(U"http://") || begins(U"https://") || begins(U"www"))) return i;
  const auto end = std::find_if(chars.begin() + static_cast<std::ptrdiff_t>(i), chars.end(),
                                [](char32_t c) { return c <= U' ' || c > 0x7E; });
  return static_cast<size_t>(end - chars.begin());
}

// The end of the @name at `i`: at a space, at punctuation, but not after too many characters.
size_t name_end(const Folded& text, size_t i) {
  size_t end = i + 1;
  while (end < text.chars.size() && is_kept(text.chars[end]) &&
         (end == i + 1 || text.joined[end] != kSpaced)) {
    if (++end > i + 1 + kNameMax) return i + 1;
  }
  return end;
}

// The end of the bracketed name at `i`; behind the bracket if it is none.
size_t bracket_end(const std::u32string& chars, size_t i) {
  size_t end = i + 1;
  while (end < chars.size() && end - i <= kBracketMax && is_kept(chars[end])) ++end;
  return end < chars.size() && chars[end] == U']' ? end + 1 : i + 1;
}

std::u32string kept_chars(const Folded& text) {
  std::u32string kept;
  const std::u32string& chars = text.chars;
  kept.reserve(std::min(chars.size(), kKeptMax));
  for (size_t i = 0; i < chars.size() && kept.size() < kKeptMax;) {
    size_t skipped = i;
    if (chars[i] == U'@') skipped = name_end(text, i);
    if (chars[i] == U'[') skipped = bracket_end(chars, i);
    if (chars[i] == U'h' || chars[i] == U'w') skipped = url_end(chars, i);
    if (skipped > i) {
      i = skipped;
      continue;
    }
    if (is_kept(chars[i])) kept.push_back(chars[i]);
    ++i;
  }
  return kept;
}

// Code points have 21 bits, so four of them lie in two words without loss.
uint64_t gram_hash(const char32_t* c) {
  const uint64_t first =
      static_cast<uint64_t>(c[0]) << 42 | static_cast<uint64_t>(c[1]) << 21 | c[2];
  return hash_mix(kHashSeed + first, c[3]);
}

// Keeps `out` ascending, unique and short.
void keep_small(uint64_t hash, std::vector<uint64_t>& out) {
  const auto at = std::lower_bound(out.begin(), out.end(), hash);
  if (at != out.end() && *at == hash) return;
  if (out.size() == kFingerprintsMax) {
    if (at == out.end()) return;
    out.pop_back();
  }
  out.insert(at, hash);
}

}  // namespace

uint64_t copy_marks(const Folded& text, std::vector<uint64_t>& fingerprints) {
  fingerprints.clear();
  const std::u32string kept = kept_chars(text);
  if (kept.size() < kCopyCharsMin) return 0;
  fingerprints.reserve(kFingerprintsMax);
  std::array<uint64_t, kWindow> window{};
  uint64_t last = 0;
  for (size_t i = 0; i + kGram <= kept.size(); ++i) {
    window[i % kWindow] = gram_hash(kept.data() + i);
    if (i + 1 < kWindow) continue;
    const uint64_t smallest =
        std::min(std::min(window[0], window[1]), std::min(window[2], window[3]));
    if (smallest != last || i + 1 == kWindow) keep_small(smallest, fingerprints);
    last = smallest;
  }
  const uint64_t hash =
      hash64({reinterpret_cast<const char*>(kept.data()), kept.size() * sizeof(char32_t)});
  return hash == 0 ? 1 : hash;
}

bool near_copies(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  const size_t smaller = std::min(a.size(), b.size());
  size_t shared = 0;
  for (size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    shared += a[i] == b[k];
    const bool next_a = a[i] <= b[k], next_b = b[k] <= a[i];
    i += next_a;
    k += next_b;
  }
  return shared >= std::min<size_t>(3, std::max<size_t>(2, smaller / 2)) && 4 * shared >= smaller;
}

}  // namespace core::text
