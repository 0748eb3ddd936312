#include "engine/console_thread.h"

#include <pthread.h>

namespace engine {

namespace {

constexpr const char* kTenant = "qingyu";  // one company a system

}  // namespace

ConsoleThread::ConsoleThread(console::Keys keys, const ConsoleSettings& settings,
                             core::Store& store, console::Hooks hooks)
    : keys_(std::move(keys)),
      grants_(store, keys_, kTenant, settings.base),
      console_(store, grants_, std::move(hooks)) {}

core::Result<std::unique_ptr<ConsoleThread>> ConsoleThread::open(const ConsoleSettings& settings,
                                                                 core::Store& store,
                                                                 console::Hooks hooks) {
  auto keys = console::load_keys(settings.keys);
  if (!keys) return keys.error();
  std::unique_ptr<ConsoleThread> made(
      new ConsoleThread(std::move(*keys), settings, store, std::move(hooks)));
  console::ServerSettings server;
  server.address = settings.address;
  server.port = settings.port;
  server.behind_proxy = settings.behind_proxy;
  auto listening = console::Server::listen(server, made->console_);
  if (!listening) return listening.error();
  made->server_ = std::move(*listening);
  return made;
}

core::Result<core::Unit> ConsoleThread::start() {
  const auto resumed = console_.resume();
  if (!resumed) return resumed.error();
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "console");
    server_->run();
  });
  return core::Unit{};
}

void ConsoleThread::stop() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

}  // namespace engine
