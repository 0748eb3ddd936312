#include "rules/reading.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/check.h"
#include "core/text/utf8.h"
#include "rules/mend.h"

namespace rules {

namespace {

constexpr size_t kIdMax = 64;
constexpr int64_t kDurationSecondsMax = 365LL * 24 * 3600;
constexpr std::string_view kLevels[] = {"blue", "yellow", "orange", "red"};

template <typename T>
bool parse(std::string_view s, T& out) {
  if (s.starts_with('+')) s.remove_prefix(1);
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), out);
  return error == std::errc{} && end == s.data() + s.size();
}

int64_t seconds_of(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 24 * 3600;
    default:
      return 0;
  }
}

// What people write for yes and no; "" when it is neither.
std::string_view flag_meant(std::string_view written) {
  constexpr std::string_view kYes[] = {"yes", "Yes",  "YES",  "on", "On", "ON", "y",
                                       "1",   "True", "TRUE", "是", "开", "对"};
  constexpr std::string_view kNo[] = {"no", "No",    "NO",    "off", "Off", "OFF", "n",
                                      "0",  "False", "FALSE", "否",  "关",  "不"};
  if (std::ranges::find(kYes, written) != std::end(kYes)) return "true";
  return std::ranges::find(kNo, written) != std::end(kNo) ? "false" : "";
}

std::string range_text(double low, double high) {
  char bytes[64];
  char* p = std::to_chars(bytes, bytes + 30, low).ptr;
  *p++ = '.';
  *p++ = '.';
  p = std::to_chars(p, bytes + sizeof bytes, high).ptr;
  return std::string(bytes, p);
}

}  // namespace

void Reading::error(const Node& at, std::string_view code, std::string message,
                    std::string suggestion, std::optional<Edit> mend) {
  findings_.error(place(at), code, std::move(message), std::move(suggestion), std::move(mend));
}

// Nothing for what will not be listed: it takes a walk through the file.
std::optional<Edit> Reading::mended(const Node& node, std::string_view text) const {
  if (findings_.full() || node.kind != Node::Kind::Scalar) return std::nullopt;
  return replace_scalar(place(node), node.text, text);
}

void Reading::wrong_type(const Node& node, std::string_view chinese, std::string_view english) {
  error(node, "wrong-type",
        both("这里要写" + std::string(chinese), "expected " + std::string(english)));
}

std::optional<std::string> Reading::text(const Node& node) {
  if (node.kind != Node::Kind::Scalar || node.text.empty()) {
    wrong_type(node, "文字", "text");
    return std::nullopt;
  }
  if (core::text::count_code_points(node.text) > kTextCharsMax) {
    error(node, "too-large", both("文字太长", "text too long"));
    return std::nullopt;
  }
  return node.text;
}

std::optional<std::string> Reading::id(const Node& node) {
  const bool scalar = node.kind == Node::Kind::Scalar;
  bool good = scalar && !node.text.empty() && node.text.size() <= kIdMax;
  for (const char c : node.text)
    good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
  if (good) return node.text;
  wrong_type(node, "小写字母、数字、- 和 _ 组成的名字", "a name of a-z, 0-9, - and _");
  return std::nullopt;
}

std::optional<bool> Reading::flag(const Node& node) {
  const bool yes = node.kind == Node::Kind::Scalar && node.text == "true";
  if (yes || (node.kind == Node::Kind::Scalar && node.text == "false")) {
    check_plain(node);
    return yes;
  }
  const std::string_view meant = node.kind == Node::Kind::Scalar ? flag_meant(node.text) : "";
  error(node, "wrong-type", both("这里要写 true 或 false", "expected true or false"),
        meant.empty() ? "" : "did you mean " + quoted(meant) + "?", mended(node, meant));
  return std::nullopt;
}

// YAML says text, and so do editors with the schema.
void Reading::check_plain(const Node& node) {
  if (node.plain || findings_.full()) return;
  findings_.warning(place(node), "quoted-value",
                    both("这里不要引号", "no quotes here: it is not a text"), {},
                    unquote_scalar(place(node), node.text));
}

std::optional<int64_t> Reading::integer(const Node& node) {
  INVARIANT(form_ != nullptr);
  return integer(node, static_cast<int64_t>(form_->low), static_cast<int64_t>(form_->high));
}

std::optional<int64_t> Reading::integer(const Node& node, int64_t low, int64_t high) {
  int64_t value = 0;
  if (node.kind != Node::Kind::Scalar || !parse(node.text, value)) {
    wrong_type(node, "整数", "a whole number");
    return std::nullopt;
  }
  check_plain(node);
  if (value >= low && value <= high) return value;
  const std::string range = std::to_string(low) + ".." + std::to_string(high);
  error(node, "out-of-range", both("数值要在 " + range + " 之间", "must be in " + range));
  return std::nullopt;
}

std::optional<double> Reading::real(const Node& node) {
  INVARIANT(form_ != nullptr);
  return real(node, form_->low, form_->high);
}

std::optional<double> Reading::real(const Node& node, double low, double high) {
  double value = 0;
  if (node.kind != Node::Kind::Scalar || !parse(node.text, value) || !std::isfinite(value)) {
    wrong_type(node, "数字", "a number");
    return std::nullopt;
  }
  check_plain(node);
  if (value >= low && value <= high) return value;
  const std::string range = range_text(low, high);
  error(node, "out-of-range", both("数值要在 " + range + " 之间", "must be in " + range));
  return std::nullopt;
}

std::optional<core::Millis> Reading::duration(const Node& node) {
  int64_t n = 0;
  const std::string_view s = node.text;
  const int64_t unit = node.kind == Node::Kind::Scalar && !s.empty() ? seconds_of(s.back()) : 0;
  if (unit == 0 || !parse(s.substr(0, s.size() - 1), n)) {
    wrong_type(node, "时长，如 30s、10m、4h、7d", "a duration such as 30s, 10m, 4h, 7d");
    return std::nullopt;
  }
  if (n >= 1 && n <= kDurationSecondsMax / unit) return core::Millis(n * unit * 1000);
  error(node, "out-of-range", both("时长要在 1s 到 365d 之间", "must be in 1s..365d"));
  return std::nullopt;
}

std::optional<core::Level> Reading::level(const Node& node) {
  const std::optional<size_t> i = choice(node, kLevels);
  return i ? core::level_from(kLevels[*i]) : std::nullopt;
}

std::optional<size_t> Reading::choice(const Node& node) {
  INVARIANT(form_ != nullptr && !form_->choices.empty());
  return choice(node, form_->choices);
}

std::optional<size_t> Reading::choice(const Node& node, std::span<const std::string_view> choices) {
  std::string all;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (node.kind == Node::Kind::Scalar && node.text == choices[i]) return i;
    all.append(i == 0 ? "" : " ").append(choices[i]);
  }
  const std::string_view meant = node.kind == Node::Kind::Scalar
                                     ? nearest_word(node.text, {choices.begin(), choices.end()})
                                     : "";
  error(node, "unknown-choice", both("只能是: " + all, "must be one of: " + all),
        meant.empty() ? "" : "did you mean " + quoted(meant) + "?", mended(node, meant));
  return std::nullopt;
}

bool Reading::is_list(const Node& node) {
  if (node.kind == Node::Kind::List) return true;
  wrong_type(node, "列表 [ ... ]", "a list");
  return false;
}

bool Reading::is_map(const Node& node) {
  if (node.kind == Node::Kind::Map) return true;
  wrong_type(node, "键: 值", "keys and values");
  return false;
}

std::vector<const Node*> Reading::values(const Node& node, std::string_view what,
                                         std::span<const Key> keys) {
  if (!is_map(node)) return {};
  std::vector<const Node*> found(keys.size(), nullptr);
  std::vector<std::string_view> names;
  bool later = false;  // a later word may stand for what is missing
  for (const Key& key : keys)
    if (key.presence != Presence::Later) names.push_back(key.name);
  for (size_t i = 0; i < node.keys.size() && i < node.items.size(); ++i) {
    const Node& key = node.keys[i];
    size_t k = 0;
    while (k < keys.size() && keys[k].name != key.text) ++k;
    if (k == keys.size()) {
      error(key, "unknown-key",
            both(std::string(what) + " 里没有 " + quoted(key.text) + " 这个键",
                 "unknown key " + quoted(key.text) + " in " + std::string(what)),
            nearest(key.text, names), mended(key, nearest_word(key.text, names)));
    } else if (keys[k].presence == Presence::Later) {
      later = true;
      error(
          key, "not-in-this-version",
          both(quoted(key.text) + " 这个版本还不支持", quoted(key.text) + " not in this version"));
    } else {
      found[k] = &node.items[i];
    }
  }
  for (size_t k = 0; k < keys.size(); ++k)
    if (keys[k].presence == Presence::Required && found[k] == nullptr && !later)
      error(node, "missing-key",
            both(std::string(what) + " 缺少 " + quoted(keys[k].name),
                 std::string(what) + " lacks " + quoted(keys[k].name)));
  return found;
}

std::span<const std::string_view> level_words() { return kLevels; }
std::string_view id_pattern() { return "^[a-z0-9_-]{1,64}$"; }
std::string_view duration_pattern() { return "^[+]?0*[1-9][0-9]*[smhd]$"; }

}  // namespace rules
