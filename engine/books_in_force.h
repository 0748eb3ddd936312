#pragma once
// Which Books a running system needs: the one that its files make now, and those that still hold
// for records that a restart reads again (DESIGN 11.8).
#include <string>

#include "core/store.h"
#include "engine/lane.h"

namespace engine {

struct BooksInForce {
  BookShelf shelf;
  bool changed = false;  // the files differ from the Book that was in force when the system stopped
};

// Keeps `book` in the store, from the first moment no shard has drained when it is new. REQUIRES:
// the store is bound.
core::Result<BooksInForce> books_in_force(core::Store& store, uint32_t shards,
                                          std::shared_ptr<const rules::Book> book,
                                          const std::string& hash_key,
                                          const std::string& cache = {});

}  // namespace engine
