#include "rules/fix.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "rules/findings.h"
#include "rules/loaded_book.h"
#include "rules/mend_text.h"
#include "rules/schema.h"

namespace rules {

namespace {

constexpr size_t kRoundsMax = 20, kTrialsMax = 400, kChainMax = 4;

// Two findings are the same wherever they stand: lines move when others go.
using Told = std::tuple<std::string, std::string, std::string>;

Told told(const Finding& f) { return {f.file, f.code, f.message}; }

bool cannot_be_read(const std::vector<Finding>& findings, const std::string& file) {
  return std::ranges::any_of(
      findings, [&](const Finding& f) { return f.file == file && f.code == "yaml-syntax"; });
}

// Whether everything of `after` was there before.
bool none_new(const std::vector<Finding>& before, const std::vector<Finding>& after,
              const std::string* but_of = nullptr) {
  std::map<Told, size_t> had;
  for (const Finding& f : before) ++had[told(f)];
  return std::ranges::all_of(after, [&](const Finding& f) {
    if (but_of != nullptr && f.file == *but_of) return true;
    const auto it = had.find(told(f));
    return it != had.end() && it->second-- > 0;
  });
}

class Fixing {
 public:
  Fixing(const BookFiles& files, FixScope scope) {
    Findings found;
    sources_ = read_sources(files, found);
    unread_ = found.take();
    for (SourceFile& file : sources_) {
      const bool other =
          file.role == Role::Lists || file.role == Role::Taxonomy || file.role == Role::Limits;
      if (file.readable && (file.role == Role::Pack || (scope == FixScope::All && other)))
        mended_.push_back({&file, file.bytes});
    }
    now_ = check_sources(sources_);
  }

  std::vector<FileFix> run() {
    for (Mended& mended : mended_) mend_text(*mended.file);
    for (size_t round = 0; round < kRoundsMax; ++round) {
      bool any = false;
      for (Mended& mended : mended_) any = mend_findings(*mended.file) || any;
      if (!any) break;
    }
    std::vector<FileFix> fixes;
    for (const Mended& mended : mended_)
      if (mended.file->bytes != mended.before)
        fixes.push_back({mended.file->name, mended.before, mended.file->bytes});
    return fixes;
  }

  std::vector<Finding> left() const {
    std::vector<Finding> all = unread_;
    all.insert(all.end(), now_.begin(), now_.end());
    return all;
  }

 private:
  struct Mended {
    SourceFile* file = nullptr;
    std::string before;
  };
  enum class Need { Fewer, NotMore };

  // Keeps the edits when they help, by themselves or with what can then be mended.
  bool try_edits(SourceFile& file, Edits edits, Need need = Need::Fewer) {
    const std::string old = file.bytes;
    for (size_t link = 0; link < kChainMax && !edits.empty() && trials_ < kTrialsMax; ++link) {
      ++trials_;
      file.bytes = with_edits(file.bytes, edits);
      std::vector<Finding> after = check_sources(sources_);
      if (better(file, after, need)) {
        now_ = std::move(after);
        return true;
      }
      edits = mends_of(after, file);
    }
    file.bytes = old;
    return false;
  }

  bool better(const SourceFile& file, const std::vector<Finding>& after, Need need) const {
    if (cannot_be_read(now_, file.name) && !cannot_be_read(after, file.name))
      return none_new(now_, after, &file.name);
    return (after.size() < now_.size() || need == Need::NotMore) && none_new(now_, after);
  }

  static Edits mends_of(const std::vector<Finding>& findings, const SourceFile& file) {
    Edits edits;
    for (const Finding& f : findings)
      if (f.file == file.name && f.mend) edits.push_back(*f.mend);
    std::ranges::sort(edits, {}, &Edit::begin);
    return edits;
  }

  std::set<int> marked_lines(const SourceFile& file) const {
    std::set<int> lines;
    for (const Finding& f : now_)
      if (f.file == file.name) lines.insert(f.line);
    return lines;
  }

  static Edits together(const std::vector<Edits>& classes) {
    Edits all;
    for (const Edits& edits : classes) all.insert(all.end(), edits.begin(), edits.end());
    std::ranges::stable_sort(all, {}, &Edit::begin);
    return all;
  }

  void mend_text(SourceFile& file) {
    try_edits(file, line_end_mends(file.bytes), Need::NotMore);
    if (marked_lines(file).empty()) return;
    std::vector<Edits> classes = punctuation_mends(file.bytes, all_keys(), marked_lines(file));
    for (const size_t width : {2U, 4U, 8U}) {
      classes.push_back(indentation_mends(file.bytes, width));
      const bool tabs = !classes.back().empty();
      if (try_edits(file, together(classes))) return;
      classes.pop_back();
      if (!tabs) break;
    }
    for (size_t i = 0; i < classes.size(); ++i) {
      // Places move with what was kept: they are looked for anew.
      const std::vector<Edits> again =
          punctuation_mends(file.bytes, all_keys(), marked_lines(file));
      if (i < again.size()) try_edits(file, again[i]);
    }
    for (const size_t width : {2U, 4U, 8U})
      if (try_edits(file, indentation_mends(file.bytes, width))) break;
  }

  // All edits of a file at once; where that does not help, one by one.
  bool mend_findings(SourceFile& file) {
    const Edits edits = mends_of(now_, file);
    if (try_edits(file, edits)) return true;
    return std::ranges::any_of(edits, [&](const Edit& edit) { return try_edits(file, {edit}); });
  }

  std::deque<SourceFile> sources_;
  std::vector<Finding> unread_, now_;
  std::vector<Mended> mended_;
  size_t trials_ = 0;
};

}  // namespace

std::vector<FileFix> propose_fixes(const BookFiles& files, FixScope scope,
                                   std::vector<Finding>& left) {
  Fixing fixing(files, scope);
  std::vector<FileFix> fixes = fixing.run();
  left = fixing.left();
  return fixes;
}

}  // namespace rules
