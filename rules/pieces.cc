#include "rules/pieces.h"

#include <algorithm>

namespace rules {

namespace {

uint64_t pair_of(char32_t a, char32_t b) { return static_cast<uint64_t>(a) << 32 | b; }

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_latin(char32_t c) { return c >= U'a' && c <= U'z'; }
bool is_letter(char32_t c) { return is_latin(c) || c >= 0xc0; }

// Behind a size: 500g, 1.5l, 6x300ml.
size_t skip_size(std::u32string_view name, size_t i) {
  while (i < name.size() && (is_digit(name[i]) || is_latin(name[i]) || name[i] == U'.' ||
                             name[i] == U'*' || name[i] == U'×'))
    ++i;
  return i;
}

}  // namespace

void Pieces::add(uint32_t product, std::u32string_view name, std::u32string_view brand) {
  size_t begin = chars_.size();
  const auto close = [&] {
    for (size_t k = begin; k + 1 < chars_.size(); ++k)
      entries_.push_back({pair_of(chars_[k], chars_[k + 1]), static_cast<uint32_t>(k), product});
    chars_.push_back(0);
    begin = chars_.size();
  };
  for (size_t i = 0; i < name.size();) {
    if (!brand.empty() && name.substr(i).starts_with(brand)) {
      close();
      i += brand.size();
    } else if (is_digit(name[i])) {
      close();
      i = skip_size(name, i);
    } else if (!is_letter(name[i])) {
      close();
      ++i;
    } else {
      chars_.push_back(name[i++]);
    }
  }
  close();
}

void Pieces::finish() { std::ranges::sort(entries_); }

size_t Pieces::longest(std::u32string_view text, size_t begin, size_t end,
                       std::vector<uint32_t>& products) const {
  products.clear();
  size_t best = 0;
  const size_t from = begin > kReachMax ? begin - kReachMax : 0;
  const size_t to = std::min(text.size(), end + kReachMax);
  for (size_t i = from; i + 1 < to; ++i) {
    if (i + 1 >= begin && i < end) continue;  // would use a character of the brand
    const size_t limit = i < begin ? begin : to;
    const uint64_t pair = pair_of(text[i], text[i + 1]);
    auto entry = std::ranges::lower_bound(entries_, pair, {}, &Entry::pair);
    for (; entry != entries_.end() && entry->pair == pair; ++entry) {
      size_t length = 2;
      while (i + length < limit && chars_[entry->at + length] == text[i + length]) ++length;
      if (length > best) products.clear();
      if (length >= best) products.push_back(entry->product);
      best = std::max(best, length);
    }
  }
  std::ranges::sort(products);
  products.erase(std::unique(products.begin(), products.end()), products.end());
  return best;
}

}  // namespace rules
