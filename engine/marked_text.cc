#include "engine/marked_text.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "core/text/utf8.h"

namespace engine {

namespace {

constexpr std::string_view kMark = "\x1b[1;31m", kBold = "\x1b[1m", kDim = "\x1b[2m",
                           kPlain = "\x1b[0m";
constexpr char32_t kLineBreak = 0x21b5, kPictures = 0x2400, kDelete = 0x2421, kUnknown = 0xfffd;

bool turns(char32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

// What may be shown in the place of `c`.
char32_t harmless(char32_t c) {
  if (c == U'\n') return kLineBreak;
  if (c < 0x20) return kPictures + c;
  if (c == 0x7f) return kDelete;
  if ((c >= 0x80 && c < 0xa0) || turns(c)) return kUnknown;
  return c;
}

// Apart and in order.
void unite(std::vector<MarkedSpan>& stretches) {
  std::ranges::sort(stretches, {}, &MarkedSpan::start);
  size_t kept = 0;
  for (const MarkedSpan& s : stretches) {
    if (s.start >= s.end) continue;
    if (kept > 0 && s.start <= stretches[kept - 1].end)
      stretches[kept - 1].end = std::max(stretches[kept - 1].end, s.end);
    else
      stretches[kept++] = s;
  }
  stretches.resize(kept);
}

std::string painted(std::string_view text, std::string_view colour, Paint paint) {
  std::string out = marked(text, {}, Paint::No);
  if (paint == Paint::Yes) out.insert(0, colour).append(kPlain);
  return out;
}

}  // namespace

Paint paint_for(PaintWanted wanted) {
  if (wanted != PaintWanted::Auto) return wanted == PaintWanted::Always ? Paint::Yes : Paint::No;
  const char* refused = std::getenv("NO_COLOR");
  if (refused != nullptr && *refused != '\0') return Paint::No;
  return isatty(STDOUT_FILENO) == 1 ? Paint::Yes : Paint::No;
}

std::string marked(std::string_view utf8, std::vector<MarkedSpan> stretches, Paint paint) {
  if (paint == Paint::No) stretches.clear();
  unite(stretches);
  std::string out;
  out.reserve(utf8.size() + stretches.size() * (kMark.size() + kPlain.size()));
  auto next = stretches.begin();
  uint32_t at = 0;
  for (size_t i = 0; i < utf8.size(); ++at) {
    if (next != stretches.end() && at == next->start) out += kMark;
    core::text::append_utf8(out, harmless(core::text::decode_at(utf8, i)));
    if (next != stretches.end() && at + 1 == next->end) {
      out += kPlain;
      ++next;
    }
  }
  if (next != stretches.end() && at > next->start) out += kPlain;
  return out;
}

std::string bold(std::string_view text, Paint paint) { return painted(text, kBold, paint); }
std::string dim(std::string_view text, Paint paint) { return painted(text, kDim, paint); }

}  // namespace engine
