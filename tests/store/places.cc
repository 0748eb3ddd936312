#include "tests/store/places.h"

#include <sstream>
#include <stdexcept>

namespace tests {

namespace {

void write(std::ostream& out, const OutboxRow& row) {
  const auto& [i, s] = row;
  out << i.id << '|' << i.group << '|' << core::to_ms(i.at) << '|' << i.bytes << '|'
      << static_cast<int>(s.delivery) << '|' << s.attempts << '|' << s.next_try_ms << '|'
      << s.vendor_answer << '\n';
}

void write_shard(std::ostream& out, const core::ShardState& state) {
  out << "drained " << core::to_ms(state.drained) << '\n';
  for (const auto& [name, bytes] : state.streams) out << "stream " << name << '=' << bytes << '\n';
  for (const auto& [name, bytes] : state.families) out << "family " << name << '=' << bytes << '\n';
  for (const auto& [name, count] : state.counters)
    out << "counter " << name << '=' << count << '\n';
}

}  // namespace

std::unique_ptr<core::Store> open_or_fail(const store::StoreSpec& spec) {
  return value(store::open_store(spec));
}

std::string name(const std::string& kind, int64_t number) {
  std::string text = kind;
  return text += std::to_string(number);
}

core::OutboxItem item(const std::string& id, const std::string& incident, int64_t at_ms) {
  core::Notification n;
  n.id = id;
  n.at = at(at_ms);
  n.channel = "wecom:qa";
  n.incident.incident = incident;
  return {id, "wecom:qa " + incident, at(at_ms), core::encode(n)};
}

core::LedgerLine line(int64_t at_ms, const std::string& incident, uint32_t revision,
                      const std::string& kind, const std::string& id) {
  return {at(at_ms), incident, revision,
          kind,      id,       "{" + kind + " " + std::to_string(revision) + "}"};
}

std::vector<std::string> ids(const std::vector<OutboxRow>& rows) {
  std::vector<std::string> all;
  for (const OutboxRow& row : rows) all.push_back(row.first.id);
  return all;
}

std::string observe(core::Store& store, uint32_t shards, const std::vector<std::string>& streams) {
  constexpr size_t kAll = 1'000'000;
  std::ostringstream out;
  for (uint32_t shard = 0; shard < shards; ++shard) write_shard(out, value(store.load(shard)));
  for (const core::JournalEntry& e : value(store.journal(0, kAll)))
    out << "journal " << e.sequence << '|' << e.kind << '|' << core::to_ms(e.at) << '|' << e.bytes
        << '\n';
  for (const std::string& stream : streams)
    for (const core::Announcement& a :
         value(store.announcements(stream, std::numeric_limits<int64_t>::min())))
      out << "announced " << a.stream << '|' << a.position << '|' << core::to_ms(a.at) << '\n';
  for (const auto& [id, bytes] : value(store.requests(kAll)))
    out << "request " << id << '=' << bytes << '\n';
  out << "pending\n";
  for (const OutboxRow& row : value(store.pending(kAll))) write(out, row);
  out << "outbox\n";
  for (const OutboxRow& row : value(store.outbox(""))) write(out, row);
  for (const core::LedgerLine& l : value(store.ledger("")))
    out << "ledger " << core::to_ms(l.at) << '|' << l.incident << '|' << l.revision << '|' << l.kind
        << '|' << l.id << '|' << l.line << '\n';
  for (const auto& [hash, from] : value(store.books()))
    out << "book " << hash << '@' << core::to_ms(from) << '=' << *value(store.book(hash)) << '\n';
  return out.str();
}

}  // namespace tests
