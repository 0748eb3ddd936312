#include "tests/rules/desk_of_files.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include "core/text/mask.h"

namespace rules_test {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTaxonomy = R"(
departments: [质检部, 物流部, 公关部]
stages: [收货验货, 发货配送, 传播]
issues:
  - {id: expiry, name: 临期/过期, department: 质检部, stage: 收货验货}
  - {id: delivery, name: 配送, department: 物流部, stage: 发货配送}
  - {id: exposure_threat, name: 扬言曝光, department: 公关部, stage: 传播, exposure_threat: true}
)";

constexpr std::string_view kLadders = R"(
ladders:
  default:
    rungs:
      - {name: duty, who: {person: duty}, enter: {always: true}, ack: 10m, authority: 0}
people:
  duty: {name: 值班, channels: [terminal]}
)";

constexpr std::string_view kLists = R"(
lists:
  advertising: [限时秒杀, 团购价]
  couriers: [顺丰速运|顺丰快递|顺丰, 圆通速递|圆通]
)";

}  // namespace

DeskOfFiles::DeskOfFiles() {
  static std::atomic<int> count{0};
  folder_ = (fs::temp_directory_path() /
             ("qingyu_rules_" + std::to_string(getpid()) + "_" + std::to_string(count++)))
                .string();
  fs::create_directories(folder_ + "/catalogue");
  write("taxonomy.yaml", kTaxonomy);
  write("ladders.yaml", kLadders);
  write("lists.yaml", kLists);
  files.taxonomy = folder_ + "/taxonomy.yaml";
  files.ladders = folder_ + "/ladders.yaml";
  files.lists = folder_ + "/lists.yaml";
}

DeskOfFiles::~DeskOfFiles() { fs::remove_all(folder_); }

void DeskOfFiles::write(const std::string& name, std::string_view text) {
  std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  const std::string path = folder_ + "/" + name;
  if (name.starts_with("catalogue/"))
    files.catalogue = folder_ + "/catalogue";
  else if (name == "limits.yaml")
    files.limits = path;
  else if (name == "baselines.tsv")
    files.baselines = path;
  else if (name.find("pack") != std::string::npos &&
           std::ranges::find(files.packs, path) == files.packs.end())
    files.packs.push_back(path);
}

void DeskOfFiles::write_rule(std::string_view when, std::string_view hit, std::string_view more) {
  std::string text = "pack: test\nowner: qa\nrules:\n";
  text += "  - id: r\n    name: 规则\n    issue: expiry\n    level: yellow\n";
  text += std::string(more);
  text += "    when: " + std::string(when) + "\n    tests:\n";
  text += "      - hit: " + std::string(hit) + "\n      - miss: 今天天气不错\n";
  write("pack.yaml", text);
}

void DeskOfFiles::write_catalogue() {
  write("catalogue/catalogue.csv",
        "sku,name,aliases,brand,merchant,department,category,unit_price_cny,units_sold_7d\n"
        "A1,沐禾山茶花洗衣液2kg,沐禾洗衣液|山茶花洗衣液,沐禾,北桥商贸,家清,洗衣液,29.9,100\n"
        "A2,沐禾雪松木洗衣液2kg,沐禾洗衣液|雪松木洗衣液,沐禾,南桥商贸,家清,洗衣液,29.9,300\n"
        "A3,沐禾桂花洗手液500ml,沐禾洗手液,沐禾,北桥商贸,家清,洗手液,9.9,50\n"
        "B1,岚牧鲜牛奶1L,岚牧鲜奶,岚牧,岚牧乳业,乳品,牛奶,12.5,900\n"
        "B2,岚牧原味酸奶8杯,原味酸奶,岚牧,岚牧乳业,乳品,酸奶,19.9,700\n");
  write("catalogue/merchants.csv", "merchant_id,name\nM1,北桥商贸\nM2,南桥商贸\nM3,岚牧乳业\n");
  write("catalogue/stores.csv", "store_id,name\nS1,拾味小站（苇湾店）\nS2,拾味小站（江湾店）\n");
  write("catalogue/groups.csv", "group_id,name,members,service\ng1,一群,200,\ng2,客服群,80,true\n");
}

void DeskOfFiles::load() {
  findings.clear();
  book = rules::load_book(files, findings);
}

void DeskOfFiles::open() {
  load();
  REQUIRE_MESSAGE(book != nullptr, printed());
  judge_ = rules::make_judge(book);
}

std::vector<core::Signal> DeskOfFiles::judge(const Said& said) {
  REQUIRE(judge_ != nullptr);
  core::Event event;
  event.id = said.id;
  event.at = event.published = core::from_ms(said.at_ms);
  event.platform = said.platform;
  event.kind = said.kind;
  event.author_role = said.role;
  event.author_id = said.author;
  event.channel_id = said.channel;
  event.customer = said.customer;
  event.order = said.order;
  event.forward_of = said.forward_of;
  event.reported_level = said.reported_level;
  event.attachments = said.attachments;
  event.text = said.text;
  core::text::mask(event.text);
  core::text::Folded folded;
  core::text::fold(event.text, folded);
  std::vector<core::Signal> signals;
  judge_->judge(event, folded, signals);
  return signals;
}

std::string DeskOfFiles::families(const Said& said) {
  std::string out;
  for (const core::Signal& s : judge(said)) {
    out += (out.empty() ? "" : " ");
    out += s.family + "[";
    for (size_t i = 0; i < s.hits.size(); ++i) out += (i == 0 ? "" : ",") + s.hits[i].rule;
    out += "]";
  }
  return out;
}

std::string DeskOfFiles::votes(const std::string& text) {
  std::string out;
  const std::vector<core::Signal> signals = judge(text);
  if (signals.empty()) return out;
  for (const core::Vote& v : signals.front().votes) {
    out += (out.empty() ? "" : " ");
    out += v.sku + " " + std::to_string(v.permille);
  }
  return out;
}

bool DeskOfFiles::hits(const std::string& text) {
  for (const core::Signal& s : judge(text))
    if (!s.hits.empty()) return true;
  return false;
}

std::string DeskOfFiles::printed() const {
  std::string out;
  for (const rules::Finding& f : findings) {
    std::string line = rules::to_text(f) + "\n";
    for (size_t at; (at = line.find(folder_ + "/")) != std::string::npos;)
      line.erase(at, folder_.size() + 1);
    out += line;
  }
  return out;
}

std::string DeskOfFiles::codes() const {
  std::string out;
  for (const rules::Finding& f : findings) out += (out.empty() ? "" : " ") + f.code;
  return out;
}

}  // namespace rules_test
