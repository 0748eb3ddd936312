#include "engine/replay.h"

#include <chrono>
#include <fstream>
#include <iostream>

#include "core/log.h"
#include "engine/book_shelf.h"
#include "engine/desk_commands.h"
#include "engine/embedded.h"
#include "engine/inputs.h"
#include "engine/ledger.h"
#include "engine/replay_report.h"
#include "engine/scratch_store.h"
#include "engine/settings.h"
#include "rules/named_paths.h"

namespace engine {

namespace {

using core::Error;
using core::Result;
using core::Unit;

constexpr core::Millis kTick{20};
constexpr const char* kPublicKey = "qingyu public replay key";

// A store that is there: one that only the slip of a key names must not be made.
Result<std::unique_ptr<core::Store>> open_known(const std::string& path) {
  const auto spec = chosen_store({path, ""});
  if (!spec) return spec.error();
  return store::open_store(*spec);
}

// All of one replay, in the order in which it is built; run() drives it.
class Replay {
 public:
  explicit Replay(const ReplayOptions& options) : options_(options) {}

  Result<Unit> prepare() {
    if (options_.json && options_.ledger == "-")
      return Error{core::Code::BadSettings,
                   "--json and --ledger - both want standard output: give the ledger a file"};
    auto settings =
        load_settings(options_.config.empty() ? shipped("deploy/qingyu.yaml") : options_.config);
    if (!settings) return settings.error();
    settings_ = std::move(*settings);
    const auto keyed = take_key();
    if (!keyed) return keyed.error();
    const auto shelved = load_shelf();
    if (!shelved) return shelved.error();
    auto store = open_scratch_store({options_.store, options_.resume, options_.redis});
    if (!store) return store.error();
    store_ = std::move(*store);
    const std::string letters = !options_.dead_letters.empty() ? options_.dead_letters
                                : options_.resume.empty()      ? ""
                                                          : options_.resume + ".dead_letters.jsonl";
    auto opened = ingest::DeadLetters::open(letters, options_.resume.empty(),
                                            settings_.dead_letters.bytes_max);
    if (!opened) return opened.error();
    dead_letters_ = std::move(*opened);
    return build();
  }

  Result<Unit> run() {
    const auto start = std::chrono::steady_clock::now();
    Embedded embedded(*pipeline_, {});
    embedded.start();
    ReplayProgress progress;
    const auto ran = embedded.wait(kTick, [&] {
      if (CommandLane* commands = pipeline_->commands()) commands->flush();
      progress.show(*pipeline_);
    });
    progress.clear();
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return ran;
  }

  Result<Unit> write() {
    if (options_.ledger.empty()) return Unit{};
    const core::Time first = pipeline_->first();
    const LedgerHead head{first == core::kTimeMax ? core::Time{} : first,
                          shelf_.front().second->hash()};
    if (options_.ledger == "-") return write_ledger(*store_->store, head, std::cout);
    std::ofstream out(options_.ledger, std::ios::binary | std::ios::trunc);
    if (!out) return Error{core::Code::BadSettings, "cannot write the ledger " + options_.ledger};
    return write_ledger(*store_->store, head, out);
  }

  Result<Unit> report() {
    return print_replay_report(*pipeline_, *store_->store, *dead_letters_, seconds_,
                               options_.json ? ReportForm::Json : ReportForm::Text,
                               options_.ledger == "-" && !options_.json ? std::cerr : std::cout);
  }

  // What the shards have learnt of every family.
  rules::LearnedRates learnt() const {
    rules::LearnedRates all;
    for (const Shard& shard : pipeline_->shards())
      for (const auto& [family, c] : shard.families().all()) all[family] = c->prior();
    return all;
  }

 private:
  Result<Unit> take_key() {
    key_ = kPublicKey;
    if (options_.key_file.empty()) return Unit{};
    std::ifstream in(options_.key_file, std::ios::binary);
    if (!in || !std::getline(in, key_) || key_.empty())
      return Error{core::Code::BadSettings, "cannot read the key file " + options_.key_file};
    return Unit{};
  }

  Result<Unit> load_shelf() {
    if (!options_.books.empty()) {
      auto store = open_known(options_.books);
      if (!store) return store.error();
      auto kept = kept_books(**store, key_);
      if (!kept) return kept.error();
      shelf_ = std::move(*kept);
      return Unit{};
    }
    rules::BookFiles files = settings_.book;
    files.hash_key = key_;
    if (!options_.rules.empty()) rules::take_paths({options_.rules}, files);
    if (!options_.catalogue.empty()) files.catalogue = options_.catalogue;
    auto book = load_book(files);
    if (!book) return book.error();
    shelf_ = {{core::kTimeMin, std::move(*book)}};
    return Unit{};
  }

  // The journal and the announcements of a run, into this replay's own store; once.
  Result<Unit> copy_journal(SourceInput& input) {
    if (options_.journal.empty()) return Unit{};
    auto from = open_known(options_.journal);
    if (!from) return from.error();
    return repeat_journal(**from, input, *store_->store);
  }

  Result<Unit> build() {
    PipelineSpec spec;
    spec.lanes = options_.lanes;
    spec.shards = options_.shards;
    spec.acts = options_.journal.empty() ? Acts::AsEvents : Acts::Journalled;
    spec.shard.commit_every = options_.commit_every;
    spec.shard.cases.answer_after = options_.answer_after;
    spec.shard.cases.proof =
        options_.journal.empty() ? alerting::Proof::Assumed : alerting::Proof::Required;
    if (options_.until) spec.shard.until = *options_.until;
    auto inputs =
        open_replay_inputs(options_.files, options_.decoder, options_.limits, *store_->store);
    if (!inputs) return inputs.error();
    const auto copied = copy_journal(inputs->front());
    if (!copied) return copied.error();
    auto made =
        Pipeline::create(spec, *store_->store, shelf_, std::move(*inputs), *dead_letters_, nullptr);
    if (!made) return made.error();
    pipeline_ = std::move(*made);
    if (CommandLane* commands = pipeline_->commands()) commands->end(commands->mark());
    return Unit{};
  }

  const ReplayOptions& options_;
  Settings settings_;
  std::string key_;
  BookShelf shelf_;
  std::unique_ptr<ScratchStore> store_;
  std::unique_ptr<ingest::DeadLetters> dead_letters_;
  std::unique_ptr<Pipeline> pipeline_;
  double seconds_ = 0;
};

int failed(const Error& error, const char* command = "replay") {
  std::cerr << "qingyu " << command << ": " << error.message << '\n';
  return 2;
}

}  // namespace

int replay(const ReplayOptions& options) {
  if (const auto tested = rules::matcher_self_test(); !tested) return failed(tested.error());
  Replay replay(options);
  if (const auto prepared = replay.prepare(); !prepared) return failed(prepared.error());
  if (const auto ran = replay.run(); !ran) return failed(ran.error());
  if (const auto written = replay.write(); !written) return failed(written.error());
  if (const auto reported = replay.report(); !reported) return failed(reported.error());
  return 0;
}

int learn(const ReplayOptions& options, const std::string& out) {
  const auto failed_to_learn = [](const Error& error) { return failed(error, "learn"); };
  if (const auto tested = rules::matcher_self_test(); !tested)
    return failed_to_learn(tested.error());
  Replay replay(options);
  if (const auto prepared = replay.prepare(); !prepared) return failed_to_learn(prepared.error());
  if (const auto ran = replay.run(); !ran) return failed_to_learn(ran.error());
  const rules::LearnedRates learnt = replay.learnt();
  std::ofstream file(out, std::ios::binary | std::ios::trunc);
  file << rules::write_baselines(learnt) << std::flush;
  if (!file) return failed_to_learn({core::Code::BadSettings, "cannot write " + out});
  std::cout << "学到 learnt: " << learnt.size() << " 个对象 families -> " << out << '\n';
  return 0;
}

}  // namespace engine
