#include "engine/archivist.h"

#include "core/log.h"
#include "engine/archive_evidence.h"
#include "engine/archive_keys.h"
#include "ingest/archive_line.h"

namespace engine {

core::Result<std::unique_ptr<Archivist>> Archivist::open(ArchivistSpec spec) {
  auto writer = ingest::ArchiveWriter::open(spec.folder, spec.limits, spec.fresh);
  if (!writer) return writer.error();
  return std::unique_ptr<Archivist>(new Archivist(std::move(spec), std::move(*writer)));
}

Archivist::Archivist(ArchivistSpec spec, std::unique_ptr<ingest::ArchiveWriter> writer)
    : spec_(std::move(spec)), writer_(std::move(writer)), members_(spec_.hash_key) {
  for (size_t i = 0; i < spec_.lanes; ++i) inlets_.emplace_back();
  if (spec_.policy) policy_ = spec_.policy();
  is_ours_ = [this](const std::string& person) {
    return policy_ != nullptr && policy_->people.contains(person);
  };
  note();
}

bool Archivist::step() {
  const bool taken = take();
  const bool erased = erase_some();
  return taken || erased;
}

bool Archivist::take() {
  bool any = false;
  core::EventSlot event;
  for (ArchiveInlet& inlet : inlets_)
    for (size_t n = 0; n < kTakeMax && inlet.pop(event); ++n) {
      write(*event);
      inlet.give_back(event);
      any = true;
    }
  return any;
}

void Archivist::write(core::Event& event) {
  key_people(event, spec_.hash_key, members_, is_ours_);
  line_.clear();
  ingest::write_archive_line(event, line_);
  writer_->add(event.at, event.id, line_);
}

void Archivist::tend(core::Time wall) {
  if (spec_.policy) policy_ = spec_.policy();
  writer_->flush();
  trim(wall + kBelieved);
  look_for_erasures();
  note();
}

// While the store does not answer the archive may grow beyond its bounds: nothing grows without it.
void Archivist::trim(core::Time latest) {
  if (!writer_->over_bounds(latest)) return;
  std::vector<uint64_t> evidence;
  if (spec_.store != nullptr && policy_ != nullptr) {
    auto open = open_evidence(*spec_.store, spec_.shards, policy_);
    if (!open) {
      if (!warned_)
        core::log(core::LogLevel::Warning,
                  "archive: over its bounds, and what is evidence cannot be read: " +
                      open.error().message);
      warned_ = true;
      return;
    }
    evidence = std::move(*open);
  }
  warned_ = false;
  writer_->trim(latest, evidence);
}

void Archivist::look_for_erasures() {
  if (spec_.store == nullptr || !erasing_.empty()) return;
  const auto asked = spec_.store->list(kErasureShelf, "", 1);
  if (!asked || asked->empty()) return;
  while (take()) {  // what they said until now goes too
  }
  erasing_ = asked->front().key;
  writer_->begin_erasing(erasing_, asked->front().value);
}

bool Archivist::erase_some() {
  if (erasing_.empty()) return false;
  if (writer_->erase_some()) return true;
  const auto dropped = spec_.store->drop(kErasureShelf, erasing_);
  if (!dropped) core::log(core::LogLevel::Warning, "store: " + dropped.error().message);
  erasing_.clear();
  note();
  return true;
}

void Archivist::close() {
  while (take()) {
  }
  writer_->close();
  note();
}

void Archivist::note() {
  uint64_t dropped = 0;
  for (const ArchiveInlet& inlet : inlets_) dropped += inlet.dropped();
  const std::lock_guard lock(mutex_);
  counts_.figures = writer_->figures();
  counts_.dropped_queue = dropped;
}

ArchiveCounts Archivist::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace engine
