#include "tests/servers.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "tests/servers/conversation.h"

namespace tests {

Temporary::Temporary() {
  path_ = (std::filesystem::temp_directory_path() / "qingyu-test-XXXXXX").string();
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make folder " + path_);
}

Temporary::~Temporary() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RedisServer::RedisServer(RedisOptions options) : options_(std::move(options)) { restart(); }

void RedisServer::restart() {
  child_.reset();
  std::vector<std::string> command = {"redis-server",
                                      "--bind",
                                      host_,
                                      "--port",
                                      std::to_string(port()),
                                      "--dir",
                                      folder(),
                                      "--save",
                                      "",
                                      "--loglevel",
                                      "warning",
                                      "--appendonly",
                                      options_.append_only ? "yes" : "no"};
  command.insert(command.end(), options_.extra.begin(), options_.extra.end());
  child_ = std::make_unique<Child>(command, folder_.file("redis.log"));
  // "+PONG" only once the append-only file has been read back; "-LOADING ..." before.
  until("Redis on " + address(), *child_, [&] {
    Conversation redis(port());
    redis.say("PING\r\n");
    return redis.hear(7) == "+PONG\r\n";
  });
}

}  // namespace tests
