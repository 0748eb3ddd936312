#include "engine/scratch_store.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "core/log.h"
#include "store/erase.h"

namespace engine {

namespace {

namespace fs = std::filesystem;
using core::Error;

}  // namespace

ScratchStore::~ScratchStore() {
  store.reset();
  std::error_code ignored;
  if (!folder.empty()) fs::remove_all(folder, ignored);
  if (!erase) return;
  const auto erased = store::erase(*erase);
  if (!erased) core::log(core::LogLevel::Warning, "scratch store: " + erased.error().message);
}

core::Result<std::string> temporary_folder(const std::string& prefix) {
  std::string name = (fs::temp_directory_path() / (prefix + "-XXXXXX")).string();
  if (mkdtemp(name.data()) != nullptr) return name;
  return Error{core::Code::Unavailable,
               "cannot make a folder in " + fs::temp_directory_path().string()};
}

core::Result<std::unique_ptr<ScratchStore>> open_scratch_store(const ScratchSpec& spec) {
  auto scratch = std::make_unique<ScratchStore>();
  store::StoreSpec to_open;
  to_open.kind = spec.keep.empty() ? spec.kind : "sqlite";
  to_open.durability = store::Durability::ProcessCrash;  // it can be made again from its input
  if (to_open.kind == "sqlite" && spec.keep.empty()) {
    auto folder = temporary_folder("qingyu-replay");
    if (!folder) return folder.error();
    scratch->folder = *folder;
    to_open.path = (fs::path(*folder) / "replay.db").string();
  } else if (to_open.kind == "sqlite") {
    to_open.path = spec.keep;
  } else if (to_open.kind == "redis") {
    to_open.address = spec.redis;
    to_open.prefix = "qingyu-replay-" + std::to_string(getpid());
  }
  auto opened = store::open_store(to_open);
  if (!opened) return opened.error();
  scratch->store = std::move(*opened);
  if (to_open.kind == "redis") scratch->erase = std::make_unique<store::StoreSpec>(to_open);
  return scratch;
}

}  // namespace engine
