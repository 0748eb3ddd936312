#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "core/text/mask_parts.h"

// Numbers that belong to a person: telephones, identity and bank cards, and any 12 digits in a row
// (orders, parcels, accounts). Digits may be grouped by spaces, dashes or brackets, in the groups
// people write; other groupings are dates, prices and lists. Short service numbers (12315, 95588,
// 400-820-8820) are nobody's and stay.
namespace core::text {
namespace {

constexpr size_t kLongNumberMin = 12;
constexpr size_t kConnectorsMax = 3;  // " - "
constexpr size_t kDigitsKept = 20;    // of a group: longer ones are all alike
constexpr size_t kGroupsMax = 11;     // of a shape
constexpr size_t kGroupsRead = 64;    // at a time: a longer list is looked at piece by piece
constexpr size_t kCueReach = 8;       // characters before a number in which 电话 makes it one

struct Group {
  size_t begin, end;
  std::string digits;
};
using Groups = std::vector<Group>;

// How the digits of one number are grouped; 0 ends a shape.
using Shape = std::array<uint8_t, kGroupsMax>;
constexpr Shape kTelephones[] = {{11},
                                 {3, 4, 4},
                                 {3, 8},
                                 {7, 4},
                                 {4, 7},
                                 {4, 8},
                                 {4, 4, 4},
                                 {4, 4, 3},
                                 {4, 3, 4},
                                 {3, 3, 5},
                                 {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};
constexpr Shape kAbroad[] = {{2, 8}, {2, 4, 4}, {3, 8}, {3, 7}, {3, 4, 4}, {10}, {11}};
constexpr Shape kLocal[] = {{7}, {8}, {4, 4}, {3, 4}};
constexpr Shape kIdentities[] = {{6, 8, 4},       {6, 8, 3},      {6, 4, 4, 4}, {6, 4, 4, 3},
                                 {6, 4, 2, 2, 4}, {6, 6, 6},      {6, 6, 5},    {3, 3, 4, 4, 4},
                                 {3, 3, 4, 4, 3}, {4, 4, 4, 4, 2}};
constexpr Shape kBankCards[] = {{4, 4, 4, 4, 3}, {4, 4, 4, 4, 2}, {4, 4, 4, 4, 1}, {4, 4, 4, 4}};

bool is_connector(char32_t c) {
  constexpr std::u32string_view kConnectors = U" -.·_()\u2010\u2011\u2012\u2013\u2014";
  return kConnectors.find(c) != kConnectors.npos;
}

// The digits from `i` on as groups, until something else than digits and connectors comes.
Groups read_groups(std::u32string_view text, size_t& i) {
  Groups groups;
  for (size_t at = i;
       at < text.size() && is_ascii_digit(text[at]) && groups.size() < kGroupsRead;) {
    Group group{at, at, ""};
    for (; at < text.size() && is_ascii_digit(text[at]); ++at)
      if (group.digits.size() < kDigitsKept) group.digits.push_back(static_cast<char>(text[at]));
    i = group.end = at;
    groups.push_back(std::move(group));
    for (size_t n = 0; n < kConnectorsMax && at < text.size() && is_connector(text[at]); ++n) ++at;
  }
  return groups;
}

// Finds numbers in a list of groups.
class Number {
 public:
  Number(std::u32string_view text, const Groups& groups) : text_(text), groups_(groups) {}

  // How many groups from `first` on are one number to be masked; 0: none.
  size_t length_at(size_t first) const {
    const std::string& digits = groups_[first].digits;
    if (digits.size() >= kLongNumberMin) return 1;
    if (digits == "86" || digits == "0086") {
      const size_t rest = find(kTelephones, first + 1, is_telephone);
      const size_t abroad = find(kAbroad, first + 1, is_telephone_without_0);
      if (std::max(rest, abroad) > 0) return 1 + std::max(rest, abroad);
    }
    for (const size_t n :
         {find(kBankCards, first, is_bank_card),
          find(kIdentities, first, [&](const std::string& d) { return is_identity(d); }),
          telephone(first), has_cue(groups_[first].begin) ? find(kLocal, first, any) : 0}) {
      if (n > 0) return n;
    }
    return 0;
  }

 private:
  template <size_t n, typename Predicate>
  size_t find(const Shape (&shapes)[n], size_t first, Predicate fits) const {
    for (const Shape& shape : shapes) {
      size_t groups = 0;
      std::string digits;
      for (; groups < shape.size() && shape[groups] != 0; ++groups) {
        if (first + groups >= groups_.size()) break;
        const std::string& part = groups_[first + groups].digits;
        if (part.size() != shape[groups]) break;
        digits += part;
      }
      const bool whole = groups == shape.size() || shape[groups] == 0;
      if (whole && fits(digits)) return groups;
    }
    return 0;
  }

  // With an extension: 010-12345678-801.
  size_t telephone(size_t first) const {
    const size_t groups = find(kTelephones, first, is_telephone);
    const size_t next = first + groups;
    const bool extension = groups > 0 && groups_[first].digits[0] == '0' && next < groups_.size() &&
                           groups_[next].digits.size() <= 5 &&
                           groups_[next].begin == groups_[next - 1].end + 1 &&
                           text_[groups_[next - 1].end] == U'-';
    return groups + (extension ? 1 : 0);
  }

  static bool any(const std::string&) { return true; }

  static bool between(char c, char low, char high) { return c >= low && c <= high; }

  static bool is_telephone(const std::string& d) {
    if (d[0] == '1') return d.size() == 11 && between(d[1], '3', '9');
    if (d[0] != '0' || d.size() < 11) return false;
    // Area codes of three digits: 010, 02x; of four: 03xx to 09xx. Local numbers begin with 2 to 8.
    if (d[1] == '1' || d[1] == '2') {
      return d.size() == 11 && (d[1] == '2' || d[2] == '0') && between(d[3], '2', '8');
    }
    return between(d[1], '3', '9') && d.size() <= 12 && between(d[4], '2', '8');
  }

  static bool is_telephone_without_0(const std::string& d) { return is_telephone("0" + d); }

  // Four years in a row are no card.
  static bool is_bank_card(const std::string& d) {
    for (size_t i = 0; i + 4 <= d.size(); i += 4) {
      if (d.compare(i, 2, "19") != 0 && d.compare(i, 2, "20") != 0) return true;
    }
    return d.size() % 4 != 0;
  }

  static int number(const std::string& d, size_t at, size_t length) {
    return std::stoi(d.substr(at, length));
  }

  // A region, a date of birth and a sequence number; of 18 characters the last may be an X, which
  // is no digit.
  static bool is_identity(const std::string& d) {
    const int year = number(d, 6, 4), month = number(d, 10, 2), day = number(d, 12, 2);
    return between(d[0], '1', '8') && year >= 1900 && year < 2100 && month >= 1 && month <= 12 &&
           day >= 1 && day <= 31;
  }

  bool has_cue(size_t begin) const {
    const size_t from = begin - std::min(begin, kCueReach);
    const std::u32string_view before = text_.substr(from, begin - from);
    for (const std::u32string_view cue : {U"电话", U"座机", U"tel"}) {
      if (before.find(cue) != before.npos) return true;
    }
    return false;
  }

  std::u32string_view text_;
  const Groups& groups_;
};

// The X of an identity number of 17 digits.
bool is_check_x(std::u32string_view text, size_t at) {
  if (at >= text.size() || text[at] != U'x') return false;
  return at + 1 == text.size() || text[at + 1] > 0x7F ||
         !(is_ascii_digit(text[at + 1]) || (text[at + 1] >= U'a' && text[at + 1] <= U'z'));
}

void hide(std::u32string_view text, size_t begin, size_t end, Hidden& hidden) {
  if (begin > 0 && text[begin - 1] == U'+') --begin;
  if (end - begin >= 17 && is_check_x(text, end)) ++end;
  std::fill(hidden.begin() + static_cast<std::ptrdiff_t>(begin),
            hidden.begin() + static_cast<std::ptrdiff_t>(end), 1);
}

}  // namespace

void hide_numbers(std::u32string_view text, Hidden& hidden) {
  for (size_t i = 0; i < text.size();) {
    if (!is_ascii_digit(text[i])) {
      ++i;
      continue;
    }
    const Groups groups = read_groups(text, i);
    const Number number(text, groups);
    const bool more = groups.size() == kGroupsRead;
    for (size_t first = 0; first < groups.size();) {
      if (more && first + kGroupsMax + 2 > groups.size()) {
        i = groups[first].begin;  // what begins here may not have been read to its end
        break;
      }
      const size_t n = number.length_at(first);
      if (n > 0) hide(text, groups[first].begin, groups[first + n - 1].end, hidden);
      first += std::max<size_t>(n, 1);
    }
  }
}

}  // namespace core::text
