#include "engine/explain_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "engine/book_shelf.h"
#include "engine/event_chain.h"
#include "engine/event_finder.h"
#include "engine/explain_text.h"
#include "engine/moment.h"
#include "engine/outlook.h"
#include "engine/system_clock.h"
#include "ingest/archive_reader.h"
#include "rules/explain.h"
#include "rules/named_paths.h"

namespace engine {

namespace {

using core::Error;
using core::Result;
using BookPtr = std::shared_ptr<const rules::Book>;

constexpr size_t kNamesShown = 3;

Error wrong(std::string message) { return {core::Code::BadSettings, std::move(message)}; }

std::optional<core::Role> role_from(const std::string& name) {
  if (name.empty()) return core::Role::None;
  if (name == "owner") return core::Role::Owner;
  if (name == "admin") return core::Role::Admin;
  if (name == "staff") return core::Role::Staff;
  return std::nullopt;
}

Result<core::Event> composed_event(const ExplainOptions& o) {
  core::Event event;
  event.id = "explain";
  for (const std::string& word : o.words) event.text += (event.text.empty() ? "" : " ") + word;
  if (event.text.empty()) return wrong("what is to be explained? a text, or --event ID FILES");
  if (event.text.size() > core::kTextMax) return wrong("the text is longer than 64 KB");
  const auto kind = core::kind_from(o.kind);
  if (!kind) return wrong("--kind: no kind of message " + o.kind);
  event.kind = *kind;
  event.platform = o.platform;
  event.channel_id = o.channel;
  event.author_role = *role_from(o.role);
  if (o.image) event.attachments.push_back({"image", "", ""});
  if (o.forward) event.forward_of = "explain-original";
  event.at = event.published = SystemClock().wall();
  if (o.at.empty()) return event;
  const auto at = moment_from(o.at);
  if (!at) return wrong("--at: " + at.error().message);
  event.at = event.published = *at;
  return event;
}

// In the archive or files that are named, else in those of the settings.
Result<core::Event> event_of(const ExplainOptions& o, const Settings& settings) {
  if (o.event.empty()) return composed_event(o);
  if (!o.words.empty()) return find_event(o.event, o.words, o.decoder);
  std::vector<std::pair<std::vector<std::string>, std::string>> places;  // and their decoders
  if (ingest::ArchiveReader::is_archive(settings.archive.path))
    places.push_back({{"archive:" + settings.archive.path}, "archive"});
  for (const SourceSettings& source : settings.sources)
    if (source.kind == "file") places.emplace_back(source.paths, source.decoder);
  if (o.store.config.empty()) places.clear();  // the shipped settings are nobody's system
  for (const auto& [files, decoder] : places) {
    auto found = find_event(o.event, files, decoder);
    if (found || found.error().code != core::Code::NotFound) return found;
  }
  if (!places.empty())
    return Error{core::Code::NotFound, "no event " + o.event + " where the settings read"};
  return wrong("--event: in which files? name them behind it");
}

// The Book that was in force at `at`.
Result<BookPtr> book_in_force(core::Store& store, core::Time at, const std::string& key) {
  const auto kept = store.books();
  if (!kept) return kept.error();
  const std::pair<std::string, core::Time>* in_force = nullptr;
  for (const auto& one : *kept)
    if (in_force == nullptr || one.second <= at) in_force = &one;
  if (in_force == nullptr) return Error{core::Code::NotFound, "the store keeps no Book"};
  const auto bytes = store.book(in_force->first);
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{core::Code::NotFound, "the store has lost Book " + in_force->first};
  return rules::load_archive(**bytes, key);
}

// All that one call needs, in the order in which it is found.
class Explain {
 public:
  explicit Explain(const ExplainOptions& options) : o_(options) {}

  Result<core::Unit> prepare() {
    auto settings =
        load_settings(o_.store.config.empty() ? shipped("deploy/qingyu.yaml") : o_.store.config);
    if (!settings) return settings.error();
    auto event = event_of(o_, *settings);
    if (!event) return event.error();
    event_ = std::move(*event);
    rules::BookFiles files = settings->book;
    if (!o_.rules.empty()) rules::take_paths({o_.rules}, files);
    if (!o_.catalogue.empty()) files.catalogue = o_.catalogue;
    if (!o_.event.empty() && (!o_.store.store.empty() || !o_.store.config.empty())) {
      const auto spec = chosen_store(o_.store);
      if (!spec) return spec.error();
      auto store = store::open_store(*spec);
      if (!store) return store.error();
      store_ = std::move(*store);
    }
    auto book = store_ != nullptr && o_.rules.empty()
                    ? book_in_force(*store_, event_.at, files.hash_key)
                    : load_book(files);
    if (!book) return book.error();
    book_ = std::move(*book);
    return known_rule();
  }

  Result<core::Unit> print() {
    const rules::Explanation e = rules::make_explainer(book_)->explain(event_, o_.rule);
    std::optional<EventChain> chain;
    std::vector<FamilyOutlook> outlooks;
    if (store_ != nullptr) {
      const std::shared_ptr<const core::Policy> policy(book_, &book_->policy());
      auto counted = outlooks_of(*store_, policy, e.signals);
      if (!counted) return counted.error();
      outlooks = std::move(*counted);
      std::vector<std::string> families;
      for (const core::Signal& s : e.signals) families.push_back(s.family);
      auto found = event_chain(*store_, std::move(families), event_.at);
      if (!found) return found.error();
      chain = std::move(*found);
    }
    if (o_.form == "json") {
      const std::string incidents = chain ? chain_json(*chain) : "";
      const std::string counts = chain ? outlook_json(outlooks) : "";
      std::cout << explain_json(e, {book_->hash(), o_.event, counts, incidents}) << '\n';
      return core::Unit{};
    }
    const Paint paint = paint_for(o_.colour == "always"  ? PaintWanted::Always
                                  : o_.colour == "never" ? PaintWanted::Never
                                                         : PaintWanted::Auto);
    std::cout << explain_text(e, paint);
    if (chain) std::cout << outlook_text(outlooks, paint) << chain_text(*chain, paint);
    return core::Unit{};
  }

 private:
  Result<core::Unit> known_rule() const {
    if (o_.rule.empty()) return core::Unit{};
    std::string near;
    size_t shown = 0;
    for (const rules::RuleFacts& facts : rules::facts_of(*book_)) {
      if (facts.id == o_.rule) return core::Unit{};
      if (shown < kNamesShown && facts.id.find(o_.rule) != std::string::npos) {
        near += (shown++ == 0 ? "; did you mean " : ", ") + facts.id;
      }
    }
    return wrong("--rule: there is no rule " + o_.rule + near);
  }

  const ExplainOptions& o_;
  core::Event event_;
  std::unique_ptr<core::Store> store_;
  BookPtr book_;
};

int failed(const Error& error) {
  std::cerr << "qingyu explain: " << error.message << '\n';
  return error.code == core::Code::NotFound ? 1 : 2;
}

}  // namespace

int explain(const ExplainOptions& options) {
  Explain explain(options);
  if (const auto prepared = explain.prepare(); !prepared) return failed(prepared.error());
  if (const auto printed = explain.print(); !printed) return failed(printed.error());
  return 0;
}

template <typename App>
void add_explain(App& app, Todo& todo) {
  const auto o = std::make_shared<ExplainOptions>();
  auto* sub = app.add_subcommand("explain", "为什么命中，为什么没有 (why a rule fires, or not)");
  sub->add_option("TEXT", o->words, "文本；有 --event 时是文件 (text; with --event: files)");
  sub->add_option("--event", o->event, "文件里这个编号的消息 (the event with this id)");
  sub->add_option("--decoder", o->decoder, "qingyu, wecom 或 weibo")
      ->check(CLI::IsMember({"qingyu", "wecom", "weibo"}));
  sub->add_option("--rule", o->rule, "只解释这条规则 (this rule only)");
  sub->add_option("--kind", o->kind, "消息类别 (kind of message, default chat)");
  sub->add_option("--platform", o->platform, "平台 (platform)");
  sub->add_option("--channel", o->channel, "群或频道编号 (channel id)");
  sub->add_option("--role", o->role, "owner, admin 或 staff (who says it)")
      ->check(CLI::IsMember({"owner", "admin", "staff"}));
  sub->add_flag("--image", o->image, "带图 (with an image)");
  sub->add_flag("--forward", o->forward, "是转发 (a forward)");
  sub->add_option("--at", o->at, "时间 (ms or 2026-03-10 15:04; default now)");
  sub->add_option("--rules", o->rules, "规则文件或文件夹 (rule packs; default: the settings')");
  sub->add_option("--catalogue", o->catalogue, "商品目录文件夹 (catalogue folder)");
  add_store_choice(*sub, o->store);
  sub->add_option("--format", o->form, "text 或 json")->check(CLI::IsMember({"text", "json"}));
  sub->add_option("--color", o->colour, "auto, always 或 never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  sub->callback([o, &todo] { todo = [o] { return explain(*o); }; });
}

template void add_explain(CLI::App&, Todo&);

}  // namespace engine
