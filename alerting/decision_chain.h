#pragma once
// DecisionChain: where a family's decision log stands, so that the next entry can follow.
#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace alerting {

struct DecisionChain {
  uint64_t number = 0;                      // of the last entry
  std::string hash = std::string(64, '0');  // of the last entry
};

// Layout in README.md.
inline void write(core::ByteWriter& out, const DecisionChain& chain) {
  out.u64(chain.number);
  out.str(chain.hash);
}

inline bool read(core::ByteReader& in, DecisionChain& chain) {
  chain.number = in.u64();
  chain.hash = in.str();
  return in.ok() && chain.hash.size() == 64 && chain.number < (uint64_t{1} << 60);
}

}  // namespace alerting
