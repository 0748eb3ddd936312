// Any bytes into every decoder: the first byte says which. Whatever comes out is sound, and a
// refused message leaves nothing behind.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/check.h"
#include "core/text/utf8.h"
#include "ingest/decode.h"
#include "ingest/fields.h"

namespace {

void check(core::Event& event) {
  INVARIANT(!event.id.empty());
  INVARIANT(event.text.size() <= core::kTextMax);
  INVARIANT(event.tags.size() <= ingest::kTagsMax + 1);
  INVARIANT(event.attachments.size() <= ingest::kAttachmentsMax);
  INVARIANT(event.counts.size() <= ingest::kCountsMax);
  INVARIANT(ingest::sensible(core::to_ms(event.published)));
  INVARIANT(event.act.has_value() ==
            (event.kind == core::Kind::Command || event.kind == core::Kind::Outcome));
  for (const std::string* text : {&event.id, &event.text, &event.channel_id, &event.channel_name,
                                  &event.author_id, &event.root, &event.forward_of})
    INVARIANT(core::text::valid_utf8(*text));
  for (const core::Attachment& attachment : event.attachments) {
    INVARIANT(core::text::valid_utf8(attachment.title));
    INVARIANT(attachment.title.size() <= ingest::kTitleMax);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto names = ingest::decoder_names();
  static auto& decoders = *new std::vector<std::unique_ptr<ingest::Decoder>>;
  if (decoders.empty())
    for (const std::string_view name : names) decoders.push_back(ingest::make_decoder(name));
  if (size == 0) return 0;
  ingest::Decoder& decoder = *decoders[data[0] % decoders.size()];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  ingest::EventBatch out;
  out.push().id = "before";
  const auto decoded = decoder.decode(bytes, out);
  INVARIANT(out.size() >= 1 && out[0].id == "before");
  if (!decoded) {
    INVARIANT(out.size() == 1 && !decoded.error().message.empty());
    INVARIANT(decoder.bad_elements().empty());
  }
  for (size_t i = 1; i < out.size(); ++i) check(out[i]);
  for (const ingest::BadElement& bad : decoder.bad_elements())
    INVARIANT(!bad.reason.empty() && bad.bytes.data() >= bytes.data() &&
              bad.bytes.data() + bad.bytes.size() <= bytes.data() + bytes.size());
  return 0;
}
