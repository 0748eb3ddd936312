// Any text as one of a Book's files, among good ones: no crash, no hang, and what is found is told
// at a place that exists. A Book that loads judges a text. The first byte chooses the file.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/text/utf8.h"
#include "rules/book.h"
#include "rules/findings.h"
#include "rules/mend_text.h"
#include "rules/pack.h"
#include "rules/sources.h"

namespace {

constexpr std::string_view kTaxonomy =
    "departments: [a]\nstages: [b]\nissues: [{id: expiry, name: 过期, department: a, stage: b}]\n";
constexpr std::string_view kLists =
    "lists:\n  advertising: [团购价]\n  couriers: [顺丰速运|顺丰]\n";
constexpr std::string_view kLadders =
    "ladders: {default: {rungs: [{name: d, who: {person: d}, enter: {always: true}, authority: "
    "0}]}}\npeople: {d: {name: 值班, channels: [terminal]}}\n";
constexpr std::string_view kPack =
    "pack: p\nowner: q\nrules:\n  - {id: r, name: n, issue: expiry, level: red, when: {any: "
    "[过期]},"
    " tests: [{hit: 过期}, {miss: 好}]}\n";
constexpr std::string_view kPackWithWords =
    "pack: p\nowner: q\nlists: {w: [{file: w.txt}]}\nrules:\n  - {id: r, name: n, issue: expiry, "
    "level: red, when: {any: [过期, $w]}, tests: [{hit: 过期}, {miss: 好}]}\n";

void add(std::deque<rules::SourceFile>& sources, rules::Role role, std::string name,
         std::string_view bytes) {
  rules::SourceFile& file = sources.emplace_back();
  file.role = role;
  file.name = std::move(name);
  file.bytes = bytes;
}

std::deque<rules::SourceFile> files_with(rules::Role changed, const std::string& text) {
  using rules::Role;
  std::deque<rules::SourceFile> sources;
  add(sources, Role::Taxonomy, "taxonomy.yaml", changed == Role::Taxonomy ? text : kTaxonomy);
  add(sources, Role::Lists, "lists.yaml", changed == Role::Lists ? text : kLists);
  add(sources, Role::Ladders, "ladders.yaml", changed == Role::Ladders ? text : kLadders);
  const bool words = changed == Role::Words;
  add(sources, Role::Pack, "pack.yaml",
      changed == Role::Pack ? text
      : words               ? kPackWithWords
                            : kPack);
  if (words) add(sources, changed, "p:w.txt", text);
  if (changed == Role::Limits) add(sources, changed, "limits.yaml", text);
  if (changed == Role::Products) add(sources, changed, "catalogue.csv", text);
  if (changed == Role::Groups) add(sources, changed, "groups.csv", text);
  if (changed == Role::Merchants) add(sources, changed, "merchants.csv", text);
  if (changed == Role::Stores) add(sources, changed, "stores.csv", text);
  if (changed == Role::Baselines) add(sources, changed, "baselines.tsv", text);
  if (changed == Role::Zones) add(sources, changed, "zones.tsv", text);
  return sources;
}

void judge(const std::shared_ptr<const rules::Book>& book, const std::string& text) {
  core::Event event;
  event.text = text.substr(0, core::kTextMax);
  core::text::Folded folded;
  core::text::fold(event.text, folded);
  std::vector<core::Signal> signals;
  rules::make_judge(book)->judge(event, folded, signals);
  for (const core::Signal& s : signals) {
    INVARIANT(!s.family.empty() && s.votes.size() <= 8 && s.hits.size() <= 16);
    INVARIANT(s.excerpt.size() <= 240 && core::text::valid_utf8(s.excerpt));
    uint32_t whole = 0;
    for (const core::Vote& vote : s.votes) whole += vote.permille;
    INVARIANT(whole <= 1000);
  }
}

void check_places(const std::string& text) {
  rules::SourceFile file;
  file.name = "pack.yaml";
  file.bytes = text;
  rules::Findings found;
  rules::read_pack(file, found);
  const auto lines = 1 + std::ranges::count(text, '\n');
  for (const rules::Finding& f : found.take()) {
    INVARIANT(f.line >= 0 && f.line <= lines);
    INVARIANT(core::text::valid_utf8(rules::to_text(f)));
    INVARIANT(!f.mend || (f.mend->begin <= f.mend->end && f.mend->end <= text.size()));
    if (f.mend) static_cast<void>(rules::with_edits(text, {*f.mend}));
  }
}

// What `check --fix` guesses leaves UTF-8 as it was.
void check_mends(const std::string& text) {
  static const std::set<std::string> keys = {"pack", "any", "hit", "when", "id"};
  const std::string plain = rules::with_edits(text, rules::line_end_mends(text));
  for (const rules::Edits& edits : rules::punctuation_mends(plain, keys, {1, 2, 3}))
    INVARIANT(core::text::valid_utf8(rules::with_edits(plain, edits)));
  INVARIANT(core::text::valid_utf8(rules::with_edits(plain, rules::indentation_mends(plain, 2))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const std::string raw(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::string text = core::text::to_utf8(core::text::to_utf32(raw));
  // Half of the inputs are packs.
  const uint8_t choice = bytes[0] % (2 * rules::kRoles);
  const auto role = choice < rules::kRoles ? static_cast<rules::Role>(choice) : rules::Role::Pack;
  if (const auto book = rules::load_archive(rules::to_archive(files_with(role, text))))
    judge(*book, text + "过期 顺丰");
  if (role == rules::Role::Pack) check_places(text);
  check_mends(text);
  static_cast<void>(rules::load_archive(raw));
  return 0;
}
