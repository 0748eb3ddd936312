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
  static constexpr size_t kReachMax = 1000;  // characters before and behind the brand

  // Adds the folded name of a product. The brand and sizes (500g, 12x) in it are no pieces.
  void add(uint32_t product, std::u32string_view name, std::u32string_view brand);
  void finish();  // call once, after the last add()

  // The products whose names share the longest piece with `text` outside [begin, end), where the
  // brand stands; returns its length, 0 when there is none of kCharsMin characters.
  size_t longest(std::u32string_view text, size_t begin, size_t end,
                 std::vector<uint32_t>& products) const;

 private:
  struct Entry {
    uint64_t pair;  // two characters
    uint32_t at;    // where they stand in chars_
    uint32_t product;
    auto operator<=>(const Entry&) const = default;
  };

  std::u32string chars_;  // all pieces, each closed by a U+0000
  std::vector<Entry> entries_;
};

}  // namespace rules
