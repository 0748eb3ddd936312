#include "alerting/message_fit.h"

#include <algorithm>
#include <utility>

namespace alerting {

namespace {

size_t graphemes(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i = grapheme_end(text, i)) ++count;
  return count;
}

// One message on its way to fitting. Every step serialises anew.
class Fitter {
 public:
  Fitter(std::vector<Block> blocks, const Serialiser& body_of, const Fits& fits)
      : body_of_(body_of), fits_(fits) {
    fitted_.blocks = std::move(blocks);
  }

  Fitted run() {
    measure();
    while (!fitted_.fits && drop_one()) measure();
    if (!fitted_.fits) shrink_all(/*titles=*/false);
    if (!fitted_.fits) shrink_all(/*titles=*/true);
    return std::move(fitted_);
  }

 private:
  void measure() {
    fitted_.body = body_of_(fitted_.blocks);
    fitted_.fits = fits_(fitted_.body);
  }
  bool drop_one();
  void say_dropped();
  void shrink_all(bool titles);
  void shrink(size_t index);

  const Serialiser& body_of_;
  const Fits& fits_;
  Fitted fitted_;
};

bool Fitter::drop_one() {
  std::vector<Block>& blocks = fitted_.blocks;
  size_t victim = blocks.size();
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].mandatory) continue;
    if (victim == blocks.size() || blocks[i].priority <= blocks[victim].priority) victim = i;
  }
  if (victim == blocks.size()) return false;
  if (blocks[victim].part == Part::Quote) {
    const auto more = std::ranges::find_if(
        blocks, [](const Block& b) { return b.part == Part::More && b.unseen > 0; });
    if (more != blocks.end()) {
      more->text.replace(0, with_separators(more->unseen).size(),
                         with_separators(more->unseen + 1));
      ++more->unseen;
    }
  }
  blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(victim));
  ++fitted_.dropped;
  say_dropped();
  return true;
}

// In front of what is pressed or typed, behind all that is read.
void Fitter::say_dropped() {
  std::vector<Block>& blocks = fitted_.blocks;
  const std::string text =
      "…（其余 " + with_separators(static_cast<int64_t>(fitted_.dropped)) + " 条见详情）";
  const auto is_note = [](const Block& b) { return b.part == Part::More && b.mandatory; };
  const auto note = std::ranges::find_if(blocks, is_note);
  if (note != blocks.end()) {
    note->text = text;
    return;
  }
  const auto at = std::ranges::find_if(blocks, [](const Block& b) {
    return b.part == Part::Link || b.part == Part::Answer || b.part == Part::English;
  });
  Block block;
  block.part = Part::More;
  block.text = text;
  block.mandatory = true;
  blocks.insert(at, std::move(block));
}

void Fitter::shrink_all(bool titles) {
  for (size_t i = 0; i < fitted_.blocks.size() && !fitted_.fits; ++i) {
    const Block& b = fitted_.blocks[i];
    if (b.shrinks_to > 0 && (b.part == Part::Title) == titles) shrink(i);
  }
}

// As much of the text as fits; what is least when nothing does.
void Fitter::shrink(size_t index) {
  const std::string whole = fitted_.blocks[index].text;
  size_t low = fitted_.blocks[index].shrinks_to, high = graphemes(whole);
  if (high <= low) return;
  fitted_.cut = true;
  const auto cut_to = [&](size_t count) {
    fitted_.blocks[index].text = clipped(whole, {count + 1, whole.size()});  // one for the "…"
    measure();
    return fitted_.fits;
  };
  while (low + 1 < high) {
    const size_t middle = low + (high - low) / 2;
    (cut_to(middle) ? low : high) = middle;
  }
  cut_to(low);
}

}  // namespace

Fitted fit(std::vector<Block> blocks, const Serialiser& body_of, const Fits& fits) {
  return Fitter(std::move(blocks), body_of, fits).run();
}

Fitted fit(std::vector<Block> blocks, const Serialiser& body_of, size_t budget_bytes) {
  return fit(std::move(blocks), body_of,
             [budget_bytes](const std::string& body) { return body.size() <= budget_bytes; });
}

Rendered rendered_within(const core::Notification& n, const Extras& extras, const Rendering& how,
                         const Serialiser& body_of, const Fits& fits) {
  Rendered r;
  for (r.level = how.level;; r.level = static_cast<Degrade>(static_cast<int>(r.level) + 1)) {
    Fitted fitted =
        fit(blocks_of(n, extras, {how.zone_offset_minutes, r.level, how.resend}), body_of, fits);
    r.body = std::move(fitted.body);
    r.text = plain_text(fitted.blocks);
    if (fitted.dropped > 0)
      r.warnings.push_back("lines left out: " + std::to_string(fitted.dropped));
    if (fitted.cut) r.warnings.push_back("a text was cut");
    if (fitted.fits) return r;
    r.warnings.push_back("too large even so");
    if (r.level == Degrade::Neutral) return r;
  }
}

Rendered rendered_within(const core::Notification& n, const Extras& extras, const Rendering& how,
                         const Serialiser& body_of, size_t budget_bytes) {
  return rendered_within(n, extras, how, body_of, [budget_bytes](const std::string& body) {
    return body.size() <= budget_bytes;
  });
}

}  // namespace alerting
