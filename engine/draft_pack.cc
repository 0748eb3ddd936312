#include "engine/draft_pack.h"

#include <algorithm>

#include "core/text/mask.h"
#include "core/text/utf8.h"

namespace engine {

namespace {

constexpr size_t kExamplesMax = 3;
constexpr size_t kExampleCharsMax = 120, kExampleCharsMin = 4;

std::string quoted(const std::string& text) {
  std::string out(1, '"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string listed(const std::vector<std::string>& words) {
  std::string out(1, '[');
  for (const std::string& word : words) out += (out.size() > 1 ? ", " : "") + quoted(word);
  return out + ']';
}

std::string one_line(std::string text) {
  core::text::mask(text);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

size_t words_in(const rules::DraftedWhen& when, const std::string& text) {
  const auto holds = [&](const std::string& word) { return text.find(word) != std::string::npos; };
  auto n = static_cast<size_t>(std::ranges::count_if(when.any, holds));
  if (when.near) {
    n += static_cast<size_t>(std::ranges::count_if(when.near->words, holds));
    n += static_cast<size_t>(std::ranges::count_if(when.near->of, holds));
  }
  return n;
}

// What a text shows: the first of the words in it.
std::string shown_by(const rules::DraftedWhen& when, const std::string& text) {
  for (const std::string& word : when.any)
    if (text.find(word) != std::string::npos) return word;
  return {};
}

}  // namespace

std::string draft_pack(const DraftNames& names, const rules::DraftedWhen& when,
                       const std::vector<std::string>& hits,
                       const std::vector<std::string>& misses) {
  std::string out = "pack: " + names.id + "\nowner: " + quoted("请填写负责人 (owner)") +
                    "\nrules:\n  - id: " + names.id + "\n    name: " + quoted(names.name) +
                    "\n    issue: " + names.issue + "\n    level: " + names.level + "\n    when:\n";
  if (!when.any.empty()) out += "      any: " + listed(when.any) + "\n";
  if (when.near)
    out += "      near: {words: " + listed(when.near->words) + ", of: " + listed(when.near->of) +
           ", within: " + std::to_string(when.near->within) + "}\n";
  if (!when.except.empty()) out += "      except: " + listed(when.except) + "\n";
  out += "    tests:\n";
  if (hits.empty()) {
    const std::string stand_in = when.any.empty()
                                     ? when.near->words.front() + "，" + when.near->of.front()
                                     : when.any.front();
    out += "      - hit: " + quoted(stand_in) + "\n";
  }
  for (const std::string& text : hits) out += "      - hit: " + quoted(text) + "\n";
  for (const std::string& text : misses) out += "      - miss: " + quoted(text) + "\n";
  if (misses.empty()) out += "      - miss: " + quoted("没有这些词的一句话") + "\n";
  return out;
}

std::vector<std::string> example_texts(rules::Inspector& inspector, const std::string& rule,
                                       const rules::DraftedWhen& when,
                                       std::vector<std::string> pool, bool hit) {
  struct Candidate {
    size_t words, length;
    std::string text;
  };
  std::vector<Candidate> candidates;
  for (std::string& raw : pool) {
    std::string text = one_line(std::move(raw));
    const size_t length = core::text::count_code_points(text);
    if (length < kExampleCharsMin || length > kExampleCharsMax) continue;
    candidates.push_back({words_in(when, text), length, std::move(text)});
  }
  std::ranges::sort(candidates, [&](const Candidate& a, const Candidate& b) {
    if (!hit && a.words != b.words) return a.words > b.words;
    return a.length != b.length ? a.length < b.length : a.text < b.text;
  });
  std::vector<std::string> chosen, shown;
  for (const Candidate& candidate : candidates) {
    if (chosen.size() == kExamplesMax || (!hit && candidate.words == 0)) break;
    const std::string word = shown_by(when, candidate.text);
    if (std::ranges::find(shown, word) != shown.end()) continue;
    if (inspector.fires(rule, candidate.text) != hit) continue;
    chosen.push_back(candidate.text);
    shown.push_back(word);
  }
  return chosen;
}

}  // namespace engine
