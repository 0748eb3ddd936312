// Weibo: a status as its interfaces and crawlers give it (created_at, mid, text, user,
// retweeted_status ...), or a comment (with the status it belongs to). Read Weibo::record() first.
#include <algorithm>
#include <array>
#include <limits>

#include "ingest/decoders/decoders.h"
#include "ingest/decoders/weibo_text.h"
#include "ingest/fields.h"
#include "ingest/record_bundle.h"

namespace ingest {

namespace {

constexpr std::array<std::string_view, 3> kWrappers = {"statuses", "comments", "reposts"};
constexpr std::string_view kChain = "//@";  // "mine//@B:what B said//@A:what A said"

// The first of the fields that is a string or a whole number, as text.
std::string first_of(JsonNode node, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const JsonNode field = node[name];
    if (const std::string_view text = field.text(); !text.empty()) return std::string(text);
    if (const auto number = field.integer(); number && *number > 0) return std::to_string(*number);
  }
  return {};
}

std::string id_of(JsonNode status) { return first_of(status, {"mid", "idstr", "id"}); }

std::string text_of(JsonNode status) {
  if (const auto text = status["longText"]["longTextContent"].text(); !text.empty())
    return without_html(text);
  if (const auto raw = status["text_raw"].text(); !raw.empty()) return without_html(raw);
  return without_html(status["text"].text());
}

// A status that its author or the platform took away holds a notice instead of a text.
bool is_gone(JsonNode status) { return status["deleted"].truth() || !status["user"].is_object(); }

int64_t count_of(JsonNode count) {
  const auto number = count.integer();
  return number ? *number : weibo_count(count.text()).value_or(0);
}

class Weibo final : public Decoder {
 public:
  core::Result<core::Unit> decode(std::string_view bytes, EventBatch& out) override {
    return decode_records(
        tree_, bytes, kWrappers, out, bad_elements_,
        [this](JsonNode record, EventBatch& to) { return this->record(record, to); });
  }

 private:
  core::Result<core::Unit> record(JsonNode record, EventBatch& out);
  void author(JsonNode user, core::Event& event);
  void repost(JsonNode status, JsonNode original, core::Event& event);
  void comment(JsonNode comment, core::Event& event);
  void pictures(JsonNode status, core::Event& event);
  void page(JsonNode info, core::Event& event);
  void attach(core::Event& event, std::string_view kind, std::string_view hash,
              std::string_view title);

  JsonTree tree_;
};

core::Result<core::Unit> Weibo::record(JsonNode record, EventBatch& out) {
  if (record["deleted"].truth()) return core::Unit{};
  core::Event& event = out.push();
  event.id = id_of(record);
  if (event.id.empty()) return refuse("missing_field: id");
  if (event.id.size() > kIdMax) return refuse("bad_field: id");
  const std::string created_at = first_of(record, {"created_at"});
  if (created_at.empty()) return refuse("missing_field: created_at");
  const auto at = weibo_time(created_at);
  if (!at) return refuse("bad_time");
  if (!record["text"] && !record["text_raw"]) return refuse("missing_field: text");

  event.published = *at;
  event.platform = "weibo";
  event.channel_id = "weibo";
  event.channel_name = "微博";
  event.text = text_of(record);
  author(record["user"], event);
  pictures(record, event);
  page(record["page_info"], event);
  for (const auto& [field, name] :
       std::array<std::pair<std::string_view, const char*>, 3>{{{"reposts_count", "reposts"},
                                                                {"comments_count", "comments"},
                                                                {"attitudes_count", "likes"}}})
    if (record[field]) event.counts.push_back({name, count_of(record[field])});

  if (record["retweeted_status"].is_object()) {
    repost(record, record["retweeted_status"], event);
  } else if (record["status"].is_object() || record["rootid"]) {
    comment(record, event);
  }
  cut(event.text, core::kTextMax, cuts_);
  return core::Unit{};
}

void Weibo::author(JsonNode user, core::Event& event) {
  event.author_id = first_of(user, {"idstr", "id"});
  cut(event.author_id, kIdMax, cuts_);
  const int64_t followers = count_of(user["followers_count"]);
  event.author_followers = static_cast<uint32_t>(
      std::clamp<int64_t>(followers, 0, std::numeric_limits<uint32_t>::max()));
}

// What is reposted is part of what this author says: it closes the chain in the text, as Weibo
// itself writes chains, and its pictures come along.
void Weibo::repost(JsonNode status, JsonNode original, core::Event& event) {
  event.kind = core::Kind::Repost;
  event.root = id_of(original);
  event.forward_of = first_of(status, {"pidstr", "pid"});
  if (event.forward_of.empty()) event.forward_of = event.root;
  cut(event.root, kIdMax, cuts_);
  cut(event.forward_of, kIdMax, cuts_);
  if (is_gone(original)) return;
  const std::string text = text_of(original);
  if (!text.empty() && event.text.find(text) == std::string::npos) {
    event.text.append(kChain).append(original["user"]["screen_name"].text());
    event.text.append(":").append(text);
  }
  pictures(original, event);
  page(original["page_info"], event);
}

void Weibo::comment(JsonNode comment, core::Event& event) {
  event.kind = core::Kind::Comment;
  event.root = id_of(comment["status"]);
  event.reply_to = id_of(comment["reply_comment"]);
  if (event.reply_to.empty()) event.reply_to = first_of(comment, {"rootidstr", "rootid"});
  if (event.reply_to.empty() || event.reply_to == event.id) event.reply_to = event.root;
  cut(event.root, kIdMax, cuts_);
  cut(event.reply_to, kIdMax, cuts_);
}

void Weibo::pictures(JsonNode status, core::Event& event) {
  if (status["pic_ids"].is_array()) {
    for (const JsonNode& id : status["pic_ids"].elements()) attach(event, "image", id.text(), "");
    return;
  }
  for (const JsonNode& picture : status["pics"].elements())
    attach(event, "image", picture["pid"].text(), "");
  if (status["pics"].is_array()) return;
  for (const JsonNode& picture : status["pic_urls"].elements())
    attach(event, "image", picture_of(picture["thumbnail_pic"].text()), "");
}

void Weibo::page(JsonNode info, core::Event& event) {
  if (!info.is_object()) return;
  const std::string kind = first_of(info, {"type", "object_type"});
  attach(event, kind == "video" ? "video" : "link", first_of(info, {"object_id", "page_id"}),
         first_of(info, {"title", "page_title"}));
}

void Weibo::attach(core::Event& event, std::string_view kind, std::string_view hash,
                   std::string_view title) {
  if (hash.empty() && title.empty()) return;
  core::Attachment* to = add_attachment(event, cuts_);
  if (to == nullptr) return;
  to->kind = kind;
  to->hash = hash;
  to->title = title;
  cut(to->hash, kIdMax, cuts_);
  cut(to->title, kTitleMax, cuts_);
}

}  // namespace

std::unique_ptr<Decoder> make_weibo() { return std::make_unique<Weibo>(); }

}  // namespace ingest
