#pragma once
// Sifter: of a block of raw messages those that a rule takes, as lines to print. What one thread of
// `qingyu match` does.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "engine/marked_text.h"
#include "ingest/decode.h"
#include "rules/inspector.h"

namespace engine {

enum class SiftForm : uint8_t { Text, Json, Count };

struct SiftSpec {
  std::string decoder = "qingyu";
  SiftForm form = SiftForm::Text;
  Paint paint = Paint::No;
  rules::Shadows shadows = rules::Shadows::No;
  core::Kind plain_kind = core::Kind::Chat;  // of a line of plain text, and when it was said
  core::Time plain_at{};
};

// Raw messages that follow each other in a file.
struct Block {
  std::string file;
  uint64_t first = 1;  // which message of the file lines[0] is
  bool plain = false;  // a message is a text, not JSON
  std::string bytes;   // owns the lines, or is empty when somebody else does
  std::vector<std::string_view> lines;
  std::vector<std::string> ids;  // of plain lines
};

struct Sifted {
  std::string out;
  uint64_t messages = 0, taken = 0, unreadable = 0, cut = 0;
  std::string first_unreadable;  // "FILE: message 17: broken_json"
};

// Owned by one thread.
class Sifter {
 public:
  Sifter(const SiftSpec& spec, std::shared_ptr<const rules::Book> book);

  void sift(const Block& block, Sifted& out);

 private:
  void read_plain(const Block& block, Sifted& out);
  void read_json(const Block& block, Sifted& out);
  void judge_read(Sifted& out);
  void print(const core::Event& event, Sifted& out);

  SiftSpec spec_;
  std::unique_ptr<rules::Inspector> inspector_;
  std::unique_ptr<ingest::Decoder> decoder_;
  ingest::EventBatch events_;
};

}  // namespace engine
