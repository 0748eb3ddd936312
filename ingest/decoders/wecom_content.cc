#include "ingest/decoders/wecom_content.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/hash.h"
#include "ingest/fields.h"

namespace ingest {

namespace {

constexpr size_t kPartsMax = 64;  // of a mixed message, a vote, a form, a news card

// A message type: which of its fields are words that people see, and what it has attached.
struct Shape {
  std::string_view type;
  std::array<std::string_view, 2> words;  // joined by a line break
  std::string_view attachment;            // "" none
  std::string_view title;                 // field of the attachment's title
  std::string_view address;               // field that tells two of them apart, where no md5sum is
};

constexpr Shape kShapes[] = {
    {"text", {"content"}, "", "", ""},
    {"markdown", {"content"}, "", "", ""},
    {"image", {}, "image", "", ""},
    {"voice", {}, "voice", "", ""},
    {"video", {}, "video", "", ""},
    {"file", {"filename"}, "file", "filename", ""},
    {"qydiskfile", {"filename"}, "file", "filename", ""},
    {"voip_doc_share", {"filename"}, "file", "filename", ""},
    {"link", {"title", "description"}, "link", "title", "link_url"},
    {"docmsg", {"title"}, "link", "title", "link_url"},
    {"weapp", {"title", "description"}, "mini_program", "title", "title"},
    {"sphfeed", {"sph_name", "feed_desc"}, "video", "sph_name", "feed_desc"},
    {"card", {}, "card", "corpname", ""},
    {"location", {"title"}, "", "", ""},
    {"todo", {"title", "content"}, "", "", ""},
    {"calendar", {"title", "remarks"}, "", "", ""},
    {"meeting", {"topic", "remarks"}, "", "", ""},
    {"redpacket", {"wish"}, "", "", ""},
    {"external_redpacket", {"wish"}, "", "", ""},
    {"vote", {"votetitle"}, "", "", ""},
    {"collect", {"title"}, "", "", ""},
    {"chatrecord", {}, "card", "title", ""},
    {"emotion", {}, "", "", ""},
    {"meeting_voice_call", {}, "", "", ""},
    {"voiptext", {}, "", "", ""},
};

// The same bytes have the same md5sum wherever they are sent; sdkfileid is a key to download one
// copy. Addresses are told apart by a hash, they may name people.
std::string hash_of(const Shape& shape, JsonNode body) {
  for (const std::string_view name : {"md5sum", "sdkfileid"})
    if (const std::string_view hash = body[name].text(); !hash.empty()) return std::string(hash);
  const std::string_view address = shape.address.empty() ? "" : body[shape.address].text();
  return address.empty() ? "" : core::hex16(core::hash64(address));
}

}  // namespace

JsonNode body_of(JsonNode record, std::string_view type) {
  for (const std::string_view name : {type, std::string_view("info"), std::string_view("doc")})
    if (const JsonNode body = record[name]; body.is_object()) return body;
  return {};
}

std::string item_type(std::string_view type) {
  constexpr std::string_view kPrefix = "ChatRecord";
  if (type.starts_with(kPrefix) && type.size() > kPrefix.size()) type.remove_prefix(kPrefix.size());
  std::string lower(type.substr(0, kNameMax));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

void WecomContent::fill(core::Event& event, std::string_view type, JsonNode body) {
  if (type == "mixed") return mixed(event, body);
  if (type == "news") return news(event, body);
  const auto* shape = std::ranges::find(kShapes, type, &Shape::type);
  if (shape == std::end(kShapes)) {
    event.tags.push_back("wecom:" + std::string(type));
    cut(event.tags.back(), kNameMax, cuts_);
    return;
  }
  for (const std::string_view field : shape->words)
    if (!field.empty()) say(event, body[field].text());
  for (const std::string_view list : {"voteitem", "details"}) {
    size_t parts = 0;
    for (const JsonNode& part : body[list].elements())
      if (++parts <= kPartsMax) say(event, part.is_object() ? part["ques"].text() : part.text());
  }
  if (shape->attachment.empty()) return;
  attach(event, shape->attachment, hash_of(*shape, body),
         shape->title.empty() ? "" : body[shape->title].text());
}

void WecomContent::mixed(core::Event& event, JsonNode body) {
  size_t parts = 0;
  for (const JsonNode& part : body["item"].elements()) {
    const std::string type = item_type(part["type"].text());
    if (++parts > kPartsMax || type == "mixed") {
      ++cuts_.items;
      continue;
    }
    const std::string_view content = part["content"].text();
    if (part_.parse(content).stops() || !part_.root().is_object()) {
      say(event, content);
    } else {
      fill(event, type, part_.root());
    }
  }
}

void WecomContent::news(core::Event& event, JsonNode body) {
  size_t parts = 0;
  for (const JsonNode& part : body["item"].elements()) {
    if (++parts > kPartsMax) {
      ++cuts_.items;
      continue;
    }
    say(event, part["title"].text());
    say(event, part["description"].text());
    const std::string_view url = part["url"].text();
    attach(event, "link", url.empty() ? "" : core::hex16(core::hash64(url)), part["title"].text());
  }
}

void WecomContent::attach(core::Event& event, std::string_view kind, std::string_view hash,
                          std::string_view title) {
  core::Attachment* to = add_attachment(event, cuts_);
  if (to == nullptr) return;
  to->kind = kind;
  to->hash = hash;
  to->title = title;
  cut(to->hash, kIdMax, cuts_);
  cut(to->title, kTitleMax, cuts_);
}

void WecomContent::say(core::Event& event, std::string_view line) {
  if (line.empty()) return;
  if (!event.text.empty()) event.text.push_back('\n');
  event.text.append(line);
  cut(event.text, core::kTextMax, cuts_);
}

}  // namespace ingest
