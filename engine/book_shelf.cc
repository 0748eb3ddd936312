#include "engine/book_shelf.h"

#include "core/log.h"

namespace engine {

core::Result<std::shared_ptr<const rules::Book>> load_book(const rules::BookFiles& files,
                                                           std::vector<std::string>* read) {
  std::vector<rules::Finding> findings;
  auto book = rules::load_book(files, findings, read);
  std::string errors;
  for (const rules::Finding& finding : findings) {
    const std::string text = rules::to_text(finding);
    if (finding.severity == rules::Severity::Warning) {
      core::log(core::LogLevel::Debug, text);
    } else {
      errors += (errors.empty() ? "" : "\n") + text;
    }
  }
  if (book != nullptr) return book;
  return core::Error{core::Code::BadSettings, errors};
}

core::Result<BookShelf> kept_books(core::Store& store, const std::string& hash_key) {
  const auto kept = store.books();
  if (!kept) return kept.error();
  BookShelf shelf;
  for (const auto& [hash, from] : *kept) {
    const auto bytes = store.book(hash);
    if (!bytes) return bytes.error();
    if (!*bytes) return core::Error{core::Code::NotFound, "the store has lost Book " + hash};
    auto book = rules::load_archive(**bytes, hash_key);
    if (!book) return book.error();
    shelf.emplace_back(from, std::move(*book));
  }
  if (shelf.empty()) return core::Error{core::Code::NotFound, "the store keeps no Book"};
  return shelf;
}

}  // namespace engine
