#include "console/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <exception>

#include "console/html.h"
#include "core/log.h"

namespace console {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Failure = boost::system::error_code;

constexpr core::Millis kLookAgain{50};

Request request_of(const http::request<http::string_body>& message, std::string address,
                   bool behind_proxy) {
  Request request{std::string(message.method_string()),
                  std::string(message.target()),
                  message.body(),
                  {},
                  std::move(address)};
  for (const auto& field : message)
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  if (!behind_proxy) return request;
  // The nearest proxy adds the address it saw at the end; what is before it anybody can write.
  for (const auto& [name, value] : request.headers) {
    if (!beast::iequals(name, "X-Forwarded-For")) continue;
    const size_t comma = value.rfind(',');
    const size_t from = value.find_first_not_of(' ', comma == std::string::npos ? 0 : comma + 1);
    if (from != std::string::npos) request.address = value.substr(from);
  }
  return request;
}

http::response<http::string_body> message_of(const Response& response, bool keep_alive,
                                             bool head_only) {
  http::response<http::string_body> message{static_cast<http::status>(response.status), 11};
  message.set(http::field::server, "qingyu");
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  message.content_length(response.body.size());
  if (!head_only) message.body() = response.body;
  return message;
}

Response answer_safely(Console& console, const Request& request) {
  try {
    return console.answer(request);
  } catch (const std::exception&) {  // a hook's: one request fails, not the server
    core::log(core::LogLevel::Error, "console: a page ended by an exception");
    return unavailable();
  }
}

}  // namespace

struct Server::Listener {
  Listener(const ServerSettings& given, Console& to) : settings(given), console(to) {}

  asio::awaitable<void> accept_all();
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<Response> whole_answer(const Request& request);
  asio::awaitable<bool> exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                 const std::string& address);

  ServerSettings settings;
  Console& console;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  size_t connections = 0;
};

core::Result<std::unique_ptr<Server>> Server::listen(const ServerSettings& settings,
                                                     Console& console) {
  auto listener = std::make_unique<Listener>(settings, console);
  const std::string place = settings.address + ":" + std::to_string(settings.port);
  Failure failure;
  const auto address = asio::ip::make_address(settings.address, failure);
  if (failure)
    return core::Error{core::Code::BadSettings, "console: 不是 IP 地址：" + place +
                                                    "\nconsole: not an IP address: " + place};
  const tcp::endpoint endpoint(address, settings.port);
  listener->acceptor.open(endpoint.protocol(), failure);
  if (!failure) listener->acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure) listener->acceptor.bind(endpoint, failure);
  if (!failure) listener->acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure)
    return core::Error{core::Code::Unavailable, "console: 无法监听 " + place +
                                                    "\nconsole: cannot listen on " + place + ": " +
                                                    failure.message()};
  return std::unique_ptr<Server>(new Server(std::move(listener)));
}

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {
  asio::co_spawn(listener_->io, listener_->accept_all(), asio::detached);
}

Server::~Server() = default;

void Server::run() { listener_->io.run(); }

void Server::stop() { listener_->io.stop(); }

uint16_t Server::port() const {
  Failure failure;
  return listener_->acceptor.local_endpoint(failure).port();
}

asio::awaitable<void> Server::Listener::accept_all() {
  for (;;) {
    Failure failure;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (failure) {  // out of descriptors, or the caller is gone: let others end first
      asio::steady_timer pause(io, kLookAgain);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
      continue;
    }
    if (connections >= settings.connections_max) continue;  // closed by going out of scope
    ++connections;
    asio::co_spawn(io, serve(std::move(socket)),
                   [this](const std::exception_ptr&) { --connections; });
  }
}

asio::awaitable<void> Server::Listener::serve(tcp::socket socket) {
  Failure failure;
  const std::string address = socket.remote_endpoint(failure).address().to_string();
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer(settings.header_bytes_max + settings.body_bytes_max);
  while (co_await exchange(stream, buffer, address)) {
  }
  stream.socket().shutdown(tcp::socket::shutdown_send, failure);
}

// One request and its answer; false when the connection is at its end.
asio::awaitable<bool> Server::Listener::exchange(beast::tcp_stream& stream,
                                                 beast::flat_buffer& buffer,
                                                 const std::string& address) {
  Failure failure;
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<uint32_t>(settings.header_bytes_max));
  parser.body_limit(settings.body_bytes_max);
  stream.expires_after(settings.read_timeout);
  co_await http::async_read(stream, buffer, parser,
                            asio::redirect_error(asio::use_awaitable, failure));
  if (failure == http::error::end_of_stream || failure == beast::error::timeout) co_return false;
  bool keep_alive = false, head_only = false;
  Response response;
  if (failure == http::error::body_limit) {
    response = page(413, "内容过大", "<p>Too large.</p>");
  } else if (failure == http::error::header_limit || failure == http::error::buffer_overflow) {
    response = page(431, "请求头过大", "<p>Header too large.</p>");
  } else if (failure.category() == http::make_error_code(http::error::bad_method).category() &&
             failure) {
    response = page(400, "请求有误", "<p>Bad request.</p>");
  } else if (failure) {
    co_return false;
  } else {
    const auto& message = parser.get();
    keep_alive = message.keep_alive();
    head_only = message.method() == http::verb::head;
    stream.expires_never();  // what we take to answer is not the caller's slowness
    response = co_await whole_answer(request_of(message, address, settings.behind_proxy));
  }
  const auto message = message_of(response, keep_alive, head_only);
  http::response_serializer<http::string_body> serializer(message);
  stream.expires_after(settings.read_timeout);
  co_await http::async_write(stream, serializer,
                             asio::redirect_error(asio::use_awaitable, failure));
  co_return keep_alive && !failure;
}

asio::awaitable<Response> Server::Listener::whole_answer(const Request& request) {
  Response response = answer_safely(console, request);
  for (core::Millis waited{0}; response.later; waited += kLookAgain) {
    const auto ask = response.later;
    const bool last = waited >= settings.result_wait;
    std::optional<Response> found;
    try {
      found = ask(last);
    } catch (const std::exception&) {
      found = unavailable();
    }
    if (found) {
      response = *std::move(found);
      continue;
    }
    Failure failure;
    asio::steady_timer pause(io, kLookAgain);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  }
  co_return response;
}

}  // namespace console
