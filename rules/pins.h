#pragma once
// PINs in the ladder file: what their hash looks like, and what of a line or message may be shown.
// A hash of so few digits is as good as the digits: no finding, log or message shows one.
#include <string>
#include <string_view>

namespace rules {

// Whether `text` has the shape that the console verifies: argon2id's encoded form with its fixed
// costs, "$argon2id$v=19$m=65536,t=3,p=1$<salt>$<hash>" in base64 without padding, at most 256
// bytes. Whether any PIN fits is not known here.
bool is_pin_hash(std::string_view text);

// Line `number` (from 1) of a file with people, without the value of any key that has "pin"
// in it, on that line or continued below it, and without anything from "$argon2" on.
std::string line_without_pins(std::string_view file, int number);

// A message about such a file, without what follows a `$` or the key of a PIN in a quoted word.
std::string message_without_pins(std::string message);

}  // namespace rules
