#include "desk_random.h"

namespace desk_test {

namespace {

int below(std::mt19937& random, int n) {
  return static_cast<int>(random() % static_cast<unsigned>(n));
}

const char* one_of(std::mt19937& random, std::initializer_list<const char*> words) {
  return words.begin()[below(random, static_cast<int>(words.size()))];
}

Says random_words(std::mt19937& random) {
  Says says;
  says.rule = one_of(random, {"near-expiry", "near-expiry", "mould-1", "poison", ""});
  says.issue = one_of(random, {"expiry", "expiry", "mould"});
  says.level = static_cast<core::Level>(below(random, 20) == 0 ? 4 : 1 + below(random, 2));
  says.sku = one_of(random, {"", "SKU1", "SKU1", "SKU2", "SKU3"});
  says.category = one_of(random, {"", "洗衣液", "洗发水"});
  says.ladder = one_of(random, {"", "", "short"});
  says.members = static_cast<uint32_t>(below(random, 500));
  says.followers = static_cast<uint32_t>(below(random, 200'000));
  if (below(random, 8) == 0) says.kind = core::Kind::Post;
  says.evidence = !says.rule.empty() || below(random, 2) == 0;
  says.copy = below(random, 3) == 0;
  if (says.rule.empty() && below(random, 6) == 0) says.opens = "mention_scan";
  return says;
}

void random_act(std::mt19937& random, DeskStory& story, core::Millis now) {
  const std::string by = one_of(random, {"duty", "manager", "director", "ceo", "nobody"});
  const int what = below(random, 8);
  if (what < 4) return story.ack(by, now);
  if (what < 7) return story.decide(by, now, one_of(random, {"return", "coupon", ""}));
  story.close(by, now);
}

void random_outcome(std::mt19937& random, DeskStory& story, core::Millis now) {
  const auto& told = story.all.notifications;
  if (told.empty()) return;
  const size_t back = static_cast<size_t>(below(random, 6));
  const core::Notification n = told[told.size() - 1 - std::min(back, told.size() - 1)];
  story.outcome(one_of(random, {"delivered", "delivered", "refused", "unknown"}), n, now);
}

}  // namespace

void random_step(std::mt19937& random, DeskStory& story, core::Millis& now) {
  const int pause = below(random, 100);
  now += core::Millis(below(random, 200'000));
  if (pause < 10) now += minutes(below(random, 90));
  if (pause == 99) now += hours(below(random, 100));
  const int what = below(random, 100);
  if (what < 70) {
    story.hit(group(below(random, 60)), now, random_words(random));
  } else if (what < 80) {
    random_act(random, story, now);
  } else if (what < 92) {
    random_outcome(random, story, now);
  } else if (what < 95) {
    story.hold(below(random, 2) == 0, now);
  } else if (what < 97) {
    story.recall(std::string("e").append(std::to_string(below(random, 200))), now);
  } else {
    story.until(now);
  }
}

core::Policy random_policy(std::mt19937& random) {
  core::Policy policy = usual_policy();
  for (auto& [id, ladder] : policy.ladders) {
    const std::vector<core::Rung> usual = usual_policy().ladders.at("default").rungs;
    ladder.rungs.resize(static_cast<size_t>(1 + below(random, 5)));
    for (core::Rung& rung : ladder.rungs) {
      rung = usual[static_cast<size_t>(below(random, 4))];
      if (below(random, 3) == 0) rung.ack.reset();
      if (below(random, 3) == 0) rung.decide = minutes(below(random, 40));
      if (below(random, 3) == 0) rung.enter.groups = 4 + below(random, 20);
      if (below(random, 4) == 0) rung.enter.level = static_cast<core::Level>(1 + below(random, 4));
    }
    ladder.remind = minutes(below(random, 30));
    ladder.open.quiet = minutes(60 + below(random, 240));
    ladder.open.reopen = hours(below(random, 90));
  }
  return policy;
}

std::string bytes_of(const alerting::Decisions& decisions) {
  core::ByteWriter out;
  for (const core::IncidentChange& change : decisions.changes) core::write(out, change);
  for (const core::Notification& n : decisions.notifications) out.str(core::encode(n));
  for (const alerting::Refusal& refusal : decisions.refusals) {
    out.time(refusal.at);
    for (const std::string& s : {refusal.incident, refusal.act, refusal.by}) out.str(s);
    core::write(out, refusal.because);
  }
  return out.take();
}

}  // namespace desk_test
