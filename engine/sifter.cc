#include "engine/sifter.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text/utf8.h"
#include "engine/lane.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kEventsAtOnce = 512;

void note_unreadable(const Block& block, size_t i, const std::string& reason, Sifted& out) {
  if (out.unreadable++ == 0)
    out.first_unreadable =
        block.file + ": message " + std::to_string(block.first + i) + ": " + reason;
}

bool shown(const rules::RuleSeen& rule, rules::Shadows shadows) {
  return shadows == rules::Shadows::Yes || !rule.shadow;
}

// The families that a shown rule's hit falls to.
std::vector<std::string> subjects_of(const rules::Seen& seen, rules::Shadows shadows) {
  std::vector<std::string> subjects;
  const auto is_shown = [&](const std::string& id) {
    const auto rule = std::ranges::find(seen.rules, id, &rules::RuleSeen::rule);
    return rule != seen.rules.end() && shown(*rule, shadows);
  };
  for (const rules::FamilySeen& family : seen.families)
    if (std::ranges::any_of(family.rules, is_shown)) subjects.push_back(family.family);
  return subjects;
}

std::string json_line(const core::Event& event, const rules::Seen& seen, rules::Shadows shadows) {
  Json line = {{"id", event.id}, {"rules", Json::array()}};
  for (const rules::RuleSeen& rule : seen.rules) {
    if (!shown(rule, shadows)) continue;
    Json words = Json::array();
    for (const rules::WordSeen& w : rule.words)
      words.push_back({{"word", w.pattern}, {"start", w.start}, {"end", w.end}});
    line["rules"].push_back({{"rule", rule.rule}, {"words", std::move(words)}});
  }
  line["subject"] = subjects_of(seen, shadows);
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// id TAB rule:word@start-end,... rule:... TAB subjects TAB text
std::string text_line(const core::Event& event, const rules::Seen& seen, rules::Shadows shadows,
                      Paint paint) {
  std::string rules_found, subjects;
  std::vector<MarkedSpan> stretches;
  for (const rules::RuleSeen& rule : seen.rules) {
    if (!shown(rule, shadows)) continue;
    rules_found += (rules_found.empty() ? "" : " ") + bold(rule.rule, paint);
    for (size_t i = 0; i < rule.words.size(); ++i) {
      const rules::WordSeen& w = rule.words[i];
      rules_found += (i == 0 ? ":" : ",") + w.pattern + "@" + std::to_string(w.start) + "-" +
                     std::to_string(w.end);
      stretches.push_back({w.start, w.end});
    }
  }
  for (const std::string& subject : subjects_of(seen, shadows))
    subjects += (subjects.empty() ? "" : " ") + subject;
  return dim(event.id, paint) + "\t" + rules_found + "\t" + subjects + "\t" +
         marked(seen.text, std::move(stretches), paint) + "\n";
}

}  // namespace

Sifter::Sifter(const SiftSpec& spec, std::shared_ptr<const rules::Book> book)
    : spec_(spec),
      inspector_(rules::make_inspector(std::move(book))),
      decoder_(ingest::make_decoder(spec.decoder)) {}

void Sifter::sift(const Block& block, Sifted& out) {
  events_.clear();
  if (block.plain)
    read_plain(block, out);
  else
    read_json(block, out);
  judge_read(out);
}

void Sifter::read_plain(const Block& block, Sifted& out) {
  for (size_t i = 0; i < block.lines.size(); ++i) {
    const std::string_view line = block.lines[i];
    if (line.size() > core::kMessageMax || !core::text::valid_utf8(line)) {
      note_unreadable(block, i, line.size() > core::kMessageMax ? "too_large" : "invalid_utf8",
                      out);
      continue;
    }
    core::Event& event = events_.push();
    event.id = block.ids[i];
    event.kind = spec_.plain_kind;
    event.published = spec_.plain_at;
    event.text = core::text::prefix_of(line, core::kTextMax);
    if (event.text.size() < line.size()) ++out.cut;
    if (events_.size() >= kEventsAtOnce) judge_read(out);
  }
}

void Sifter::read_json(const Block& block, Sifted& out) {
  const uint64_t cut_before = decoder_->cuts().texts + decoder_->cuts().items;
  for (size_t i = 0; i < block.lines.size(); ++i) {
    const auto decoded = decoder_->decode(block.lines[i], events_);
    if (!decoded) note_unreadable(block, i, decoded.error().message, out);
    for (const ingest::BadElement& bad : decoder_->bad_elements())
      note_unreadable(block, i, bad.reason, out);
    if (events_.size() >= kEventsAtOnce) judge_read(out);
  }
  out.cut += decoder_->cuts().texts + decoder_->cuts().items - cut_before;
}

void Sifter::judge_read(Sifted& out) {
  inspector_->begin_adding();
  for (size_t i = 0; i < events_.size(); ++i) {
    core::Event& event = events_[i];
    event.at = event.published;
    Lane::add_titles(event);
    inspector_->add(event);
  }
  inspector_->scan_added();
  for (size_t i = 0; i < events_.size(); ++i) {
    if (!inspector_->takes(i, events_[i], spec_.shadows)) continue;
    ++out.taken;
    if (spec_.form != SiftForm::Count) print(events_[i], out);
  }
  out.messages += events_.size();
  events_.clear();
}

void Sifter::print(const core::Event& event, Sifted& out) {
  const rules::Seen& seen = inspector_->look_at_taken(event);
  out.out += spec_.form == SiftForm::Json ? json_line(event, seen, spec_.shadows)
                                          : text_line(event, seen, spec_.shadows, spec_.paint);
}

}  // namespace engine
