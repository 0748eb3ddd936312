#pragma once
// A folder with an archive, and events to put into it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/hash.h"
#include "ingest/archive_format.h"
#include "ingest/archive_line.h"
#include "ingest/archive_reader.h"
#include "ingest/archive_writer.h"
#include "tests/servers.h"

namespace tests {

namespace fs = std::filesystem;

inline constexpr int64_t kFirstHour = 1'773'100'800'000;  // 2026-03-10 00:00 UTC
inline constexpr int64_t kHourMs = 3'600'000;

struct ArchiveFolder {
  Temporary temporary;
  std::string folder = temporary.file("archive");
  std::unique_ptr<ingest::ArchiveWriter> writer;

  void open(const ingest::ArchiveLimits& limits = {}, bool fresh = false) {
    writer.reset();  // two may not have it at once
    auto opened = ingest::ArchiveWriter::open(folder, limits, fresh);
    REQUIRE(opened);
    writer = std::move(*opened);
  }
  static core::Event event(const std::string& id, int64_t ms, const std::string& text) {
    core::Event event;
    event.id = id;
    event.at = event.published = core::from_ms(ms);
    event.kind = core::Kind::Chat;
    event.channel_id = "g1";
    event.author_id = "00000000000000a1";
    event.text = text;
    return event;
  }
  void add(const core::Event& event) {
    std::string line;
    ingest::write_archive_line(event, line);
    writer->add(event.at, event.id, line);
  }
  void add(const std::string& id, int64_t ms, const std::string& text = "过期了") {
    add(event(id, ms, text));
  }
  std::unique_ptr<ingest::ArchiveReader> reader(ingest::ArchiveSpan span = {}) const {
    auto opened = ingest::ArchiveReader::open(folder, span);
    REQUIRE(opened);
    return std::move(*opened);
  }
  // Ids in order of time.
  std::vector<std::string> ids(ingest::ArchiveSpan span = {}) const {
    std::vector<std::string> all;
    const auto from = reader(span);
    while (const ingest::ArchivedEvent* event = from->next()) all.push_back(id_in(event->line));
    return all;
  }
  static std::string id_in(const std::string& line) {
    const size_t begin = line.find("\"id\":\"") + 6;
    return line.substr(begin, line.find('"', begin) - begin);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  static std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
};

}  // namespace tests
