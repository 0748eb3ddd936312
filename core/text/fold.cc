#include "core/text/fold.h"

#include <algorithm>
#include <cstring>

#include "core/check.h"
#include "core/text/look_alike.h"
#include "core/text/tables/known_words.h"
#include "core/text/tables/tables.h"
#include "core/text/utf8.h"

// How it works: every code point becomes the characters of its table entry. Most are plain and are
// written at once (plain_run). What is not opens a *gap*: separators, spaces, emoji and boundaries
// in a row. Its characters are written as if they stayed, and when the first character behind the
// gap is known, close_gap() decides: removed inside a word, one '\n' for a boundary, or kept. At
// the end look-alikes are unified. Every decision depends only on folded characters, so folding a
// folded text changes nothing.
namespace core::text {
namespace {

constexpr uint32_t kSeparatorsMax = 3;  // so many in a row are inside a word; a mask has at least 4
constexpr size_t kEmojiNameMax = 4;
constexpr char32_t kBoundary = U'\n';

// Bracketed words by which chat programs stand in for something that is not a picture of a mood:
// they part what is before them from what is behind them.
constexpr std::u32string_view kPlaceholders[] = {
    U"图片",   U"图",     U"动图",     U"照片",     U"相册",     U"视频", U"语音", U"音频",
    U"音乐",   U"文件",   U"文档",     U"链接",     U"网页",     U"位置", U"地图", U"名片",
    U"红包",   U"转账",   U"收款",     U"卡券",     U"优惠券",   U"商品", U"订单", U"店铺",
    U"表情",   U"贴纸",   U"聊天记录", U"语音通话", U"视频通话", U"通话", U"笔记", U"收藏",
    U"小程序", U"视频号", U"公众号",   U"直播",     U"投票",     U"接龙", U"公告", U"群公告",
    U"通知",   U"引用",   U"回复",     U"转发",     U"撤回",     U"广告"};

bool is_placeholder(std::u32string_view name) {
  return std::find(std::begin(kPlaceholders), std::end(kPlaceholders), name) !=
         std::end(kPlaceholders);
}

struct Gap {
  bool open = false;
  bool boundary = false;
  bool after_emoji = false;         // the last element was an emoji: the next one continues its run
  uint8_t removed_how = kAdjacent;  // the Joined value if the gap is removed
  uint32_t spaces = 0;              // in a row
  uint32_t separators = 0;          // spaces and runs of emoji count as one each
  size_t first = 0;                 // where its characters begin in the output
  uint32_t begin = 0;               // in the original
};

// Where the output is put together: on the stack as long as it is short, which saves filling
// vectors with zeros first.
class Draft {
 public:
  void push(char32_t c, uint32_t begin, uint32_t end, uint8_t joined) {
    if (size == room) grow();
    chars[size] = c;
    begins[size] = begin;
    ends[size] = end;
    how[size++] = joined;
  }
  void copy_to(Folded& out) const {
    out.chars.assign(chars, size);
    out.begin.assign(begins, begins + size);
    out.end.assign(ends, ends + size);
    out.joined.assign(how, how + size);
  }

  size_t size = 0, room = kShort;
  char32_t* chars = short_chars_;
  uint32_t* begins = short_begins_;
  uint32_t* ends = short_ends_;
  uint8_t* how = short_how_;  // Joined values

 private:
  static constexpr size_t kShort = 512;

  void grow();

  Folded long_;
  char32_t short_chars_[kShort];
  uint32_t short_begins_[kShort], short_ends_[kShort];
  uint8_t short_how_[kShort];
};

void Draft::grow() {
  Folded longer;
  copy_to(longer);
  room *= 2;
  longer.chars.resize(room);
  longer.begin.resize(room);
  longer.end.resize(room);
  longer.joined.resize(room);
  long_ = std::move(longer);
  chars = long_.chars.data();
  begins = long_.begin.data();
  ends = long_.end.data();
  how = long_.joined.data();
}

class Folder {
 public:
  explicit Folder(std::string_view text) : text_(text) {}
  void run(Folded& out);

 private:
  void plain_run();
  void next();
  void element(Entry entry);
  void gap_element(Class kind, char32_t c);
  void close_bracket();
  void close_gap(Class next_kind);
  bool is_decimal_point(Class next_kind) const;
  void keep_pictures();
  void put(char32_t c, uint32_t begin, uint32_t end) {
    draft_.push(c, begin, end, joined_next_);
    joined_next_ = kAdjacent;
  }
  void put(char32_t c) { put(c, position_, position_ + 1); }
  Class kind_at(size_t i) const { return entry_of(draft_.chars[i]).kind(); }

  std::string_view text_;
  size_t i_ = 0;           // bytes read
  uint32_t position_ = 0;  // code points read
  uint32_t seen_ = 0;      // the entries of the plain characters written, or-ed
  uint8_t joined_next_ = kAdjacent;
  Gap gap_;
  Gap before_bracket_;     // the one that the last '[' closed, if it did,
  size_t bracket_at_ = 0;  // and where that '[' was written
  std::vector<Picture> pictures_;
  Draft draft_;
};

void Folder::run(Folded& out) {
  out.pictures.clear();
  out.look_alikes.clear();
  while (i_ < text_.size()) {
    plain_run();
    do {
      if (i_ < text_.size()) next();
    } while (i_ < text_.size() && (gap_.open || joined_next_ != kAdjacent));
  }
  close_gap(Class::Other);
  constexpr uint32_t kMixed = Entry::kLatin | Entry::kDigit;
  if ((seen_ & Entry::kForeign) != 0 || (seen_ & kMixed) == kMixed) {
    unify_look_alikes(draft_.chars, draft_.size, out.look_alikes);
  }
  draft_.copy_to(out);
  out.pictures.assign(pictures_.begin(), pictures_.end());
  out.original_length = position_;
  out.may_hold_personal = (seen_ & (Entry::kDigit | Entry::kPersonal)) != 0;
}

// The quick way, for as long as nothing but plain characters comes and there is room. Works on
// copies of the members, which the stores into the output might otherwise change.
void Folder::plain_run() {
  const char* const text = text_.data();
  char32_t* const chars = draft_.chars;
  uint32_t* const begins = draft_.begins;
  uint32_t* const ends = draft_.ends;
  uint8_t* const how = draft_.how;
  const size_t size = text_.size(), room = draft_.room;
  size_t i = i_, n = draft_.size;
  uint32_t position = position_, seen = seen_, bytes = 0;
  while (n < room && size - i >= sizeof bytes) {
    std::memcpy(&bytes, text + i, sizeof bytes);
    Entry entry;
    size_t length = 1;
    if ((bytes & 0x80) == 0) {
      entry = qingyu_text_tables.plane0[bytes & 0x7F];
    } else {
      // 1110xxxx 10xxxxxx 10xxxxxx, not overlong; surrogates have no plain entry.
      const uint32_t c = (bytes & 0x0F) << 12 | (bytes >> 2 & 0xFC0) | (bytes >> 16 & 0x3F);
      if ((bytes & 0xC0C0F0) != 0x8080E0 || c < 0x800) break;
      entry = qingyu_text_tables.plane0[c];
      length = 3;
    }
    if (!entry.is_plain()) break;
    chars[n] = static_cast<char32_t>(entry.value());
    begins[n] = position;
    how[n] = kAdjacent;
    ends[n++] = ++position;
    seen |= entry.bits;
    i += length;
  }
  i_ = i;
  draft_.size = n;
  position_ = position;
  seen_ = seen;
}

// One code point of any kind.
void Folder::next() {
  const Entry entry = entry_of(decode_at(text_, i_));
  if (entry.kind() != Class::Expansion) {
    element(entry);
  } else {
    const char32_t* const chars =
        qingyu_text_tables.expansions + (entry.value() >> Entry::kLengthBits);
    const size_t length = entry.value() & ((1U << Entry::kLengthBits) - 1);
    for (size_t k = 0; k < length; ++k) element(entry_of(chars[k]));
  }
  ++position_;
}

void Folder::element(Entry entry) {
  const Class kind = entry.kind();
  if (entry.is_plain()) {
    close_gap(kind);
    put(entry.value());
    seen_ |= entry.bits;
  } else if (kind == Class::Deleted) {
    joined_next_ = std::max<uint8_t>(joined_next_, kSeparated);
  } else if (kind == Class::Open) {
    before_bracket_ = gap_;
    close_gap(Class::Other);
    bracket_at_ = draft_.size;
    put(U'[');
  } else if (kind == Class::Close) {
    close_gap(Class::Other);
    close_bracket();
  } else {
    gap_element(kind, entry.value());
  }
}

void Folder::gap_element(Class kind, char32_t c) {
  if (!gap_.open) gap_ = Gap{.open = true, .first = draft_.size, .begin = position_};
  gap_.spaces = kind == Class::Space ? gap_.spaces + 1 : 0;
  gap_.separators += !(kind == Class::Emoji && gap_.after_emoji);
  gap_.after_emoji = kind == Class::Emoji;
  gap_.boundary = gap_.boundary || kind == Class::Boundary || gap_.spaces > 1 ||
                  gap_.separators > kSeparatorsMax;
  const uint8_t how = kind == Class::Separator ? kSeparated : kSpaced;
  gap_.removed_how = std::max({gap_.removed_how, how, joined_next_});
  if (kind == Class::Space) joined_next_ = kSpaced;
  if (kind != Class::Space && !gap_.boundary) put(c);
}

// ']' behind 1 to 4 Han characters behind '[': an emoji in words, so all of it belongs to a gap: to
// the one that was closed by the '[' if there is such, else to a new one. If something was removed
// between the brackets it is none, and a boundary in it says so to whoever folds the result.
void Folder::close_bracket() {
  const size_t n = draft_.size;
  size_t name = n;
  while (name > 0 && n - name < kEmojiNameMax && kind_at(name - 1) == Class::Han) --name;
  const auto text = std::u32string_view(draft_.chars + name, n - name);
  if (name == n || name == 0 || draft_.chars[name - 1] != U'[' || is_placeholder(text)) {
    return put(U']');
  }
  const auto is_adjacent = [](uint8_t how) { return how == kAdjacent; };
  if (!is_adjacent(joined_next_) || !std::all_of(draft_.how + name, draft_.how + n, is_adjacent)) {
    put(kBoundary);
    return put(U']');
  }
  INVARIANT(bracket_at_ == name - 1);
  gap_ = before_bracket_;
  if (!gap_.open) {
    gap_ = Gap{.open = true,
               .removed_how = draft_.how[bracket_at_],
               .first = bracket_at_,
               .begin = draft_.begins[bracket_at_]};
  }
  gap_element(Class::Emoji, U']');
}

void Folder::close_gap(Class next_kind) {
  if (!gap_.open) return;
  gap_.open = false;
  const bool after_word = gap_.first > 0 && is_word(kind_at(gap_.first - 1));
  if (gap_.boundary) {
    draft_.size = gap_.first;
    put(kBoundary, gap_.begin, std::max(position_, gap_.begin + 1));
  } else if (after_word && is_word(next_kind) && !is_decimal_point(next_kind)) {
    keep_pictures();
    draft_.size = gap_.first;
    joined_next_ = std::max(joined_next_, gap_.removed_how);
  }
}

// Of the gap that is about to be removed.
void Folder::keep_pictures() {
  for (size_t i = gap_.first; i < draft_.size; ++i)
    if (kind_at(i) == Class::Emoji && pictures_.size() < kPicturesMax)
      pictures_.push_back({static_cast<uint32_t>(gap_.first), draft_.chars[i]});
}

bool Folder::is_decimal_point(Class next_kind) const {
  return draft_.size == gap_.first + 1 && gap_.separators == 1 &&
         draft_.chars[gap_.first] == U'.' && kind_at(gap_.first - 1) == Class::Digit &&
         next_kind == Class::Digit;
}

// In the table of known words; nullptr when it is none.
const uint32_t* place_of_word(std::u32string_view word) {
  const uint64_t hash = known_word_hash(word);
  const uint32_t* const words = qingyu_text_tables.words;
  const uint32_t* const range = qingyu_text_tables.words_from + (hash >> 32);
  const auto low = static_cast<uint32_t>(hash);
  const uint32_t* const place = std::lower_bound(words + range[0], words + range[1], low);
  return place != words + range[1] && *place == low ? place : nullptr;
}

}  // namespace

void Folded::clear() {
  chars.clear();
  begin.clear();
  end.clear();
  joined.clear();
  pictures.clear();
  look_alikes.clear();
  original_length = 0;
  may_hold_personal = false;
}

void fold(std::string_view utf8, Folded& out) { Folder(utf8).run(out); }

std::u32string fold_word(std::string_view utf8) {
  Folded folded;
  fold(utf8, folded);
  std::u32string& chars = folded.chars;
  while (!chars.empty() && chars.back() == kBoundary) chars.pop_back();
  chars.erase(0, chars.find_first_not_of(kBoundary));
  return chars;
}

bool known_word_begins(std::u32string_view chars, size_t i) {
  for (size_t length = kKnownWordMin; length <= kKnownWordMax; ++length) {
    if (i + length > chars.size()) return false;
    if (place_of_word(chars.substr(i, length)) != nullptr) return true;
  }
  return false;
}

uint8_t word_cost(std::u32string_view word) {
  if (word.size() == 1) {
    return word[0] < 0x10000 ? qingyu_text_tables.character_costs[word[0]] : kUnknownWord;
  }
  if (word.size() < kKnownWordMin || word.size() > kKnownWordMax) return kUnknownWord;
  const uint32_t* const place = place_of_word(word);
  return place == nullptr ? kUnknownWord
                          : qingyu_text_tables.word_costs[place - qingyu_text_tables.words];
}

std::string_view unicode_version() { return qingyu_text_tables.unicode_version; }

}  // namespace core::text
