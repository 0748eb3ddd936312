#include "engine/check_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/settings.h"
#include "ingest/decode.h"
#include "ingest/file_source.h"
#include "rules/breadth.h"
#include "rules/diff.h"
#include "rules/fix.h"
#include "rules/named_paths.h"
#include "rules/schema.h"

namespace engine {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSampleMessagesMax = 200'000;  // more are left out, and said so
constexpr size_t kSampleAtOnce = 1024;
constexpr core::Millis kFileWait{1000};

int wrong_use(const std::string& message) {
  std::cerr << "qingyu: " << message << '\n';
  return 2;
}

// What may not stand in a message, or in a property, of GitHub's workflow commands.
std::string github_escaped(const std::string& text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool escaped = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (!escaped) {
      out += c;
      continue;
    }
    out += c == '%' ? "%25" : c == '\r' ? "%0D" : c == '\n' ? "%0A" : c == ':' ? "%3A" : "%2C";
  }
  return out;
}

// Files are the settings', or the shipped ones, with those of the command line.
core::Result<rules::BookFiles> files_of(const CheckOptions& options) {
  std::string file = find_settings(options.config);
  if (file.empty()) file = shipped("deploy/qingyu.yaml");
  auto settings = load_settings(file);
  if (!settings) return settings.error();
  rules::BookFiles files = settings->book;
  rules::take_paths(options.paths, files);
  if (!options.catalogue.empty()) files.catalogue = options.catalogue;
  for (const std::string& path : options.paths) {
    std::error_code error;
    if (!fs::exists(path, error))
      return core::Error{core::Code::BadSettings, path + ": no such file or folder"};
  }
  return files;
}

bool asked_for(const CheckOptions& options, const std::string& file) {
  return options.paths.empty() || rules::is_among(file, options.paths);
}

struct Counts {
  size_t errors = 0, warnings = 0;
};

Counts print(const CheckOptions& options, const rules::BookFiles& files,
             const std::vector<rules::Finding>& findings) {
  Counts counts;
  for (const rules::Finding& f : findings) {
    // Of single packs the others' lists are not unused.
    if (f.code == "unused-list" && f.file == files.lists && !asked_for(options, f.file)) continue;
    std::cout << (options.format == "json"     ? to_json_line(f)
                  : options.format == "github" ? to_github_line(f)
                                               : rules::to_text(f))
              << '\n';
    (f.severity == rules::Severity::Error ? counts.errors : counts.warnings) += 1;
  }
  return counts;
}

// Which words and rules are too broad, by the messages of the sample.
core::Result<core::Unit> measure(const CheckOptions& options,
                                 const std::shared_ptr<const rules::Book>& book,
                                 std::vector<rules::Finding>& findings) {
  auto source = ingest::open_files({options.sample}, ingest::Follow::No);
  if (!source) return source.error();
  const auto decoder = ingest::make_decoder(options.decoder);
  const std::vector<int64_t> begin((*source)->partitions().size(), -1);
  const auto started = (*source)->start(begin);
  if (!started) return started.error();
  const auto breadth = rules::make_breadth(book);
  ingest::EventBatch events;
  uint64_t unread = 0;
  while (!(*source)->ended(0) && breadth->messages() < kSampleMessagesMax) {
    const auto messages = (*source)->poll(kFileWait, kSampleAtOnce);
    if (!messages) return messages.error();
    for (const ingest::RawMessage& message : *messages) {
      events.clear();
      if (!decoder->decode(message.bytes, events)) ++unread;
      for (size_t i = 0; i < events.size() && breadth->messages() < kSampleMessagesMax; ++i)
        breadth->add(events[i]);
    }
  }
  if (breadth->messages() == 0)
    return core::Error{core::Code::BadInput, options.sample + ": no message in it can be read"};
  for (rules::Finding& f :
       breadth->findings(static_cast<uint32_t>(options.share_max_percent * 10 + 0.5)))
    findings.push_back(std::move(f));
  std::cerr << "样本 sample: " << breadth->messages() << " 条消息 messages, " << unread
            << " 条读不了 unreadable";
  if (breadth->messages() >= kSampleMessagesMax) std::cerr << ", 后面的没有读 the rest left out";
  std::cerr << '\n';
  return core::Unit{};
}

// Whole or not at all: beside it, then in its place.
core::Result<core::Unit> write(const rules::FileFix& fix) {
  std::error_code error;
  const fs::path path = fs::canonical(fix.file, error);
  const fs::path beside = path.string() + ".new";
  if (!error) {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << fix.after;
    out.close();
    if (!out) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) fs::permissions(beside, fs::status(path).permissions(), error);
  if (!error) fs::rename(beside, path, error);
  if (!error) return core::Unit{};
  std::error_code ignored;
  fs::remove(beside, ignored);
  return core::Error{core::Code::BadInput, fix.file + ": cannot write: " + error.message()};
}

bool agreed(const CheckOptions& options) {
  if (options.yes) return true;
  if (isatty(STDIN_FILENO) == 0) {
    std::cerr << "没有写入；加 --yes 才写 (not written: add --yes)\n";
    return false;
  }
  std::cerr << "写入吗 write them? [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

// Shows what can be mended, and mends it. Afterwards the files are checked as ever.
core::Result<core::Unit> mend(const CheckOptions& options, const rules::BookFiles& files) {
  std::vector<rules::Finding> left;
  const rules::FixScope scope =
      asked_for(options, files.lists) ? rules::FixScope::All : rules::FixScope::Packs;
  std::vector<rules::FileFix> fixes = rules::propose_fixes(files, scope, left);
  std::erase_if(fixes, [&](const rules::FileFix& fix) { return !asked_for(options, fix.file); });
  if (fixes.empty()) {
    std::cerr << "没有能自动改的 nothing that can be mended mechanically\n";
    return core::Unit{};
  }
  for (const rules::FileFix& fix : fixes)
    std::cout << rules::unified_diff(fix.file, fix.before, fix.after);
  std::cout.flush();
  if (!agreed(options)) return core::Unit{};
  for (const rules::FileFix& fix : fixes) {
    const auto written = write(fix);
    if (!written) return written.error();
  }
  std::cerr << "改了 " << fixes.size() << " 个文件 files mended\n";
  return core::Unit{};
}

int print_schema(const std::string& name) {
  std::cout << rules::json_schema(name);
  return 0;
}

}  // namespace

std::string to_json_line(const rules::Finding& f) {
  const nlohmann::ordered_json line = {
      {"file", f.file},
      {"line", f.line},
      {"column", f.column},
      {"severity", f.severity == rules::Severity::Error ? "error" : "warning"},
      {"code", f.code},
      {"message", f.message},
      {"suggestion", f.suggestion}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_github_line(const rules::Finding& f) {
  std::string line = f.severity == rules::Severity::Error ? "::error " : "::warning ";
  if (!f.file.empty()) line += "file=" + github_escaped(f.file, true) + ",";
  if (f.line > 0) line += "line=" + std::to_string(f.line) + ",";
  if (f.column > 0) line += "col=" + std::to_string(f.column) + ",";
  line += "title=" + github_escaped(f.code, true) + "::" + github_escaped(f.message, false);
  if (!f.suggestion.empty()) line += "; " + github_escaped(f.suggestion, false);
  return line;
}

int check(const CheckOptions& options) {
  const auto files = files_of(options);
  if (!files) return wrong_use(files.error().message);
  if (options.fix && options.format != "text") return wrong_use("--fix: --format text only");
  if (options.fix) {
    const auto mended = mend(options, *files);
    if (!mended) return wrong_use(mended.error().message);
  }
  std::vector<rules::Finding> findings;
  const auto book = rules::load_book(*files, findings);
  if (!options.sample.empty() && book == nullptr) {
    std::cerr << "样本没有用上，先改错误 (sample left unread: mend the errors first)\n";
  } else if (!options.sample.empty()) {
    const auto measured = measure(options, book, findings);
    if (!measured) return wrong_use(measured.error().message);
  }
  const Counts counts = print(options, *files, findings);
  if (options.format == "text") {
    if (counts.errors == 0 && book != nullptr)
      std::cout << "没有错误 no errors: " << book->rules() << " 条规则 rules, " << book->words()
                << " 个词 words, book " << book->hash() << '\n';
    if (counts.errors + counts.warnings > 0)
      std::cout << counts.errors << " 个错误 errors, " << counts.warnings << " 个提醒 warnings\n";
  }
  return counts.errors > 0 || (options.strict && counts.warnings > 0) ? 1 : 0;
}

template <typename App>
void add_check(App& app, Todo& todo) {
  const auto c = std::make_shared<CheckOptions>();
  CLI::App* check_them = app.add_subcommand("check", "检查规则 (check rule packs)");
  check_them->add_option("PATH", c->paths, "规则文件或文件夹 (default: those of the settings)");
  check_them->add_option("--config", c->config,
                         "设置文件 (settings file; default as for run, else the shipped one)");
  check_them->add_option("--catalogue", c->catalogue, "商品目录文件夹 (catalogue folder)");
  check_them->add_flag("--strict", c->strict, "提醒也算错误 (warnings count too)");
  check_them->add_option("--format", c->format, "text（默认 default）, json 或 github")
      ->check(CLI::IsMember({"text", "json", "github"}));
  check_them->add_option("--sample", c->sample,
                         "消息样本，找太宽的词 (messages, to find words that match too many)");
  check_them->add_option("--decoder", c->decoder, "样本的格式 (of the sample; default qingyu)")
      ->check(CLI::IsMember(ingest::decoder_names()));
  check_them
      ->add_option("--max-share", c->share_max_percent,
                   "词或规则最多命中样本的百分之几 (percent of the sample; default 5)")
      ->check(CLI::Range(0.1, 100.0));
  check_them->add_flag("--fix", c->fix, "能自动改的先给看再改 (mend what is mechanical)");
  check_them->add_flag("--yes", c->yes, "不问就写 (write without asking)");
  check_them->callback([c, &todo] { todo = [c] { return check(*c); }; });

  const auto name = std::make_shared<std::string>("pack");
  CLI::App* schema = app.add_subcommand("schema", "规则文件的 JSON Schema (for YAML editors)");
  schema->add_option("FILE", *name, "pack, lists, taxonomy, ladders 或 limits")
      ->check(CLI::IsMember(rules::schema_names()));
  schema->callback([name, &todo] { todo = [name] { return print_schema(*name); }; });
}

template void add_check(CLI::App&, Todo&);

}  // namespace engine
