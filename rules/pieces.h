#pragma once
// Pieces: what of a product's name people say when they have said its brand already:
// "沐禾那个山茶花 的" shares the piece 山茶花 with 沐禾山茶花洗衣液2kg. One table a brand.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rules {

class Pieces {
 public:
  static constexpr size_t kCharsMin = 2;
  static constexpr size_t kReachMax = 1000;    // characters before and behind the brand
  static constexpr size_t kProductsMax = 200;  // what more products share says nothing of any

  // Adds the folded name of a product. The brand and sizes (500g, 12x) in it are no pieces.
  void add(uint32_t product, std::u32string_view name, std::u32string_view brand);
  void finish();  // call once, after the last add()

  // The products whose names share the longest piece with `text` outside [begin, end), where the
  // brand stands; returns its length, 0 when there is none of kCharsMin characters.
  size_t longest(std::u32string_view text, size_t begin, size_t end,
                 std::vector<uint32_t>& products) const;

 private:
  struct Entry {
    uint32_t at = 0;  // where a piece, or what is left of one, begins in chars_
    uint32_t product = 0;
  };
  struct Range {
    size_t from = 0, to = 0;  // of entries_
  };

  // The entries of `range` whose character number `depth` is `c`.
  Range narrowed(Range range, size_t depth, char32_t c) const;
  std::u32string_view rest(const Entry& entry) const { return chars_.c_str() + entry.at; }

  std::u32string chars_;        // all pieces, each closed by a U+0000
  std::vector<Entry> entries_;  // in order of what they begin with
};

}  // namespace rules
