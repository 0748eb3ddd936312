#include "engine/draft_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/text/mask.h"
#include "core/text/utf8.h"
#include "engine/draft_pack.h"
#include "engine/scratch_store.h"
#include "engine/settings.h"
#include "engine/texts.h"
#include "rules/draft.h"
#include "rules/inspector.h"

namespace engine {

namespace {

constexpr size_t kHeldOutMin = 9;  // hits: a third of fewer says nothing
constexpr size_t kHitsMax = 5'000, kMissesMax = 20'000, kOrdinaryMax = 200'000;

int failed(const core::Error& error, int code) {
  std::cerr << "qingyu draft: " << error.message << '\n';
  return code;
}

// How many of some texts a rule takes.
struct Share {
  size_t taken = 0, all = 0;
};
struct Measured {
  Share hits, misses, ordinary;
  double precision() const {
    const size_t taken = hits.taken + misses.taken + ordinary.taken;
    return taken == 0 ? 0 : static_cast<double>(hits.taken) / static_cast<double>(taken);
  }
  double recall() const {
    return hits.all == 0 ? 0 : static_cast<double>(hits.taken) / static_cast<double>(hits.all);
  }
};

class Drafting {
 public:
  explicit Drafting(const DraftOptions& options) : options_(options) {}
  ~Drafting() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }

  int run() {
    if (const auto prepared = prepare(); !prepared) return failed(prepared.error(), 2);
    if (const auto known = look_at_known(); !known) return failed(known.error(), 2);
    const auto held_out = hold_out();
    const auto when = rules::draft(nameless_);
    if (!when) return failed(when.error(), 1);
    const auto book = book_of(*when, {}, {});
    if (!book) return failed(book.error(), 1);
    const Measured measured = measure(*book, texts_);
    const std::vector<std::string> hits = examples(*book, *when, true);
    const std::vector<std::string> misses = examples(*book, *when, false);
    // Once more with its examples: what is shown has passed `qingyu check`.
    const auto checked = book_of(*when, hits, misses);
    if (!checked) return failed(checked.error(), 1);
    const std::string pack = draft_pack(names(), *when, hits, misses);
    print(*when, measured, held_out, pack);
    return 0;
  }

 private:
  core::Result<core::Unit> read(const std::string& path, size_t max,
                                std::vector<std::string>& out) {
    if (path.empty()) return core::Unit{};
    auto texts = read_texts(path, options_.decoder, max);
    if (!texts) return texts.error();
    if (texts->unreadable + texts->left_out > 0)
      std::cerr << path << ": 读不了 unreadable " << texts->unreadable << ", 超出上限 left out "
                << texts->left_out << '\n';
    out = std::move(texts->texts);
    return core::Unit{};
  }

  core::Result<core::Unit> prepare() {
    std::string file = find_settings(options_.config);
    if (file.empty()) file = shipped("deploy/qingyu.yaml");
    auto settings = load_settings(file);
    if (!settings) return settings.error();
    files_ = settings->book;
    if (!options_.catalogue.empty()) files_.catalogue = options_.catalogue;
    auto folder = temporary_folder("qingyu-draft");
    if (!folder) return folder.error();
    folder_ = std::move(*folder);
    for (const auto& [path, max, out] :
         {std::tuple{&options_.hits, kHitsMax, &texts_.hits},
          std::tuple{&options_.misses, kMissesMax, &texts_.misses},
          std::tuple{&options_.ordinary, kOrdinaryMax, &texts_.ordinary}})
      if (const auto done = read(*path, max, *out); !done) return done.error();
    return core::Unit{};
  }

  // Which rules take the examples already; the issue of the one that takes most is the draft's.
  core::Result<core::Unit> look_at_known() {
    std::vector<rules::Finding> findings;
    const auto book = rules::load_book(files_, findings);
    issue_ = options_.issue.empty() ? "quality" : options_.issue;
    nameless_ = texts_;
    if (book == nullptr) return core::Unit{};  // `check` says why; the draft goes by itself
    const auto inspector = rules::make_inspector(book);
    for (auto* texts : {&nameless_.hits, &nameless_.misses, &nameless_.ordinary})
      for (std::string& text : *texts) text = inspector->without_names(text);
    std::map<std::string, size_t> issues;
    for (const std::string& text : texts_.hits) {
      core::Event event;
      event.text = text;
      event.kind = core::Kind::Chat;
      const rules::Seen& seen = inspector->look(event);
      if (!seen.rules.empty()) ++known_;
      for (const rules::RuleSeen& rule : seen.rules) {
        ++rules_[rule.rule];
        ++issues[rule.issue];
      }
    }
    size_t most = texts_.hits.size() / 5;
    for (const auto& [issue, n] : issues)
      if (options_.issue.empty() && n > most) most = n, issue_ = issue;
    return core::Unit{};
  }

  DraftNames names() const {
    return {options_.id, options_.name.empty() ? options_.id : options_.name, issue_,
            options_.level};
  }

  core::Result<std::shared_ptr<const rules::Book>> book_of(const rules::DraftedWhen& when,
                                                           const std::vector<std::string>& hits,
                                                           const std::vector<std::string>& misses) {
    const std::string path = folder_ + "/draft.yaml";
    std::ofstream(path, std::ios::binary) << draft_pack(names(), when, hits, misses);
    rules::BookFiles files = files_;
    files.packs = {path};
    std::vector<rules::Finding> findings;
    auto book = rules::load_book(files, findings);
    if (book != nullptr) return book;
    for (const rules::Finding& finding : findings)
      if (finding.severity == rules::Severity::Error)
        return core::Error{core::Code::BadInput, rules::to_text(finding)};
    return core::Error{core::Code::BadInput, "the draft does not load"};
  }

  Share share(rules::Inspector& inspector, const std::vector<std::string>& texts) const {
    Share share{0, texts.size()};
    for (const std::string& text : texts) share.taken += inspector.fires(options_.id, text) ? 1 : 0;
    return share;
  }

  Measured measure(std::shared_ptr<const rules::Book> book, const rules::DraftTexts& texts) const {
    const auto inspector = rules::make_inspector(std::move(book));
    return {share(*inspector, texts.hits), share(*inspector, texts.misses),
            share(*inspector, texts.ordinary)};
  }

  // The same search on two thirds, judged on the third that it did not see.
  std::optional<Measured> hold_out() {
    if (texts_.hits.size() < kHeldOutMin) return std::nullopt;
    rules::DraftTexts seen, held;
    const auto deal = [](const std::vector<std::string>& all, std::vector<std::string>* two,
                         std::vector<std::string>* third) {
      for (size_t i = 0; i < all.size(); ++i)
        if (auto* to = i % 3 == 2 ? third : two; to != nullptr) to->push_back(all[i]);
    };
    for (const auto part :
         {&rules::DraftTexts::hits, &rules::DraftTexts::misses, &rules::DraftTexts::ordinary}) {
      deal(nameless_.*part, &(seen.*part), nullptr);
      deal(texts_.*part, nullptr, &(held.*part));
    }
    const auto when = rules::draft(seen);
    if (!when) return std::nullopt;
    const auto book = book_of(*when, {}, {});
    if (!book) return std::nullopt;
    return measure(*book, held);
  }

  // The shortest texts that show what the rule takes, or what it leaves though it looks alike.
  std::vector<std::string> examples(std::shared_ptr<const rules::Book> book,
                                    const rules::DraftedWhen& when, bool hit) {
    std::vector<std::string> pool = hit ? texts_.hits : texts_.misses;
    if (!hit) pool.insert(pool.end(), texts_.ordinary.begin(), texts_.ordinary.end());
    return example_texts(*rules::make_inspector(std::move(book)), options_.id, when,
                         std::move(pool), hit);
  }

  void print(const rules::DraftedWhen& when, const Measured& measured,
             const std::optional<Measured>& held_out, const std::string& pack) const {
    if (options_.json) {
      nlohmann::json line = {{"pack", pack},
                             {"examples", when.examples},
                             {"covered", when.covered},
                             {"precision", measured.precision()},
                             {"recall", measured.recall()},
                             {"first_words", rules::first_words(texts_, 5)},
                             {"known_rules_take", known_}};
      if (held_out)
        line["held_out"] = {{"precision", held_out->precision()}, {"recall", held_out->recall()}};
      std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    } else {
      std::cout << pack;
      std::cerr << figures("所有给出的消息 all messages given", measured);
      if (held_out) std::cerr << figures("没给它看的三分之一 the third it did not see", *held_out);
      std::cerr << "现有规则已命中 rules in force take " << known_ << "/" << texts_.hits.size();
      for (const auto& [rule, n] : rules_)
        if (n * 10 >= texts_.hits.size()) std::cerr << ", " << rule << " " << n;
      std::cerr << '\n';
    }
    if (!options_.out.empty()) std::ofstream(options_.out, std::ios::binary) << pack;
  }

  static std::string figures(const char* what, const Measured& m) {
    const auto of = [](const Share& s) {
      return std::to_string(s.taken) + "/" + std::to_string(s.all);
    };
    const auto percent = [](double share) {
      return std::to_string(static_cast<int>(share * 100 + 0.5)) + "%";
    };
    return std::string(what) + ": 准确率 precision " + percent(m.precision()) + ", 召回率 recall " +
           percent(m.recall()) + " (该中 hits " + of(m.hits) + ", 不该中 misses " + of(m.misses) +
           ", 平常 ordinary " + of(m.ordinary) + ")\n";
  }

  const DraftOptions& options_;
  rules::BookFiles files_;
  rules::DraftTexts texts_;
  rules::DraftTexts nameless_;  // the same without names: nobody drafts a rule of one shop
  std::string folder_, issue_;
  size_t known_ = 0;                     // hits that rules in force take
  std::map<std::string, size_t> rules_;  // by rule
};

}  // namespace

int draft(const DraftOptions& options) { return Drafting(options).run(); }

template <typename App>
void add_draft(App& app, Todo& todo) {
  const auto o = std::make_shared<DraftOptions>();
  auto* sub = app.add_subcommand(
      "draft", "从例子起草一条规则，并测出准确率 (a rule from example messages, measured)");
  sub->add_option("--hits", o->hits, "该命中的消息 (messages it should take: text or JSONL)")
      ->required();
  sub->add_option("--misses", o->misses, "像但不该命中的 (that look alike and it should not)");
  sub->add_option("--ordinary", o->ordinary, "平常的消息 (ordinary traffic)");
  sub->add_option("--id", o->id, "规则 id (id of the rule)");
  sub->add_option("--name", o->name, "规则名 (name of the rule)");
  sub->add_option("--issue", o->issue, "事项 (issue; default: of the rule that takes most hits)");
  sub->add_option("--level", o->level, "级别 (level, default blue)")
      ->check(CLI::IsMember({"blue", "yellow", "orange", "red"}));
  sub->add_option("--decoder", o->decoder, "qingyu, wecom 或 weibo");
  sub->add_option("--config", o->config, "设置文件 (settings file; default as for check)");
  sub->add_option("--catalogue", o->catalogue, "商品目录文件夹 (catalogue folder)");
  sub->add_option("--out", o->out, "也写到 (write it to a file too)");
  sub->add_flag("--json", o->json, "JSON");
  sub->callback([o, &todo] { todo = [o] { return draft(*o); }; });
}

template void add_draft(CLI::App&, Todo&);

}  // namespace engine
