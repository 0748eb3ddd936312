#include "engine/story_verdict.h"

#include <algorithm>
#include <set>

#include "alerting/message.h"

namespace engine {

namespace {

using rules::StoryExpectation;

constexpr size_t kNearestShown = 3;
constexpr core::Millis kMinute{60'000};

bool in_time(const StoryExpectation& e, core::Millis after) {
  if (e.at && (after < *e.at || after >= *e.at + kMinute)) return false;
  return (!e.by || after <= *e.by) && (!e.from || after >= *e.from);
}

// How many of the wishes `h` fulfils, and how many there are; time is not among them.
struct Likeness {
  size_t fulfilled = 0, wishes = 0;
  bool whole() const { return fulfilled == wishes; }
};

Likeness likeness(const StoryExpectation& e, const Happening& h) {
  Likeness all;
  const auto wish = [&all](bool asked, bool fulfilled) {
    all.wishes += asked ? 1 : 0;
    all.fulfilled += asked && fulfilled ? 1 : 0;
  };
  const auto same = [&wish](const std::string& asked, std::string_view is) {
    wish(!asked.empty(), asked == is);
  };
  same(e.incident, h.incident.family);
  same(e.subject, h.incident.subject);
  same(e.issue, h.incident.issue);
  wish(e.level.has_value(), e.level == h.incident.level);
  same(e.state, core::name_of(h.incident.state));
  same(e.rung, h.rung);
  same(e.because, h.because);
  same(e.person, h.person);
  same(e.channel, h.channel);
  same(e.cause, h.cause);
  wish(!e.text.empty(), h.text.find(e.text) != std::string::npos);
  return all;
}

bool comes_about(const StoryExpectation& e, const Happening& h, core::Time start) {
  if (e.of_message() && !h.told) return false;
  return in_time(e, h.at - start) && likeness(e, h).whole();
}

std::string line_of(const Happening& h, core::Time start) {
  std::string line = "+ " + rules::offset_text(h.at - start);
  line += "  " + h.incident.family + ", " + h.incident.issue + ", " +
          std::string(core::name_of(h.incident.level)) + ", " +
          std::string(core::name_of(h.incident.state)) + ", rung: " + h.rung +
          ", because: " + h.because;
  if (!h.told) return line;
  line += ", person: " + h.person + ", channel: " + h.channel + ", cause: " + h.cause;
  return line;
}

// The wanted text is not in it: what is said instead, each line marked.
std::string text_lines(const Happening& h) {
  std::string lines;
  size_t from = 0;
  while (from < h.text.size()) {
    const size_t end = std::min(h.text.find('\n', from), h.text.size());
    lines += "\n+   | " + h.text.substr(from, end - from);
    from = end + 1;
  }
  return lines;
}

core::Millis distance(const StoryExpectation& e, core::Millis after) {
  const auto wanted = e.at ? e.at : e.by ? e.by : e.from;
  if (!wanted || in_time(e, after)) return core::Millis(0);
  return after < *wanted ? *wanted - after : after - *wanted;
}

// What comes nearest to the expectation: by wishes fulfilled, then by time.
std::vector<const Happening*> nearest(const StoryExpectation& e, const StoryPlayed& played,
                                      core::Time start) {
  std::vector<const Happening*> all;
  for (const Happening& h : played.happenings)
    if (h.told || !e.of_message()) all.push_back(&h);
  std::ranges::stable_sort(all, [&](const Happening* a, const Happening* b) {
    const size_t of_a = likeness(e, *a).fulfilled, of_b = likeness(e, *b).fulfilled;
    if (of_a != of_b) return of_a > of_b;
    return distance(e, a->at - start) < distance(e, b->at - start);
  });
  if (all.size() > kNearestShown) all.resize(kNearestShown);
  std::ranges::stable_sort(all, {}, [](const Happening* h) { return h->at; });
  return all;
}

std::string heading(const StoryExpectation& e, std::string_view chinese, std::string_view english) {
  return e.place.file->name + ":" + std::to_string(e.place.line) + ":" +
         std::to_string(e.place.column) + ": " + rules::both(chinese, english) + "\n- " +
         rules::to_text(e);
}

StoryFailure missing(const StoryExpectation& e, const StoryPlayed& played, core::Time start) {
  std::string text = heading(e, "没有发生", "did not happen");
  const auto near = nearest(e, played, start);
  for (const Happening* h : near) {
    text += "\n" + line_of(*h, start);
    const bool only_text =
        !e.text.empty() && h == near.front() && h->text.find(e.text) == std::string::npos;
    if (only_text) text += text_lines(*h);
  }
  if (near.empty())
    text += "\n+ " + (played.happenings.empty() ? rules::both("什么都没有发生", "nothing happened")
                                                : rules::both("没有通知任何人", "nobody was told"));
  return {&e, text};
}

StoryFailure happened(const StoryExpectation& e, const Happening& h, core::Time start) {
  return {&e,
          heading(e, "不该发生而发生了", "must not happen, but did") + "\n" + line_of(h, start)};
}

}  // namespace

std::vector<StoryFailure> judge(const rules::Story& story, const StoryPlayed& played) {
  std::vector<StoryFailure> failures;
  for (const StoryExpectation& e : story.expectations) {
    const auto found = std::ranges::find_if(played.happenings, [&](const Happening& h) {
      return e.none || comes_about(e, h, story.at);
    });
    const bool there = found != played.happenings.end();
    if (there == !(e.none || e.never)) continue;
    failures.push_back(there ? happened(e, *found, story.at) : missing(e, played, story.at));
  }
  return failures;
}

namespace {

class NameCheck {
 public:
  NameCheck(const core::Policy& policy, rules::Findings& findings) : findings_(findings) {
    for (const auto& [id, ladder] : policy.ladders)
      for (const core::Rung& rung : ladder.rungs) rungs_.insert(rung.name);
    for (const auto& [id, person] : policy.people) {
      people_.insert(id);
      channels_.insert(person.channels.begin(), person.channels.end());
    }
    for (const auto& [id, issue] : policy.issues) issues_.insert(id);
    issues_.insert("mention");
    for (const std::string_view code : alerting::because_codes()) codes_.emplace(code);
    for (const core::Product& p : policy.catalogue.products) {
      families_.insert("brand:" + p.brand);
      if (p.brand.empty()) families_.insert("product:" + p.sku);
      subjects_.insert("product:" + p.sku);
      families_.insert("category:" + p.category);
    }
    for (const auto& m : policy.catalogue.merchants) families_.insert("merchant:" + m.id);
    for (const auto& s : policy.catalogue.stores) families_.insert("store:" + s.id);
    subjects_.insert(families_.begin(), families_.end());
  }

  void expectation(const StoryExpectation& e) {
    known(e.place, e.rung, rungs_);
    known(e.place, e.person, people_);
    known(e.place, e.channel, channels_);
    known(e.place, e.issue, issues_);
    known(e.place, e.because, codes_);
    family(e.place, e.incident, families_);
    family(e.place, e.subject, subjects_);
  }
  void act(const rules::StoryAct& a) {
    known(a.place, a.by, people_);
    family(a.place, a.incident, families_);
  }

 private:
  using Names = std::set<std::string, std::less<>>;

  void known(const rules::Place& place, const std::string& name, const Names& names) {
    if (name.empty() || names.contains(name)) return;
    findings_.error(
        place, "unknown-name",
        rules::both("没有 " + rules::quoted(name), "there is no " + rules::quoted(name)),
        rules::nearest(name, {names.begin(), names.end()}));
  }
  // Couriers, customers, orders and unknown things are in no catalogue.
  void family(const rules::Place& place, const std::string& name, const Names& names) {
    for (const char* kind : {"courier:", "customer:", "order:", "unknown:", "INC-"})
      if (name.starts_with(kind)) return;
    known(place, name, names);
  }

  rules::Findings& findings_;
  Names rungs_, people_, channels_, issues_, codes_, families_, subjects_;
};

}  // namespace

void check_names(const rules::Story& story, const core::Policy& policy, rules::Findings& findings) {
  NameCheck names(policy, findings);
  for (const StoryExpectation& e : story.expectations) names.expectation(e);
  for (const rules::StoryAct& act : story.people) names.act(act);
}

}  // namespace engine
