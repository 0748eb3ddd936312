#pragma once
// Scalars of JSON as they stand in the text: "abc" with its quotes, 12, -1.5e3, true, null. A
// parser finds where a token begins and ends; these say what it means, or what is wrong with it.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace ingest {

// What is wrong with a field, and so with its event. Broken and TooMany are the end of the whole
// message.
// Absent (null) is no fault: the field is as good as not there.
struct Fault {
  enum What : uint8_t { None, Absent, Missing, Wrong, Time, Lone, TooMany, Broken } what = None;
  const char* name = "";  // of the field; a literal

  bool stops() const { return what > Absent; }
};
inline constexpr Fault kNone{}, kAbsent{Fault::Absent}, kLone{Fault::Lone},
    kTooMany{Fault::TooMany}, kBroken{Fault::Broken};

// "missing_field: id", "bad_field: kind", "bad_time", "lone_surrogate",
// "too_large: events", "broken_json".
std::string reason_of(const Fault& fault);
// The same for a message's bytes: "invalid_utf8" when that is why they are broken.
std::string reason_of(const Fault& fault, std::string_view bytes);

// A string into `out`; a number gives its digits, since some platforms write ids as numbers.
Fault read_string(std::string_view token, const char* name, std::string& out);
// A number; what is behind the point is cut off.
Fault read_number(std::string_view token, const char* name, int64_t& out);
// A count: below 0 and above the type gives its nearest value.
Fault read_u32(std::string_view token, const char* name, uint32_t& out);
Fault read_bool(std::string_view token, const char* name, bool& out);
// Sensible milliseconds since 1970 (fields.h).
Fault read_time(std::string_view token, core::Time& out);
// None when the token is any scalar at all, for fields that nobody reads.
Fault check_scalar(std::string_view token);

}  // namespace ingest
