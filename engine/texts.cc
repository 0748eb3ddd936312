#include "engine/texts.h"

#include "engine/archive_place.h"
#include "ingest/archive_source.h"
#include "ingest/decode.h"
#include "ingest/file_source.h"

namespace engine {

namespace {

constexpr size_t kAtOnce = 512;
constexpr core::Millis kWait{100};

class TextsReader {
 public:
  TextsReader(const std::string& decoder, size_t max)
      : decoder_(ingest::make_decoder(decoder)), max_(max) {}

  bool good() const { return decoder_ != nullptr; }

  void take(std::string_view line) {
    const size_t first = line.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return;
    if (!is_json(line, first)) {
      const size_t last = line.find_last_not_of(" \t\r\n");
      return add(std::string(line.substr(first, last - first + 1)));
    }
    events_.clear();
    if (!decoder_->decode(line, events_)) {
      ++texts.unreadable;
      return;
    }
    texts.unreadable += decoder_->bad_elements().size();
    for (size_t i = 0; i < events_.size(); ++i)
      if (!events_[i].text.empty()) add(events_[i].text);
  }

  Texts texts;

 private:
  void add(std::string text) {
    if (texts.texts.size() < max_)
      texts.texts.push_back(std::move(text));
    else
      ++texts.left_out;
  }

  const std::unique_ptr<ingest::Decoder> decoder_;
  const size_t max_;
  ingest::EventBatch events_;
};

}  // namespace

bool is_json(std::string_view line, size_t first) {
  const size_t next = line.find_first_not_of(" \t\r\n", first + 1);
  const char second = next == std::string_view::npos ? '\0' : line[next];
  if (line[first] == '{') return second == '"' || second == '}';
  return line[first] == '[' && (second == '{' || second == ']');
}

core::Result<Texts> read_texts(const std::string& path, const std::string& decoder, size_t max) {
  TextsReader reader(decoder, max);
  if (!reader.good()) return core::Error{core::Code::BadSettings, "no decoder " + decoder};
  const auto place = archive_place(path);
  if (!place) return place.error();
  auto source = *place ? ingest::open_archive((*place)->folder, (*place)->span)
                       : ingest::open_files({path}, ingest::Follow::No);
  if (!source) return source.error();
  const int64_t from = -1;
  const auto started = (*source)->start({&from, 1});
  if (!started) return started.error();
  while (!(*source)->ended(0)) {
    const auto messages = (*source)->poll(kWait, kAtOnce);
    if (!messages) return messages.error();
    for (const ingest::RawMessage& message : *messages) reader.take(message.bytes);
  }
  return std::move(reader.texts);
}

}  // namespace engine
