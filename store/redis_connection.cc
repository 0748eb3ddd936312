#include "store/redis_connection.h"

#include <hiredis/hiredis.h>
#include <pthread.h>
#include <sys/time.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string_view>

#include "core/log.h"

namespace store {

namespace {

using core::Code;
using core::Error;
using core::Result;
using core::Unit;

constexpr timeval kConnectTimeout = {2, 0};
constexpr timeval kReplyTimeout = {10, 0};  // silence of the server; its AOF rewrites may stall it
constexpr size_t kRefusalBytesMax = 200;
constexpr size_t kPrefixMax = 64;

bool is_prefix(std::string_view text) {
  return !text.empty() && text.size() <= kPrefixMax &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string_view::npos;
}

// hiredis 0.14 writes to a broken connection with plain write(), which raises SIGPIPE. What a
// process does with that signal is not a library's business: it is held back in this thread only,
// and the one that we caused is taken away.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    already_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec at_once = {0, 0};
    if (!already_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

 private:
  sigset_t pipe_ = {}, before_ = {};
  bool already_pending_ = false;
};

RedisReply copy_of(const redisReply& reply) {  // at most 7 deep: hiredis reads no deeper ones
  RedisReply copy;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      copy.kind = RedisReply::Kind::Integer;
      copy.integer = reply.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      copy.kind = RedisReply::Kind::Text;
      copy.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ERROR:
      copy.kind = RedisReply::Kind::Refusal;
      copy.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ARRAY:
      copy.kind = RedisReply::Kind::Array;
      copy.items.reserve(reply.elements);
      for (size_t i = 0; i < reply.elements; ++i) copy.items.push_back(copy_of(*reply.element[i]));
      break;
    default:
      break;
  }
  return copy;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

Result<std::string> read_password(const std::string& source) {
  std::string password;
  if (source.starts_with("env:")) {
    const char* value = std::getenv(source.c_str() + 4);
    if (value != nullptr) password = value;
  } else if (source.starts_with("file:")) {
    std::ifstream file(source.substr(5));
    std::getline(file, password);
  } else {
    return Error{Code::BadSettings, "the Redis password source must be file:PATH or env:NAME"};
  }
  if (password.empty()) return Error{Code::BadSettings, "no Redis password in '" + source + "'"};
  return password;
}

const RedisReply* first_refusal(const std::vector<RedisReply>& replies) {
  for (const RedisReply& reply : replies) {
    if (reply.kind == RedisReply::Kind::Refusal) return &reply;
    if (const RedisReply* inner = first_refusal(reply.items)) return inner;
  }
  return nullptr;
}

}  // namespace

std::optional<RedisAddress> parse_address(const std::string& text) {
  if (text.starts_with("/")) return RedisAddress{"", text, 0};
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  RedisAddress address{text.substr(0, colon), "", 0};
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, address.port);
  if (parsed.ec != std::errc{} || parsed.ptr != end || address.port < 1 || address.port > 65535)
    return std::nullopt;
  if (address.host.starts_with("[") && address.host.ends_with("]"))
    address.host = address.host.substr(1, address.host.size() - 2);
  return address;
}

Result<RedisAddress> check_target(const StoreSpec& spec) {
  if (!is_prefix(spec.prefix))
    return Error{Code::BadSettings,
                 "Redis key prefix '" + spec.prefix + "' must be 1 to 64 letters, digits or . _ -"};
  if (auto address = parse_address(spec.address)) return *std::move(address);
  return Error{Code::BadSettings, "Redis address '" + spec.address +
                                      "' is not host:port or the /path of a unix socket"};
}

void RedisConnection::Close::operator()(redisContext* context) const { redisFree(context); }

RedisConnection::RedisConnection(RedisAddress address, const StoreSpec& spec)
    : address_(std::move(address)),
      place_(place_of(spec)),
      user_(spec.user),
      password_source_(spec.password_source) {}

RedisConnection::~RedisConnection() = default;

Result<RedisReply> RedisConnection::call(const RedisCommand& command) {
  auto replies = pipeline({command});
  if (!replies) return replies.error();
  return std::move(replies->front());
}

RedisConnection::Replies RedisConnection::pipeline(const std::vector<RedisCommand>& commands) {
  const std::lock_guard lock(mutex_);
  auto replies = try_often(commands);
  if (!replies) return replies;
  if (const RedisReply* refusal = first_refusal(*replies)) return refused(refusal->text);
  return replies;
}

RedisConnection::Replies RedisConnection::at_once(const std::vector<RedisCommand>& commands) {
  std::vector<RedisCommand> framed = {{"MULTI"}};
  framed.insert(framed.end(), commands.begin(), commands.end());
  framed.push_back({"EXEC"});
  auto replies = pipeline(framed);
  if (!replies) return replies;
  if (replies->back().items.size() != commands.size()) return damaged();
  return std::move(replies->back().items);
}

Result<RedisReply> RedisConnection::run(RedisScript script, const std::vector<std::string>& keys,
                                        const std::vector<std::string>& arguments) {
  const std::lock_guard lock(mutex_);
  if (context_ == nullptr)
    if (auto connected = connect(); !connected) return connected.error();
  RedisCommand command = {"EVALSHA", hashes_[script], std::to_string(keys.size())};
  command.reserve(3 + keys.size() + arguments.size());
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto replies = try_often({command});
  if (replies && first_word(replies->front().text) == "NOSCRIPT" &&
      replies->front().kind == RedisReply::Kind::Refusal) {
    command[0] = "EVAL";
    command[1] = text_of(script);
    replies = try_often({command});
  }
  if (!replies) return replies.error();
  if (const RedisReply* refusal = first_refusal(*replies)) return refused(refusal->text);
  return std::move(replies->front());
}

RedisConnection::Replies RedisConnection::try_often(const std::vector<RedisCommand>& commands) {
  for (int tries = 1;; ++tries) {
    if (context_ == nullptr)
      if (auto connected = connect(); !connected) return connected.error();
    auto replies = try_once(commands);
    if (replies || tries == kTries) return replies;
  }
}

RedisConnection::Replies RedisConnection::try_once(const std::vector<RedisCommand>& commands) {
  const NoBrokenPipe guard;
  std::vector<const char*> words;
  std::vector<size_t> lengths;
  for (const RedisCommand& command : commands) {
    words.clear();
    lengths.clear();
    for (const std::string& word : command) {
      words.push_back(word.data());
      lengths.push_back(word.size());
    }
    if (redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), words.data(),
                               lengths.data()) != REDIS_OK)
      return lost();
  }
  std::vector<RedisReply> replies;
  replies.reserve(commands.size());
  while (replies.size() < commands.size()) {
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK || reply == nullptr) return lost();
    replies.push_back(copy_of(*static_cast<redisReply*>(reply)));
    freeReplyObject(reply);
  }
  return replies;
}

Result<Unit> RedisConnection::connect() {
  context_.reset(
      address_.socket.empty()
          ? redisConnectWithTimeout(address_.host.c_str(), address_.port, kConnectTimeout)
          : redisConnectUnixWithTimeout(address_.socket.c_str(), kConnectTimeout));
  if (context_ == nullptr || context_->err != 0) return lost();
  redisSetTimeout(context_.get(), kReplyTimeout);
  if (address_.socket.empty()) redisEnableKeepAlive(context_.get());
  Result<Unit> ready = log_in();
  if (ready) ready = load_scripts();
  if (!ready) {
    context_.reset();
    return ready;
  }
  if (was_lost_) core::log(core::LogLevel::Info, place_ + ": connected again");
  has_served_ = true;
  was_lost_ = false;
  return ready;
}

// A server that does not understand AUTH repeats its arguments in the answer: nothing of that
// answer but its code goes further.
Result<Unit> RedisConnection::log_in() {
  if (password_source_.empty()) return Unit{};
  const auto password = read_password(password_source_);
  if (!password) return password.error();
  RedisCommand command = {"AUTH"};
  if (!user_.empty()) command.push_back(user_);
  command.push_back(*password);
  const auto replies = try_once({command});
  if (!replies) return replies.error();
  const RedisReply& answer = replies->front();
  if (answer.kind != RedisReply::Kind::Refusal) return Unit{};
  return Error{Code::BadSettings, place_ + " refuses the password from '" + password_source_ +
                                      "' (" + std::string(first_word(answer.text)) + ")"};
}

Result<Unit> RedisConnection::load_scripts() {
  std::vector<RedisCommand> commands;
  for (const RedisScript script : kRedisScripts)
    commands.push_back({"SCRIPT", "LOAD", std::string(text_of(script))});
  const auto replies = try_once(commands);
  if (!replies) return replies.error();
  if (const RedisReply* refusal = first_refusal(*replies)) return refused(refusal->text);
  for (size_t i = 0; i < kRedisScripts.size(); ++i) hashes_[kRedisScripts[i]] = (*replies)[i].text;
  return Unit{};
}

Error RedisConnection::lost() {
  const std::string reason = context_ != nullptr ? context_->errstr : "no memory";
  const Error error{Code::Unavailable, place_ + " does not answer: " + reason};
  context_.reset();
  // One line when it is lost, not one a call; a first connection that fails is the caller's to
  // tell.
  if (has_served_ && !was_lost_) core::log(core::LogLevel::Warning, error.message);
  was_lost_ = has_served_;
  return error;
}

Error RedisConnection::refused(const std::string& answer) {
  const std::string_view code = first_word(answer);
  if (one_of(code, {"MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN"}))
    return {Code::BadSettings, place_ + " is part of a Redis Cluster: not in this version"};
  std::string text = answer.substr(0, answer.find(", with args"));  // arguments may be anything
  if (text.size() > kRefusalBytesMax) text.resize(kRefusalBytesMax);
  const Error error{one_of(code, {"NOAUTH", "WRONGPASS", "NOPERM", "WRONGTYPE", "DENIED"})
                        ? Code::BadSettings
                        : Code::Unavailable,
                    place_ + " refuses: " + text};
  // A server that is loading or has become a replica may be another one after the next connect.
  if (error.code == Code::Unavailable) context_.reset();
  return error;
}

Error RedisConnection::damaged() const {
  return {Code::BadSettings, place_ + " holds keys of ours that this qingyu did not write"};
}

}  // namespace store
