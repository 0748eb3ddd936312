#pragma once
// ScratchStore: the store of one replay or test: its own, empty at the start and gone at the end,
// unless it is to be kept and continued.
#include <memory>
#include <string>

#include "core/store.h"
#include "store/open.h"

namespace engine {

struct ScratchSpec {
  std::string kind = "memory";
  std::string keep;   // SQLite file to keep and continue; then `kind` does not matter
  std::string redis;  // address
};

struct ScratchStore {
  ~ScratchStore();

  std::unique_ptr<core::Store> store;
  std::string folder;                       // of a SQLite file to be removed, or ""
  std::unique_ptr<store::StoreSpec> erase;  // Redis keys to be removed, or null
};

// A new folder for temporary files, for its caller to remove.
core::Result<std::string> temporary_folder(const std::string& prefix);

core::Result<std::unique_ptr<ScratchStore>> open_scratch_store(const ScratchSpec& spec);

}  // namespace engine
