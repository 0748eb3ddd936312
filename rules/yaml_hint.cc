#include "rules/yaml_hint.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "rules/findings.h"
#include "rules/mend_text.h"
#include "rules/schema.h"

namespace rules {

namespace {

// Guesses are tried on what stands nearby: a text of many lines is read a few times only.
constexpr int kLinesBack = 3;
constexpr size_t kTrialsMax = 16, kBytesMax = 1 << 18;

constexpr std::pair<std::string_view, std::string_view> kComplaints[] = {
    {"illegal map value", "这里不该有冒号：前面一行没写对，或者缩进不齐"},
    {"illegal map key", "这里不该有问号"},
    {"illegal block entry", "这里不该有 - 开头的一项：前面一行没写对，或者缩进不齐"},
    {"illegal flow end", "括号不配对"},
    {"end of map flow not found", "少一个 }"},
    {"end of sequence flow not found", "少一个 ]"},
    {"end of map not found", "缩进不齐，或者少一个冒号"},
    {"end of sequence not found", "缩进不齐，或者少一个 -"},
    {"illegal EOF in scalar", "引号没有闭合"},
    {"unknown token", "这个符号在这里有别的意思：真要它就加引号"},
    {"unknown escape character", "双引号里 \\ 后面的字不认识：改用单引号"},
    {"illegal tab when looking for indentation", "缩进要用空格，不能用制表符"},
    {"the referenced anchor is not defined", "* 指的名字没有定义：真要这个星号就加引号"},
    {"alias not found after *", "* 在这里有别的意思：真要它就加引号"},
    {"anchor not found after &", "& 在这里有别的意思：真要它就加引号"},
};

class Nobody final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

// The line, from 1, where reading stops; 0 when it does not.
int stops_at(std::string_view bytes) {
  try {
    std::istringstream in{std::string(bytes)};
    YAML::Parser parser(in);
    Nobody nobody;
    parser.HandleNextDocument(nobody);
    return 0;
  } catch (const YAML::Exception& e) {
    return std::max(e.mark.line, 0) + 1;
  }
}

int line_of(std::string_view bytes, size_t at) {
  return 1 + static_cast<int>(std::ranges::count(bytes.substr(0, at), '\n'));
}

std::string shown(std::string_view text) {
  if (text == "\t") return "制表符 (tab)";
  if (text == "\u3000" || text == "\u00a0") return "全角空格 (wide space)";
  return "`" + std::string(text) + "`";
}

std::string said(std::string_view bytes, const Edit& edit) {
  const std::string line = std::to_string(line_of(bytes, edit.begin));
  const std::string_view old = bytes.substr(edit.begin, edit.end - edit.begin);
  if (old.empty())
    return both("第 " + line + " 行的 `" + bytes[edit.begin - 1] + "` 后面要空一格",
                "line " + line + ": a space is missing behind it");
  const bool blank = edit.text.find_first_not_of(' ') == std::string::npos;
  return "第 " + line + " 行 (line " + line + "): " + shown(old) + " → " +
         (blank ? "空格 (spaces)" : shown(edit.text));
}

class Guessing {
 public:
  Guessing(std::string_view bytes, int line) : bytes_(bytes), line_(line) {}

  std::string best() {
    const std::set<int> near = {line_ - 1, line_};
    std::vector<Edits> classes = punctuation_mends(bytes_, all_keys(), near);
    classes.push_back(indentation_mends(bytes_, 2));
    for (const Edits& edits : classes) {
      Edits nearby;
      for (const Edit& edit : edits)
        if (const int at = line_of(bytes_, edit.begin); at <= line_ && at >= line_ - kLinesBack)
          nearby.push_back(edit);
      if (nearby.empty() || !helps(edits)) continue;
      const auto alone = std::find_if(nearby.rbegin(), nearby.rend(),
                                      [this](const Edit& edit) { return helps({edit}); });
      const Edit& edit = alone == nearby.rend() ? nearby.back() : *alone;
      return said(bytes_, edit);
    }
    return quoting();
  }

 private:
  // A value with a colon in it has to stand in quotes.
  std::string quoting() {
    size_t begin = 0;
    for (int line = 1; line < line_; ++line) begin = bytes_.find('\n', begin) + 1;
    const size_t end = std::min(bytes_.find_first_of("\r\n", begin), bytes_.size());
    const size_t colon = bytes_.find(": ", begin);
    if (colon >= end) return {};
    const size_t value = std::min(bytes_.find_first_not_of(' ', colon + 1), end);
    const std::string_view text = bytes_.substr(value, end - value);
    if (text.find(": ") == std::string_view::npos || text.find('\'') != std::string_view::npos ||
        !helps({{value, end, "'" + std::string(text) + "'"}}))
      return {};
    return both("第 " + std::to_string(line_) + " 行的值里有冒号，给它加引号",
                "line " + std::to_string(line_) + ": quote the value, it has a colon");
  }

  bool helps(const Edits& edits) {
    if (trials_++ == kTrialsMax) return false;
    const int now = stops_at(with_edits(bytes_, edits));
    return now == 0 || now > line_;
  }

  std::string_view bytes_;
  int line_;
  size_t trials_ = 0;
};

}  // namespace

std::string yaml_complaint(std::string_view message) {
  std::string chinese = "YAML 写法有误";
  for (const auto& [begins, meaning] : kComplaints)
    if (message.starts_with(begins)) {
      chinese.append("：").append(meaning);
      break;
    }
  return both(chinese, "YAML syntax: " + std::string(message));
}

std::string yaml_hint(std::string_view bytes, int line) {
  if (bytes.size() > kBytesMax) return {};
  return Guessing(bytes, line).best();
}

}  // namespace rules
