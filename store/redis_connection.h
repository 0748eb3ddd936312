#pragma once
// One connection to a Redis server, made again when it is lost. Private to store/; any thread (a
// mutex inside: one call at a time).
//
// A call is tried at most kTries times. When a connection breaks nobody knows whether the server
// had done the work, so EVERYTHING sent through here must be harmless to send twice: absolute
// values, "if absent", or a token (redis_tokens.h). After the last try the answer is Unavailable
// and the next call connects again. A password is read from its source for each connection and not
// kept; it is in no message.
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "store/open.h"
#include "store/redis_scripts.h"

struct redisContext;

namespace store {

struct RedisReply {
  enum class Kind : uint8_t { Nil, Integer, Text, Array, Refusal };
  Kind kind = Kind::Nil;
  int64_t integer = 0;
  std::string text;  // of Text and Refusal
  std::vector<RedisReply> items;

  bool nil() const { return kind == Kind::Nil; }
};

using RedisCommand = std::vector<std::string>;

struct RedisAddress {
  std::string host, socket;  // one of them
  int port = 0;
};
std::optional<RedisAddress> parse_address(const std::string& text);
// The address in `spec`, whose key prefix is found good as well; BadSettings.
core::Result<RedisAddress> check_target(const StoreSpec& spec);

class RedisConnection {
 public:
  static constexpr int kTries = 3;

  // Connects with the first call.
  RedisConnection(RedisAddress address, const StoreSpec& spec);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  core::Result<RedisReply> call(const RedisCommand& command);
  // The replies in order; all commands are sent before the first reply is read. When the server
  // refuses any of them, that is the result.
  core::Result<std::vector<RedisReply>> pipeline(const std::vector<RedisCommand>& commands);
  // MULTI ... EXEC: all as of one moment.
  core::Result<std::vector<RedisReply>> at_once(const std::vector<RedisCommand>& commands);
  // EVALSHA, or EVAL where the server has forgotten the script.
  core::Result<RedisReply> run(RedisScript script, const std::vector<std::string>& keys,
                               const std::vector<std::string>& arguments);

  // The same error for a reply of a shape or bytes that nobody of ours wrote.
  core::Error damaged() const;
  const std::string& place() const { return place_; }

 private:
  using Replies = core::Result<std::vector<RedisReply>>;
  struct Close {
    void operator()(redisContext* context) const;
  };

  // REQUIRES for all: mutex_ is held. Refusals are replies here.
  Replies try_often(const std::vector<RedisCommand>& commands);
  Replies try_once(const std::vector<RedisCommand>& commands);
  core::Result<core::Unit> connect();
  core::Result<core::Unit> log_in();
  core::Result<core::Unit> load_scripts();
  core::Error lost();

  core::Error refused(const std::string& answer);

  const RedisAddress address_;
  const std::string place_, user_, password_source_;
  std::mutex mutex_;  // protects everything below
  std::unique_ptr<redisContext, Close> context_;
  std::map<RedisScript, std::string> hashes_;  // of the scripts, as the server counts them
  bool has_served_ = false, was_lost_ = false;
};

}  // namespace store
