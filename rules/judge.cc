// A Judge turns one message into Signals: scan, name, judge, then settle which family each rule hit
// falls to (DESIGN 11.5). Read LaneJudge::judge() first.
#include <algorithm>
#include <span>

#include "core/check.h"
#include "core/hash.h"
#include "core/text/fingerprint.h"
#include "rules/excerpt.h"
#include "rules/falling.h"
#include "rules/keyed_hash.h"
#include "rules/loaded_book.h"
#include "rules/naming.h"
#include "rules/verdict.h"

namespace rules {

namespace {

constexpr size_t kVotesMax = 8, kCategoriesMax = 4, kHitsMax = 16, kAttachmentsMax = 8;

class LaneJudge final : public Judge {
 public:
  explicit LaneJudge(std::shared_ptr<const LoadedBook> book)
      : book_(std::move(book)),
        scanner_(book_->matcher_),
        namer_(book_->names_, book_->program_),
        members_(book_->hash_key_) {}

  void judge(const core::Event& event, const core::text::Folded& folded,
             std::vector<core::Signal>& out) override {
    if (event.kind == core::Kind::Command || event.kind == core::Kind::Outcome) return;
    scanner_.scan(folded, matches_);
    judge_matches(event, folded, out);
  }
  void judge(const core::Event& event, const core::text::Folded& folded, const Inherited& inherited,
             std::vector<core::Signal>& out) override {
    inherited_ = &inherited;
    judge(event, folded, out);
    inherited_ = nullptr;
  }

  void begin_adding() override { scanner_.begin_adding(); }
  void add(const core::text::Folded& folded) override { scanner_.add(folded); }
  void scan_added() override { scanner_.scan_added(); }
  bool found(size_t i, const core::Event& event) const override {
    return event.reported_level > 0 || scanner_.found(i);
  }
  void judge_added(size_t i, const core::Event& event, const core::text::Folded& folded,
                   std::vector<core::Signal>& out) override {
    if (event.kind == core::Kind::Command || event.kind == core::Kind::Outcome) return;
    scanner_.scan(i, folded, matches_);
    judge_matches(event, folded, out);
  }

  uint64_t dropped_matches() const override { return scanner_.dropped(); }

 private:
  void judge_matches(const core::Event& event, const core::text::Folded& folded,
                     std::vector<core::Signal>& out) {
    if (matches_.empty() && event.reported_level == 0) return;
    namer_.find(folded, matches_, naming_);
    judge_rules(book_->program_, event, matches_, naming_.masks, seen_, fired_);
    part_shadows(book_->program_, fired_, shadows_);
    const bool nothing = naming_.families.empty() && fired_.empty() && shadows_.empty();
    if (nothing && event.reported_level == 0) return;
    copy_hash_ = core::text::copy_marks(folded, prints_);
    settle(*book_, event, folded, prints_, naming_, fired_, drafts_, inherited_);
    add_shadows(*book_, event, folded, prints_, naming_, shadows_, drafts_, inherited_);
    if (drafts_.empty()) return;
    const core::Signal shared = shared_part(event);
    const size_t before = out.size();
    for (const Draft& draft : drafts_) out.push_back(signal_of(draft, event, folded, shared));
    mark_first(std::span(out).subspan(before));
  }

  // A message is counted once for a rule, whatever it names.
  static void mark_first(std::span<core::Signal> signals) {
    for (size_t i = 0; i < signals.size(); ++i)
      for (auto hits : {&core::Signal::hits, &core::Signal::shadow_hits})
        for (core::RuleHit& hit : signals[i].*hits)
          hit.first = std::ranges::none_of(signals.first(i), [&](const core::Signal& before) {
            return std::ranges::find(before.*hits, hit.rule, &core::RuleHit::rule) !=
                   (before.*hits).end();
          });
  }

  // Of an event out of the archive the id is the hash already.
  std::string keyed(const core::Event& event, const char* kind, const std::string& id) const {
    return event.keyed ? id : keyed_hash(book_->hash_key_, kind, id);
  }

  // What all signals of a message have in common.
  core::Signal shared_part(const core::Event& event) {
    core::Signal s;
    s.at = event.at;
    s.published = event.published;
    s.event = event.id;
    s.kind = event.kind;
    s.advertising = std::ranges::any_of(matches_, [this](const Match& m) {
      return std::ranges::binary_search(book_->program_.advertising, m.pattern);
    });
    s.reported_level = event.reported_level;
    s.sensitivity = event.sensitivity;
    if (!event.customer.empty()) s.customer = keyed(event, "customer", event.customer);
    if (!event.order.empty()) s.order = keyed(event, "order", event.order);
    if (event.kind == core::Kind::AgentReport && book_->policy_.people.contains(event.author_id))
      s.reporter = event.author_id;
    s.service = event.kind == core::Kind::Ticket ||
                book_->service_channels_.contains(event.channel_id) ||
                std::ranges::find(event.tags, core::kServiceTag) != event.tags.end();
    s.channel = event.channel_id;
    s.channel_name = event.channel_name;
    s.members = event.channel_members;
    const auto& groups = book_->policy_.catalogue.groups;
    if (const auto group = groups.find(event.channel_id); group != groups.end()) {
      if (s.members == 0) s.members = group->second.members;
      if (s.channel_name.empty()) s.channel_name = group->second.name;
    }
    if (event.keyed) s.author = hash_from(event.author_id);
    if (!event.author_id.empty() && s.author == 0) {
      const Members::Member& member = members_.of(event.author_id);
      s.author = member.author;
      s.author_sealed = member.sealed;
    }
    s.followers = event.author_followers;
    s.role = event.author_role;
    s.forward_of = event.forward_of;
    s.text_hash = copy_hash_;
    s.fingerprints = prints_;
    for (const core::Attachment& a : event.attachments)
      if (!a.hash.empty()) s.attachment_hashes.push_back(core::hash64(a.hash));
    std::ranges::sort(s.attachment_hashes);
    s.attachment_hashes.erase(std::unique(s.attachment_hashes.begin(), s.attachment_hashes.end()),
                              s.attachment_hashes.end());
    if (s.attachment_hashes.size() > kAttachmentsMax) s.attachment_hashes.resize(kAttachmentsMax);
    return s;
  }

  core::Signal signal_of(const Draft& draft, const core::Event& event,
                         const core::text::Folded& folded, const core::Signal& shared) const {
    core::Signal s = shared;
    s.family = draft.family;
    s.named = draft.named != nullptr;
    s.source = draft.source;
    add_votes(draft, s);
    add_categories(draft, s);
    const uint32_t named = draft.named != nullptr ? draft.named->begin : 0;
    s.excerpt = excerpt_around(draft.fired, named, event, folded);
    s.hits = hits_of(draft.fired);
    if (draft.shadows.empty()) return s;
    if (draft.shadow_only) s.reported_level = 0;
    s.shadow_hits = hits_of(draft.shadows);
    s.shadow_excerpt = excerpt_around(draft.shadows, named, event, folded);
    if (s.shadow_excerpt == s.excerpt) s.shadow_excerpt.clear();
    return s;
  }

  static std::string excerpt_around(const std::vector<Fired>& fired, uint32_t otherwise,
                                    const core::Event& event, const core::text::Folded& folded) {
    uint32_t around = otherwise;
    if (!fired.empty()) around = std::ranges::min(fired, {}, &Fired::begin).begin;
    return excerpt(event.text, around < folded.begin.size() ? folded.begin[around] : 0);
  }

  void add_votes(const Draft& draft, core::Signal& s) const {
    if (draft.inherited != nullptr) s.votes = draft.inherited->votes;
    if (draft.named == nullptr) return;
    s.product_named = draft.named->product_named;
    for (const Share& share : draft.named->shares)
      s.votes.push_back({book_->policy_.catalogue.products[share.product].sku, share.permille});
    std::ranges::sort(s.votes, [](const core::Vote& a, const core::Vote& b) {
      return a.permille != b.permille ? a.permille > b.permille : a.sku < b.sku;
    });
    if (s.votes.size() > kVotesMax) s.votes.resize(kVotesMax);
  }

  void add_categories(const Draft& draft, core::Signal& s) const {
    for (const uint32_t index : naming_.categories)
      s.categories.push_back(book_->names_.category_name(index));
    if (draft.named != nullptr)
      for (const uint32_t index : draft.named->categories)
        s.categories.push_back(book_->names_.category_name(index));
    if (draft.inherited != nullptr)
      s.categories.insert(s.categories.end(), draft.inherited->categories.begin(),
                          draft.inherited->categories.end());
    std::ranges::sort(s.categories);
    s.categories.erase(std::unique(s.categories.begin(), s.categories.end()), s.categories.end());
    if (s.categories.size() > kCategoriesMax) s.categories.resize(kCategoriesMax);
  }

  // Of more hits than fit, the counting ones of the highest level are kept.
  std::vector<core::RuleHit> hits_of(std::vector<Fired> fired) const {
    const auto rule_of = [this](const Fired& f) -> const Rule& {
      return book_->program_.rules[f.rule];
    };
    if (fired.size() > kHitsMax) {
      std::ranges::sort(fired, [&](const Fired& a, const Fired& b) {
        const bool a_counts = a.weight_permille > 500, b_counts = b.weight_permille > 500;
        if (a_counts != b_counts) return a_counts;
        if (rule_of(a).level != rule_of(b).level) return rule_of(a).level > rule_of(b).level;
        return a.rule < b.rule;
      });
      fired.resize(kHitsMax);
      std::ranges::sort(fired, {}, &Fired::rule);
    }
    std::vector<core::RuleHit> hits;
    for (const Fired& f : fired) {
      const Rule& rule = rule_of(f);
      hits.push_back({rule.id, rule.issue, rule.level, f.weight_permille, rule.ladder,
                      rule.exposure_threat, false});
    }
    return hits;
  }

  std::shared_ptr<const LoadedBook> book_;
  Scanner scanner_;
  Namer namer_;
  Members members_;
  std::vector<Match> matches_;
  Naming naming_;
  std::vector<uint8_t> seen_;
  std::vector<Fired> fired_, shadows_;
  std::vector<Draft> drafts_;
  const Inherited* inherited_ = nullptr;  // of the message being judged
  uint64_t copy_hash_ = 0;                // of the message, and its fingerprints
  std::vector<uint64_t> prints_;
};

}  // namespace

std::unique_ptr<Judge> make_judge(std::shared_ptr<const Book> book) {
  auto loaded = std::dynamic_pointer_cast<const LoadedBook>(std::move(book));
  INVARIANT(loaded != nullptr);
  return std::make_unique<LaneJudge>(std::move(loaded));
}

}  // namespace rules
