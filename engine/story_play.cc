#include "engine/story_play.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "alerting/message.h"
#include "engine/pipeline.h"
#include "engine/rung_names.h"
#include "store/open.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;

struct StoryLine {
  core::Time at{};
  std::string json;
};

// The lines of a story as a source: one partition, read once, to its end.
class StorySource final : public ingest::Source {
 public:
  explicit StorySource(const std::vector<StoryLine>& lines) : lines_(lines) {}

  const std::vector<std::string>& partitions() const override { return names_; }
  core::Result<core::Unit> start(std::span<const int64_t>) override { return core::Unit{}; }
  core::Result<std::span<const ingest::RawMessage>> poll(core::Millis, size_t limit) override {
    polled_.clear();
    while (polled_.size() < limit && next_ < lines_.size()) {
      const StoryLine& line = lines_[next_];
      const auto offset = static_cast<int64_t>(next_++);
      // Its own time as the broker's: a story may jump by days.
      polled_.push_back({line.json, 0, offset, offset + 1, core::to_ms(line.at)});
    }
    return std::span<const ingest::RawMessage>(polled_);
  }
  bool at_end(uint32_t) const override { return next_ == lines_.size(); }
  bool ended(uint32_t) const override { return next_ == lines_.size(); }
  int64_t lag(uint32_t) const override { return static_cast<int64_t>(lines_.size() - next_); }
  std::string place(uint32_t, int64_t offset) const override {
    return names_.front() + ":" + std::to_string(offset + 1);
  }

 private:
  const std::vector<StoryLine>& lines_;
  const std::vector<std::string> names_ = {"story"};
  size_t next_ = 0;
  std::vector<ingest::RawMessage> polled_;
};

// A field that is not empty.
void say(Json& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}

StoryLine line_of(const rules::StoryMessage& m, core::Time at, size_t number) {
  Json channel = {{"id", m.group}};
  say(channel, "name", m.group_name);
  if (m.members > 0) channel["members"] = m.members;
  if (m.service) channel["service"] = true;
  Json author = {{"id", m.author.empty() ? "author of " + m.group : m.author}};
  if (m.followers > 0) author["followers"] = m.followers;
  say(author, "role", m.role);
  Json json = {{"id", m.id.empty() ? "m" + std::to_string(number) : m.id},
               {"ts", core::to_ms(at)},
               {"platform", m.platform.empty() ? std::string("wechat") : m.platform},
               {"kind", m.kind.empty() ? std::string("chat") : m.kind},
               {"channel", channel},
               {"author", author},
               {"text", m.text}};
  say(json, "forward_of", m.forward_of);
  say(json, "reply_to", m.reply_to);
  say(json, "customer", m.customer);
  say(json, "order", m.order);
  say(json, "level", m.level);
  if (m.sensitivity > 0) json["sensitivity"] = m.sensitivity;
  if (m.image) json["attachments"] = Json::array({{{"kind", "image"}}});
  return {at, json.dump()};
}

StoryLine line_of(const rules::StoryAct& act, core::Time at, size_t number) {
  Json json = {
      {"id", "act" + std::to_string(number)},
      {"ts", core::to_ms(at)},
      {"kind", "command"},
      {"what", act.what},
      {"incident", act.incident.starts_with("INC-") ? act.incident : "family:" + act.incident},
      {"by", act.by},
      {"door", "story"}};
  say(json, "option", act.option);
  say(json, "value", act.value);
  say(json, "because", act.because);
  return {at, json.dump()};
}

std::vector<StoryLine> lines_of(const rules::Story& story) {
  std::vector<StoryLine> lines;
  size_t number = 0;
  for (const auto& m : story.messages) lines.push_back(line_of(m, story.at + m.after, ++number));
  for (const auto& act : story.people)
    lines.push_back(line_of(act, story.at + act.after, ++number));
  std::ranges::stable_sort(lines, {}, &StoryLine::at);
  return lines;
}

class Chronicle {
 public:
  explicit Chronicle(const core::Policy& policy) : policy_(policy) {}

  void take(const alerting::Decisions& decided) {
    for (const core::IncidentChange& change : decided.changes) {
      Happening h;
      h.at = change.at;
      h.incident = change;
      h.rung = change.rung_name;
      h.because = change.because.code;
      happenings_.push_back(std::move(h));
    }
    for (const core::Notification& n : decided.notifications) {
      Happening h;
      h.at = n.at;
      h.told = true;
      h.incident = n.incident;
      h.rung = rung_name(policy_, n);
      h.because = n.because.code;
      h.cause = core::name_of(n.cause);
      h.person = n.person;
      h.channel = n.channel;
      h.text = alerting::plain_text(
          alerting::blocks_of(n, {policy_.limits.zone_offset_minutes, {}, false}));
      happenings_.push_back(std::move(h));
    }
  }

  std::vector<Happening> all() {
    std::ranges::stable_sort(happenings_, [](const Happening& a, const Happening& b) {
      if (a.at != b.at) return a.at < b.at;
      if (a.incident.incident != b.incident.incident)
        return a.incident.incident < b.incident.incident;
      return a.incident.revision < b.incident.revision;
    });
    return std::move(happenings_);
  }

 private:
  const core::Policy& policy_;
  std::vector<Happening> happenings_;
};

core::Result<core::Unit> run(Pipeline& pipeline) {
  Reader& reader = pipeline.readers().front();
  while (!pipeline.done()) {
    if (reader.step(core::Millis(0), core::kTimeMax) == Reader::Step::Failed) return reader.error();
    pipeline.lanes().front().step();
    const auto stepped = pipeline.shards().front().step();
    if (!stepped) return stepped.error();
  }
  return core::Unit{};
}

}  // namespace

core::Result<StoryPlayed> play(const rules::Story& story, const BookShelf& shelf) {
  const std::vector<StoryLine> lines = lines_of(story);
  auto store = store::open_store({.kind = "memory"});
  if (!store) return store.error();
  auto letters = ingest::DeadLetters::open("", true, 1 << 20);
  if (!letters) return letters.error();
  Chronicle chronicle(shelf.front().second->policy());
  PipelineSpec spec;
  spec.shard.until = story.at + story.until;
  std::vector<SourceInput> inputs;
  inputs.push_back({std::make_unique<StorySource>(lines), "qingyu", {}, ActEvents::Taken});
  auto pipeline =
      Pipeline::create(spec, **store, shelf, std::move(inputs), **letters,
                       [&](const alerting::Decisions& decided) { chronicle.take(decided); });
  if (!pipeline) return pipeline.error();
  const auto ran = run(**pipeline);
  if (!ran) return ran.error();
  return StoryPlayed{chronicle.all(), (*letters)->count()};
}

}  // namespace engine
