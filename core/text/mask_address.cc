#include <algorithm>

#include "core/text/mask_parts.h"

// Postal addresses, down to a door: a street with a house number (文三路88号), or a building with a
// room (3栋2单元501室, 5幢602, 翠苑小区3-2-501), with the regions before it and the parts behind
// it. What names an area only stays (杭州市西湖区, 南京西路旗舰店, 12号楼, 3号线): it is no
// person's, and it may be what a complaint is about. A text has no word borders, so where an
// address begins is found by going back over regions and names until a character that names do not
// have.
namespace core::text {
namespace {

constexpr size_t kNameMax = 6;     // characters of a name behind a region
constexpr size_t kStreetMax = 3;   // and of a street's when no region stands before it
constexpr size_t kEstateMax = 4;   // and of an estate's, its last word not counted
constexpr size_t kRegionMax = 8;   // of a region's name
constexpr size_t kRegionsMax = 6;  // province, prefecture, city, district, town, village
constexpr size_t kNumberMax = 5;   // digits of a house or room
constexpr size_t kPartsMax = 8;    // behind the house number
constexpr size_t kBetweenMax = 8;  // of a building's name between two numbers

bool in(std::u32string_view set, char32_t c) { return set.find(c) != set.npos; }

// Digits, letters of buildings, Chinese digits, and the last characters of a street's name: a quick
// no to all others.
bool may_begin(char32_t c) {
  if (!is_han(c)) return is_ascii_digit(c) || (c >= U'a' && c <= U'h') || c == U'〇';
  switch (c) {
    case U'路':
    case U'街':
    case U'巷':
    case U'村':
    case U'道':
    case U'同':
    case U'零':
    case U'一':
    case U'二':
    case U'三':
    case U'四':
    case U'五':
    case U'六':
    case U'七':
    case U'八':
    case U'九':
    case U'十':
    case U'百':
      return true;
    default:
      return false;
  }
}

// Characters that stand before an address and hardly in one.
bool ends_name(char32_t c) {
  return in(U"在住到去是寄送址往于从至回给我你他她它您的了跟说问有为把被让收买卖店司厂请就也这那过",
            c);
}

class Addresses {
 public:
  Addresses(std::u32string_view text, Hidden& hidden) : text_(text), hidden_(hidden) {}

  void run() {
    for (size_t i = 0; i < text_.size(); ++i) {
      if (!may_begin(text_[i])) continue;
      size_t end = 0;
      if (is_street(i)) end = house_end(i + 1);
      if (end == 0 && starts_number(i)) end = std::max(rooms_end(i), short_rooms_end(i));
      if (end == 0) continue;
      const size_t begin = is_street(i) ? name_begin(street_mark(i), kStreetMax) : estate_begin(i);
      end = parts_end(end);
      std::fill(hidden_.begin() + static_cast<std::ptrdiff_t>(begin),
                hidden_.begin() + static_cast<std::ptrdiff_t>(end), 1);
      i = end - 1;
    }
  }

 private:
  char32_t at(size_t i) const { return i < text_.size() ? text_[i] : U'\0'; }
  bool has(size_t i, std::u32string_view word) const {
    return text_.substr(std::min(i, text_.size()), word.size()) == word;
  }
  // Of the unit at `i`, one of those in `units`; 0: none.
  template <size_t n>
  size_t unit_length(size_t i, const std::u32string_view (&units)[n]) const {
    for (const std::u32string_view unit : units) {
      if (has(i, unit)) return unit.size();
    }
    return 0;
  }

  bool starts_number(size_t i) const {
    const auto digit = [&](char32_t c) { return is_ascii_digit(c) || is_chinese_digit(c); };
    const bool letter = at(i) >= U'a' && at(i) <= U'h';
    const bool first =
        i == 0 || !(digit(text_[i - 1]) || (text_[i - 1] >= U'a' && text_[i - 1] <= U'z'));
    return first && (digit(at(i)) || letter);
  }
  // The end of 88, 88-1, a3, 三十二; `i` if there is none.
  size_t number_end(size_t i) const {
    size_t end = i;
    if (at(end) >= U'a' && at(end) <= U'h') ++end;
    const size_t digits = end;
    while (end - digits < kNumberMax && is_ascii_digit(at(end))) ++end;
    if (end == i) {
      while (end - i < kNumberMax && is_chinese_digit(at(end))) ++end;
    }
    return is_ascii_digit(at(end)) || is_chinese_digit(at(end)) ? i : end;
  }

  // Whether the last character of a street's mark stands at `i`: 路 街 巷 村, 大道, 胡同.
  bool is_street(size_t i) const {
    const char32_t c = text_[i], before = i > 0 ? text_[i - 1] : U'\0';
    if (c == U'路') return !in(U"线电思套走半通铁网道出一", before);
    if (c == U'街') return !in(U"逛上扫", before);
    return c == U'巷' || c == U'村' || (c == U'道' && before == U'大') ||
           (c == U'同' && before == U'胡');
  }
  size_t street_mark(size_t i) const { return text_[i] == U'道' || text_[i] == U'同' ? i - 1 : i; }

  // The end of a street's number: 88号, 99弄5号, 3组12号; 0 if none, or if it names a metro line, a
  // shop or an exit.
  size_t house_end(size_t i) const {
    const size_t mark = street_mark(i - 1);
    if (mark < 2 || !is_han(text_[mark - 2]) || name_begin(mark, kStreetMax) == mark) return 0;
    static constexpr std::u32string_view kFirst[] = {U"弄", U"巷", U"组", U"队"};
    const size_t first = number_end(i);
    const size_t unit = first > i ? unit_length(first, kFirst) : 0;
    const size_t from = unit > 0 && number_end(first + unit) > first + unit ? first + unit : i;
    size_t end = number_end(from);
    if (end == from) return 0;
    if (at(end) == U'-' && number_end(end + 1) > end + 1) end = number_end(end + 1);
    if (at(end) != U'号' || in(U"线店口馆门", at(end + 1))) return 0;
    if (at(end + 1) == U'楼' && !in(U"上下前后里边旁", at(end + 2))) return 0;
    return end + 1;
  }

  // A building, then a unit, storeys or a room: 3栋2单元, 3栋2单元501室, 12号楼1203, a座1203; 0 if
  // that is not all there.
  size_t rooms_end(size_t i) const {
    static constexpr std::u32string_view kBuildings[] = {U"栋", U"幢", U"号楼", U"座", U"单元"};
    static constexpr std::u32string_view kStoreys[] = {U"层", U"楼"};
    size_t end = number_end(i);
    const size_t building = end > i ? unit_length(end, kBuildings) : 0;
    if (building == 0) return 0;
    if (at(end) == U'座' && is_chinese_digit(at(i))) return 0;
    const bool is_house = at(end) != U'座' && at(end) != U'单';
    end = skip_gap(end + building);
    size_t found = 0;
    const size_t entrance = number_end(end);
    if (is_house && entrance > end && has(entrance, U"单元")) {
      found = entrance + 2;
      end = skip_gap(found);
    }
    const size_t storey = number_end(end);
    if (storey > end && unit_length(storey, kStoreys) > 0) end = skip_gap(storey + 1);
    const size_t room = room_end(end);
    return room > 0 ? room : found;
  }

  // 501室, 1203, 五零一室, but not 2024年 and not 3室2厅; 0 if none.
  size_t room_end(size_t i) const {
    const size_t end = number_end(i);
    if (end - i < 3 || end - i > 4) return 0;
    if (in(U"室房户号", at(end))) return end + 1;
    if (!is_ascii_digit(text_[i]) || (at(end) >= U'a' && at(end) <= U'z')) return 0;
    return in(U"元块年款个斤克月日号页分秒人件瓶箱米套万千度平多.", at(end)) ? 0 : end;
  }

  // Of the last word of an estate's name that ends at `i`; 0: none.
  size_t estate_length(size_t i) const {
    static constexpr std::u32string_view kEstates[] = {U"小区", U"花园", U"公寓", U"家园",
                                                       U"新村", U"苑",   U"府",   U"庭"};
    for (const std::u32string_view estate : kEstates) {
      if (i >= estate.size() && has(i - estate.size(), estate)) return estate.size();
    }
    return 0;
  }

  // 3-2-501 behind the name of an estate; 0 if not.
  size_t short_rooms_end(size_t i) const {
    if (estate_length(i) == 0) return 0;
    const size_t building = number_end(i);
    if (building == i || at(building) != U'-') return 0;
    const size_t second = number_end(building + 1);
    if (second == building + 1) return 0;
    if (at(second) != U'-') return second - building - 1 >= 3 ? second : 0;
    const size_t room = number_end(second + 1);
    return room - second - 1 >= 3 ? room : 0;
  }

  size_t skip_gap(size_t i) const { return in(U" -,", at(i)) ? i + 1 : i; }

  // Over parts behind the house number, with a building's name between them: 88号华星大厦a座1203室.
  size_t parts_end(size_t end) const {
    static constexpr std::u32string_view kUnits[] = {U"栋", U"幢", U"号楼", U"座", U"单元", U"层",
                                                     U"楼", U"室", U"房",   U"户", U"号",   U"弄"};
    for (size_t parts = 0; parts < kPartsMax; ++parts) {
      size_t i = skip_gap(end);
      const size_t name = i;
      while (i - name < kBetweenMax && is_han(at(i)) && !ends_name(at(i)) &&
             !is_chinese_digit(at(i)))
        ++i;
      const size_t number = number_end(i);
      const size_t unit = number > i ? unit_length(number, kUnits) : 0;
      if (unit > 0) {
        end = number + unit;
      } else {
        return i == name && room_end(i) > 0 ? room_end(i) : end;
      }
    }
    return end;
  }

  bool is_region_mark(size_t i) const {
    const char32_t c = text_[i], before = i > 0 ? text_[i - 1] : U'\0';
    if (c == U'市') return !in(U"超菜夜门上城股都", before);
    if (c == U'区') return !in(U"小社园景校", before);
    if (c == U'道') return before == U'街';
    return in(U"省县镇乡盟旗", c);
  }

  // 市 of 超市 and the like: a shop's name, not the address's.
  bool is_market(size_t i) const { return text_[i] == U'市' && !is_region_mark(i); }

  // Back from `i` over a name and the regions before it; over at most `alone` characters if there
  // is no region.
  size_t name_begin(size_t i, size_t alone) const {
    size_t begin = i, max = kNameMax;
    for (size_t regions = 0; regions <= kRegionsMax; ++regions) {
      const size_t end = begin;
      while (begin > 0 && end - begin < max && is_han(text_[begin - 1]) &&
             !ends_name(text_[begin - 1]) && !is_region_mark(begin - 1) && !is_market(begin - 1)) {
        --begin;
      }
      if (begin == 0 || !is_region_mark(begin - 1)) {
        return regions == 0 ? std::max(begin, i - std::min(i, alone)) : begin;
      }
      --begin;
      max = kRegionMax;
    }
    return begin;
  }

  // A number alone does not tell which of the words before it are a name.
  size_t estate_begin(size_t i) const {
    const size_t estate = estate_length(i);
    return name_begin(i, estate == 0 ? 0 : estate + kEstateMax);
  }

  std::u32string_view text_;
  Hidden& hidden_;
};

}  // namespace

void hide_addresses(std::u32string_view text, Hidden& hidden) { Addresses(text, hidden).run(); }

}  // namespace core::text
