#include "rules/expression.h"

#include "core/text/fold.h"
#include "core/text/utf8.h"
#include "rules/estimate.h"
#include "rules/findings.h"

namespace rules {

namespace {

// Traditional characters and full-width letters become what texts become; what would turn into
// syntax (a full-width bracket) stays.
std::u32string folded(std::string_view pattern) {
  std::u32string chars = core::text::to_utf32(pattern);
  for (char32_t& c : chars) {
    if (c < 0x80) continue;
    const std::u32string one = core::text::fold_word(core::text::to_utf8({&c, 1}));
    const bool letter = one.size() == 1 && (one[0] >= 0x80 || (one[0] >= U'0' && one[0] <= U'9') ||
                                            (one[0] >= U'a' && one[0] <= U'z'));
    if (letter) c = one[0];
  }
  return chars;
}

}  // namespace

core::Result<Expression> prepare_expression(std::string_view pattern) {
  const auto refuse = [](std::string_view chinese, std::string_view english) {
    return core::Error{core::Code::BadSettings, both(chinese, english)};
  };
  const std::u32string chars = folded(pattern);
  if (chars.size() > kExpressionCharsMax)
    return refuse("正则太长，最多 200 字", "expression too long, at most 200 characters");
  Estimate known = estimate(chars);
  if (known.too_deep) return refuse("括号嵌套太深", "groups nested too deeply");
  if (known.unbounded > kUnboundedMax)
    return refuse("`*` 和 `+` 最多两个，请写成 {0,12}",
                  "at most two of `*` and `+`: write {0,12} instead");
  if (known.cost > kExpressionCostMax)
    return refuse("编译代价太高，请缩短 {m,n} 或改用 near",
                  "too expensive to compile: shorten {m,n} or use near");
  return Expression{core::text::to_utf8(chars), std::move(known.gates), known.cost};
}

}  // namespace rules
