#pragma once
// How the Redis store writes the values that are more than one string. Each begins with a version
// byte; docs/formats.md lists them. Private to store/.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/store.h"

namespace store {

// 16 hexadecimal digits whose byte order is the numbers' order, negative ones included.
std::string ordered_hex(int64_t number);
std::optional<int64_t> read_ordered_hex(std::string_view digits);

std::string encode(const core::JournalEntry& entry);  // without its sequence
bool decode(std::string_view bytes, core::JournalEntry& entry);

std::string encode(const core::OutboxItem& item);  // without its id
bool decode(std::string_view bytes, core::OutboxItem& item);

std::string encode(const core::OutboxState& state);
bool decode(std::string_view bytes, core::OutboxState& state);

// at, revision, kind, id: what tells the lines of one incident apart.
// A slot's value as it is kept: 16 hex digits of the expiry, then the value.
std::string encode(const core::Slot& slot);
bool decode(std::string_view bytes, core::Slot& slot);  // into value and expires
std::string encode_key(const core::LedgerLine& line);
bool decode_key(std::string_view bytes, core::LedgerLine& line);

}  // namespace store
