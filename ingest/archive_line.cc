#include "ingest/archive_line.h"

#include "core/level.h"

namespace ingest {

namespace {

void quoted(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  size_t from = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  out.append(text, from);
  out += '"';
}

void field(const char* key, std::string_view text, std::string& out) {
  if (text.empty()) return;
  out += key;
  quoted(text, out);
}
void field(const char* key, uint64_t number, std::string& out) {
  if (number == 0) return;
  out += key;
  out += std::to_string(number);
}

std::string_view name_of(core::Role role) {
  switch (role) {
    case core::Role::Owner:
      return "owner";
    case core::Role::Admin:
      return "admin";
    case core::Role::Staff:
      return "staff";
    case core::Role::Other:
      return "other";
    case core::Role::None:
      break;
  }
  return "";
}

void author(const core::Event& event, std::string& out) {
  const std::string_view role = name_of(event.author_role);
  if (event.author_id.empty() && event.author_followers == 0 && role.empty()) return;
  out += ",\"author\":{\"id\":";
  quoted(event.author_id, out);
  field(",\"followers\":", event.author_followers, out);
  field(",\"role\":", role, out);
  out += '}';
}

void lists(const core::Event& event, std::string& out) {
  const char* before = ",\"counts\":{";
  for (const core::Count& count : event.counts) {
    out += before;
    quoted(count.name, out);
    out += ':' + std::to_string(count.value);
    before = ",";
  }
  if (!event.counts.empty()) out += '}';
  before = ",\"tags\":[";
  for (const std::string& tag : event.tags) {
    out += before;
    quoted(tag, out);
    before = ",";
  }
  if (!event.tags.empty()) out += ']';
  before = ",\"attachments\":[";
  for (const core::Attachment& attachment : event.attachments) {
    out += before;
    out += "{\"kind\":";
    quoted(attachment.kind, out);
    field(",\"hash\":", attachment.hash, out);
    out += '}';
    before = ",";
  }
  if (!event.attachments.empty()) out += ']';
}

}  // namespace

void write_archive_line(const core::Event& event, std::string& out) {
  out += "{\"ts\":" + std::to_string(core::to_ms(event.at)) + ",\"id\":";
  quoted(event.id, out);
  if (event.published != event.at)
    out += ",\"said_at\":" + std::to_string(core::to_ms(event.published));
  field(",\"platform\":", event.platform, out);
  field(",\"kind\":", core::name_of(event.kind), out);
  out += ",\"channel\":{\"id\":";
  quoted(event.channel_id, out);
  field(",\"name\":", event.channel_name, out);
  field(",\"members\":", event.channel_members, out);
  out += '}';
  author(event, out);
  out += ",\"text\":";
  quoted(event.text, out);
  field(",\"forward_of\":", event.forward_of, out);
  field(",\"reply_to\":", event.reply_to, out);
  field(",\"root\":", event.root, out);
  field(",\"recall_of\":", event.recall_of, out);
  field(",\"customer\":", event.customer, out);
  field(",\"order\":", event.order, out);
  if (event.reported_level > 0)
    field(",\"level\":", core::name_of(static_cast<core::Level>(event.reported_level)), out);
  field(",\"sensitivity\":", event.sensitivity, out);
  lists(event, out);
  out += '}';
}

}  // namespace ingest
