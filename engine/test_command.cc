#include "engine/test_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <set>

#include "engine/settings.h"
#include "engine/story_books.h"
#include "engine/story_files.h"
#include "engine/story_verdict.h"
#include "engine/test_cases.h"
#include "rules/example_runs.h"
#include "rules/named_paths.h"

namespace engine {

namespace {

using Wall = std::chrono::steady_clock;

double since(Wall::time_point start) {
  return std::chrono::duration<double>(Wall::now() - start).count();
}

// Everything of one `qingyu test`, in the order in which it is done.
class TestRun {
 public:
  explicit TestRun(const TestOptions& options) : options_(options) {}

  // What to run; an Error is wrong use.
  core::Result<core::Unit> prepare() {
    std::string file = find_settings(options_.config);
    if (file.empty()) file = shipped("deploy/qingyu.yaml");
    auto settings = load_settings(file);
    if (!settings) return settings.error();
    files_ = settings->book;
    files_.examples_decide = false;
    if (!options_.catalogue.empty()) files_.catalogue = options_.catalogue;
    auto paths = sort_paths(options_.paths);
    if (!paths) return paths.error();
    const bool stories_only = paths->packs.empty() && !paths->stories.empty();
    if (!options_.rules.empty()) rules::take_paths({options_.rules}, files_);
    rules::take_paths(paths->packs, files_);
    examples_wanted_ = !stories_only;
    stories_ = paths->stories.empty() ? stories_beside(files_.packs) : paths->stories;
    return core::Unit{};
  }

  // False when something does not load: then it is told already.
  bool run() {
    rules::Findings mistakes;
    ReadStories read;
    read_stories(stories_, mistakes, read);
    std::erase_if(read.stories, [this](const rules::Story& story) {
      return !chosen({TestCase::Kind::Story, story.place.file->name, story.title, 0, {}},
                     options_.only);
    });
    StoryBooks books(files_);
    if (examples_wanted_) books.begin_plain();
    std::vector<rules::Finding> findings;
    for (const rules::Story& story : read.stories)
      if (!run_story(story, books, findings, mistakes)) return false;
    if (examples_wanted_) run_examples(books, findings);
    for (rules::Finding& f : mistakes.take()) findings.push_back(std::move(f));
    std::set<std::string> said;  // mistakes in rules come once a Book
    for (const rules::Finding& f : findings)
      if (const std::string text = rules::to_text(f); said.insert(text).second)
        std::cout << text << '\n';
    return findings.empty();
  }

  const std::vector<TestCase>& tests() const { return tests_; }

 private:
  void run_examples(StoryBooks& books, std::vector<rules::Finding>& findings) {
    const auto book = books.plain(findings);
    if (book == nullptr) return;
    const auto start = Wall::now();
    const std::vector<rules::ExampleRun> runs = rules::run_examples(*book);
    const double each = runs.empty() ? 0 : since(start) / static_cast<double>(runs.size());
    for (const rules::ExampleRun& run : runs) {
      TestCase test;
      test.file = run.file;
      test.name = run.rule + (run.hit ? " hit: " : " miss: ") + run.text;
      test.seconds = each;
      if (!run.passed) test.failure = rules::to_text(run.failure);
      if (chosen(test, options_.only)) tests_.push_back(std::move(test));
    }
  }

  // False when it cannot be played at all, which is told.
  bool run_story(const rules::Story& story, StoryBooks& books,
                 std::vector<rules::Finding>& findings, rules::Findings& mistakes) {
    const auto start = Wall::now();
    const auto book = books.of(story, findings);
    if (!book) return told(book.error());
    if (*book == nullptr) return true;
    const size_t errors = mistakes.errors();
    check_names(story, (*book)->policy(), mistakes);
    if (mistakes.errors() > errors) return true;
    const auto played = play(story, {{core::kTimeMin, *book}});
    if (!played) return told(played.error());
    TestCase test;
    test.kind = TestCase::Kind::Story;
    test.file = story.place.file->name;
    test.name = story.title;
    for (const StoryFailure& failure : judge(story, *played))
      test.failure += (test.failure.empty() ? "" : "\n") + failure.text;
    if (played->refused > 0)
      test.failure += (test.failure.empty() ? "" : "\n") + std::to_string(played->refused) +
                      rules::both(" 条没有读进去，如编号相同", " lines were not taken in");
    test.seconds = since(start);
    tests_.push_back(std::move(test));
    return true;
  }

  static bool told(const core::Error& error) {
    std::cerr << "qingyu test: " << error.message << '\n';
    return false;
  }

  const TestOptions& options_;
  rules::BookFiles files_;
  std::vector<std::string> stories_;
  bool examples_wanted_ = true;
  std::vector<TestCase> tests_;
};

int wrong_use(const std::string& message) {
  std::cerr << "qingyu test: " << message << '\n';
  return 2;
}

}  // namespace

int test(const TestOptions& options) {
  const auto start = Wall::now();
  if (const auto tested = rules::matcher_self_test(); !tested)
    return wrong_use(tested.error().message);
  TestRun tests(options);
  if (const auto prepared = tests.prepare(); !prepared) return wrong_use(prepared.error().message);
  const bool loaded = tests.run();
  const std::vector<TestCase>& ran = tests.tests();
  if (loaded && ran.empty())
    return wrong_use(options.only.empty()
                         ? "没有例子也没有故事 there are neither examples nor stories"
                         : "没有符合的测试 no test matches " + options.only);
  const double seconds = since(start);
  print(ran, seconds, std::cout);
  if (!options.junit.empty()) {
    std::ofstream out(options.junit, std::ios::binary | std::ios::trunc);
    print_junit(ran, seconds, out);
    if (!out.flush()) return wrong_use("cannot write " + options.junit);
  }
  const bool passed =
      std::ranges::all_of(ran, [](const TestCase& test) { return test.failure.empty(); });
  return loaded && passed ? 0 : 1;
}

template <typename App>
void add_test(App& app, Todo& todo) {
  const auto o = std::make_shared<TestOptions>();
  App* sub = app.add_subcommand("test", "测试规则：例子和故事 (run rules' examples and stories)");
  sub->add_option("PATH", o->paths,
                  "规则或 .story.yaml，文件或文件夹 (packs or stories; default: of the settings)");
  sub->add_option("--config", o->config,
                  "设置文件 (settings file; default as for run, else the shipped one)");
  sub->add_option("--rules", o->rules, "规则文件夹 (folder of rule packs)");
  sub->add_option("--catalogue", o->catalogue, "商品目录文件夹 (catalogue folder)");
  sub->add_option("--junit", o->junit, "写 JUnit XML 到 (file)");
  sub->add_option("--only", o->only, "只跑名字或文件名里有这段字的 (part of a name or file)");
  sub->callback([o, &todo] { todo = [o] { return test(*o); }; });
}

template void add_test(CLI::App&, Todo&);

}  // namespace engine
