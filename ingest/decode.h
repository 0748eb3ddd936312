#pragma once
// Decoders: the bytes of one platform's message -> Events. One file a platform in ingest/decoders/,
// one row in kDecoders in decode.cc. A decoder has a parser of its own and belongs to one thread.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/result.h"

namespace ingest {

// Events of one message, in slots that are reused: push() gives a cleared one.
class EventBatch {
 public:
  core::Event& push();
  void pop_back() { --size_; }  // REQUIRES: size() > 0. Takes back the last push().
  void clear() { size_ = 0; }
  void cut_to(size_t size) { size_ = size; }  // REQUIRES: size <= size(). Takes back the rest.
  size_t size() const { return size_; }
  core::Event& operator[](size_t i) { return *slots_[i]; }
  // To be swapped with another slot, never emptied.
  core::EventSlot& slot(size_t i) { return slots_[i]; }

 private:
  std::vector<core::EventSlot> slots_;
  size_t size_ = 0;
};

// An element of a bundle that is no event, while the others were taken.
struct BadElement {
  uint32_t index = 0;  // from 0, its place in the bundle
  std::string reason;
  std::string_view bytes;  // part of the bytes given to decode(), of these at most the first 4 KB
};

// What the limits of a decoder left out of the events it gave, since it was made.
struct Cuts {
  uint64_t texts = 0;  // texts, titles and names that were longer than allowed, cut at a code point
  uint64_t items = 0;  // tags, counts, attachments, parts of merged forwards above their number
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Appends the events of `bytes` (usually one; merged forwards unfold into several; a message that
  // is known and means nothing to us, e.g. a key exchange, into none). BadInput: a reason such as
  // "broken_json", "invalid_utf8", "lone_surrogate", "missing_field: id", "bad_field: kind",
  // "too_large", "bad_time" - the first word is the dead letter's reason - and nothing was
  // appended. Text is not masked yet. `at` is left alone; `published` is set.
  //
  // A bundle - a JSON array, an object that holds one, or JSON lines in one message - is refused
  // whole only when it cannot be read; an element that is no event goes to bad_elements().
  virtual core::Result<core::Unit> decode(std::string_view bytes, EventBatch& out) = 0;

  // Of the last decode(): to be set aside one by one.
  const std::vector<BadElement>& bad_elements() const { return bad_elements_; }
  const Cuts& cuts() const { return cuts_; }

 protected:
  std::vector<BadElement> bad_elements_;
  Cuts cuts_;
};

// Of lines out of the archive of masked events: no platform's, so not among decoder_names().
inline constexpr std::string_view kArchiveDecoder = "archive";

// nullptr when `name` is not a decoder. Names: decoder_names(), and kArchiveDecoder.
std::unique_ptr<Decoder> make_decoder(std::string_view name);
std::vector<std::string_view> decoder_names();

}  // namespace ingest
