#include "engine/match_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "engine/book_shelf.h"
#include "engine/match_progress.h"
#include "engine/moment.h"
#include "engine/sifting_crew.h"
#include "engine/system_clock.h"
#include "engine/texts.h"
#include "ingest/file_source.h"
#include "rules/named_paths.h"

namespace engine {

namespace {

using core::Error;
using core::Result;
using core::Unit;

constexpr size_t kLinesAtOnce = 1024, kThreadsMax = 64;
constexpr size_t kOnTheHeap = 64;  // so that moving the string does not move its bytes
constexpr core::Millis kWait{50};
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

enum class Output { Well, Closed, Broken };

Output write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EPIPE ? Output::Closed : Output::Broken;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return Output::Well;
}

bool is_plain(std::string_view first_line) {
  const size_t at = first_line.find_first_not_of(" \t\xef\xbb\xbf");
  return at == std::string_view::npos || !is_json(first_line, at);
}

Result<SiftSpec> spec_of(const MatchOptions& options) {
  SiftSpec spec;
  if (!options.decoder.empty()) spec.decoder = options.decoder;
  spec.form = options.count            ? SiftForm::Count
              : options.form == "json" ? SiftForm::Json
                                       : SiftForm::Text;
  spec.paint = paint_for(options.colour == "always"  ? PaintWanted::Always
                         : options.colour == "never" ? PaintWanted::Never
                                                     : PaintWanted::Auto);
  spec.shadows = options.all_modes ? rules::Shadows::Yes : rules::Shadows::No;
  const auto kind = core::kind_from(options.kind);
  if (!kind) return Error{core::Code::BadSettings, "--kind: no kind of message " + options.kind};
  spec.plain_kind = *kind;
  spec.plain_at = SystemClock().wall();
  if (options.at.empty()) return spec;
  const auto at = moment_from(options.at);
  if (!at) return Error{core::Code::BadSettings, "--at: " + at.error().message};
  spec.plain_at = *at;
  return spec;
}

size_t threads_of(const MatchOptions& options) {
  const size_t cores = std::max(1u, std::thread::hardware_concurrency());
  return std::min(kThreadsMax, options.threads == 0 ? cores : options.threads);
}

class Match {
 public:
  Match(const MatchOptions& options, const SiftSpec& spec, std::shared_ptr<const rules::Book> book)
      : options_(options),
        crew_(threads_of(options), spec, std::move(book),
              [this](const Sifted& found) { return take(found); }) {}

  int run() {
    bool all_read = true;
    std::vector<std::string> files = options_.files;
    if (files.empty()) files.emplace_back("-");
    for (const std::string& file : files) {
      const auto read = read_file(file);
      if (!read) {
        all_read = false;
        progress_.clear();
        std::cerr << "qingyu match: " << read.error().message << '\n';
      }
      if (output_ != Output::Well) break;
    }
    progress_.clear();
    return tell(all_read);
  }

 private:
  Result<Unit> read_file(const std::string& file) {
    auto source = ingest::open_files({file}, ingest::Follow::No);
    if (!source) return source.error();
    const int64_t start[] = {-1};
    const auto started = (*source)->start(start);
    if (!started) return started.error();
    read_ = 0;
    bool whole = true;
    while (!(*source)->ended(0) && output_ == Output::Well) {
      const auto polled = (*source)->poll(kWait, kLinesAtOnce);
      if (!polled) return polled.error();
      if (!polled->empty()) {
        whole = whole && polled->back().next - polled->back().offset >=
                             static_cast<int64_t>(polled->back().bytes.size());
        crew_.put(block_of(file, **source, *polled));
      } else if (!crew_.drain()) {
        break;
      }
      progress_.show(**source, polled->empty() ? -1 : polled->back().next, messages_);
    }
    crew_.drain();
    if (whole) return Unit{};
    return Error{core::Code::BadInput, file + " could not be read to its end"};
  }

  Block block_of(const std::string& file, const ingest::Source& source,
                 std::span<const ingest::RawMessage> polled) {
    Block block;
    block.file = file;
    block.first = read_ + 1;
    if (read_ == 0)
      plain_ = options_.plain || (options_.decoder.empty() && is_plain(polled.front().bytes));
    block.plain = plain_;
    for (const ingest::RawMessage& raw : polled) block.lines.push_back(raw.bytes);
    if (read_ == 0 && block.lines.front().starts_with(kByteOrderMark))
      block.lines.front().remove_prefix(kByteOrderMark.size());
    if (plain_)
      for (const ingest::RawMessage& raw : polled) block.ids.push_back(source.place(0, raw.offset));
    read_ += polled.size();
    if (!crew_.keeps_blocks()) return block;
    size_t size = 0;
    for (const std::string_view line : block.lines) size += line.size();
    block.bytes.reserve(std::max(size, kOnTheHeap));
    for (std::string_view& line : block.lines) {
      const size_t at = block.bytes.size();
      block.bytes += line;
      line = std::string_view(block.bytes.data() + at, line.size());
    }
    return block;
  }

  bool take(const Sifted& found) {
    messages_ += found.messages;
    taken_ += found.taken;
    cut_ += found.cut;
    if (unreadable_ == 0) first_unreadable_ = found.first_unreadable;
    unreadable_ += found.unreadable;
    if (!found.out.empty()) {
      progress_.clear();
      output_ = write_out(found.out);
    }
    return output_ == Output::Well;
  }

  int tell(bool all_read) {
    if (options_.count && output_ == Output::Well)
      output_ = write_out(std::to_string(taken_) + "\n");
    if (unreadable_ > 0)
      std::cerr << "qingyu match: " << unreadable_
                << " 条读不懂 unreadable messages, 第一条 the first: " << first_unreadable_ << '\n';
    if (cut_ > 0)
      std::cerr << "qingyu match: " << cut_ << " 处过长被截短 texts or items cut by limits\n";
    if (output_ == Output::Broken)
      std::cerr << "qingyu match: cannot write: " << std::strerror(errno) << '\n';
    if (!all_read || output_ == Output::Broken) return 2;
    return taken_ > 0 ? 0 : 1;
  }

  const MatchOptions& options_;
  Output output_ = Output::Well;
  uint64_t read_ = 0;  // messages of the file being read
  bool plain_ = false;
  uint64_t messages_ = 0, taken_ = 0, unreadable_ = 0, cut_ = 0;
  std::string first_unreadable_;
  MatchProgress progress_;
  SiftingCrew crew_;
};

int failed(const Error& error) {
  std::cerr << "qingyu match: " << error.message << '\n';
  return 2;
}

}  // namespace

int match(const MatchOptions& options) {
  if (const auto tested = rules::matcher_self_test(); !tested) return failed(tested.error());
  const auto spec = spec_of(options);
  if (!spec) return failed(spec.error());
  const auto settings =
      load_settings(options.config.empty() ? shipped("deploy/qingyu.yaml") : options.config);
  if (!settings) return failed(settings.error());
  rules::BookFiles files = settings->book;
  if (!options.rules.empty()) rules::take_paths({options.rules}, files);
  if (!options.catalogue.empty()) files.catalogue = options.catalogue;
  auto book = load_book(files);
  if (!book) return failed(book.error());
  return Match(options, *spec, std::move(*book)).run();
}

template <typename App>
void add_match(App& app, Todo& todo) {
  const auto o = std::make_shared<MatchOptions>();
  auto* sub = app.add_subcommand("match", "用规则查找消息 (grep with rules)");
  sub->add_option("FILE", o->files, "JSONL、纯文本、.zst 或 - (default -)");
  sub->add_option("--rules", o->rules, "规则文件或文件夹 (rule packs; default: the settings')");
  sub->add_option("--config", o->config, "设置文件 (settings; default: shipped)");
  sub->add_option("--catalogue", o->catalogue, "商品目录文件夹 (catalogue folder)");
  sub->add_option("--decoder", o->decoder, "qingyu, wecom 或 weibo")
      ->check(CLI::IsMember({"qingyu", "wecom", "weibo"}));
  sub->add_flag("--plain", o->plain, "一行一条纯文本 (a line is a text; else by the first byte)");
  sub->add_option("--kind", o->kind, "纯文本算哪类消息 (kind of plain text, default chat)");
  sub->add_option("--at", o->at, "纯文本的时间 (its time: ms or 2026-03-10 15:04; default now)");
  sub->add_option("--format", o->form, "text 或 json")->check(CLI::IsMember({"text", "json"}));
  sub->add_option("--color", o->colour, "auto, always 或 never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  sub->add_flag("-c,--count", o->count, "只报条数 (only how many messages)");
  sub->add_flag("--all-modes", o->all_modes, "试运行的规则也算 (rules in shadow too)");
  sub->add_option("--threads", o->threads, "线程数 (default one a core)")
      ->check(CLI::Range(1, static_cast<int>(kThreadsMax)));
  sub->callback([o, &todo] { todo = [o] { return match(*o); }; });
}

template void add_match(CLI::App&, Todo&);

}  // namespace engine
