#include "engine/verdict_shelf.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <tuple>

#include "core/bytes.h"

namespace engine {

namespace {

using core::Error;

constexpr uint64_t kVersion = 1;
constexpr size_t kPage = 1000;
constexpr int kTriesMax = 8;  // somebody else writes the same row
constexpr double kZ = 1.959963984540054;

std::string key_of(const VerdictRow& row) { return row.rule + "\n" + row.about + "\n" + row.by; }

void write(core::ByteWriter& out, const Verdict& v) {
  out.time(v.at);
  out.u64(static_cast<uint64_t>(v.opinion));
  out.str(v.because);
  out.u64(v.revision);
  out.u64(v.shadow ? 1 : 0);
  out.str(v.family);
  out.time(v.about_at);
  out.u64(v.texts.size());
  for (const std::string& text : v.texts) out.str(text);
}

Verdict read_verdict(core::ByteReader& in) {
  Verdict v;
  v.at = in.time();
  v.opinion = static_cast<Opinion>(std::min<uint64_t>(in.u64(), 2));
  v.because = in.str();
  v.revision = static_cast<uint32_t>(in.u64());
  v.shadow = in.u64() != 0;
  v.family = in.str();
  v.about_at = in.time();
  v.texts.resize(in.count());
  for (std::string& text : v.texts) text = in.str();
  return v;
}

// One end of Wilson's interval; `sign` -1 or 1.
double wilson(const Precision& p, double sign) {
  const auto n = static_cast<double>(p.judged());
  if (n == 0) return sign < 0 ? 0 : 1;
  const double share = p.point(), z2 = kZ * kZ;
  const double spread = kZ * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return std::clamp((share + z2 / (2 * n) + sign * spread) / (1 + z2 / n), 0.0, 1.0);
}

// Calls `take` for every slot of the shelf.
template <typename Take>
core::Result<core::Unit> walk(core::Store& store, std::string_view shelf, std::string after,
                              Take take) {
  for (;;) {
    const auto slots = store.list(std::string(shelf), after, kPage);
    if (!slots) return slots.error();
    for (const core::Slot& slot : *slots)
      if (!take(slot)) return core::Unit{};
    if (slots->size() < kPage) return core::Unit{};
    after = slots->back().key;
  }
}

}  // namespace

const char* name_of(Opinion opinion) {
  static constexpr const char* kNames[] = {"right", "wrong", "unsure"};
  return kNames[static_cast<size_t>(opinion)];
}

const char* in_words(Opinion opinion) {
  static constexpr const char* kWords[] = {"属实 right", "误报 false alarm", "不确定 unsure"};
  return kWords[static_cast<size_t>(opinion)];
}

bool read_opinion(std::string_view word, Opinion& out) {
  if (word == "right" || word == "true") {
    out = Opinion::Right;
  } else if (word == "wrong" || word == "false-alarm") {
    out = Opinion::Wrong;
  } else if (word == "unsure") {
    out = Opinion::Unsure;
  } else {
    return false;
  }
  return true;
}

std::string encode(const VerdictRow& row) {
  core::ByteWriter out;
  out.u64(kVersion);
  for (const std::string* s : {&row.rule, &row.about, &row.by}) out.str(*s);
  out.i64(row.forgotten);
  out.u64(row.given.size());
  for (const Verdict& v : row.given) write(out, v);
  return out.take();
}

bool decode(std::string_view bytes, VerdictRow& row) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  for (std::string* s : {&row.rule, &row.about, &row.by}) *s = in.str();
  row.forgotten = in.i64();
  row.given.resize(in.count());
  for (Verdict& v : row.given) v = read_verdict(in);
  return in.ok() && in.at_end() && !row.given.empty();
}

core::Result<core::Unit> keep_verdict(core::Store& store, VerdictRow row, Verdict verdict) {
  const std::string shelf(kVerdictShelf), key = key_of(row);
  for (int i = 0; i < kTriesMax; ++i) {
    const auto before = store.find(shelf, key);
    if (!before) return before.error();
    VerdictRow known = row;
    if (*before && !decode((*before)->value, known))
      return Error{core::Code::BadSettings, "a stored verdict has an unknown layout"};
    known.given.insert(known.given.begin(), verdict);
    if (known.given.size() > VerdictRow::kGivenMax) {
      known.given.pop_back();
      ++known.forgotten;
    }
    const auto kept =
        store.replace({shelf, key, encode(known), verdict.at}, *before ? (*before)->value : "");
    if (kept) return core::Unit{};
    if (kept.error().code != core::Code::Conflict) return kept.error();
  }
  return Error{core::Code::Conflict, "somebody else writes the same verdict, try again"};
}

core::Result<std::vector<VerdictRow>> read_verdicts(core::Store& store, std::string_view rule) {
  std::vector<VerdictRow> rows;
  const std::string first = rule.empty() ? std::string() : std::string(rule) + "\n";
  const auto walked = walk(store, kVerdictShelf, first, [&](const core::Slot& slot) {
    if (!slot.key.starts_with(first)) return false;
    VerdictRow row;
    if (decode(slot.value, row)) rows.push_back(std::move(row));
    return true;
  });
  if (!walked) return walked.error();
  return rows;
}

std::vector<VerdictRow> standing(const std::vector<VerdictRow>& rows) {
  std::map<std::pair<std::string, std::string>, const VerdictRow*> newest;
  for (const VerdictRow& row : rows) {
    const VerdictRow*& best = newest[{row.rule, row.about}];
    const auto key = [](const VerdictRow& r) { return std::tie(r.given.front().at, r.by); };
    if (best == nullptr || key(*best) < key(row)) best = &row;
  }
  std::vector<VerdictRow> all;
  for (const auto& [key, row] : newest) all.push_back(*row);
  return all;
}

double Precision::point() const {
  return judged() == 0 ? 0 : static_cast<double>(right) / static_cast<double>(judged());
}
double Precision::lower() const { return wilson(*this, -1); }
double Precision::upper() const { return wilson(*this, 1); }

Precision precision_of(const std::vector<VerdictRow>& standing_rows, std::string_view rule) {
  Precision precision;
  for (const VerdictRow& row : standing_rows) {
    if (row.rule != rule) continue;
    const Opinion opinion = row.given.front().opinion;
    ++(opinion == Opinion::Right   ? precision.right
       : opinion == Opinion::Wrong ? precision.wrong
                                   : precision.unsure);
  }
  return precision;
}

std::string in_words(const Precision& p) {
  char text[200];
  if (p.judged() == 0) return "没有评判 no verdicts";
  std::snprintf(text, sizeof text,
                "精确率 precision %.2f（%lld/%lld 属实 right，95%% 下限 lower bound %.2f）",
                p.point(), static_cast<long long>(p.right), static_cast<long long>(p.judged()),
                p.lower());
  return text;
}

core::Slot slot_of(const Promotion& p) {
  core::ByteWriter out;
  out.u64(kVersion);
  for (const std::string* s : {&p.rule, &p.by, &p.file}) out.str(*s);
  out.time(p.at);
  out.f64(p.wanted);
  for (const int64_t n :
       {p.verdicts_wanted, p.precision.right, p.precision.wrong, p.precision.unsure})
    out.i64(n);
  return {std::string(kPromotionShelf), p.rule + "\n" + std::to_string(core::to_ms(p.at)),
          out.take(), core::kTimeMax};
}

core::Result<std::vector<Promotion>> read_promotions(core::Store& store) {
  std::vector<Promotion> all;
  const auto walked = walk(store, kPromotionShelf, "", [&](const core::Slot& slot) {
    core::ByteReader in(slot.value);
    Promotion p;
    if (in.u64() != kVersion) return true;
    for (std::string* s : {&p.rule, &p.by, &p.file}) *s = in.str();
    p.at = in.time();
    p.wanted = in.f64();
    for (int64_t* n :
         {&p.verdicts_wanted, &p.precision.right, &p.precision.wrong, &p.precision.unsure})
      *n = in.i64();
    if (in.ok() && in.at_end()) all.push_back(std::move(p));
    return true;
  });
  if (!walked) return walked.error();
  return all;
}

}  // namespace engine
