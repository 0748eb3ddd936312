#include "engine/member_commands.h"

#include <unistd.h>

#include <iostream>

#include "alerting/members.h"
#include "core/text/mask.h"
#include "engine/archivist.h"
#include "engine/book_shelf.h"
#include "engine/command_lane.h"
#include "engine/incident_list.h"
#include "engine/settings.h"
#include "engine/system_clock.h"
#include "rules/keyed_hash.h"
#include "store/daemon_lock.h"

namespace engine {

namespace {

constexpr int kZoneOffsetMinutes = 480;
constexpr size_t kPage = 1000;

// The store that the settings name, and the key of its hashes.
struct Vault {
  Settings settings;
  std::unique_ptr<core::Store> store;
  const std::string& key() const { return settings.book.hash_key; }
};

core::Result<Vault> open_vault(const std::string& config) {
  const std::string file = find_settings(config);
  if (file.empty())
    return core::Error{core::Code::BadSettings, "which settings? give --config FILE"};
  auto settings = load_settings(file);
  if (!settings) return settings.error();
  if (settings->store.kind == "memory")
    return core::Error{core::Code::BadSettings,
                       "a memory store is only known to the process that has it"};
  if (settings->book.hash_key.empty()) settings->book.hash_key = rules::kPublicHashKey;
  auto store = store::open_store(settings->store);
  if (!store) return store.error();
  return Vault{std::move(*settings), std::move(*store)};
}

int failed(const core::Error& error, int code) {
  std::cerr << "qingyu: " << error.message << '\n';
  return code;
}

core::Result<std::string> family_of(core::Store& store, const std::string& incident) {
  const auto known = list_incidents(store, incident);
  if (!known) return known.error();
  if (known->empty()) return core::Error{core::Code::NotFound, "no incident " + incident};
  return known->front().last.family;
}

const char* in_words(core::Role role) {
  switch (role) {
    case core::Role::Owner:
      return "群主 owner";
    case core::Role::Admin:
      return "管理员 admin";
    case core::Role::Staff:
      return "员工 staff";
    default:
      return "成员 member";
  }
}

}  // namespace

int list_members(const MemberOptions& o) {
  const auto vault = open_vault(o.config);
  if (!vault) return failed(vault.error(), 2);
  const auto family = family_of(*vault->store, o.incident);
  if (!family) return failed(family.error(), 1);
  const std::string first = alerting::member_key(*family, "");
  std::string after = first;
  for (;;) {
    const auto slots = vault->store->list(std::string(alerting::kMemberShelf), after, kPage);
    if (!slots) return failed(slots.error(), 1);
    for (const core::Slot& slot : *slots) {
      if (!slot.key.starts_with(first)) return 0;
      alerting::Member member;
      if (!alerting::decode(slot.value, member)) continue;
      std::cout << slot.key.substr(first.size()) << "  " << member.channel_name << "  "
                << in_words(member.role) << "  " << core::format_time(member.at, kZoneOffsetMinutes)
                << '\n';
    }
    if (slots->size() < kPage) return 0;
    after = slots->back().key;
  }
}

int reveal_member(const MemberOptions& o) {
  const auto vault = open_vault(o.config);
  if (!vault) return failed(vault.error(), 2);
  const auto family = family_of(*vault->store, o.incident);
  if (!family) return failed(family.error(), 1);
  const auto slot = vault->store->find(std::string(alerting::kMemberShelf),
                                       alerting::member_key(*family, o.handle));
  if (!slot) return failed(slot.error(), 1);
  alerting::Member member;
  if (!*slot || !alerting::decode((*slot)->value, member))
    return failed({core::Code::NotFound, "no member " + o.handle + " of " + o.incident}, 1);
  ActOptions asked;
  asked.store.config = vault->settings.file;
  asked.what = "reveal";
  asked.incident = o.incident;
  asked.by = o.by;
  asked.value = o.handle;
  asked.because = o.because;
  // Not before it is in the decision log.
  if (const int answer = act_and_wait(asked); answer != 0) return 1;
  const auto id = rules::unsealed(vault->key(), member.sealed);
  if (!id) return failed({core::Code::BadSettings, "it was sealed with another `hash_key`"}, 1);
  std::cout << *id << '\n';
  return 0;
}

int erase_member(const MemberOptions& o) {
  const auto vault = open_vault(o.config);
  if (!vault) return failed(vault.error(), 2);
  const auto book = load_book(vault->settings.book);
  if (!book) return failed(book.error(), 2);
  if (!alerting::may_reveal((*book)->policy(), o.by))
    return failed({core::Code::BadInput, "erase: " + o.by + " 无权删除群成员身份 may not erase"},
                  1);
  core::Act act;
  act.what = "erase";
  act.value = rules::keyed_hash(vault->key(), "member", o.id);
  act.by = o.by;
  act.because = o.because;
  core::text::mask(act.because);
  act.door = "cli";
  const std::string shelf(alerting::kMemberShelf), ending = "\n" + act.value;
  size_t gone = 0;
  std::string after;
  for (;;) {
    const auto slots = vault->store->list(shelf, after, kPage);
    if (!slots) return failed(slots.error(), 1);
    for (const core::Slot& slot : *slots) {
      if (!slot.key.ends_with(ending)) continue;
      if (const auto dropped = vault->store->drop(shelf, slot.key); !dropped)
        return failed(dropped.error(), 1);
      ++gone;
    }
    if (slots->size() < kPage) break;
    after = slots->back().key;
  }
  if (!vault->settings.archive.path.empty()) {
    const std::string customer = rules::keyed_hash(vault->key(), "customer", o.id);
    const auto noted = vault->store->keep({kErasureShelf, act.value, customer});
    if (!noted) return failed(noted.error(), 1);
  }
  const std::string id =
      "cli-" + std::to_string(core::to_ms(SystemClock().wall())) + "-" + std::to_string(getpid());
  if (const auto asked = vault->store->request(id, encode(act)); !asked)
    return failed(asked.error(), 1);
  std::cout << "已删除 " << gone << " 处身份，言论随后删除 erased in " << gone
            << " places; their words go when the system takes the request\n";
  return 0;
}

}  // namespace engine
