#include "engine/outlook.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "detectors/roster.h"
#include "engine/case.h"
#include "rules/findings.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;
using rules::both;

constexpr int kZoneOffsetMinutes = 480;
constexpr uint32_t kShardsMax = 1024;  // that settings may ask for; what is not there is empty

int64_t minutes(core::Millis span) { return span.count() / 60'000; }

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 100 ? "%.0f" : "%.2g", value);
  return text;
}

core::Result<FamilyOutlook> outlook_of(const core::Signal& signal, const std::string& bytes,
                                       const core::PolicyTimeline& policies) {
  FamilyOutlook out;
  out.family = signal.family;
  Case one(signal.family, policies, {});
  if (!one.load(bytes))
    return core::Error{core::Code::BadInput,
                       "the stored family " + signal.family + " cannot be read"};
  out.kept = true;
  out.open = one.open();
  out.bounds = one.bounds(signal);
  out.rule_groups_needed = detectors::rule_groups_needed(signal.family, out.bounds);
  out.figures = one.figures();
  return out;
}

std::string windows_text(const std::vector<detectors::WindowCount>& windows) {
  std::string chinese, english;
  for (const detectors::WindowCount& w : windows) {
    const std::string length = std::to_string(minutes(w.length));
    const std::string counted = std::to_string(w.counted), usual = number(w.usual);
    chinese +=
        (chinese.empty() ? "" : "，") + length + " 分钟 " + counted + " 次（平常 " + usual + "）";
    english +=
        (english.empty() ? "" : ", ") + counted + " in " + length + " min (usual " + usual + ")";
  }
  return both(chinese, english);
}

std::string missing_text(const FamilyOutlook& o) {
  if (o.open) return both("已有事件", "there is an incident");
  const std::string within = std::to_string(minutes(o.bounds.within));
  const int64_t more = std::max<int64_t>(o.rule_groups_needed - o.figures.rule_groups, 1);
  return both(within + " 分钟内再有 " + std::to_string(more) + " 个群命中规则就立案",
              std::to_string(more) + " more groups with a rule hit within " + within +
                  " min would open one");
}

void add_family(const FamilyOutlook& o, std::string& out) {
  out += "  " + o.family + "  ";
  if (!o.kept) {
    out += both("没有留下计数：没有读到，或者已安静 96 小时",
                "nothing kept: not read, or quiet for 96 hours") +
           "\n";
    return;
  }
  const detectors::Figures& f = o.figures;
  const std::string within = std::to_string(minutes(o.bounds.within));
  const auto groups = [&](int64_t n, int64_t needed) {
    return both(
        within + " 分钟内 " + std::to_string(n) + " 个群，满 " + std::to_string(needed) + " 个立案",
        std::to_string(n) + " of " + std::to_string(needed) + " groups in " + within + " min");
  };
  out += both("数到", "counted up to") + " " + core::format_time(f.at, kZoneOffsetMinutes) + "\n";
  out += "    " + both("命中规则", "rule hits") + "  " +
         groups(f.rule_groups, o.rule_groups_needed) + "\n";
  if (!f.windows.empty()) {
    out += "    " + both("点名", "mentions") + "  " +
           groups(f.mention_groups, o.bounds.mention_groups) +
           both("，且偶然的概率不超过 " + number(o.bounds.p) + "，现在 " + number(f.p),
                "and by chance at most " + number(o.bounds.p) + ", now " + number(f.p)) +
           "\n";
    out +=
        "    " + both("对照平常", "against the baseline") + "  " + windows_text(f.windows) + "\n";
  }
  out += "    " + missing_text(o) + "\n";
}

Json to_json(const FamilyOutlook& o) {
  if (!o.kept) return {{"family", o.family}, {"kept", false}};
  Json windows = Json::array();
  for (const detectors::WindowCount& w : o.figures.windows)
    windows.push_back({{"minutes", minutes(w.length)}, {"counted", w.counted}, {"usual", w.usual}});
  return {{"family", o.family},
          {"kept", true},
          {"at", core::to_ms(o.figures.at)},
          {"open", o.open},
          {"within_minutes", minutes(o.bounds.within)},
          {"rule_groups", o.figures.rule_groups},
          {"rule_groups_needed", o.rule_groups_needed},
          {"mention_groups", o.figures.mention_groups},
          {"mention_groups_needed", o.bounds.mention_groups},
          {"p", o.figures.p},
          {"p_needed", o.bounds.p},
          {"usual_per_day", o.figures.usual_per_day},
          {"windows", std::move(windows)}};
}

}  // namespace

core::Result<std::vector<FamilyOutlook>> outlooks_of(core::Store& store,
                                                     std::shared_ptr<const core::Policy> policy,
                                                     const std::vector<core::Signal>& signals) {
  core::PolicyTimeline policies;
  policies.add(core::kTimeMin, std::move(policy));
  std::map<std::string, std::string> kept;
  for (uint32_t shard = 0; shard < kShardsMax && kept.size() < signals.size(); ++shard) {
    auto state = store.load(shard);
    if (!state) return state.error();
    for (auto& [family, bytes] : state->families)
      if (std::ranges::find(signals, family, &core::Signal::family) != signals.end())
        kept[family] = std::move(bytes);
  }
  std::vector<FamilyOutlook> all;
  for (const core::Signal& signal : signals) {
    const auto it = kept.find(signal.family);
    if (it == kept.end()) {
      all.push_back({});
      all.back().family = signal.family;
      continue;
    }
    auto one = outlook_of(signal, it->second, policies);
    if (!one) return one.error();
    all.push_back(std::move(*one));
  }
  return all;
}

std::string outlook_text(const std::vector<FamilyOutlook>& outlooks, Paint paint) {
  if (outlooks.empty()) return "";
  std::string out = bold(both("计数", "counts"), paint) + "\n";
  for (const FamilyOutlook& one : outlooks) add_family(one, out);
  return out;
}

std::string outlook_json(const std::vector<FamilyOutlook>& outlooks) {
  Json all = Json::array();
  for (const FamilyOutlook& one : outlooks) all.push_back(to_json(one));
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace engine
