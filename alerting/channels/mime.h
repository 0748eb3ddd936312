#pragma once
// Letters (RFC 5322, 2045-2047): header folding, encoded words, two parts of one text. Pure.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alerting {

using MailHeaders = std::vector<std::pair<std::string, std::string>>;

// The text of an unstructured header: as it is when it is short ASCII, else encoded words of at
// most 75 characters, folded between code points.
std::string encoded_words(std::string_view text);
// One header with its CRLF, folded at blanks where a line would pass 78 characters. Line breaks in
// the value are blanks: no header can be smuggled in.
std::string header_line(std::string_view name, std::string_view value);
// Base64 in lines of 76 characters with CRLF.
std::string base64_lines(std::string_view bytes);
std::string html_escaped(std::string_view text);
// multipart/alternative of plain text and HTML, both UTF-8 in base64. `boundary` occurs in neither.
std::string letter(const MailHeaders& headers, std::string_view boundary, std::string_view text,
                   std::string_view html);

}  // namespace alerting
