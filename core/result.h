#pragma once
// Result<T>: a value, or an Error whose code tells the caller what to do next and whose message
// tells a person what is wrong. Used where the world can go wrong; INVARIANT (core/check.h) where
// only we can.
//
//   Result<int> n = parse(text);
//   if (!n) return n.error();
//   use(*n);
#include <string>
#include <utility>
#include <variant>

#include "core/check.h"

namespace core {

enum class Code {
  BadInput,     // The bytes are wrong: count them, set them aside, go on.
  BadSettings,  // A person must mend a file: stop at start-up with one clear line.
  NotFound,     // What was asked for is not there.
  Conflict,     // Somebody else owns it now (a stale fence): let go.
  Unavailable,  // A server or disk does not answer: try again later.
};

struct Error {
  Code code = Code::BadInput;
  std::string message;  // One sentence, no secrets, no personal data.
};

struct Unit {};  // The value of a Result that has none.

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(value()); }  // a value: `for (x : *f())` must not dangle
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok().
  const Error& error() const {
    INVARIANT(!ok());
    return std::get<1>(state_);
  }

 private:
  T& value() {
    INVARIANT(ok());
    return std::get<0>(state_);
  }
  const T& value() const {
    INVARIANT(ok());
    return std::get<0>(state_);
  }

  std::variant<T, Error> state_;
};

}  // namespace core
