#include "alerting/smtp.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

#include "alerting/private_address.h"
#include "core/check.h"

namespace alerting {

namespace {

constexpr size_t kReplyBytesMax = 1'000;
constexpr int kGoAhead = 354;

// One letter on its way. Its address is known to curl's callbacks: never moved.
struct Letter {
  CURL* easy = curl_easy_init();
  curl_slist* people = nullptr;
  std::string_view unread;  // of the letter, by curl
  bool allow_private = false, address_refused = false;
  std::vector<int> recipients;
  size_t asked = 0;                   // recipients that were named to the server
  bool names_somebody = false;        // the last command did
  bool leaving = false;               // QUIT was said
  bool begun = false, ended = false;  // 354 came; a reply behind it
  int status = 0;
  std::string reply;

  Letter() = default;
  Letter(const Letter&) = delete;
  Letter& operator=(const Letter&) = delete;
  ~Letter() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(people);
  }
};

size_t on_read(char* bytes, size_t size, size_t count, void* p) noexcept {
  auto& letter = *static_cast<Letter*>(p);
  const size_t length = std::min(size * count, letter.unread.size());
  std::memcpy(bytes, letter.unread.data(), length);
  letter.unread.remove_prefix(length);
  return length;
}

curl_socket_t on_open(void* p, curlsocktype, curl_sockaddr* address) noexcept {
  auto& letter = *static_cast<Letter*>(p);
  if (!letter.allow_private && is_private_socket(&address->addr)) {
    letter.address_refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void hear(Letter& letter, std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  int code = 0;
  const auto [end, error] =
      std::from_chars(line.data(), line.data() + std::min<size_t>(3, line.size()), code);
  if (error != std::errc{} || end != line.data() + 3) return;
  if (line.size() > 3 && line[3] == '-') return;  // more lines of this reply follow
  letter.status = code;
  letter.reply = line.substr(std::min<size_t>(4, line.size()), kReplyBytesMax);
  if (std::exchange(letter.names_somebody, false) && letter.asked <= letter.recipients.size())
    letter.recipients[letter.asked - 1] = code;
  if (letter.begun) letter.ended = true;
  if (code == kGoAhead) letter.begun = true;
}

// Every line of the dialogue, the commands too. Nothing of it is kept but codes and the last reply.
int on_line(CURL*, curl_infotype type, char* bytes, size_t length, void* p) noexcept {
  auto& letter = *static_cast<Letter*>(p);
  const std::string_view line(bytes, length);
  if (type == CURLINFO_HEADER_OUT && line.starts_with("RCPT TO:")) {
    ++letter.asked;
    letter.names_somebody = true;
  }
  if (type == CURLINFO_HEADER_OUT && line.starts_with("QUIT")) letter.leaving = true;
  if (type == CURLINFO_HEADER_IN && !letter.leaving) hear(letter, line);
  return 0;
}

void set_up(Letter& letter, const HttpRequest& request, const HttpLimits& limits) {
  const Envelope& envelope = *request.envelope;
  CURL* easy = letter.easy;
  const core::Millis total = std::min(request.timeout, limits.total_max);
  for (const std::string& one : envelope.to)
    letter.people = curl_slist_append(letter.people, one.c_str());
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtps,smtp");
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   static_cast<long>(envelope.plain_allowed ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, envelope.from.c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, letter.people);
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  if (!envelope.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, envelope.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, envelope.password.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &on_read);
  curl_easy_setopt(easy, CURLOPT_READDATA, &letter);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(total.count()));
  // Whole seconds is all that libcurl takes here; it bounds the good-bye.
  curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                   static_cast<long>((total.count() + 999) / 1000));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!limits.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, limits.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);  // to `on_line`, not to stderr
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, &on_line);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &letter);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &letter);
}

}  // namespace

TransportResult send_letter(const HttpRequest& request, const Destination& to,
                            const HttpLimits& limits) {
  using How = TransportResult::How;
  INVARIANT(request.envelope.has_value());
  TransportResult result;
  result.how = How::Refused;
  result.error = "nobody to send to";
  if (request.envelope->to.empty()) return result;
  Letter letter;
  INVARIANT(letter.easy != nullptr);
  letter.allow_private = to.allow_private;
  letter.unread = request.body;
  letter.recipients.resize(request.envelope->to.size());
  set_up(letter, request, limits);
  const CURLcode code = curl_easy_perform(letter.easy);
  result.recipients = letter.recipients;
  result.status = letter.status;
  result.body = letter.reply;
  result.error = code != CURLE_OK ? curl_easy_strerror(code) : "";
  if (letter.ended) {
    result.how = How::Answered;
  } else if (letter.begun) {
    result.how = How::MaybeSent;
  } else if (letter.address_refused && code == CURLE_COULDNT_CONNECT) {
    result.error = "a private address without allow_private";
  } else if (code == CURLE_USE_SSL_FAILED && letter.status < 400) {
    result.error = "the server offers no STARTTLS";
  } else if (code != CURLE_UNSUPPORTED_PROTOCOL && code != CURLE_URL_MALFORMAT) {
    result.how = How::NotSent;
  }
  return result;
}

}  // namespace alerting
