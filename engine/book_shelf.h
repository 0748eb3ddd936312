#pragma once
// How the Books of a run or a replay are found (DESIGN 11.8, 11.16): from the files the settings
// name, or from a store that kept every Book ever in force.
#include <string>
#include <vector>

#include "core/store.h"
#include "engine/lane.h"
#include "engine/settings.h"

namespace engine {

// A Book from files. BadSettings: every mistake, a line each. Warnings go to the log. `read`: see
// rules::load_book().
core::Result<std::shared_ptr<const rules::Book>> load_book(
    const rules::BookFiles& files, std::vector<std::string>* read = nullptr);

// Every Book that `store` keeps, each from its time on. NotFound when there is none.
core::Result<BookShelf> kept_books(core::Store& store, const std::string& hash_key);

}  // namespace engine
