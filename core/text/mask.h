#pragma once
// Masking: personal data out of a text before anything stores, logs or sends it (DESIGN 11.10).
// Every code point of a phone, ID-card or bank-card number, e-mail address or postal address
// becomes one '*': the number of code points stays, so offsets in the masked text are offsets in
// the original. Masking a masked text changes nothing.
#include <string>

namespace core::text {

// Masks in place; returns whether anything was masked. `utf8` must be valid UTF-8. Pure; any
// thread.
bool mask(std::string& utf8);

}  // namespace core::text
