#include "ingest/fields.h"

#include "core/text/utf8.h"

namespace ingest {

void cut(std::string& s, size_t bytes, Cuts& cuts) {
  if (s.size() <= bytes) return;
  s.resize(core::text::prefix_of(s, bytes).size());
  ++cuts.texts;
}

core::Attachment* add_attachment(core::Event& event, Cuts& cuts) {
  if (event.attachments.size() < kAttachmentsMax) return &event.attachments.emplace_back();
  ++cuts.items;
  return nullptr;
}

std::string_view without_mark(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  return bytes;
}

// A pretty-printed object never has `{` at the start of its second line.
bool is_lines(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != '{') return false;
  const size_t end = bytes.find('\n');
  return end != std::string_view::npos && end + 1 < bytes.size() && bytes[end + 1] == '{';
}

std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace ingest
