#include "alerting/channels/mime.h"

#include <algorithm>

#include "alerting/channels/signing.h"
#include "core/text/utf8.h"

namespace alerting {

namespace {

constexpr size_t kLineMax = 78, kWordBytesMax = 42;  // 42 bytes are 56 of base64
constexpr std::string_view kBreak = "\r\n";

}  // namespace

std::string encoded_words(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; }) &&
                     text.find("=?") == std::string_view::npos;
  if (plain && text.size() <= 60) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::string_view piece = core::text::prefix_of(text, kWordBytesMax);
    if (piece.empty()) piece = text.substr(0, 1);
    text.remove_prefix(piece.size());
    out += (out.empty() ? "=?UTF-8?B?" : " =?UTF-8?B?") + base64(piece) + "?=";
  }
  return out;
}

std::string header_line(std::string_view name, std::string_view value) {
  std::string out = std::string(name) + ":";
  size_t column = out.size();
  while (!value.empty()) {
    const size_t end = std::min(value.find_first_of(" \r\n\t"), value.size());
    const std::string_view word = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    if (word.empty()) continue;
    if (column + 1 + word.size() > kLineMax && column > name.size() + 1) {
      out += kBreak;
      column = 0;
    }
    out += ' ';
    out += word;
    column += 1 + word.size();
  }
  return out + std::string(kBreak);
}

std::string base64_lines(std::string_view bytes) {
  constexpr size_t kBytesOfLine = 57;
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += kBytesOfLine)
    out += base64(bytes.substr(i, kBytesOfLine)) + std::string(kBreak);
  return out;
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

std::string letter(const MailHeaders& headers, std::string_view boundary, std::string_view text,
                   std::string_view html) {
  std::string out;
  for (const auto& [name, value] : headers) out += header_line(name, value);
  out += header_line("MIME-Version", "1.0");
  out += header_line("Content-Type",
                     "multipart/alternative; boundary=\"" + std::string(boundary) + "\"");
  out += kBreak;
  for (const bool rich : {false, true}) {
    out += "--" + std::string(boundary) + "\r\n";
    out += header_line("Content-Type",
                       rich ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
    out += header_line("Content-Transfer-Encoding", "base64");
    out += "\r\n" + base64_lines(rich ? html : text);
  }
  return out + "--" + std::string(boundary) + "--\r\n";
}

}  // namespace alerting
