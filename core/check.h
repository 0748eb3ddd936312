#pragma once
// INVARIANT(condition): an invariant that only our own mistake can break. Always on; prints where,
// aborts.
#include <cstdio>
#include <cstdlib>

namespace core {

[[noreturn]] inline void check_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
  std::abort();
}

}  // namespace core

#define INVARIANT(condition) \
  ((condition) ? static_cast<void>(0) : ::core::check_failed(__FILE__, __LINE__, #condition))
