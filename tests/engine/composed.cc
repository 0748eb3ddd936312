#include "tests/engine/composed.h"

#include <algorithm>
#include <fstream>

#include "core/hash.h"

namespace tests {

namespace {

constexpr int64_t kStart = 1'776'300'000'000;
constexpr int64_t kMinute = 60'000;
constexpr size_t kGroups = 60;
constexpr const char* kBrands[] = {"霁野", "朴禾", "芦汀坊", "星砾",
                                   "木垣", "鹿浔", "云杪",   "汐白"};
constexpr const char* kKinds[] = {"洗衣液", "酸奶", "坚果礼盒"};
constexpr const char* kComplaints[] = {"过期了还卖", "居然是临期的", "打开全是发霉",
                                       "吃完拉肚子", "是假货吧",     "里面有虫子"};
constexpr const char* kChatter[] = {"今天天气不错",   "有人一起跑步吗", "孩子作业写完了没",
                                    "电梯又坏了",     "晚上吃什么",     "周末去爬山",
                                    "快递放门口了",   "物业费交了吗",   "谁家的猫跑出来了",
                                    "停车位有空的吗", "早上好",         "收到"};

class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(core::hash_mix(seed, 77)) {}
  uint64_t roll(uint64_t sides) { return (state_ = core::hash_mix(state_, 1)) % sides; }
  int64_t within(int64_t span) { return static_cast<int64_t>(roll(static_cast<uint64_t>(span))); }
  bool chance(uint64_t permille) { return roll(1000) < permille; }
  template <size_t N>
  const char* one_of(const char* const (&all)[N]) {
    return all[roll(N)];
  }

 private:
  uint64_t state_;
};

class Composer {
 public:
  explicit Composer(const ComposedSpec& spec) : spec_(spec), dice_(spec.seed) {}

  std::vector<ComposedLine> compose() {
    for (size_t i = 0; i < spec_.spreads; ++i) spread(i);
    while (lines_.size() < spec_.events) chatter();
    std::ranges::stable_sort(lines_, {}, &ComposedLine::ms);
    if (spec_.late) make_late();
    if (spec_.broken) break_some();
    return std::move(lines_);
  }

 private:
  int64_t span() const { return spec_.hours * 60 * kMinute; }

  void say(int64_t ms, const std::string& text, const std::string& forward_of = "") {
    say_in(std::to_string(dice_.roll(kGroups)), ms, text, "forward_of", forward_of);
  }

  void say_in(const std::string& group, int64_t ms, const std::string& text, const std::string& how,
              const std::string& of) {
    const std::string n = std::to_string(spec_.seed) + "-" + std::to_string(++count_);
    std::string json = R"({"id":"e)" + n + R"(","ts":)" + std::to_string(kStart + ms) +
                       R"(,"platform":"wechat","kind":"chat","channel":{"id":"g)" + group +
                       R"("},"author":{"id":"u)" + std::to_string(dice_.roll(900)) +
                       R"("},"text":")" + text + "\"";
    if (!of.empty()) json += ",\"" + how + R"(":")" + of + "\"";
    lines_.push_back({kStart + ms, "g" + group, json + "}"});
    last_id_ = "e" + n;
  }

  void spread(size_t i) {
    const std::string brand = kBrands[i % std::size(kBrands)];
    const std::string name = brand + dice_.one_of(kKinds);
    const int64_t begin = dice_.within(span() * 3 / 4);
    const size_t messages = 6 + dice_.roll(40);
    int64_t at = begin;
    std::string first;
    for (size_t m = 0; m < messages; ++m) {
      at += dice_.within(8 * kMinute);
      const std::string complaint = dice_.one_of(kComplaints);
      if (spec_.replies && dice_.chance(800)) {
        thread(at, name, complaint);
      } else if (m > 0 && dice_.chance(300)) {
        say(at, "大家看看这个 " + name + complaint, first);
      } else if (dice_.chance(300)) {
        say(at, "你们买过" + brand + "吗");
      } else {
        say(at, "我买的" + name + complaint + "，" + dice_.one_of(kChatter));
      }
      if (m == 0) first = last_id_;
    }
    if (dice_.chance(500)) act("ack", brand, begin + (10 + dice_.within(60)) * kMinute);
    if (dice_.chance(500)) act("decide", brand, begin + (70 + dice_.within(60)) * kMinute);
    if (dice_.chance(400)) act("close", brand, begin + (180 + dice_.within(200)) * kMinute);
  }

  // Somebody names the goods; seconds or minutes later others complain in reply, naming nothing.
  void thread(int64_t at, const std::string& name, const std::string& complaint) {
    const std::string group = std::to_string(dice_.roll(kGroups));
    say_in(group, at, "有人买过" + name + "吗", "", "");
    std::string of = last_id_;
    for (uint64_t n = 1 + dice_.roll(3); n > 0; --n) {
      at += 1 + dice_.within(dice_.chance(400) ? 40 * kMinute : 6'000);
      const std::string how = dice_.chance(800) ? "reply_to" : "root";
      say_in(group, at, n > 1 && dice_.chance(500) ? "我也想问" : complaint, how, of);
      if (dice_.chance(500)) of = last_id_;
    }
  }

  void act(const std::string& what, const std::string& brand, int64_t ms) {
    const std::string n = std::to_string(++count_);
    lines_.push_back({kStart + ms, "acts",
                      R"({"id":"a)" + n + R"(","ts":)" + std::to_string(kStart + ms) +
                          R"(,"platform":"qingyu","kind":"command","what":")" + what +
                          R"(","incident":"family:brand:)" + brand +
                          R"(","by":"duty","option":"keep-and-coupon","because":"演练"})"});
  }

  void chatter() {
    const int64_t ms = dice_.within(span());
    std::string text = dice_.one_of(kChatter);
    if (dice_.chance(20))
      text = std::string("有人用过") + dice_.one_of(kBrands) + dice_.one_of(kKinds) + "吗";
    if (dice_.chance(15)) text += std::string("，") + dice_.one_of(kComplaints);
    say(ms, text);
    if (dice_.chance(10)) lines_.push_back(lines_.back());  // the same message told twice
  }

  void make_late() {
    for (size_t i = 20; i < lines_.size(); i += 1 + dice_.roll(40)) {
      ComposedLine line = lines_[i];
      lines_.erase(lines_.begin() + static_cast<ptrdiff_t>(i));
      const size_t later = std::min(lines_.size(), i + 1 + dice_.roll(60));
      lines_.insert(lines_.begin() + static_cast<ptrdiff_t>(later), std::move(line));
    }
  }

  void break_some() {
    for (size_t i = 10; i < lines_.size(); i += 1 + dice_.roll(200)) {
      const ComposedLine& near = lines_[i];
      lines_.insert(lines_.begin() + static_cast<ptrdiff_t>(i),
                    {near.ms, near.channel, R"({"id":"x","ts":)"});
    }
  }

  const ComposedSpec spec_;
  Dice dice_;
  std::vector<ComposedLine> lines_;
  size_t count_ = 0;
  std::string last_id_;
};

}  // namespace

std::vector<ComposedLine> compose(const ComposedSpec& spec) { return Composer(spec).compose(); }

std::vector<ComposedLine> shuffled(std::vector<ComposedLine> lines, uint64_t seed) {
  Dice dice(seed);
  std::vector<std::pair<int64_t, size_t>> order;
  for (size_t i = 0; i < lines.size(); ++i) order.emplace_back(lines[i].ms + dice.within(4'900), i);
  std::ranges::sort(order);
  std::vector<ComposedLine> all;
  for (const auto& [key, i] : order) all.push_back(std::move(lines[i]));
  return all;
}

std::string text_of(const std::vector<ComposedLine>& lines) {
  std::string text;
  for (const ComposedLine& line : lines) text += line.json + "\n";
  return text;
}

void write_catalogue(const std::string& folder) {
  std::ofstream products(folder + "/catalogue.csv");
  products << "sku,name,aliases,brand,merchant,department,category,unit_price_cny,units_sold_7d,"
              "gross_margin\n";
  int n = 0;
  for (const char* brand : kBrands)
    for (const char* kind : kKinds) {
      ++n;
      products << "T" << n << "," << brand << kind << n << "号," << brand << kind << "," << brand
               << ",测试商行,家清," << kind << "," << 10 + n << ".5," << 1000 * n << ",0.3\n";
    }
  std::ofstream(folder + "/merchants.csv")
      << "merchant_id,name,type,grade,rating,since\nM1,测试商行,商家,A,4.5,2020\n";
  std::ofstream(folder + "/stores.csv")
      << "store_id,name,city,district,format,area_m2\nS1,测试一店,某市,某区,社区店,100\n";
  std::ofstream groups(folder + "/groups.csv");
  groups << "group_id,name,kind,members\n";
  for (size_t g = 0; g < kGroups; ++g)
    groups << "g" << g << ",群" << g << ",邻里," << 40 + g * 7 << "\n";
}

}  // namespace tests
