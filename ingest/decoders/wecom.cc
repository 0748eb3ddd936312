// Enterprise WeChat chat archive (会话内容存档): what the vendor's SDK gives after decryption, one
// record a message. Read Wecom::record() first. A record says who (from), to whom (tolist), where
// (roomid, "" between two people), when (msgtime) and, under the name of its msgtype, what.
#include <algorithm>
#include <array>

#include "core/hash.h"
#include "ingest/decoders/decoders.h"
#include "ingest/decoders/wecom_content.h"
#include "ingest/fields.h"
#include "ingest/record_bundle.h"

namespace ingest {

namespace {

constexpr size_t kUnfoldMax = 256;  // events out of one merged forward
constexpr size_t kNestingMax = 4;   // merged forwards inside merged forwards
constexpr size_t kExternalIdMin = 20;

// People outside the company and robots have long ids with a prefix; staff have what IT chose.
bool has_long_prefix(std::string_view id, std::string_view prefix) {
  return id.size() >= kExternalIdMin && id.starts_with(prefix);
}
bool is_robot(std::string_view id) { return has_long_prefix(id, "wb"); }
bool is_external(std::string_view id) {
  return has_long_prefix(id, "wm") || has_long_prefix(id, "wo");
}

// What all events of one record share.
struct Envelope {
  std::string msgid, from, to, room;
  core::Time at{};
};

core::Result<Envelope> read_envelope(JsonNode record) {
  Envelope envelope;
  const std::array<std::pair<std::string*, std::string_view>, 2> needed = {
      {{&envelope.msgid, "msgid"}, {&envelope.from, "from"}}};
  for (const auto& [to, name] : needed) {
    *to = record[name].text();
    if (to->empty()) return refuse("missing_field: " + std::string(name));
    if (to->size() > kIdMax) return refuse("bad_field: " + std::string(name));
  }
  if (!record["msgtime"]) return refuse("missing_field: msgtime");
  const auto ms = record["msgtime"].integer();
  if (!ms || !sensible(*ms)) return refuse("bad_time");
  envelope.at = core::from_ms(*ms);
  const JsonNode to = record["tolist"];
  const auto everybody = to.elements();
  envelope.to = everybody.empty() ? to.text() : everybody.front().text();
  envelope.room = record["roomid"].text();
  if (envelope.room.size() > kIdMax || envelope.to.size() > kIdMax)
    return refuse("bad_field: roomid");
  return envelope;
}

// A talk of two people is a channel of its own, whoever writes; with somebody from outside it is a
// service talk, and that person the customer.
void fill_channel(const Envelope& envelope, core::Event& event) {
  if (!envelope.room.empty()) {
    event.channel_id = envelope.room;
    return;
  }
  const auto& [first, second] = std::minmax(envelope.from, envelope.to);
  event.channel_id = "pair:" + first + "|" + second;
  event.channel_members = 2;
  const bool from_outside = is_external(envelope.from), to_outside = is_external(envelope.to);
  if (from_outside == to_outside) return;
  event.tags.emplace_back(core::kServiceTag);
  event.customer = from_outside ? envelope.from : envelope.to;
}

core::Event& push_event(const Envelope& envelope, std::string id, EventBatch& out) {
  core::Event& event = out.push();
  event.id = std::move(id);
  event.published = envelope.at;
  event.platform = "wecom";
  event.kind = core::Kind::Chat;
  event.author_id = envelope.from;
  event.author_role = is_robot(envelope.from)      ? core::Role::Other
                      : is_external(envelope.from) ? core::Role::None
                                                   : core::Role::Staff;
  fill_channel(envelope, event);
  return event;
}

class Wecom final : public Decoder {
 public:
  core::Result<core::Unit> decode(std::string_view bytes, EventBatch& out) override {
    return decode_records(
        tree_, bytes, {}, out, bad_elements_,
        [this](JsonNode record, EventBatch& to) { return this->record(record, to); });
  }

 private:
  core::Result<core::Unit> record(JsonNode record, EventBatch& out);
  void unfold(const Envelope& envelope, const std::string& id, JsonNode forward, size_t depth,
              EventBatch& out);
  void item(const Envelope& envelope, const std::string& id, JsonNode item, size_t depth,
            EventBatch& out);

  JsonTree tree_;
  std::array<JsonTree, kNestingMax + 1> inner_;  // contents are JSON texts inside strings
  WecomContent content_{cuts_};
  size_t unfolded_ = 0;
};

core::Result<core::Unit> Wecom::record(JsonNode record, EventBatch& out) {
  if (record["action"].text() == "switch") return core::Unit{};  // somebody changed company
  const std::string_view type = record["msgtype"].text();
  if (type.empty()) return refuse("missing_field: msgtype");
  if (type == "agree" || type == "disagree") return core::Unit{};  // to being archived
  const auto envelope = read_envelope(record);
  if (!envelope) return envelope.error();

  core::Event& event = push_event(*envelope, envelope->msgid, out);
  if (type == "revoke") {
    event.recall_of = record["revoke"]["pre_msgid"].text();
    if (event.recall_of.empty()) return refuse("missing_field: pre_msgid");
    if (event.recall_of.size() > kIdMax) return refuse("bad_field: pre_msgid");
    return core::Unit{};
  }
  const JsonNode body = body_of(record, type);
  content_.fill(event, type, body);
  unfolded_ = 0;
  if (type == "chatrecord") unfold(*envelope, envelope->msgid, body, 0, out);
  return core::Unit{};
}

// The parts of a merged forward become events of the one who forwarded it, at the time they came to
// this group; what they are forwards of is the same wherever the same part is forwarded to.
void Wecom::unfold(const Envelope& envelope, const std::string& id, JsonNode forward, size_t depth,
                   EventBatch& out) {
  size_t number = 0;
  for (const JsonNode& part : forward["item"].elements()) {
    if (unfolded_ == kUnfoldMax) {
      ++cuts_.items;
      continue;
    }
    ++unfolded_;
    item(envelope, id + "#" + std::to_string(++number), part, depth, out);
  }
}

void Wecom::item(const Envelope& envelope, const std::string& id, JsonNode item, size_t depth,
                 EventBatch& out) {
  const std::string type = item_type(item["type"].text());
  const std::string_view text = item["content"].text();
  core::Event& event = push_event(envelope, id, out);
  event.root = envelope.msgid;
  uint64_t mark = core::hash64(type);
  mark = core::hash_mix(mark, static_cast<uint64_t>(item["msgtime"].integer().value_or(0)));
  event.forward_of = "forwarded:" + core::hex16(core::hash_mix(mark, core::hash64(text)));
  if (inner_[depth].parse(text).stops() || !inner_[depth].root().is_object()) {
    event.text = text;  // older records have the text itself
    cut(event.text, core::kTextMax, cuts_);
    return;
  }
  const JsonNode body = inner_[depth].root();
  content_.fill(event, type, body);
  if (type != "chatrecord") return;
  if (depth + 1 < kNestingMax) {
    unfold(envelope, id, body, depth + 1, out);
  } else {
    ++cuts_.items;
  }
}

}  // namespace

std::unique_ptr<Decoder> make_wecom() { return std::make_unique<Wecom>(); }

}  // namespace ingest
