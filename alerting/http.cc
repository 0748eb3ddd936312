#include "alerting/http.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>

#include "alerting/private_address.h"
#include "alerting/smtp.h"
#include "core/check.h"

namespace alerting {

namespace {

// One exchange. Its address is known to curl's callbacks: never moved.
struct Exchange {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  bool allow_private = false, address_refused = false, too_long = false;
  size_t body_max = 0;
  std::string body;

  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
  }
};

// The callbacks only write down what happened; curl is C.
size_t on_body(char* bytes, size_t size, size_t count, void* p) noexcept {
  auto& exchange = *static_cast<Exchange*>(p);
  const size_t length = size * count;
  exchange.too_long = exchange.body.size() + length > exchange.body_max;
  if (exchange.too_long) return 0;      // ends the exchange
  exchange.body.append(bytes, length);  // its capacity was reserved
  return length;
}

curl_socket_t on_open(void* p, curlsocktype, curl_sockaddr* address) noexcept {
  auto& exchange = *static_cast<Exchange*>(p);
  if (!exchange.allow_private && is_private_socket(&address->addr)) {
    exchange.address_refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

class Http final : public Transport {
 public:
  explicit Http(const HttpLimits& limits) : limits_(limits) {
    INVARIANT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    multi_ = curl_multi_init();
    INVARIANT(multi_ != nullptr);
  }
  ~Http() override {
    curl_multi_cleanup(multi_);
    curl_global_cleanup();
  }
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  TransportResult send(const HttpRequest& request, const Destination& to) override {
    return send_all({{&request, &to}}).front();
  }

  std::vector<TransportResult> send_all(const std::vector<Parcel>& parcels) override {
    std::vector<Parcel> pages;
    for (const Parcel& parcel : parcels)
      if (!parcel.request->envelope) pages.push_back(parcel);
    std::vector<TransportResult> answers;
    for (size_t from = 0; from < pages.size(); from += kParallelMax)
      send_some(pages, from, std::min(pages.size(), from + kParallelMax), answers);
    std::vector<TransportResult> results;
    size_t next = 0;
    for (const Parcel& parcel : parcels)
      results.push_back(parcel.request->envelope ? send_letter(*parcel.request, *parcel.to, limits_)
                                                 : std::move(answers[next++]));
    return results;
  }

 private:
  void send_some(const std::vector<Parcel>& parcels, size_t from, size_t to,
                 std::vector<TransportResult>& results);
  void set_up(const Parcel& parcel, Exchange& exchange) const;
  void run();
  TransportResult result_of(Exchange& exchange, CURLcode code) const;

  HttpLimits limits_;
  CURLM* multi_ = nullptr;
};

void Http::send_some(const std::vector<Parcel>& parcels, size_t from, size_t to,
                     std::vector<TransportResult>& results) {
  std::vector<Exchange> exchanges(to - from);
  for (size_t i = from; i < to; ++i) {
    set_up(parcels[i], exchanges[i - from]);
    INVARIANT(curl_multi_add_handle(multi_, exchanges[i - from].easy) == CURLM_OK);
  }
  run();
  std::vector<CURLcode> codes(exchanges.size(), CURLE_RECV_ERROR);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    const auto it = std::ranges::find(exchanges, message->easy_handle, &Exchange::easy);
    if (it != exchanges.end())
      codes[static_cast<size_t>(it - exchanges.begin())] = message->data.result;
  }
  for (size_t i = 0; i < exchanges.size(); ++i) {
    results.push_back(result_of(exchanges[i], codes[i]));
    curl_multi_remove_handle(multi_, exchanges[i].easy);
  }
}

// Every exchange has its own time limit, so this ends.
void Http::run() {
  constexpr int kPollMs = 200;
  int running = 1;
  while (running > 0) {
    INVARIANT(curl_multi_perform(multi_, &running) == CURLM_OK);
    if (running > 0) curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
  }
}

void Http::set_up(const Parcel& parcel, Exchange& exchange) const {
  const HttpRequest& request = *parcel.request;
  exchange.easy = curl_easy_init();
  INVARIANT(exchange.easy != nullptr);
  CURL* easy = exchange.easy;
  exchange.allow_private = parcel.to->allow_private;
  exchange.body_max = limits_.response_bytes_max;
  exchange.body.reserve(exchange.body_max);
  for (const auto& [name, value] : request.headers)
    exchange.headers = curl_slist_append(exchange.headers, (name + ": " + value).c_str());
  exchange.headers = curl_slist_append(exchange.headers, "Expect:");
  const core::Millis total = std::min(request.timeout, limits_.total_max);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, exchange.allow_private ? "https,http" : "https");
  if (request.method == "GET") {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    if (request.method != "POST")
      curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange.headers);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "qingyu");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(total.count()));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  if (!limits_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, limits_.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &exchange);
}

// Whether nothing can have reached the receiver.
bool before_sending(CURL* easy, CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
      return true;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_WRITE_ERROR:
      return false;
    default:
      break;
  }
  // Set when name, connection and TLS are done and the request has begun to go.
  curl_off_t pretransfer_us = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer_us);
  return pretransfer_us == 0;
}

TransportResult Http::result_of(Exchange& exchange, CURLcode code) const {
  TransportResult result;
  // A name may have several addresses, and one of them may have been good.
  const bool refused = exchange.address_refused && code == CURLE_COULDNT_CONNECT;
  if (refused || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
    result.how = TransportResult::How::Refused;
    result.error = refused ? "a private address without allow_private" : curl_easy_strerror(code);
    return result;
  }
  if (code != CURLE_OK) {
    const bool not_sent = before_sending(exchange.easy, code);
    result.how = not_sent ? TransportResult::How::NotSent : TransportResult::How::MaybeSent;
    result.error = exchange.too_long ? "the answer is over " +
                                           std::to_string(limits_.response_bytes_max) + " bytes"
                                     : curl_easy_strerror(code);
    return result;
  }
  result.how = TransportResult::How::Answered;
  long status = 0;
  curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
  result.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(exchange.easy, CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) result.content_type = type;
  curl_header* header = nullptr;
  if (curl_easy_header(exchange.easy, "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
    result.retry_after = header->value;
  if (curl_easy_header(exchange.easy, "x-ogw-ratelimit-reset", 0, CURLH_HEADER, -1, &header) ==
      CURLHE_OK)
    result.rate_reset = header->value;
  result.body = std::move(exchange.body);
  return result;
}

}  // namespace

std::unique_ptr<Transport> make_http_transport() { return make_http_transport(HttpLimits{}); }

std::unique_ptr<Transport> make_http_transport(const HttpLimits& limits) {
  return std::make_unique<Http>(limits);
}

}  // namespace alerting
