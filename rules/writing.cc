#include "rules/writing.h"

#include <algorithm>

#include "core/text/fold.h"
#include "core/text/utf8.h"

// The bytes of rules/tables/, as they are.
extern "C" const char qingyu_characters[], qingyu_characters_end[], qingyu_emoji[],
    qingyu_emoji_end[];
__asm__(
    ".section .rodata\n"
    ".globl qingyu_characters\n"
    ".globl qingyu_characters_end\n"
    ".globl qingyu_emoji\n"
    ".globl qingyu_emoji_end\n"
    "qingyu_characters:\n"
    ".incbin \"" QINGYU_WRITING
    "/characters.txt\"\n"
    "qingyu_characters_end:\n"
    "qingyu_emoji:\n"
    ".incbin \"" QINGYU_WRITING
    "/emoji.txt\"\n"
    "qingyu_emoji_end:\n"
    ".previous\n");

namespace rules {

namespace {

// A part that so many characters hold is a radical: it says little of what a character looks like.
constexpr size_t kHoldersMax = 60;

// Characters that differ in a stroke; the table of parts does not know them.
constexpr std::u32string_view kPairs[] = {
    U"己已巳", U"未末",   U"日曰",   U"土士",   U"干千于", U"人入八",   U"天夭夫", U"大太犬",
    U"戊戌戍", U"刀刁力", U"午牛",   U"几凡",   U"木本术", U"田由甲申", U"目自",   U"贝见",
    U"免兔",   U"乌鸟",   U"侯候",   U"辩辨辫", U"析折拆", U"拨拔",     U"暴曝",   U"治冶",
    U"准淮",   U"冷泠",   U"今令",   U"爪瓜",   U"毫亳",   U"幻幼",     U"处外",   U"历厉",
    U"王玉主", U"住往",   U"仑仓",   U"勺匀",   U"尤龙",   U"崇祟",     U"货贷",   U"没设",
    U"竟竞",   U"粟栗",   U"抵抿",   U"母毋",   U"壁璧",   U"哀衷衰",   U"茶荼",   U"徒徙",
    U"晴睛",   U"壶壸",   U"赢羸嬴", U"卖买",   U"师帅",   U"享亨",     U"囗口",   U"匕七"};

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(by);
    if (at != 0) parts.push_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// The lines of a table, cut at tabs. An empty field in the middle stays.
template <typename F>
void each_line(const char* begin, const char* end, F use) {
  std::string_view text(begin, static_cast<size_t>(end - begin));
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t tab = line.find('\t');
    if (tab != line.npos) use(line.substr(0, tab), line.substr(tab + 1));
  }
}

// The one character that `utf8` folds to when it is itself; otherwise no text has it when folded.
char32_t folded_character(std::string_view utf8) {
  const std::u32string chars = core::text::to_utf32(utf8);
  return chars.size() == 1 && core::text::fold_word(utf8) == chars ? chars[0] : 0;
}

}  // namespace

Writing::Writing() {
  read_characters();
  read_emoji();
  find_radicals();
}

const Character* Writing::find(char32_t c) const {
  const auto it = characters_.find(c);
  return it == characters_.end() ? nullptr : &it->second;
}

void Writing::read_characters() {
  each_line(qingyu_characters, qingyu_characters_end,
            [this](std::string_view name, std::string_view rest) {
              const char32_t c = folded_character(name);
              if (c == 0) return;
              Character& character = characters_[c];
              const size_t tab = rest.find('\t');
              for (std::string_view sound : split(rest.substr(0, tab), ' ')) {
                if (sound.empty()) continue;
                const bool rare = sound[0] == '?';
                if (rare) sound.remove_prefix(1);
                const auto next = static_cast<Syllable>(syllables_.size());
                character.sounds.push_back(syllables_.emplace(sound, next).first->second);
                if (!rare) ++character.common;
              }
              for (const std::string_view parts : split(rest.substr(tab + 1), ' ')) {
                std::u32string folded = core::text::fold_word(parts);
                if (folded.size() >= 2) character.splits.push_back(std::move(folded));
              }
            });
  for (const std::u32string_view digit :
       {U"0零", U"1一", U"2二", U"3三", U"4四", U"5五", U"6六", U"7七", U"8八", U"9九"})
    if (const Character* character = find(digit[1])) {
      Character same = *character;
      same.splits.clear();
      characters_[digit[0]] = std::move(same);
    }
}

void Writing::read_emoji() {
  each_line(qingyu_emoji, qingyu_emoji_end, [this](std::string_view name, std::string_view words) {
    const std::u32string chars = core::text::to_utf32(name);
    if (chars.size() != 1) return;
    for (const std::string_view word : split(words, ' '))
      emoji_[chars[0]].push_back(core::text::fold_word(word));
  });
}

void Writing::find_radicals() {
  for (const auto& [c, character] : characters_)
    for (const std::u32string& parts : character.splits)
      if (parts.size() == 2)
        for (const char32_t part : parts) holders_[part].push_back(c);
  for (auto& [part, holders] : holders_)
    holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
  for (const std::u32string_view group : kPairs)
    for (const char32_t a : group)
      for (const char32_t b : group)
        if (a != b) pairs_[a].push_back(b);
}

std::vector<char32_t> Writing::similar(char32_t c) const {
  std::vector<char32_t> found;
  const auto add_all = [&found](const auto& map, char32_t key) {
    if (const auto it = map.find(key); it != map.end())
      found.insert(found.end(), it->second.begin(), it->second.end());
  };
  add_all(pairs_, c);
  const auto holders = holders_.find(c);
  if (holders != holders_.end() && holders->second.size() <= kHoldersMax) add_all(holders_, c);
  if (const Character* character = find(c))
    for (const std::u32string& parts : character->splits) {
      if (parts.size() != 2) continue;
      for (const char32_t part : parts) {
        const auto of = holders_.find(part);
        if (of == holders_.end() || of->second.size() > kHoldersMax) continue;
        found.push_back(part);
        add_all(holders_, part);
      }
    }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::erase(found, c);
  return found;
}

}  // namespace rules
