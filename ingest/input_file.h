#pragma once
// One input file, plain, .zst or standard input, read forwards as decompressed bytes. Used by
// FileSource alone.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace ingest {

class InputFile {
 public:
  // "-" is standard input. BadSettings when it cannot be opened or is no file.
  static core::Result<std::unique_ptr<InputFile>> open(const std::string& path);
  ~InputFile();

  struct Piece {
    enum State {
      Bytes,    // `size` of them, at least one
      Nothing,  // nothing came within `wait` (standard input only)
      End,      // of the file as it is now
      Broken,   // cannot be read on: see trouble()
    } state = End;
    size_t size = 0;
  };
  // Reads into `room`. REQUIRES: !room.empty().
  Piece read(std::span<char> room, core::Millis wait);
  const std::string& trouble() const { return trouble_; }

  // Whether it can be seek()ed and has a size(): a plain file.
  bool is_plain() const { return decompressor_ == nullptr && is_file_; }
  bool seek(int64_t offset);
  int64_t size() const;    // now; -1 unknown
  int64_t offset() const;  // of a plain file: read so far

  // What became of the file under its name since it was opened; for plain files.
  enum class Change { None, Truncated, Replaced };
  Change change() const;

 private:
  struct Decompressor;
  InputFile(std::string path, int file);
  Piece read_plain(std::span<char> room, core::Millis wait);
  Piece read_zst(std::span<char> room);
  Piece broken(std::string trouble);

  std::string path_, trouble_;
  int file_ = -1;
  bool is_file_ = false;  // a regular file, not a pipe or terminal
  std::unique_ptr<Decompressor> decompressor_;
};

}  // namespace ingest
