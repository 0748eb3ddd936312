#include "ingest/archive_source.h"

#include <algorithm>
#include <deque>

#include "core/check.h"

namespace ingest {

namespace {

class ArchiveSource final : public Source {
 public:
  explicit ArchiveSource(std::unique_ptr<ArchiveReader> reader) : reader_(std::move(reader)) {}

  const std::vector<std::string>& partitions() const override { return partitions_; }

  core::Result<core::Unit> start(std::span<const int64_t> positions) override {
    INVARIANT(positions.size() == 1);
    for (; position_ < positions[0]; ++position_)
      if (reader_->next() == nullptr)
        return core::Error{core::Code::BadSettings,
                           "the archive holds less than the position to go on from"};
    return core::Unit{};
  }

  // The time of an event is one that a stream had accepted: it is told as the broker's, so that no
  // gap between two events makes the later one wait.
  core::Result<std::span<const RawMessage>> poll(core::Millis, size_t limit) override {
    messages_.clear();
    lines_.resize(std::max(lines_.size(), limit));
    while (wanted_ && !ended_ && messages_.size() < limit) {
      const ArchivedEvent* event = reader_->next();
      if (event == nullptr) {
        ended_ = true;
        break;
      }
      std::string& line = lines_[messages_.size()];
      line = event->line;
      messages_.push_back({line, 0, position_, position_ + 1, core::to_ms(event->at)});
      ++position_;
    }
    return std::span<const RawMessage>(messages_);
  }

  void want(uint32_t, bool wanted) override { wanted_ = wanted; }
  bool at_end(uint32_t) const override { return ended_; }
  bool ended(uint32_t) const override { return ended_; }
  int64_t lag(uint32_t) const override { return -1; }
  std::string place(uint32_t, int64_t offset) const override {
    return "archive@" + std::to_string(offset);
  }

 private:
  std::unique_ptr<ArchiveReader> reader_;
  std::vector<std::string> partitions_{"archive"};
  std::deque<std::string> lines_;  // of the messages; none moves when there are more
  std::vector<RawMessage> messages_;
  int64_t position_ = 0;
  bool wanted_ = true, ended_ = false;
};

}  // namespace

core::Result<std::unique_ptr<Source>> open_archive(const std::string& folder, ArchiveSpan span) {
  auto reader = ArchiveReader::open(folder, span);
  if (!reader) return reader.error();
  return std::unique_ptr<Source>(std::make_unique<ArchiveSource>(std::move(*reader)));
}

}  // namespace ingest
