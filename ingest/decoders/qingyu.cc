// The project's own event line. Read EventReader::read() first: one loop over the fields of an
// object in whatever order they come, each copied once, straight from its token into the event.
// simdjson's first stage has checked UTF-8 and found the tokens; nothing is looked up by name, and
// fields that nobody reads are still checked, so that a line is wholly JSON or refused.
#include <simdjson.h>

#include <algorithm>

#include "ingest/decoders/decoders.h"
#include "ingest/decoders/qingyu_fields.h"
#include "ingest/decoders/qingyu_names.h"
#include "ingest/fields.h"
#include "ingest/json_string.h"
#include "ingest/json_token.h"
#include "ingest/padded_bytes.h"

namespace ingest {

namespace {

namespace ondemand = simdjson::ondemand;
using ondemand::value;

static_assert(PaddedBytes::kPadding >= simdjson::SIMDJSON_PADDING);

constexpr int kDepthMax = 64;  // of values in fields that nobody reads

std::string_view token_of(value& v) {
  std::string_view token = v.raw_json_token();
  while (!token.empty() && static_cast<uint8_t>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

// Whether a scalar is followed by what may follow it: nobody consumes it, and the iterator's way
// over an unconsumed string would take "a":"b":"c" for two fields.
bool is_followed(value& v) {
  const std::string_view raw = v.raw_json_token();
  if (raw.starts_with('{') || raw.starts_with('[')) return true;
  const char next = raw.data()[raw.size()];
  return next == ',' || next == '}' || next == ']';
}

Fault not_a(const char* name, value& v) {
  return token_of(v) == "null" ? kAbsent : Fault{Fault::Wrong, name};
}

// Calls take(raw key, value) for each field of an object; null is Absent, another value Wrong.
template <typename Take>
Fault each_field(value& v, const char* name, Take take) {
  ondemand::object object;
  if (!token_of(v).starts_with('{')) return not_a(name, v);
  if (v.get_object().get(object)) return kBroken;
  for (auto next : object) {
    if (next.error()) return kBroken;
    ondemand::field&& field = std::move(next).value_unsafe();
    if (!is_followed(field.value())) return kBroken;
    const Fault fault = take(field.key().raw(), field.value());
    if (fault.stops()) return fault;
  }
  return kNone;
}

template <typename Take>
Fault each_element(value& v, const char* name, Take take) {
  ondemand::array array;
  if (!token_of(v).starts_with('[')) return not_a(name, v);
  if (v.get_array().get(array)) return kBroken;
  for (auto next : array) {
    if (next.error()) return kBroken;
    value&& element = std::move(next).value_unsafe();
    if (!is_followed(element)) return kBroken;
    const Fault fault = take(element);
    if (fault.stops()) return fault;
  }
  return kNone;
}

// Checks a value that nobody reads.
Fault unread(value& v, int depth) {
  const std::string_view token = token_of(v);
  if (depth > kDepthMax) return kBroken;
  if (token.starts_with('{'))
    return each_field(v, "", [&](const char*, value& in) { return unread(in, depth + 1); });
  if (token.starts_with('['))
    return each_element(v, "", [&](value& in) { return unread(in, depth + 1); });
  return check_scalar(token);
}

// One event out of one JSON object.
class EventReader {
 public:
  explicit EventReader(Cuts& cuts) : cuts_(cuts) {}
  // Of the text that is read next: whether any string in it has an escape.
  void escapes(bool some) { escapes_ = some; }
  // Noinline: inside a big function GCC does not inline simdjson's small ones (twice the time).
  [[gnu::noinline]] Fault read(ondemand::object& object, core::Event& event);

 private:
  Fault take(Name name, value& v, core::Event& event);
  Fault string(value& v, const char* name, std::string& out);
  [[gnu::noinline]] Fault channel(value& v, core::Event& event);
  [[gnu::noinline]] Fault author(value& v, core::Event& event);
  Fault counts(value& v, core::Event& event);
  Fault tags(value& v, core::Event& event);
  Fault attachments(value& v, core::Event& event);
  Fault finish(core::Event& event);
  bool has(Name name) const { return (seen_ >> static_cast<unsigned>(name) & 1) != 0; }

  Cuts& cuts_;
  uint64_t seen_ = 0;  // a bit for each Name read; of a name that comes twice the first counts
  bool escapes_ = true;
  core::Act act_;
  core::Time own_time_{};
  std::string scratch_;
};

Fault EventReader::read(ondemand::object& object, core::Event& event) {
  if ((seen_ & kActNames) != 0) act_ = {};
  seen_ = 0;
  for (auto next : object) {
    if (next.error()) return kBroken;
    ondemand::field&& field = std::move(next).value_unsafe();
    if (!is_followed(field.value())) return kBroken;
    const Name name = name_of(key_letters(field.key().raw()));
    const bool skip = name == Name::Unknown || has(name);
    const Fault fault = skip ? unread(field.value(), 0) : take(name, field.value(), event);
    if (fault.stops()) return act_ = {}, fault;
    if (fault.what == Fault::None) seen_ |= uint64_t{1} << static_cast<unsigned>(name);
  }
  return finish(event);
}

Fault EventReader::take(Name name, value& v, core::Event& event) {
  if (std::string* to = plain_string(name, event, act_); to != nullptr)
    return string(v, kNames[static_cast<size_t>(name)], *to);
  switch (name) {
    case Name::Ts:
      return read_time(token_of(v), event.published);
    case Name::Kind:
      return read_kind(token_of(v), event.kind);
    case Name::Channel:
      return channel(v, event);
    case Name::Author:
      return author(v, event);
    case Name::Counts:
      return counts(v, event);
    case Name::Tags:
      return tags(v, event);
    case Name::Attachments:
      return attachments(v, event);
    case Name::Level:
      return read_level(token_of(v), event.reported_level);
    case Name::Sensitivity:
      return read_sensitivity(token_of(v), event.sensitivity);
    case Name::Published:
      return read_time(token_of(v), own_time_);
    case Name::Revision:
      return read_u32(token_of(v), "revision", act_.revision);
    default:
      return unread(v, 0);
  }
}

Fault EventReader::string(value& v, const char* name, std::string& out) {
  const std::string_view token = token_of(v);
  if (escapes_ || token.size() < 2 || token.front() != '"') return read_string(token, name, out);
  out.assign(token.substr(1, token.size() - 2));
  return kNone;
}

Fault EventReader::channel(value& object, core::Event& event) {
  return each_field(object, "channel", [&](const char* raw, value& v) -> Fault {
    const Letters key = key_letters(raw);
    if (key == "id"_key) return string(v, "channel.id", event.channel_id);
    if (key == "name"_key) return string(v, "channel.name", event.channel_name);
    if (key == "members"_key)
      return read_u32(token_of(v), "channel.members", event.channel_members);
    if (key != "service"_key) return unread(v, 0);
    return read_service(token_of(v), event);
  });
}

Fault EventReader::author(value& object, core::Event& event) {
  return each_field(object, "author", [&](const char* raw, value& v) -> Fault {
    const Letters key = key_letters(raw);
    if (key == "id"_key) return string(v, "author.id", event.author_id);
    if (key == "followers"_key)
      return read_u32(token_of(v), "author.followers", event.author_followers);
    if (key == "role"_key) return read_role(token_of(v), event.author_role);
    return unread(v, 0);
  });
}

// Only numbers count; platforms put words among them.
Fault EventReader::counts(value& object, core::Event& event) {
  return each_field(object, "counts", [&](const char* raw, value& v) -> Fault {
    int64_t number = 0;
    if (read_number(token_of(v), "", number).what != Fault::None) return unread(v, 0);
    if (event.counts.size() == kCountsMax) return ++cuts_.items, kNone;
    const std::string_view key(raw, std::find(raw, raw + kNameMax, '"'));
    event.counts.push_back({std::string(key), number});
    return kNone;
  });
}

Fault EventReader::tags(value& array, core::Event& event) {
  return each_element(array, "tags", [&](value& v) -> Fault {
    if (event.tags.size() >= kTagsMax) return ++cuts_.items, unread(v, 0);
    const Fault fault = string(v, "tags", scratch_);
    if (fault.what != Fault::None) return fault;
    cut(scratch_, kNameMax, cuts_);
    event.tags.push_back(scratch_);
    return kNone;
  });
}

Fault EventReader::attachments(value& array, core::Event& event) {
  return each_element(array, "attachments", [&](value& element) -> Fault {
    core::Attachment* to = add_attachment(event, cuts_);
    if (to == nullptr) return unread(element, 0);
    const Fault fault = each_field(element, "attachments", [&](const char* raw, value& v) {
      const Letters key = key_letters(raw);
      if (key == "kind"_key) return string(v, "attachments.kind", to->kind);
      if (key == "hash"_key) return string(v, "attachments.hash", to->hash);
      if (key == "title"_key) return string(v, "attachments.title", to->title);
      return unread(v, 0);
    });
    cut(to->kind, kNameMax, cuts_);
    cut(to->hash, kNameMax, cuts_);
    cut(to->title, kTitleMax, cuts_);
    return fault;
  });
}

// The limits, and what an event of its kind cannot be without.
Fault EventReader::finish(core::Event& event) {
  if (has(Name::Published)) event.published = own_time_;
  if (has(Name::Sensitivity) && !has(Name::Level))
    event.reported_level = level_of_sensitivity(event.sensitivity);
  if (const Fault fault = check_required(seen_, event, act_); fault.stops()) return fault;
  if (const Fault fault = check_ids(event); fault.stops()) return fault;
  cut(event.text, core::kTextMax, cuts_);
  cut(event.channel_name, kNameMax, cuts_);
  cut(event.platform, kNameMax, cuts_);
  if (event.kind != core::Kind::Command && event.kind != core::Kind::Outcome) return kNone;
  for (std::string* words : {&act_.because, &act_.option, &act_.value})
    cut(*words, kTitleMax, cuts_);
  event.act = std::move(act_);
  return kNone;
}

class Qingyu final : public Decoder {
 public:
  core::Result<core::Unit> decode(std::string_view bytes, EventBatch& out) override;

 private:
  // Appends what `bytes` hold. After a fault `out` may hold some of it.
  Fault read(std::string_view bytes, EventBatch& out);
  Fault lines(std::string_view bytes, EventBatch& out);
  Fault document(std::string_view bytes, EventBatch& out);
  Fault wrapped(ondemand::document& document, EventBatch& out);
  Fault bundle(ondemand::array& array, EventBatch& out);
  Fault one(ondemand::object& object, EventBatch& out);

  ondemand::parser parser_;
  PaddedBytes padded_;
  EventReader reader_{cuts_};
  std::string_view bytes_, copied_;  // of the document, as given and where they are parsed
};

core::Result<core::Unit> Qingyu::decode(std::string_view bytes, EventBatch& out) {
  bad_elements_.clear();
  if (bytes.size() > core::kMessageMax) return refuse("too_large");
  const size_t before = out.size();
  const Fault fault = read(without_mark(bytes), out);
  if (!fault.stops()) return core::Unit{};
  out.cut_to(before);
  bad_elements_.clear();
  return refuse(reason_of(fault, bytes));
}

Fault Qingyu::read(std::string_view bytes, EventBatch& out) {
  const size_t before = out.size();
  if (!is_lines(bytes)) return document(bytes, out);
  const Fault fault = lines(bytes, out);
  if (fault.stops() || out.size() > before) return fault;
  bad_elements_.clear();  // an object that is laid out strangely
  return document(bytes, out);
}

Fault Qingyu::lines(std::string_view rest, EventBatch& out) {
  for (uint32_t index = 0; !rest.empty(); ++index) {
    const std::string_view line = take_line(rest);
    if (line.empty()) continue;
    if (index == kBundleMax) return kTooMany;
    const size_t before = out.size();
    const Fault fault = line.front() == '{' ? document(line, out) : kBroken;
    if (!fault.stops()) continue;
    out.cut_to(before);
    bad_elements_.push_back({index, reason_of(fault, line), line.substr(0, kBadExcerptMax)});
  }
  return kNone;
}

// Whether the text of an object begins {"events": [ - a bundle with a wrapper.
bool is_wrapped(std::string_view bytes) {
  const auto take = [&bytes](std::string_view word) {
    bytes.remove_prefix(std::min(bytes.size(), bytes.find_first_not_of(" \t\r\n")));
    if (!bytes.starts_with(word)) return false;
    bytes.remove_prefix(word.size());
    return true;
  };
  return take("{") && take("\"events\"") && take(":") && take("[");
}

Fault Qingyu::document(std::string_view bytes, EventBatch& out) {
  bytes_ = bytes;
  copied_ = padded_.assign(bytes);
  const bool has_escapes = bytes.find('\\') != std::string_view::npos;
  const Unescaped escapes = has_escapes ? worst_escape(bytes) : Unescaped::Ok;
  if (escapes == Unescaped::Broken) return kBroken;
  reader_.escapes(has_escapes);
  ondemand::document document;
  ondemand::json_type type;
  if (parser_.iterate(copied_.data(), copied_.size(), padded_.capacity()).get(document) ||
      document.type().get(type))
    return kBroken;
  Fault fault = kBroken;
  ondemand::object object;
  ondemand::array array;
  if (type == ondemand::json_type::array) {
    if (!document.get_array().get(array)) fault = bundle(array, out);
  } else if (type == ondemand::json_type::object) {
    if (is_wrapped(bytes)) {
      fault = wrapped(document, out);
    } else if (!document.get_object().get(object)) {
      fault = one(object, out);
      if (escapes == Unescaped::LoneSurrogate && !fault.stops()) fault = kLone;  // in a name
    }
  }
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return !fault.stops() && !at_end ? kBroken : fault;
}

Fault Qingyu::one(ondemand::object& object, EventBatch& out) {
  const Fault fault = reader_.read(object, out.push());
  if (fault.stops()) out.pop_back();
  return fault;
}

Fault Qingyu::wrapped(ondemand::document& document, EventBatch& out) {
  ondemand::object object;
  if (document.get_object().get(object)) return kBroken;
  bool first = true;
  for (auto next : object) {
    ondemand::field field;
    ondemand::array array;
    if (std::move(next).get(field)) return kBroken;
    if (first && field.value().get_array().get(array)) return kBroken;
    const Fault fault = first ? bundle(array, out) : unread(field.value(), 0);
    if (fault.stops()) return fault;
    first = false;
  }
  return kNone;
}

// An element that is no event is set aside; what is no JSON at all ends the bundle.
Fault Qingyu::bundle(ondemand::array& array, EventBatch& out) {
  uint32_t index = 0;
  bool open = false;  // the last bad element's end is not known yet
  for (auto next : array) {
    value element;
    ondemand::object object;
    if (std::move(next).get(element)) return kBroken;
    if (index == kBundleMax) return kTooMany;
    if (!is_followed(element)) return kBroken;
    const std::string_view token = token_of(element);
    const size_t at = static_cast<size_t>(token.data() - copied_.data());
    if (open) {
      std::string_view& last = bad_elements_.back().bytes;
      last = last.substr(0, at - static_cast<size_t>(last.data() - bytes_.data()));
    }
    Fault fault{Fault::Wrong, "events"};
    if (token.starts_with('{')) {
      if (element.get_object().get(object)) return kBroken;
      fault = one(object, out);
    }
    if (fault.what == Fault::Broken) return fault;
    open = fault.stops();
    if (open) bad_elements_.push_back({index, reason_of(fault), bytes_.substr(at, kBadExcerptMax)});
    ++index;
  }
  return kNone;
}

}  // namespace

std::unique_ptr<Decoder> make_qingyu() { return std::make_unique<Qingyu>(); }

}  // namespace ingest
