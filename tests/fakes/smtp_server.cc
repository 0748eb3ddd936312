#include "tests/fakes/smtp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/check.h"

namespace fakes {

namespace {

constexpr size_t kLineBytesMax = 4'096, kLetterBytesMax = 4 << 20;

// Signed by itself, for 127.0.0.1, and written to `file`.
SSL_CTX* certified(const std::string& file) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24 * 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("fake mail"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* address =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate, address, -1);
  X509_EXTENSION_free(address);
  X509_sign(certificate, key, EVP_sha256());
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  INVARIANT(SSL_CTX_use_certificate(context, certificate) == 1);
  INVARIANT(SSL_CTX_use_PrivateKey(context, key) == 1);
  BIO* out = BIO_new_file(file.c_str(), "w");
  INVARIANT(out != nullptr && PEM_write_bio_X509(out, certificate) == 1);
  BIO_free(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

std::string from_base64(std::string text) {
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  std::string out(text.size(), '\0');
  const int n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  if (n < 0) return "";
  out.resize(static_cast<size_t>(n));
  while (text.ends_with('=') && !out.empty()) {
    text.pop_back();
    out.pop_back();
  }
  return out;
}

std::string address_in(const std::string& command) {
  const size_t open = command.find('<'), close = command.find('>');
  return open < close && close != std::string::npos ? command.substr(open + 1, close - open - 1)
                                                    : "";
}

std::string header_in(const std::string& letter, const std::string& name) {
  const size_t begin = letter.find(name + ": ");
  if (begin == std::string::npos) return "";
  const size_t from = begin + name.size() + 2;
  return letter.substr(from, letter.find("\r\n", from) - from);
}

}  // namespace

// The bytes of one client, in the clear or through TLS.
class SmtpServer::Line {
 public:
  Line(int socket, int stop) : socket_(socket), stop_(stop) {}
  ~Line() {
    SSL_free(ssl_);
    ::close(socket_);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  bool secret() const { return ssl_ != nullptr; }
  bool begin_tls(void* context) {
    ssl_ = SSL_new(static_cast<SSL_CTX*>(context));
    SSL_set_fd(ssl_, socket_);
    return SSL_accept(ssl_) == 1;
  }
  bool write(const std::string& text) {
    const std::string bytes = text + "\r\n";
    const auto length = static_cast<ssize_t>(bytes.size());
    if (ssl_ != nullptr) return SSL_write(ssl_, bytes.data(), static_cast<int>(length)) == length;
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == length;
  }
  // Up to `end`, which is left out; nullopt when the client or the test is gone.
  std::optional<std::string> read(std::string_view end, size_t most) {
    for (;;) {
      const size_t at = bytes_.find(end);
      if (at != std::string::npos) {
        std::string text = bytes_.substr(0, at);
        bytes_.erase(0, at + end.size());
        return text;
      }
      if (bytes_.size() > most || !more()) return std::nullopt;
    }
  }
  void wait_for_peer_to_go() {
    while (more()) bytes_.clear();
  }

 private:
  bool more() {
    if (ssl_ == nullptr || SSL_pending(ssl_) == 0) {
      pollfd waits[2] = {{socket_, POLLIN, 0}, {stop_, POLLIN, 0}};
      if (::poll(waits, 2, -1) < 0 || waits[1].revents != 0) return false;
    }
    char buffer[16 * 1024];
    const ssize_t n = ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof buffer)
                                      : ::recv(socket_, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    bytes_.append(buffer, static_cast<size_t>(n));
    return true;
  }

  int socket_, stop_;
  SSL* ssl_ = nullptr;
  std::string bytes_;
};

SmtpServer::SmtpServer(core::Clock& clock, SmtpRules rules)
    : clock_(clock), rules_(std::move(rules)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  INVARIANT(::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
  INVARIANT(::listen(listener_, 64) == 0);
  INVARIANT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  port_ = ntohs(address.sin_port);
  if (rules_.starttls || rules_.tls_at_once) {
    certificate_file_ =
        (std::filesystem::temp_directory_path() /
         ("qingyu-mail-" + std::to_string(::getpid()) + "-" + std::to_string(port_) + ".pem"))
            .string();
    tls_ = certified(certificate_file_);
  }
  thread_ = std::thread([this] { run(); });
}

SmtpServer::~SmtpServer() {
  const uint64_t one = 1;
  INVARIANT(::write(stop_, &one, sizeof one) == sizeof one);
  thread_.join();
  ::close(listener_);
  ::close(stop_);
  SSL_CTX_free(static_cast<SSL_CTX*>(tls_));
  if (!certificate_file_.empty()) std::filesystem::remove(certificate_file_);
}

std::string SmtpServer::url() const {
  return (rules_.tls_at_once ? "smtps://127.0.0.1:" : "smtp://127.0.0.1:") + std::to_string(port_);
}

void SmtpServer::say_next(Stage stage, const std::vector<std::string>& replies) {
  const std::scoped_lock lock(mutex_);
  script_[stage].insert(script_[stage].end(), replies.begin(), replies.end());
}

std::vector<SmtpServer::Letter> SmtpServer::letters() const {
  const std::scoped_lock lock(mutex_);
  return letters_;
}

size_t SmtpServer::shown() const {
  const std::scoped_lock lock(mutex_);
  std::set<std::string> ids;
  for (const Letter& letter : letters_) ids.insert(letter.id);
  return ids.size();
}

std::vector<std::string> SmtpServer::dialogue() const {
  const std::scoped_lock lock(mutex_);
  return dialogue_;
}

void SmtpServer::run() {
  for (;;) {
    pollfd waits[2] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0) continue;
    if (waits[1].revents != 0) return;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    Line line(socket, stop_);
    if (!rules_.tls_at_once || line.begin_tls(tls_)) converse(line);
  }
}

std::string SmtpServer::next(Stage stage) {
  const std::scoped_lock lock(mutex_);
  std::deque<std::string>& replies = script_[stage];
  if (replies.empty()) return "";
  std::string reply = std::move(replies.front());
  replies.pop_front();
  return reply;
}

// False: the conversation is over.
bool SmtpServer::say(Line& line, Stage stage, const std::string& usual) {
  const std::string scripted = next(stage);
  if (scripted == kStall) line.wait_for_peer_to_go();
  if (scripted == kStall || scripted == kDrop) return false;
  const std::string& reply = scripted.empty() ? usual : scripted;
  return line.write(reply) && !reply.starts_with("421");
}

void SmtpServer::converse(Line& line) {
  if (!say(line, Stage::Greeting, "220 fake ESMTP")) return;
  Letter letter;
  for (;;) {
    const std::optional<std::string> text = line.read("\r\n", kLineBytesMax);
    if (!text) return;
    {
      const std::scoped_lock lock(mutex_);
      dialogue_.push_back(*text);
    }
    if (!command(line, *text, letter)) return;
  }
}

bool SmtpServer::command(Line& line, const std::string& text, Letter& letter) {
  if (text.starts_with("EHLO") || text.starts_with("HELO")) return hello(line);
  if (text.starts_with("STARTTLS") && rules_.starttls)
    return line.write("220 go ahead") && line.begin_tls(tls_);
  if (text.starts_with("AUTH")) return log_in(line, text, letter);
  if (text.starts_with("MAIL FROM:")) {
    if (!rules_.user.empty() && letter.user.empty()) return line.write("530 5.7.0 log in first");
    letter.from = address_in(text);
    letter.to.clear();
    return say(line, Stage::Sender, "250 2.1.0 ok");
  }
  if (text.starts_with("RCPT TO:")) {
    const std::string scripted = next(Stage::Recipient);
    if (scripted == kDrop) return false;
    if (scripted.empty() || scripted.starts_with('2')) letter.to.push_back(address_in(text));
    return line.write(scripted.empty() ? "250 2.1.5 ok" : scripted);
  }
  if (text.starts_with("DATA")) {
    if (letter.to.empty()) return line.write("554 5.5.1 nobody");
    if (const std::string scripted = next(Stage::Begin); scripted == kDrop)
      return false;
    else if (!scripted.empty())
      return line.write(scripted);
    return line.write("354 go ahead") && take(line, letter);
  }
  if (text.starts_with("QUIT")) return line.write("221 bye") && false;
  return line.write("502 5.5.2 what?");
}

bool SmtpServer::hello(Line& line) {
  std::string lines = "250-fake\r\n250-8BITMIME\r\n";
  if (rules_.starttls && !line.secret()) lines += "250-STARTTLS\r\n";
  if (!rules_.user.empty()) lines += "250-AUTH PLAIN LOGIN\r\n";
  return say(line, Stage::Hello, lines + "250 SIZE 10000000");
}

bool SmtpServer::log_in(Line& line, const std::string& text, Letter& letter) {
  std::string coded = text.size() > 11 ? text.substr(11) : "";
  if (!text.starts_with("AUTH PLAIN")) return line.write("504 5.5.4 only PLAIN");
  if (coded.empty()) {
    if (!line.write("334 ")) return false;
    const auto more = line.read("\r\n", kLineBytesMax);
    if (!more) return false;
    coded = *more;
  }
  const std::string right =
      std::string(1, '\0') + rules_.user + std::string(1, '\0') + rules_.password;
  const bool good = from_base64(coded) == right;
  if (good) letter.user = rules_.user;
  return say(line, Stage::Login, good ? "235 2.7.0 ok" : "535 5.7.8 bad user or password");
}

bool SmtpServer::take(Line& line, Letter& letter) {
  const auto bytes = line.read("\r\n.\r\n", kLetterBytesMax);
  if (!bytes) return false;
  letter.at = clock_.wall();
  letter.bytes = *bytes;
  letter.secret = line.secret();
  letter.id = header_in(*bytes, "Message-ID");
  const std::string scripted = next(Stage::End);
  const bool hushed = scripted == kDrop || scripted == kStall;
  if (scripted.empty() || hushed || scripted.starts_with('2')) {
    const std::scoped_lock lock(mutex_);
    letters_.push_back(letter);
  }
  if (scripted == kStall) line.wait_for_peer_to_go();
  return !hushed && line.write(scripted.empty() ? "250 2.0.0 taken" : scripted);
}

}  // namespace fakes
