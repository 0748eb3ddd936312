// Prints for each message of standard input (JSON lines) whose subject the program finds one line a
// family: id, family, how it was found, the heaviest SKU and its permille, number of rule hits.
// With the shipped rules and the given catalogue; every message goes through a Stream and a Lane as
// in a replay. With --every each message is asked for its subject as if somebody had reported it;
// else those without a name have one only where a rule hits. tests/eval/subjects.py reads it. Built
// on demand: ninja subject_lines.
//
//   zstdcat day*.events.jsonl.zst | subject_lines CATALOGUE_DIRECTORY [--every]
#include <iostream>
#include <string>
#include <string_view>

#include "engine/book_shelf.h"
#include "engine/lane.h"
#include "engine/settings.h"
#include "engine/stream.h"
#include "ingest/decode.h"

namespace {

constexpr size_t kBatchEvents = 128;

class Printer final : public engine::StreamSink {
 public:
  Printer(const engine::BookShelf& shelf, bool every) : lane_(shelf, {}, {}), every_(every) {}

  void accept(core::EventSlot& event) override {
    if (every_) event->reported_level = 1;
    batch_.push(event);
  }
  void mark(const core::Mark& mark) override { batch_.push(0, mark); }
  void refuse(const core::Event&, int64_t, uint32_t, std::string) override { ++refused_; }

  void flush() {
    lane_.begin(batch_);
    size_t next = 0;
    for (const engine::Batch::MarkAt& mark : batch_.marks()) {
      for (; next < mark.before; ++next) lane_.judge(batch_, next, signals_);
      lane_.pass(mark.stream, mark.mark, signals_);
    }
    for (; next < batch_.size(); ++next) lane_.judge(batch_, next, signals_);
    for (const core::Signal& signal : signals_) print(signal);
    signals_.clear();
    batch_.clear();
  }
  bool full() const { return batch_.size() >= kBatchEvents; }
  size_t refused() const { return refused_; }
  const engine::ReplyCounters& replies() const { return lane_.replies(); }

 private:
  static void print(const core::Signal& s) {
    const bool votes = !s.votes.empty();
    std::cout << s.event << '\t' << s.family << '\t' << core::name_of(s.source) << '\t'
              << (votes ? s.votes[0].sku : "-") << '\t' << (votes ? s.votes[0].permille : 0) << '\t'
              << s.hits.size() << '\n';
  }

  engine::Lane lane_;
  engine::Batch batch_;
  std::vector<core::Signal> signals_;
  size_t refused_ = 0;
  const bool every_;
};

}  // namespace

int main(int argc, char** argv) {
  const bool every = argc == 3 && std::string_view(argv[2]) == "--every";
  if (argc != 2 && !every)
    return std::cerr << "usage: subject_lines CATALOGUE_DIRECTORY [--every] < events\n", 2;
  auto settings = engine::load_settings(engine::shipped("deploy/qingyu.yaml"));
  if (!settings) return std::cerr << settings.error().message << '\n', 2;
  rules::BookFiles files = settings->book;
  files.catalogue = argv[1];
  auto book = engine::load_book(files);
  if (!book) return std::cerr << book.error().message << '\n', 2;
  const engine::BookShelf shelf{{core::kTimeMin, std::move(*book)}};
  Printer printer(shelf, every);
  engine::Stream stream{engine::StreamLimits{}};
  const auto decoder = ingest::make_decoder("qingyu");
  ingest::EventBatch events;
  int64_t offset = 0;
  for (std::string line; std::getline(std::cin, line); ++offset) {
    events.clear();
    if (!decoder->decode(line, events)) continue;
    for (uint32_t i = 0; i < events.size(); ++i)
      stream.take(events.slot(i), offset, i, -1, printer);
    if (printer.full()) printer.flush();
  }
  stream.end(printer);
  printer.flush();
  std::cerr << offset << " messages, " << printer.refused() << " refused, "
            << printer.replies().inherited.value() << " inherited, "
            << printer.replies().unresolved.value() << " refer to what names nothing\n";
  return std::cout.flush() ? 0 : 1;
}
