#include "engine/condition_text.h"

#include "core/text/utf8.h"
#include "core/time.h"
#include "engine/marked_text.h"
#include "rules/findings.h"

namespace engine {

namespace {

using rules::both;
using rules::ConditionExplained;
using rules::Part;
using rules::RemedyTold;
using rules::WordSeen;
using What = rules::Remedy::What;

constexpr size_t kWordsShown = 8;
constexpr int kZoneOffsetMinutes = 480;

std::string time_text(const std::string& ms) {
  return core::format_time(core::from_ms(std::stoll(ms)), kZoneOffsetMinutes);
}

std::string list_of(const std::vector<WordSeen>& words, const std::string& text) {
  std::string all;
  for (size_t i = 0; i < words.size() && i < kWordsShown; ++i)
    all += (i == 0 ? "" : " ") + shown_word(words[i], text);
  if (words.size() > kWordsShown) all += " +" + std::to_string(words.size() - kWordsShown);
  return all;
}

std::string masked_text(const ConditionExplained& c, const std::string& text) {
  std::string all;
  for (size_t i = 0; i < c.masked.size() && i < kWordsShown; ++i) {
    const rules::MaskedWord& m = c.masked[i];
    const std::string word = shown_word(m.word, text);
    for (const std::string& phrase : m.phrases)
      all += "；" + both(word + " 在 except 的 " + phrase + " 里，不算",
                         word + " is inside the excepted phrase " + phrase);
    for (const std::string& name : m.names)
      all +=
          "；" + both(word + " 在名字 " + name + " 里，不算", word + " is inside the name " + name);
    if (m.written_otherwise)
      all += "；" + both(word + " 不是照原样写的，fold: strict 不算",
                         word + " is not written as it is, which fold: strict asks for");
  }
  return all;
}

// "all[1]：" or "any："
std::string head_of(const ConditionExplained& c) {
  std::string head(rules::name_of(c.part));
  if (c.part == Part::All) head += "[" + std::to_string(c.item + 1) + "]";
  return head + "：";
}

std::string near_text(const ConditionExplained& c, const std::string& text) {
  if (!c.figure) {
    std::string said;
    if (!c.words.empty()) said += " words " + list_of(c.words, text);
    if (!c.of_words.empty()) said += " of " + list_of(c.of_words, text);
    return both("没有成对的词", "no pair") + said;
  }
  const std::string gap = std::to_string(*c.figure), within = std::to_string(*c.limit);
  return shown_word(c.pair[0], text) + " … " + shown_word(c.pair[1], text) + " " +
         both("相隔 " + gap + " 个字，within 是 " + within,
              gap + " characters apart, within is " + within);
}

std::string count_text(const ConditionExplained& c) {
  std::string words;
  for (const std::string& word : c.different) words += " " + word;
  const std::string n = std::to_string(*c.figure), least = std::to_string(*c.limit);
  return both(n + " 个不同的词，at_least 是 " + least,
              "different words: " + n + ", at_least is " + least) +
         words;
}

std::string looks_text(const ConditionExplained& c) {
  switch (c.part) {
    case Part::Mode:
      return c.holds ? both(c.actual + "，只计数不通知", c.actual + ": counted, never told")
                     : both("规则停用", "the rule is off");
    case Part::ValidFrom:
      return both("从 " + time_text(c.wanted) + " 起有效，消息是 " + time_text(c.actual),
                  "valid only from then on");
    case Part::ValidTo:
      return both("到 " + time_text(c.wanted) + " 为止有效，消息是 " + time_text(c.actual),
                  "valid only before then");
    default:
      return both(c.actual + (c.holds ? " 在" : " 不在") + " from 里：" + c.wanted,
                  c.actual + (c.holds ? " is" : " is not") + " in from");
  }
}

std::string remedy_text(const RemedyTold& r, const ConditionExplained& c) {
  const std::string n = std::to_string(r.number);
  const std::string list = r.advertising ? " of $advertising" : "";
  switch (r.what) {
    case What::NotOff:
      return both("mode 改成 active 或 shadow 就行", "would pass with mode: active or shadow");
    case What::ValidEarlier:
      return both("valid_from 不晚于 " + time_text(c.actual) + " 就行",
                  "would pass with an earlier valid_from");
    case What::ValidLater:
      return both("valid_to 晚于 " + time_text(c.actual) + " 就行",
                  "would pass with a later valid_to");
    case What::TakeKind:
    case What::TakePlatform:
    case What::TakeChannel:
      return both("from 里加上 " + c.actual + " 就行", "would pass with " + c.actual + " in from");
    case What::WithoutVeto:
      return both("没有 " + r.word + (r.advertising ? "（$advertising）" : "") + " 就行",
                  "would pass without " + r.word + list);
    case What::WithoutPhrase:
      return both("except 里没有 " + r.word + " 就行（遮住了 " + r.beside + "）",
                  "would pass without " + r.word + " in except");
    case What::WithoutName:
      return both(r.word + " 不是目录里的名字就行",
                  "would pass if " + r.word + " were no name of the catalogue");
    case What::LessStrict:
      return both("fold 改成 standard 就行", "would pass with fold: standard");
    case What::WithWord:
      return both("再说到 " + r.word + " 就行", "would pass with " + r.word + " said");
    case What::WithWordBeside:
      return both("在 " + r.beside + " 前后 " + n + " 个字以内说到 " + r.word + " 就行",
                  "would pass with " + r.word + " within " + n + " characters of " + r.beside);
    case What::Within:
      return both("within 改成 " + n + " 就行", "would pass with within: " + n);
    case What::Closer:
      return both("相隔不超过 " + n + " 个字就行", "would pass if at most " + n + " apart");
    case What::AtLeast:
      return both("at_least 改成 " + n + " 就行", "would pass with at_least: " + n);
  }
  return {};
}

}  // namespace

std::string shown_word(const WordSeen& word, const std::string& text) {
  const std::string said = marked(core::text::slice(text, word.start, word.end), {}, Paint::No);
  return (said == word.pattern ? "" : word.pattern + " = ") + said + "@" +
         std::to_string(word.start) + "-" + std::to_string(word.end);
}

std::string condition_text(const ConditionExplained& c, const std::string& text) {
  std::string line = head_of(c);
  switch (c.part) {
    case Part::None:
      line += c.holds ? both("没有否决的词", "no veto")
                      : both("被否决", "vetoed by") + " " + list_of(c.words, text);
      break;
    case Part::All:
    case Part::Any:
      line += c.words.empty() ? both("没有这些词", "none of the words") : list_of(c.words, text);
      break;
    case Part::Near:
      line += near_text(c, text);
      break;
    case Part::Count:
      line += count_text(c);
      break;
    default:
      return line + looks_text(c);
  }
  return line + masked_text(c, text);
}

std::vector<std::string> remedy_texts(const ConditionExplained& c) {
  std::vector<std::string> lines;
  for (const std::vector<RemedyTold>& way : c.ways) {
    std::string line;
    for (const RemedyTold& r : way)
      line += (line.empty() ? "" : both("；并且", "; and") + " ") + remedy_text(r, c);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace engine
