#include "engine/archive_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/archive_place.h"
#include "engine/settings.h"

namespace engine {

namespace {

constexpr int kZoneOffsetMinutes = 480;

struct ArchiveOptions {
  std::string path, config, id;
  bool json = false;
};

int failed(const core::Error& error, int code = 2) {
  std::cerr << "qingyu archive: " << error.message << '\n';
  return code;
}

// The folder that was named, else that of the settings.
core::Result<std::unique_ptr<ingest::ArchiveReader>> open(const ArchiveOptions& o) {
  if (!o.path.empty()) {
    const auto place = archive_place(o.path);
    if (!place) return place.error();
    if (!*place) return core::Error{core::Code::BadSettings, o.path + " is not a folder"};
    return ingest::ArchiveReader::open((*place)->folder, (*place)->span);
  }
  const std::string file = find_settings(o.config);
  if (file.empty())
    return core::Error{core::Code::BadSettings,
                       "which archive? give --path FOLDER or --config FILE"};
  const auto settings = load_settings(file);
  if (!settings) return settings.error();
  if (settings->archive.path.empty())
    return core::Error{core::Code::BadSettings, file + " names no `archive`"};
  return ingest::ArchiveReader::open(settings->archive.path);
}

std::string at(core::Time t) { return core::format_time(t, kZoneOffsetMinutes); }

nlohmann::ordered_json json_of(const ingest::ArchiveSegment& s) {
  return {{"segment", s.name},
          {"closed", s.closed},
          {"first_at", core::to_ms(s.first_at)},
          {"last_at", core::to_ms(s.last_at)},
          {"events", s.events},
          {"frames", s.frames},
          {"bytes", s.bytes},
          {"raw_bytes", s.raw_bytes}};
}

int info(const ArchiveOptions& o) {
  const auto reader = open(o);
  if (!reader) return failed(reader.error());
  uint64_t events = 0, bytes = 0, raw_bytes = 0;
  for (const ingest::ArchiveSegment& s : (*reader)->segments()) {
    events += s.events;
    bytes += s.bytes;
    raw_bytes += s.raw_bytes;
    if (o.json) {
      std::cout << json_of(s).dump() << '\n';
    } else {
      std::cout << s.name << "  " << at(s.first_at) << " .. " << at(s.last_at) << "  events "
                << s.events << "  bytes " << s.bytes << (s.closed ? "" : "  正在写 being written")
                << '\n';
    }
  }
  if (!o.json)
    std::cout << "合计 total: " << (*reader)->segments().size() << " segments, " << events
              << " events, " << bytes << " bytes (" << raw_bytes << " 未压缩 uncompressed)\n";
  return 0;
}

int find(const ArchiveOptions& o) {
  const auto reader = open(o);
  if (!reader) return failed(reader.error());
  const auto found = (*reader)->find(o.id);
  if (!found) return failed({core::Code::NotFound, "没有这条消息 no event " + o.id}, 1);
  std::cout << found->line << '\n';
  return 0;
}

int verify(const ArchiveOptions& o) {
  const auto reader = open(o);
  if (!reader) return failed(reader.error());
  const std::vector<std::string> wrong = (*reader)->verify();
  for (const std::string& line : wrong) std::cout << line << '\n';
  if (wrong.empty()) std::cout << "完好 whole: " << (*reader)->segments().size() << " segments\n";
  return wrong.empty() ? 0 : 1;
}

}  // namespace

template <typename App>
void add_archive(App& app, Todo& todo) {
  const auto o = std::make_shared<ArchiveOptions>();
  CLI::App* sub =
      app.add_subcommand("archive", "消息存档：打码后的消息 (the archive of masked events)");
  sub->require_subcommand(1);
  const auto sub_of = [&](const char* name, const char* help, int (*run)(const ArchiveOptions&)) {
    CLI::App* one = sub->add_subcommand(name, help);
    one->add_option("--path", o->path, "存档文件夹 (folder; default: that of the settings)");
    one->add_option("--config", o->config, "设置文件 (settings file; default as for run)");
    one->callback([o, &todo, run] { todo = [o, run] { return run(*o); }; });
    return one;
  };
  sub_of("info", "各段的时间与大小 (segments, times, bytes)", info)
      ->add_flag("--json", o->json, "JSON lines");
  sub_of("find", "按编号找一条消息 (one event by its id)", find)
      ->add_option("ID", o->id)
      ->required();
  sub_of("verify", "核对每一段 (reads all of it)", verify);
}

template void add_archive(CLI::App&, Todo&);

}  // namespace engine
