#include "engine/books_in_force.h"

#include <algorithm>

namespace engine {

namespace {

using core::Time;

struct Drained {
  Time smallest = core::kTimeMax, largest = core::kTimeMin;
};

core::Result<Drained> drained_of(core::Store& store, uint32_t shards) {
  Drained drained;
  for (uint32_t i = 0; i < shards; ++i) {
    const auto state = store.load(i);
    if (!state) return state.error();
    drained.smallest = std::min(drained.smallest, state->drained);
    drained.largest = std::max(drained.largest, state->drained);
  }
  return drained;
}

}  // namespace

core::Result<BooksInForce> books_in_force(core::Store& store, uint32_t shards,
                                          std::shared_ptr<const rules::Book> book,
                                          const std::string& hash_key, const std::string& cache) {
  auto kept = store.books();
  if (!kept) return kept.error();
  const auto drained = drained_of(store, shards);
  if (!drained) return drained.error();
  BooksInForce result;
  if (kept->empty() || kept->back().first != book->hash()) {
    result.changed = !kept->empty();
    Time from = core::kTimeMin;
    if (!kept->empty()) from = std::max(drained->largest, kept->back().second + core::Millis(1));
    const auto stored = store.keep_book(book->hash(), from, book->bytes());
    if (!stored) return stored.error();
    kept->emplace_back(book->hash(), from);
  }
  for (size_t i = 0; i < kept->size(); ++i) {
    const auto& [hash, from] = (*kept)[i];
    const bool over = i + 1 < kept->size() && (*kept)[i + 1].second <= drained->smallest;
    if (over) continue;
    if (hash == book->hash()) {
      result.shelf.emplace_back(from, book);
      continue;
    }
    const auto bytes = store.book(hash);
    if (!bytes) return bytes.error();
    if (!*bytes) return core::Error{core::Code::NotFound, "the store has lost Book " + hash};
    auto old = rules::load_archive(**bytes, hash_key, cache);
    if (!old) return old.error();
    result.shelf.emplace_back(from, std::move(*old));
  }
  return result;
}

}  // namespace engine
