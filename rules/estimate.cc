// A part of an expression is either *exact*, the finite set of strings it can match, or it has
// *gates*, words of which every match holds one. Exact parts in a row are multiplied out as long as
// the set stays small; where it does not, or where anything may stand between, the better of the
// gates on both sides is kept: that of the longest words.
#include "rules/estimate.h"

#include <algorithm>
#include <optional>

namespace rules {

namespace {

constexpr int kGroupDepthMax = 8;
constexpr int64_t kRepeatMax = 1000;
constexpr int64_t kCostMax = 1'000'000;
constexpr int64_t kClassCost = 6, kPropertyCost = 160, kHanCost = 16;
constexpr size_t kExactCharsMax = 16;
constexpr int64_t kExactRepeatMax = 3;
constexpr std::u32string_view kSyntax = U".[]()|*+?{}^$\\";

using Words = std::vector<std::u32string>;

struct Part {
  int64_t cost = 0;
  std::optional<Words> exact;  // sorted, each one once
  Words gates;
};

void sort_unique(Words& words) {
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

size_t shortest(const Words& words) {
  size_t n = words.empty() ? 0 : words.front().size();
  for (const std::u32string& word : words) n = std::min(n, word.size());
  return n;
}

const Words& better(const Words& a, const Words& b) {
  const size_t m = shortest(a), n = shortest(b);
  if (m != n) return m > n ? a : b;
  return a.size() <= b.size() ? a : b;
}

// The gates of a part that stands alone.
Words gates_of(const Part& part) {
  if (!part.exact) return part.gates;
  return shortest(*part.exact) >= kGateCharsMin ? *part.exact : Words();
}

std::optional<Words> product(const Words& a, const Words& b) {
  if (a.size() * b.size() > kGateWordsMax) return std::nullopt;
  Words all;
  for (const std::u32string& x : a)
    for (const std::u32string& y : b) {
      if (x.size() + y.size() > kExactCharsMax) return std::nullopt;
      all.push_back(x + y);
    }
  sort_unique(all);
  return all;
}

std::optional<Words> joined(const Words& a, const Words& b) {
  if (a.size() + b.size() > kGateWordsMax) return std::nullopt;
  Words all = a;
  all.insert(all.end(), b.begin(), b.end());
  sort_unique(all);
  return all;
}

// Parts one behind the other. `open` is the exact run that may still grow.
class Sequence {
 public:
  void add(Part part) {
    cost_ = std::min(cost_ + part.cost, kCostMax);
    if (part.exact) {
      if (auto longer = product(open_, *part.exact)) {
        open_ = std::move(*longer);
        return;
      }
      close();
      open_ = std::move(*part.exact);
    } else {
      close();
      gates_ = better(gates_, part.gates);
      open_ = {U""};
    }
    is_exact_ = false;
  }

  Part finish() {
    Part whole;
    whole.cost = cost_;
    if (is_exact_) {
      whole.exact = std::move(open_);
    } else {
      close();
      whole.gates = std::move(gates_);
    }
    return whole;
  }

 private:
  void close() {
    if (shortest(open_) >= kGateCharsMin) gates_ = better(gates_, open_);
  }

  int64_t cost_ = 0;
  bool is_exact_ = true;
  Words open_ = {U""};
  Words gates_;
};

class Parser {
 public:
  Parser(const std::u32string& pattern, Estimate& out) : p_(pattern), out_(out) {}

  void run() {
    const Part whole = alternatives(0);
    out_.cost = whole.cost;
    // Inside \Q..\E and behind flags such as (?x) characters do not mean themselves.
    if (!flags_) out_.gates = gates_of(whole);
  }

 private:
  struct Repeat {
    int64_t low = 1, high = 1;
    bool bounded = true;
  };

  bool more() const { return i_ < p_.size(); }
  bool take(char32_t c) {
    if (!more() || p_[i_] != c) return false;
    ++i_;
    return true;
  }

  Part alternatives(int depth) {
    if (depth > kGroupDepthMax) {
      out_.too_deep = true;
      i_ = p_.size();
      return {};
    }
    Part all = sequence(depth);
    while (take(U'|')) {
      const Part next = sequence(depth);
      const Words a = gates_of(all), b = gates_of(next);
      all.cost = std::min(all.cost + next.cost, kCostMax);
      if (all.exact && next.exact)
        all.exact = joined(*all.exact, *next.exact);
      else
        all.exact.reset();
      const bool both = !a.empty() && !b.empty();
      all.gates = both ? joined(a, b).value_or(Words()) : Words();
    }
    take(U')');
    return all;
  }

  Part sequence(int depth) {
    Sequence parts;
    while (more() && p_[i_] != U'|' && (p_[i_] != U')' || depth == 0)) {
      Part part = atom(depth);
      repeat(part, quantifier());
      parts.add(std::move(part));
    }
    return parts.finish();
  }

  static Part any(int64_t cost) { return {cost, std::nullopt, {}}; }

  Part atom(int depth) {
    const char32_t c = p_[i_++];
    if (c == U'(') {
      if (take(U'?') && !take(U':')) flags_ = true;
      return alternatives(depth + 1);
    }
    if (c == U'[') return character_class();
    if (c == U'\\') return escape();
    if (c == U'.') return any(kClassCost);
    if (kSyntax.find(c) != std::u32string_view::npos) return any(1);
    return {1, Words{{lower(c)}}, {}};
  }

  static char32_t lower(char32_t c) { return c >= U'A' && c <= U'Z' ? c + (U'a' - U'A') : c; }

  Part escape() {
    if (!more()) return any(1);
    const char32_t c = p_[i_++];
    if (c == U'Q') flags_ = true;
    if (c != U'p' && c != U'P') return any(c == U'D' || c == U'W' || c == U'S' ? kClassCost : 1);
    // \p{Han} is cheap, \p{L} is compiled into thousands of ranges.
    const bool han = p_.compare(i_, 5, U"{Han}") == 0;
    if (take(U'{'))
      while (more() && !take(U'}')) ++i_;
    else if (more())
      ++i_;
    return any(han ? kHanCost : kPropertyCost);
  }

  Part character_class() {
    Part part = any(kClassCost);
    bool listed = !take(U'^');  // every member stands there by itself
    Words members;
    for (bool first = true; more() && (first || p_[i_] != U']'); first = false) {
      const char32_t c = p_[i_++];
      if (c == U'\\' || c == U'[') listed = false;
      if (c == U'\\' && more() && (p_[i_] == U'p' || p_[i_] == U'P')) part.cost += kPropertyCost;
      if (c == U'\\' && more()) ++i_;
      if (i_ + 1 < p_.size() && p_[i_] == U'-' && p_[i_ + 1] != U']')
        listed = range(c, members) && listed;
      else
        members.push_back({lower(c)});
    }
    take(U']');
    sort_unique(members);
    if (listed && members.size() <= kGateWordsMax) part.exact = std::move(members);
    return part;
  }

  // [0-9] is ten members; false for a long range.
  bool range(char32_t from, Words& members) {
    const char32_t to = p_[i_ + 1];
    i_ += 2;
    if (to < from || to - from > 26 || to == U'\\') return false;
    for (char32_t c = from; c <= to; ++c) members.push_back({lower(c)});
    return true;
  }

  int64_t number() {
    int64_t n = 0;
    for (; more() && p_[i_] >= U'0' && p_[i_] <= U'9'; ++i_)
      n = std::min<int64_t>(n * 10 + static_cast<int64_t>(p_[i_] - U'0'), kRepeatMax);
    return n;
  }

  Repeat quantifier() {
    Repeat r;
    if (take(U'?')) {
      r = {0, 1, true};
    } else if (take(U'*')) {
      r = {0, 2, false};
    } else if (take(U'+')) {
      r = {1, 2, false};
    } else if (take(U'{')) {
      r.low = r.high = number();
      if (take(U',')) {
        r.bounded = more() && p_[i_] != U'}';
        r.high = r.bounded ? number() : r.low + 2;
      }
      while (more() && !take(U'}')) ++i_;
    }
    take(U'?');  // lazy: the matcher reports every end anyway
    if (!r.bounded) ++out_.unbounded;
    return r;
  }

  static void repeat(Part& part, const Repeat& r) {
    part.cost = std::min(part.cost * r.high, kCostMax);
    if (r.low == 1 && r.high == 1) return;
    if (r.low == 0) part.gates.clear();
    std::optional<Words> exact;
    if (part.exact && r.bounded && r.low <= r.high && r.high <= kExactRepeatMax) {
      Words power = {U""};
      exact = r.low == 0 ? power : Words();
      for (int64_t n = 1; n <= r.high && exact; ++n) {
        const auto next = product(power, *part.exact);
        power = next.value_or(Words());
        if (!next)
          exact.reset();
        else if (n >= r.low)
          exact = joined(*exact, power);
      }
    }
    if (!exact && part.exact && r.low > 0) part.gates = gates_of(part);
    part.exact = std::move(exact);
  }

  const std::u32string& p_;
  Estimate& out_;
  size_t i_ = 0;
  bool flags_ = false;
};

}  // namespace

Estimate estimate(const std::u32string& pattern) {
  Estimate out;
  Parser(pattern, out).run();
  return out;
}

}  // namespace rules
