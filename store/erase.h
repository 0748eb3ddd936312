#pragma once
// Removing a store with all it holds: the scratch store of a replay, and `qingyu run --fresh`.
#include "core/result.h"
#include "store/open.h"

namespace store {

// Afterwards open_store() finds nothing there. A store that does not exist is no error; a file that
// is not a Qingyu store (or too damaged to tell) is left alone: BadSettings. REQUIRES: nobody has
// it open.
core::Result<core::Unit> erase(const StoreSpec& spec);

}  // namespace store
