#include "rules/pieces.h"

#include <algorithm>

namespace rules {

namespace {

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
      entries_.push_back({static_cast<uint32_t>(k), product});
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

void Pieces::finish() {
  std::ranges::sort(entries_, [this](const Entry& a, const Entry& b) {
    const int order = rest(a).compare(rest(b));
    return order != 0 ? order < 0 : a.product < b.product;
  });
}

Pieces::Range Pieces::narrowed(Range range, size_t depth, char32_t c) const {
  const auto begin = entries_.begin();
  const auto found =
      std::ranges::equal_range(begin + static_cast<std::ptrdiff_t>(range.from),
                               begin + static_cast<std::ptrdiff_t>(range.to), c, {},
                               [this, depth](const Entry& e) { return chars_[e.at + depth]; });
  return {static_cast<size_t>(found.begin() - begin), static_cast<size_t>(found.end() - begin)};
}

size_t Pieces::longest(std::u32string_view text, size_t begin, size_t end,
                       std::vector<uint32_t>& products) const {
  products.clear();
  if (entries_.empty()) return 0;
  size_t best = kCharsMin - 1;
  const size_t from = begin > kReachMax ? begin - kReachMax : 0;
  const size_t to = std::min(text.size(), end + kReachMax);
  bool too_many = false;
  for (size_t i = from; i + 1 < to; ++i) {
    if (i + 1 >= begin && i < end) continue;  // would use a character of the brand
    const size_t limit = i < begin ? begin : to;
    Range range{0, entries_.size()};
    size_t length = 0;
    for (; i + length < limit && text[i + length] != 0; ++length) {
      const Range next = narrowed(range, length, text[i + length]);
      if (next.from == next.to) break;
      range = next;
    }
    if (length < std::max(best, kCharsMin)) continue;
    if (length > best) {
      products.clear();
      too_many = false;
    }
    best = length;
    for (size_t k = range.from; k < range.to && !too_many; ++k) {
      if (std::ranges::find(products, entries_[k].product) == products.end())
        products.push_back(entries_[k].product);
      too_many = products.size() > kProductsMax;
    }
  }
  if (too_many) products.clear();
  std::ranges::sort(products);
  return best < kCharsMin ? 0 : best;
}

}  // namespace rules
