#include "store/open.h"

#include <string_view>

#include "store/kinds.h"

namespace store {

namespace {

struct Row {
  std::string_view kind;
  OpenStore* open;
};

constexpr Row kKinds[] = {
    {"memory", open_memory},
    {"sqlite", open_sqlite},
    {"redis", open_redis},
};

}  // namespace

core::Result<std::unique_ptr<core::Store>> open_store(const StoreSpec& spec) {
  std::string known;
  for (const Row& row : kKinds) {
    if (row.kind == spec.kind) return row.open(spec);
    known.append(known.empty() ? "" : ", ").append(row.kind);
  }
  return core::Error{core::Code::BadSettings,
                     "unknown store kind '" + spec.kind + "': one of " + known};
}

std::string place_of(const StoreSpec& spec) {
  if (spec.kind == "sqlite") return "store " + spec.path;
  if (spec.kind == "redis") return "Redis at " + spec.address;
  return spec.kind + " store";
}

}  // namespace store
