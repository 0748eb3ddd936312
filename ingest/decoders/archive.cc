// A line of the archive of masked events: the project's own event line, of an event whose people
// are keyed already (rules/keyed_hash.h). The line itself does not say so: nobody who may write
// into a source can call an id of their own a person's handle.
#include "ingest/decoders/decoders.h"

namespace ingest {

namespace {

class Archive final : public Decoder {
 public:
  core::Result<core::Unit> decode(std::string_view bytes, EventBatch& out) override {
    const size_t before = out.size();
    auto decoded = line_->decode(bytes, out);
    bad_elements_ = line_->bad_elements();
    cuts_ = line_->cuts();
    for (size_t i = before; i < out.size(); ++i) out[i].keyed = true;
    return decoded;
  }

 private:
  std::unique_ptr<Decoder> line_ = make_qingyu();
};

}  // namespace

std::unique_ptr<Decoder> make_archive() { return std::make_unique<Archive>(); }

}  // namespace ingest
