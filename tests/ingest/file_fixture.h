#pragma once
// Files to read and a source that reads them, for the tests of the file source.
#include <doctest/doctest.h>
#include <zstd.h>

#include <fstream>
#include <string>
#include <vector>

#include "ingest/file_source.h"
#include "tests/servers.h"

namespace tests {

struct Read {
  std::string bytes;
  int64_t offset = 0, next = 0;
  std::string place;
};

class Files {
 public:
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.file(name), std::ios::binary) << text;
    return folder_.file(name);
  }
  void append(const std::string& name, const std::string& text) {
    std::ofstream(folder_.file(name), std::ios::binary | std::ios::app) << text;
  }
  std::string path(const std::string& name) const { return folder_.file(name); }
  // In frames of `frame` bytes each.
  std::string write_zst(const std::string& name, const std::string& text, size_t frame = 1 << 20) {
    return write(name, compressed(text, frame));
  }
  static std::string compressed(const std::string& text, size_t frame) {
    std::string out;
    for (size_t at = 0; at < text.size(); at += frame) {
      const std::string part = text.substr(at, frame);
      std::string room(ZSTD_compressBound(part.size()), '\0');
      const size_t size = ZSTD_compress(room.data(), room.size(), part.data(), part.size(), 1);
      out.append(room, 0, size);
    }
    return out;
  }

  void open(std::vector<std::string> paths, int64_t position = -1,
            ingest::Follow follow = ingest::Follow::No) {
    auto opened = ingest::open_files(std::move(paths), follow);
    REQUIRE(opened);
    source = std::move(*opened);
    REQUIRE(source->start(std::vector<int64_t>{position}));
  }
  // One poll.
  std::vector<Read> poll(size_t limit = 1000) {
    const auto polled = source->poll(core::Millis{20}, limit);
    REQUIRE(polled);
    std::vector<Read> all;
    for (const ingest::RawMessage& m : *polled)
      all.push_back({std::string(m.bytes), m.offset, m.next, source->place(0, m.offset)});
    return all;
  }
  // Polls until the source has ended or, following, is at its end.
  std::vector<Read> read_all(size_t limit = 1000) {
    std::vector<Read> all;
    for (;;) {
      const auto some = poll(limit);
      all.insert(all.end(), some.begin(), some.end());
      if (some.empty() && source->at_end(0)) return all;
    }
  }
  static std::vector<std::string> texts(const std::vector<Read>& reads) {
    std::vector<std::string> all;
    for (const Read& read : reads) all.push_back(read.bytes);
    return all;
  }

  std::unique_ptr<ingest::Source> source;

 private:
  Temporary folder_;
};

}  // namespace tests
