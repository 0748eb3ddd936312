#include "engine/reloading.h"

#include "core/log.h"
#include "engine/pipeline.h"
#include "rules/findings.h"

namespace engine {

namespace {

using core::LogLevel;

std::string seconds_text(double seconds) {
  return std::to_string(static_cast<int64_t>(seconds * 1000)) + " ms";
}

}  // namespace

Reloading::Reloading(const rules::BookFiles& files, BookWatch watch, Pipeline& pipeline,
                     core::Store& store, BookInUse& book, core::Time since)
    : pipeline_(pipeline),
      book_(book),
      loader_(files, std::move(watch), pipeline.lanes().size()),
      swap_(places_of(pipeline), store, since) {
  status_.since = since;
  status_.rules = book.book()->rules();
}

core::Result<core::Unit> Reloading::tick(core::Millis wall) {
  swap_.observe(wall);
  // What has begun is ended first: the store may know of it.
  if (!swap_.begun())
    if (auto loaded = loader_.take()) take(std::move(*loaded));
  if (!ready_ || (!swap_.begun() && !swap_.may_begin())) return core::Unit{};
  return put_in_force();
}

void Reloading::take(LoadedBook loaded) {
  ready_.reset();
  status_.waiting = 0;
  status_.errors = loaded.errors;
  status_.first_error = loaded.first_error.substr(0, kErrorBytesMax);
  const std::string hash = book_.book()->hash();
  if (loaded.ready.book == nullptr) {
    ++status_.failed;
    core::log(LogLevel::Error, rules::both("规则重载失败，旧规则 " + hash + " 继续有效",
                                           "reload failed, the old rules stay") +
                                   ": " + std::to_string(loaded.errors) +
                                   " 处错误 errors, 第一处 the first: " + loaded.first_error);
  } else if (loaded.ready.book->hash() == hash) {
    ++status_.unchanged;
    core::log(LogLevel::Info,
              rules::both("规则没有变化", "reload: nothing has changed, book " + hash));
  } else {
    core::log(LogLevel::Info, "reload: book " + loaded.ready.book->hash() + " is ready after " +
                                  seconds_text(loaded.seconds));
    ready_ = std::move(loaded.ready);
    status_.waiting = 1;
  }
}

core::Result<core::Unit> Reloading::put_in_force() {
  const std::shared_ptr<const rules::Book> book = ready_->book;
  const auto from = swap_.put_in_force(*ready_);
  if (!from && from.error().code == core::Code::Unavailable) return from.error();
  ready_.reset();
  status_.waiting = 0;
  if (!from) {
    ++status_.failed;
    status_.errors = 1;
    status_.first_error = from.error().message.substr(0, kErrorBytesMax);
    core::log(LogLevel::Error,
              rules::both("规则重载失败，旧规则继续有效", "reload failed, the old rules stay") +
                  ": " + from.error().message);
    return core::Unit{};
  }
  ++status_.done;
  status_.since = *from;
  status_.rules = book->rules();
  book_.set(book);
  const core::Millis ahead = *from - std::max(pipeline_.drained(), core::Time{});
  const std::string minutes = std::to_string(std::max(ahead, core::Millis{0}).count() / 60'000);
  const std::string at = core::format_time(*from, book->policy().limits.zone_offset_minutes);
  core::log(LogLevel::Info,
            rules::both("规则已重载，自 " + at + "（消息时间）起生效",
                        "rules reloaded: book " + book->hash() + ", " +
                            std::to_string(book->rules()) + " rules, in force from event time " +
                            at + " (" + std::to_string(core::to_ms(*from)) + "), " + minutes +
                            " min ahead of what is settled"));
  return core::Unit{};
}

}  // namespace engine
