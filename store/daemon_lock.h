#pragma once
// DaemonLock: the one `qingyu run` of a store in a file, told from the short-lived commands that
// may use the store beside it (show, ack, backup). A lock on "<store>.lock" that the kernel gives
// back when the process ends, however it ends; the file stays and holds the owner's process id.
// Stores that are not files are not locked: memory is not shared, and two daemons on one Redis are
// kept apart by the fences of their shards.
#include <sys/types.h>

#include <optional>
#include <string>

#include "core/result.h"
#include "store/open.h"

namespace store {

class DaemonLock {
 public:
  // Holds the lock until the object ends. Conflict, naming the process id, while another process
  // (or another DaemonLock of this one) holds it; BadSettings when the file cannot be made.
  static core::Result<DaemonLock> take(const StoreSpec& spec);
  ~DaemonLock();
  DaemonLock(DaemonLock&& other) noexcept;
  DaemonLock& operator=(DaemonLock&& other) noexcept;

 private:
  explicit DaemonLock(int file) : file_(file) {}

  int file_ = -1;  // -1: nothing to lock
};

// The process that holds the lock of this store (0: one that has not written its number yet);
// nothing when none does. Takes no lock itself, so a daemon that starts at this moment is not
// disturbed.
std::optional<pid_t> daemon_of(const StoreSpec& spec);

}  // namespace store
